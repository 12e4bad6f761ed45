"""The index of places: every name of every place, and the tree that tells what contains what."""

import re
from collections.abc import Iterable, Sequence
from os.path import commonprefix
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import PostalArea, Territory, TerritoryAlias
from directory.places_everyday import MASK, Everyday, read_everyday
from directory.places_find import named_places
from directory.places_names import Lexicon
from directory.places_postal import PostalCodes
from directory.places_records import AREA, NAME, Place, PlaceAlias, PlaceMention, PostalPrefix, Resolution
from directory.places_resolve import resolve
from directory.places_tree import Tree
from directory.places_unknown import unknown_place
from directory.places_words import keys_of
from settings import load_settings


class PlaceIndex:
    """Every place by its names; `tree` tells what contains what."""

    def __init__(self, tree: Tree, lexicon: Lexicon, postal_codes: PostalCodes) -> None:
        self.tree = tree
        self._lexicon = lexicon
        self._postal_codes = postal_codes

    @classmethod
    def from_records(
        cls,
        territories: Iterable[Place],
        aliases: Iterable[PlaceAlias] = (),
        postal_areas: Iterable[PostalPrefix] = (),
        everyday: Everyday | None = None,
    ) -> "PlaceIndex":
        """Return the index of these places; without `everyday` (place_words.yml), no name is guarded."""
        places = list(territories)
        lexicon = Lexicon(places, aliases, everyday or Everyday())
        return cls(Tree(places), lexicon, PostalCodes(postal_areas))

    @classmethod
    def load(cls, session: Session, words: Path | None = None) -> "PlaceIndex":
        """Return the index of the tables, with the words of `words` (default: place_words.yml of the seed)."""
        columns = (Territory.code, Territory.level, Territory.name, Territory.kind, Territory.parent_code)
        aliases = session.execute(select(TerritoryAlias.name, TerritoryAlias.territory_code).order_by(TerritoryAlias.id))
        areas = session.execute(select(PostalArea.prefix, PostalArea.territory_code, PostalArea.precision))
        return cls.from_records(
            [Place(*row) for row in session.execute(select(*columns).order_by(Territory.code))],
            _by_name(aliases),
            [PostalPrefix(*row) for row in areas],
            read_everyday(words or load_settings().seed_dir / "place_words.yml"),
        )

    def find(self, text: str) -> list[PlaceMention]:
        """Return the places named in `text`, in order, without overlap; empty when there is none."""
        postal = list(self._postal_codes.find(text))
        named = [mention for mention in self._named(text) if mention.level_hint != MASK]
        return sorted([*postal, *(each for each in named if not _overlaps(each, postal))], key=lambda each: each.start)

    def resolve(self, mentions: Iterable[PlaceMention]) -> Resolution:
        """Return which place the mentions of one message come to."""
        return resolve(self.tree, mentions)

    def unknown_place_hint(self, text: str) -> str | None:
        """Return what looks like the name of a place that the index does not know, as written."""
        everyday = self._lexicon.everyday
        return unknown_place(text, self._named(text), everyday.ordinary | everyday.given_names)

    def names_of(self, codes: Sequence[str]) -> list[str]:
        """Return the names by which exactly these places are confused, « Rive-Sud » for its two meanings."""
        asked = [alias.name for alias in self._lexicon.aliases if alias.kind == NAME and set(alias.codes) == set(codes)]
        names = [self.tree[code].name for code in codes if code in self.tree]
        shared = _shared_beginning(names)
        return [*asked, shared] if shared else asked

    def areas_named_after(self, codes: Sequence[str]) -> set[str]:
        """Return the territories of the everyday areas whose name ends with that of one of `codes`."""
        endings = [keys_of(self.tree[code].name) for code in codes if code in self.tree]
        areas = [alias for alias in self._lexicon.aliases if alias.kind == AREA]
        return {code for area in areas for end in endings if keys_of(area.name)[-len(end) - 1 :] == ("de", *end) for code in area.codes}

    def _named(self, text: str) -> list[PlaceMention]:
        return named_places(self.tree, self._lexicon, text)


def _by_name(rows: Iterable[tuple[str, str]]) -> list[PlaceAlias]:
    """Gather the codes of each alias name, in the order of the rows."""
    codes: dict[str, list[str]] = {}
    for name, code in rows:
        codes.setdefault(name, []).append(code)
    return [PlaceAlias(name, tuple(each)) for name, each in codes.items()]


def _shared_beginning(names: Sequence[str]) -> str:
    shared = commonprefix([re.split(r"[-\s]+", name) for name in names])
    return "-".join(shared)


def _overlaps(mention: PlaceMention, others: list[PlaceMention]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in others)
