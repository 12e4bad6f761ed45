"""The index of places, built from the seed files alone: these tests need no database."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from directory.places import Place, PlaceAlias, PlaceIndex, PostalPrefix
from directory.places_everyday import Everyday, read_everyday
from directory.text import slugify

SEED = Path(__file__).resolve().parents[2] / "data" / "seed"
EQUIVALENT = " (territoire équivalent)"


def _rows(file: str) -> list[dict[str, str]]:
    with (SEED / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _tree() -> Iterator[Place]:
    """Yield the province, its regions, MRC, municipalities and sectors."""
    yield Place("QC", "country", "Québec", "province", None)
    mrcs, municipalities = _rows("mrc.csv"), _rows("territories.csv")
    for code, name in sorted({(row["region_code"], row["region"]) for row in municipalities}):
        yield Place(f"R{code}", "region", name, "région administrative", "QC")
    for row in mrcs:
        yield Place(row["code"], "mrc", row["name"], row["kind"], f"R{row['region_code']}")
    known = {row["name"]: row["code"] for row in mrcs}
    for row in municipalities:
        parent = known.get(row["mrc"].removesuffix(EQUIVALENT), f"R{row['region_code']}")
        yield Place(row["code"], "municipality", row["name"], row["kind"], parent)
    for row in _rows("sectors.csv"):
        code = f"{row['municipality_code']}-{slugify(row['name'])}"
        yield Place(code, "sector", row["name"], row["kind"], row["municipality_code"])


@pytest.fixture(scope="session")
def places() -> list[Place]:
    """The whole tree; « Toponyme à venir », which names nothing, left out."""
    return [place for place in _tree() if place.name != "Toponyme à venir"]


@pytest.fixture(scope="session")
def aliases() -> list[PlaceAlias]:
    entries = yaml.safe_load((SEED / "place_aliases.yml").read_text(encoding="utf-8"))
    return [PlaceAlias(entry["name"], tuple(entry["territories"])) for entry in entries]


@pytest.fixture(scope="session")
def postal_areas() -> list[PostalPrefix]:
    return [PostalPrefix(row["prefix"], row["territory_code"], row["precision"]) for row in _rows("postal_areas.csv")]


@pytest.fixture(scope="session")
def everyday() -> Everyday:
    return read_everyday(SEED / "place_words.yml")


@pytest.fixture(scope="session")
def index(places: list[Place], aliases: list[PlaceAlias], postal_areas: list[PostalPrefix], everyday: Everyday) -> PlaceIndex:
    return PlaceIndex.from_records(places, aliases, postal_areas, everyday)
