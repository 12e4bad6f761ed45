"""« Le deuxième », « le dernier », « les deux »: organisations pointed at by their rank among those shown or spoken of."""

import re
from dataclasses import replace

from actions.facts import UNKNOWN
from actions.turn import Turn
from directory.text import fold

_RANKS = (
    re.compile(r"\b(?:le|la|du|au) (?:premier|premiere|1er|1ere|1re)\b|\bnumero (?:1|un)\b"),
    re.compile(r"\b(?:le|la|du|au) (?:deuxieme|second|seconde|2e|2eme|2ieme)\b|\bnumero (?:2|deux)\b"),
    re.compile(r"\b(?:le|la|du|au) (?:troisieme|3e|3eme|3ieme)\b|\bnumero (?:3|trois)\b"),
)
_LAST = re.compile(r"\b(?:le|la) (?:dernier|derniere)(?: organisme| carte| choix| de la liste)?(?: svp)?$")
_BOTH = re.compile(r"\b(?:les|des|aux|ces) deux\b|\bl'un (?:ou|et|de) l'autre\b|\bentre eux\b")
# « Chez eux », « là-bas »: the organisation spoken of; « là-bas » may be the place of a project too.
_THEM = re.compile(r"\b(?:chez|avec|d'|par|a) ?(?:eux|elles)\b|\beux autres\b(?! aussi)")
_THERE = re.compile(r"\bla bas\b")
_MOST_WORDS, _MOST_WORDS_OF_THEM = 12, 18
# What points at a card asks what it is, unless the words say what they ask.
_SAYS_NOTHING = {"nlu_fallback", "inform", "show_more", "another_option", "rephrase", "affirm", "find_support", "out_of_scope", "near_miss"}
# A surer reading says something by itself.
_SURE = 0.94


def pointed_at(turn: Turn) -> Turn:
    """Return `turn` with the organisations that it points at, as if they were named; unchanged when it names or points at none."""
    shown = [slug for slug in turn.slot("shown") or () if not slug.startswith("mrc-")]
    folded = fold(turn.text)
    if turn.in_form or turn.is_pressed or turn.named_actors or len(folded.split()) > _MOST_WORDS_OF_THEM:
        return turn
    if _spoken_of(turn, folded):
        pointed = _naming(turn, [turn.slot("last_actor")], "ask_amount" if turn.values("amount") else "ask_what_is")
        return replace(pointed, fact="ask_amount") if pointed.intent == "ask_amount" else pointed
    if len(folded.split()) > _MOST_WORDS:
        return turn
    if _BOTH.search(folded):
        return _naming(turn, (turn.slot("recent_actors") or shown)[:2], "compare_actors")
    rank = next((i for i, pattern in enumerate(_RANKS) if pattern.search(folded)), None)
    rank = len(shown) - 1 if rank is None and _LAST.search(folded) else rank
    if rank is None or not 0 <= rank < len(shown):
        return turn
    return _naming(turn, shown[rank : rank + 1], "ask_what_is")


def _spoken_of(turn: Turn, folded: str) -> bool:
    """Return whether a message that names no place points at the organisation spoken of."""
    if not turn.slot("last_actor") or turn.values("place"):
        return False
    return bool(_THEM.search(folded)) or bool(_THERE.search(folded) and not turn.place)


def _naming(turn: Turn, slugs: list[str], intent: str) -> Turn:
    if not slugs:
        return turn
    entities = tuple({"entity": "actor", "value": slug, "actor": slug} for slug in slugs)
    says_nothing = turn.intent in _SAYS_NOTHING or (turn.intent not in UNKNOWN and turn.confidence < _SURE)
    pointed = replace(turn, entities=(*turn.entities, *entities))
    return replace(pointed, intent=intent, ranking=((intent, 1.0),), confidence=1.0) if says_nothing else pointed
