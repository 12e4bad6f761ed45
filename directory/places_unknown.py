"""Noticing that a text names a place which the directory does not know, so that the bot can say so."""

import re
from collections.abc import Iterable, Set

from directory.places_context import SITUATED, VENTURES
from directory.places_records import PlaceMention
from directory.places_words import CONNECTORS, Word, words_of

_ANNOUNCES = frozenset("ville village municipalite paroisse bout coin pres proche cote secteur quartier region mrc".split())
_SAINTS = frozenset(("saint", "sainte", "saints", "saintes"))
_TITLES = frozenset("mme mr monsieur madame mlle dr docteur".split())
_ACRONYM = 6
# « Lac-aux-Castors-Perdus », alone: so many words held by hyphens are a name.
_LONG_NAME = 3
# As the door leaves a postal code.
_POSTAL_AREA = re.compile(r"\[CODE_POSTAL (\w{3})\]")
_SHORT = 4


def unknown_place(text: str, mentions: Iterable[PlaceMention], ordinary: Set[str]) -> str | None:
    """Return the first name after a place preposition that is in no mention, as written; else None.

    Such a name starts with a capital or with « Saint »; an acronym or an ordinary word is none.
    """
    known = [(mention.start, mention.end) for mention in mentions]
    words = words_of(text)
    if not known and (code := _POSTAL_AREA.search(text)):
        return code[1].upper()
    for at, word in enumerate(words):
        if any(start < word.end and word.start < end for start, end in known):
            continue
        if _is_name(text, words, at, ordinary) and _is_announced(text, words, at):
            last = _end_of_name(words, at)
            return text[word.start : words[last - 1].end]
    return None


def _is_name(text: str, words: list[Word], at: int, ordinary: Set[str]) -> bool:
    word = words[at]
    if word.key in _SAINTS:
        return at + 1 < len(words) and words[at + 1].joined and words[at + 1].key not in CONNECTORS
    written = text[word.start : word.end]
    if not word.capital or len(written) < 3 or (written.isupper() and len(written) <= _ACRONYM):
        return False
    return word.key not in ordinary and word.key not in _TITLES and not any(sign.isdigit() for sign in written)


def _is_announced(text: str, words: list[Word], at: int) -> bool:
    """Return whether « on est à », « ville de », « dans le bout de » or the like comes just before; or nothing.

    A bare « à » is not enough in a long sentence: « sommes-nous admissibles à Filaction ».
    """
    if words[at].key in _SAINTS and at <= 2 and (len(words) - at <= 4 or words[at + 1].capital):
        return True
    if at == 0 and len(words) >= _LONG_NAME and all(word.hyphened for word in words[1:]):
        return True
    if not words[at].joined:
        return False
    before = words[at - 1]
    written = text[before.start : before.end].lower()
    earlier = words[at - 2].key if at > 1 and before.joined else ""
    if written in ("à", "a"):
        return words[at].key in _SAINTS or not earlier or len(words) <= _SHORT or earlier in SITUATED | VENTURES
    return before.key in ("ville", "secteur", "quartier") or (before.key in ("de", "d", "du") and earlier in _ANNOUNCES)


def _end_of_name(words: list[Word], at: int) -> int:
    last = at + (2 if words[at].key in _SAINTS else 1)
    while last < len(words) and words[last].joined and (words[last].capital or words[last].hyphened):
        last += 1
    return last
