"""Cutting a text into words whose keys can be compared with place names, each with its span.

`keys_of(name)` gives the same keys for a name as `words_of` gives for a text: the two must agree.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from directory.text import fold

_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_SOFT_GAP = re.compile(r"[\s.'’‘ʼ`\-‐‑‒–—]*")
_ABBREVIATION = 4
_SPELT_OUT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "mt": "mont"}
_SAME_WORD = {"isle": "ile", "isles": "iles"}

ARTICLES = {"le": "le", "au": "le", "du": "le", "la": "la", "l": "l", "les": "les", "aux": "les", "des": "les"}
CONNECTORS = frozenset("de du des d la le les l a au aux sur en et".split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: its key, its span, whether it starts with a capital, what lies before it.

    `joined`: nothing but a space, a hyphen, an apostrophe or an abbreviation's point separates it from
    the previous word. `hyphened`: it follows the previous word without any space.
    """

    key: str
    start: int
    end: int
    capital: bool
    joined: bool
    hyphened: bool


def words_of(text: str) -> list[Word]:
    """Return the words of `text` in order; « St », « Ste », « N.-D. » and « Isle » are spelt out."""
    words: list[Word] = []
    for match in _WORD.finditer(text):
        words.append(_word(text, match.start(), match.end(), words))
    return _spell_out(words)


def keys_of(name: str) -> tuple[str, ...]:
    """Return the keys of a name's words."""
    return tuple(word.key for word in words_of(name))


def _word(text: str, start: int, end: int, before: list[Word]) -> Word:
    gap = text[before[-1].end : start] if before else ""
    key = _key(text[start:end])
    return Word(key, start, end, text[start].isupper(), _joins(gap, before, key), bool(before) and " " not in gap)


def _joins(gap: str, before: list[Word], key: str) -> bool:
    if not before:
        return False
    if key == "ha" and gap.strip() == "!":
        return True
    if "." in gap and before[-1].end - before[-1].start > _ABBREVIATION:
        return False
    return "\n" not in gap and _SOFT_GAP.fullmatch(gap) is not None


@lru_cache(maxsize=20_000)
def _key(chunk: str) -> str:
    folded = fold(chunk).replace("'", "").replace(" ", "")
    return _SAME_WORD.get(folded, folded)


def _spell_out(words: list[Word]) -> list[Word]:
    spelt: list[Word] = []
    for word, following in zip_longest(words, words[1:]):
        spelt.extend(_spelt(word, following, spelt))
    return spelt


def _spelt(word: Word, following: Word | None, before: list[Word]) -> list[Word]:
    if following is None or not following.joined:
        return [word]
    if word.key in _SPELT_OUT:
        return [_with_key(word, _SPELT_OUT[word.key])]
    if word.key == "nd":
        return [_with_key(word, "notre"), Word("dame", word.start, word.end, word.capital, True, True)]
    if word.key == "d" and before and before[-1].key == "n" and word.joined:
        before[-1] = _with_key(before[-1], "notre")
        return [_with_key(word, "dame")]
    return [word]


def _with_key(word: Word, key: str) -> Word:
    return Word(key, word.start, word.end, word.capital, word.joined, word.hyphened)
