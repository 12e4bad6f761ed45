"""Reading `place_words.yml`: areas, places elsewhere, and the words to be careful with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from directory.places_records import AREA, OUTSIDE, PlaceAlias
from directory.places_words import keys_of

MASK = "mask"
# How careful to be with a name that is also something else; place_words.yml tells what each means.
GUARDS = ("names", "words", "phrases", "organisations")


class BadPlaceWords(ValueError):
    """`place_words.yml` cannot be used; the message names the entry and the remedy."""


@dataclass(frozen=True)
class Everyday:
    """What `place_words.yml` holds. `guards`: words of a name -> one of GUARDS."""

    aliases: tuple[PlaceAlias, ...] = ()
    guards: dict[tuple[str, ...], str] = field(default_factory=dict)
    ordinary: frozenset[str] = frozenset()
    given_names: frozenset[str] = frozenset()


def read_everyday(path: Path) -> Everyday:
    """Return what the file says.

    Raises:
        BadPlaceWords: the file is missing, lacks a section, or an area lacks its name, territories or note.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Everyday(
            aliases=tuple(_aliases(content)),
            guards={keys_of(name): guard for guard in GUARDS for name in content["guarded"][guard]},
            ordinary=frozenset(content["ordinary_words"].split()),
            given_names=frozenset(content["given_names"].split()),
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise BadPlaceWords(f"{path}: {error!r}; restore the file from the seed (data/seed/place_words.yml).") from error


def _aliases(content: dict) -> Iterator[PlaceAlias]:
    for entry in content["areas"]:
        if not all(entry.get(key) for key in ("name", "territories", "note")):
            raise BadPlaceWords(f"place_words.yml: areas: {entry}: give name, territories and note.")
        yield PlaceAlias(entry["name"], tuple(entry["territories"]), AREA)
    for name in content["outside"]:
        yield PlaceAlias(name, (), OUTSIDE)
    for name in content["not_places"]:
        yield PlaceAlias(name, (), MASK)
