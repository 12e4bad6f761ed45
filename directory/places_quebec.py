"""Telling the town of Québec from the province, which bears its name.

« à Québec » and « Québec » alone are the town, « au Québec » the province (an everyday name with an
article); what is left is decided here.
"""

from dataclasses import replace

from directory.places_context import SITUATED, Surroundings
from directory.places_records import QUEBEC, PlaceMention
from directory.places_words import Word
from directory.text import fold

_NAME = "quebec"
_CLOSING = ",;.!?)\n"


def province_or_town(text: str, words: list[Word], first: int, around: Surroundings, mention: PlaceMention) -> PlaceMention:
    """Read a « Québec » that nothing locates as the province: « définition légale coop québec »."""
    if fold(mention.surface) != _NAME or mention.negated or around.preposition or around.designated or around.alone:
        return mention
    if first and words[first].joined:
        return mention if words[first - 1].key in SITUATED else _province(mention)
    after = text[mention.end :].lstrip(" ")[:1]
    return mention if first or not after or after in _CLOSING else _province(mention)


def province_after_towns(text: str, mentions: list[PlaceMention]) -> list[PlaceMention]:
    """Read the « Québec » of « Louiseville (Québec) » as the province."""
    read: list[PlaceMention] = []
    for mention in mentions:
        gap = text[read[-1].end : mention.start] if read else "x"
        after_a_town = fold(mention.surface) == _NAME and not gap.strip(" ,(\n")
        read.append(_province(mention) if after_a_town else mention)
    return read


def _province(mention: PlaceMention) -> PlaceMention:
    return replace(mention, codes=(QUEBEC,), level_hint="country")
