"""The one tree of places: what contains what, and which of several places of one name is meant."""

from collections import defaultdict
from collections.abc import Iterable

from directory.places_records import QUEBEC, Place
from directory.text import fold

# The best known first: of places of one name in one MRC, the first kind is the one people mean.
KINDS = (
    "Ville", "Municipalité", "Village", "Paroisse", "Canton", "Cantons unis", "Village cri", "Village nordique",
    "Village naskapi", "Gouvernement régional", "Réserve indienne", "Territoire non organisé",
)  # fmt: skip
UNPEOPLED = "Territoire non organisé"


class UnknownPlace(KeyError):
    """A code that is not a territory of the directory."""


class Tree:
    """The places by code, and their relations."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = {place.code: place for place in places}
        self._children: dict[str, list[Place]] = defaultdict(list)
        for place in self._places.values():
            if place.parent_code is not None:
                self._children[place.parent_code].append(place)

    def __contains__(self, code: str) -> bool:
        return code in self._places

    def __getitem__(self, code: str) -> Place:
        if code not in self._places:
            raise UnknownPlace(f"{code} is not a territory of the directory; run `aiguilleur directory import`.")
        return self._places[code]

    def get(self, code: str | None) -> Place | None:
        """Return the place, or None when there is no such code."""
        return self._places.get(code or "")

    def children(self, code: str | None) -> list[Place]:
        """Return the places just below `code`, in no order."""
        return self._children.get(code or "", [])

    def path(self, code: str) -> list[str]:
        """Return the codes from the place up to Québec.

        Raises:
            UnknownPlace: `code` is not a territory.
        """
        codes = [self[code].code]
        while (parent := self._places[codes[-1]].parent_code) in self._places and parent not in codes:
            codes.append(parent)
        return codes if codes[-1] == QUEBEC else [*codes, QUEBEC]

    def lies_in(self, code: str, container: str) -> bool:
        """Return whether `code` is `container` or lies in it."""
        return container in self.path(code)

    def above(self, code: str, level: str) -> str | None:
        """Return the code of the place of that level that contains `code` (or is it)."""
        return next((each for each in self.path(code) if each in self and self[each].level == level), None)

    def meant(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return which of the places of one name are meant: several when they are really distinct.

        The municipality stands for its own MRC or region of the same name, the town for the parish of
        its MRC, and the MRC for a sector or an unpeopled territory inside it.
        """
        left = sorted(dict.fromkeys(code for code in codes if code in self), key=self._rank)
        kept: list[str] = []
        for code in left:
            if not any(self._same_place(code, other) for other in kept):
                kept.append(code)
        return tuple(kept)

    def _rank(self, code: str) -> tuple[int, int]:
        place = self[code]
        kind = KINDS.index(place.kind) if place.kind in KINDS else len(KINDS)
        level = ("municipality", "mrc", "region", "country", "sector").index(place.level)
        return (5 if place.kind == UNPEOPLED else level, kind)

    def _same_place(self, code: str, better: str) -> bool:
        """Return whether `code` is the same place as `better`, or its namesake in one MRC."""
        if self.lies_in(code, better) or self.lies_in(better, code):
            return True
        place, other = self[code], self[better]
        if place.level != other.level or place.parent_code != other.parent_code:
            return False
        if place.level == "sector":
            return True
        above = self.get(place.parent_code)
        return fold(place.name) == fold(other.name) and above is not None and above.level == "mrc"
