"""Recognising postal codes: the first three characters tell the place."""

import re
from collections.abc import Iterable, Iterator

from directory.places_records import OUTSIDE, POSTAL, PlaceMention, PostalPrefix

_PREFIX = r"[ABCEGHJKLMNPRSTVXY]\d[ABCEGHJKLMNPRSTVWXYZ]"
_REST = r"\d[ABCEGHJKLMNPRSTVWXYZ]\d"
# The door leaves `[CODE_POSTAL G9A]` of a full code, and may number what it masks.
_MASKED = re.compile(rf"\[CODE_POSTAL(?:_\d+)?[ :]+({_PREFIX})(?:[ _]?\d+)?\]", re.IGNORECASE)
_WRITTEN = re.compile(rf"(?<![\w-])({_PREFIX})([ \u00a0-]?{_REST})?(?![\w]|-\w)", re.IGNORECASE)
_ANNOUNCED = re.compile(r"(?:code postal|postal)\W*(?:est|c'est|commence par)?\W*$", re.IGNORECASE)
_OF_QUEBEC = "GHJ"


class PostalCodes:
    """The postal areas of Québec by their first three characters."""

    def __init__(self, areas: Iterable[PostalPrefix]) -> None:
        self._codes: dict[str, tuple[str, ...]] = {}
        for area in areas:
            known = self._codes.get(area.prefix.upper(), ())
            self._codes[area.prefix.upper()] = known if area.code in known else (*known, area.code)

    def find(self, text: str) -> Iterator[PlaceMention]:
        """Yield the postal codes of `text` in order.

        Three characters alone count when Québec has such an area, or when the words before announce a
        postal code: « B2B » is no place.
        """
        for match in _MASKED.finditer(text):
            yield self._mention(match, match[1])
        for match in _WRITTEN.finditer(_MASKED.sub(_blank, text)):
            if match[2] or match[1].upper() in self._codes or _ANNOUNCED.search(text[: match.start()]):
                yield self._mention(match, match[1])

    def _mention(self, match: re.Match, prefix: str) -> PlaceMention:
        codes = self._codes.get(prefix.upper(), ())
        hint = POSTAL if prefix[0].upper() in _OF_QUEBEC else OUTSIDE
        return PlaceMention(match.start(), match.end(), match[0], codes, hint, exact=True)


def _blank(match: re.Match) -> str:
    return " " * len(match[0])
