"""The index of places, read from the tables."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from directory.models import PostalArea, Territory, TerritoryAlias
from directory.places import PlaceIndex, describe

WORDS = Path(__file__).parents[2] / "data" / "seed" / "place_words.yml"


@pytest.fixture
def index(session: Session) -> PlaceIndex:
    """Two towns of two regions, with what people call them."""
    maskinonge = "mrc-maskinonge"
    session.add_all(
        [
            Territory(code="QC", level="country", name="Québec"),
            Territory(code="R04", level="region", name="Mauricie", parent_code="QC"),
            Territory(code="R16", level="region", name="Montérégie", parent_code="QC"),
            Territory(code=maskinonge, level="mrc", name="Maskinongé", kind="MRC", parent_code="R04"),
            Territory(code="51015", level="municipality", name="Louiseville", kind="Ville", parent_code=maskinonge),
            Territory(code="58012", level="municipality", name="Saint-Lambert", kind="Ville", parent_code="R16"),
        ]
    )
    session.flush()
    session.add_all(
        [
            TerritoryAlias(territory_code="51015", name="La petite ville"),
            TerritoryAlias(territory_code="51015", name="Chez nous autres"),
            TerritoryAlias(territory_code="58012", name="Chez nous autres"),
            PostalArea(prefix="J5V", territory_code="51015", precision="municipality"),
        ]
    )
    session.flush()
    return PlaceIndex.load(session, WORDS)


def test_names_aliases_and_postal_areas_are_read_from_the_tables(index: PlaceIndex) -> None:
    found = {text: index.resolve(index.find(text)) for text in ("louisevile", "la petite ville", "J5V 1A1", "en Mauricie")}

    assert {text: each.codes for text, each in found.items()} == {
        "louisevile": ("51015",),
        "la petite ville": ("51015",),
        "J5V 1A1": ("51015",),
        "en Mauricie": ("R04",),
    }


def test_an_alias_of_several_places_is_asked_about(index: PlaceIndex) -> None:
    resolution = index.resolve(index.find("chez nous autres"))

    assert (resolution.kind, set(resolution.codes)) == ("several", {"51015", "58012"})


def test_a_place_of_the_tables_is_described(index: PlaceIndex) -> None:
    assert describe(index, "51015") == "Louiseville (MRC de Maskinongé, Mauricie)"
