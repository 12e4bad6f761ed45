"""The places as staff choose them: found by name, told apart from their namesakes, counted by municipality."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Territory, TerritoryAlias
from directory.places_labels import mrc_title
from directory.places_records import QUEBEC, Place
from directory.places_tree import Tree
from directory.text import fold_key, typographic
from directory.vocabulary import LEVELS

MOST_FOUND = 12
_ORDER = list(LEVELS)


class Territories:
    """Every place of the directory by its code and its names, read once; build a new one when the directory changes."""

    def __init__(self, places: Iterable[Place], aliases: Iterable[tuple[str, str]] = ()) -> None:
        self._places = {place.code: place for place in places}
        self.tree = Tree(self._places.values())
        self._aliases = [(fold_key(name), code) for name, code in aliases]

    @classmethod
    def load(cls, session: Session) -> "Territories":
        """Return the places of the tables."""
        columns = (Territory.code, Territory.level, Territory.name, Territory.kind, Territory.parent_code)
        aliases = session.execute(select(TerritoryAlias.name, TerritoryAlias.territory_code)).all()
        return cls((Place(*row) for row in session.execute(select(*columns).order_by(Territory.code))), aliases)

    def __contains__(self, code: str) -> bool:
        return code in self._places

    def label(self, code: str) -> str:
        """Return the place, told apart: « Louiseville (ville, MRC de Maskinongé, Mauricie) »; the code when it is none."""
        place = self._places.get(code)
        if place is None:
            return code
        if place.level == "country":
            return "Tout le Québec"
        if place.level == "region":
            return f"{typographic(place.name)} (région)"
        title = self._title(place)
        details = [] if title.startswith("MRC ") else [(place.kind or LEVELS[place.level]).lower()]
        details += [name for name in dict.fromkeys(self._above(code)) if name != title]
        return f"{title} ({', '.join(details)})"

    def _title(self, place: Place) -> str:
        return mrc_title(place.name) if place.level == "mrc" and place.kind == "MRC" else typographic(place.name)

    def _above(self, code: str) -> list[str]:
        """Return the names of what contains the place, nearest first, without Québec."""
        above = [place for each in self.tree.path(code)[1:] if (place := self._places.get(each))]
        return [self._title(place) for place in above if place.level != "country"]

    def find(self, text: str, most: int = MOST_FOUND) -> list[str]:
        """Return the codes of the places that `text` may name, the widest first: those of exactly this name, else those that hold it.

        A code, a name, another name and a label as `label` gives it are all understood; empty when nothing is like it.
        """
        if text.strip() in self._places:
            return [text.strip()]
        key = fold_key(text)
        if not key:
            return []
        names = [(fold_key(place.name), code) for code, place in self._places.items()] + self._aliases
        names += [(fold_key(told), code) for code, place in self._places.items() for told in (self._title(place), self.label(code))]
        exact = {code for name, code in names if name == key}
        found = exact or {code for name, code in names if key in name}
        return sorted(found, key=lambda code: (_ORDER.index(self._places[code].level), self.label(code)))[:most]

    def municipalities(self, codes: Iterable[str]) -> set[str]:
        """Return the codes of the municipalities that lie in `codes`; a sector stands for the one that contains it."""
        found: set[str] = set()
        for code in codes:
            if code in self._places:
                found |= self._below(code)
        return found

    def _below(self, code: str) -> set[str]:
        if self._places[code].level in ("municipality", "sector"):
            return {self.tree.above(code, "municipality") or code}
        return {town for child in self.tree.children(code) for town in self._below(child.code)}

    def inside(self, code: str) -> set[str]:
        """Return the codes of the place and of all below it."""
        return {code}.union(*(self.inside(child.code) for child in self.tree.children(code)))

    def by_region(self, towns: Iterable[str]) -> list[tuple[str, int, int]]:
        """Return (name of the region, municipalities among `towns`, all its municipalities), the fullest served first."""
        counts = Counter(self.tree.above(town, "region") for town in towns)
        rows = [(self._places[code].name, count, len(self._below(code))) for code, count in counts.items() if code]
        return sorted(rows, key=lambda row: (-row[1] / row[2], row[0]))

    def total(self) -> int:
        """Return how many municipalities there are."""
        return len(self.municipalities([QUEBEC]))
