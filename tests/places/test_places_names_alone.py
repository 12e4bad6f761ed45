"""Every municipality, MRC and region, named alone as people write it, is linked right."""

import re
from collections import defaultdict

import pytest

from directory.places import Place, PlaceIndex
from directory.text import fold, fold_key

OFFICIAL = ("region", "mrc", "municipality")
# Names borne by several territories (26 in the Répertoire), by another place's sector, or by everyday use.
SEVERAL_TERRITORIES = (
    "Cacouna", "Clermont", "Kawawachikamach", "L'Ange-Gardien", "Lac-Simon", "Natashquan", "Notre-Dame-de-Lourdes",
    "Rivière-Saint-Jean", "Saint-Augustin", "Saint-Cyprien", "Saint-Damase", "Saint-Donat", "Saint-Elzéar",
    "Saint-Isidore", "Saint-Lambert", "Saint-Louis-de-Gonzague", "Saint-Léon-le-Grand", "Saint-Siméon",
    "Saint-Stanislas", "Saint-Sébastien", "Saint-Séverin", "Sainte-Françoise", "Sainte-Félicité", "Sainte-Monique",
    "Sainte-Perpétue", "Sainte-Sabine",
)  # fmt: skip
HOMONYMS_OF_SECTORS = (
    "Ville-Marie", "Mercier", "Saint-Michel", "Newport", "Lac-à-la-Croix", "Grenville", "Saint-Athanase",
    "Sainte-Jeanne-d'Arc", "Saint-Gérard-Majella", "Saint-Jean-de-la-Lande",
)  # fmt: skip
OTHER_HOMONYMS = ("Pontiac", "Montcalm", "Saint-Sauveur", "Saint-Henri", "Saint-Roch", "Rive-Sud", "Saint-Jean")
# The name means something wider or better known than this MRC, which « MRC de … » still gives.
NOT_THE_MRC = {"mrc-les-laurentides": ("R15",)}


def _ways_of_writing(name: str) -> set[str]:
    short = re.sub(r"\bSaint-", "St-", re.sub(r"\bSainte-", "Ste-", name))
    typographic = name.replace("'", "’")
    return {name, fold(name), short, fold(short), typographic, name.upper(), name.replace("-", " "), f"{name}."}


@pytest.fixture(scope="module")
def namesakes(places: list[Place]) -> dict[str, list[Place]]:
    """The official places by the key of their name."""
    found: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        if place.level in OFFICIAL:
            found[fold_key(place.name)].append(place)
    return found


def _is_right(index: PlaceIndex, place: Place, text: str, namesakes: dict[str, list[Place]]) -> bool:
    """Return whether `text` gives the place, several that contain it, or its better known namesake."""
    resolution = index.resolve(index.find(text))
    if place.code in resolution.codes:
        return True
    family = [each.code for each in namesakes[fold_key(place.name)]]
    meant = index.tree.meant(family)
    return resolution.codes == NOT_THE_MRC.get(place.code, meant) and resolution.kind == "one"


def test_every_official_name_alone_is_linked_right(index: PlaceIndex, places: list[Place], namesakes: dict[str, list[Place]]) -> None:
    wrong = [
        (text, place.code, index.find(text))
        for place in places
        if place.level in OFFICIAL
        for text in _ways_of_writing(place.name)
        if not _is_right(index, place, text, namesakes)
    ]

    assert wrong == []


def test_every_official_name_in_a_sentence_is_linked_right(
    index: PlaceIndex, places: list[Place], namesakes: dict[str, list[Place]]
) -> None:
    sentences = ("on part une coop à {}", "notre obnl est à {}, on cherche un mentor", "J’habite à {} depuis 2019.")
    wrong = [
        (text, place.code, index.find(text))
        for place in places
        if place.level == "municipality" and not place.name.startswith(("La ", "Le ", "Les "))
        for text in (sentence.format(place.name) for sentence in sentences)
        if not _is_right(index, place, text, namesakes)
    ]

    assert wrong == []


def test_every_mrc_announced_as_such_is_the_mrc(index: PlaceIndex, places: list[Place]) -> None:
    wrong = []
    for place in places:
        if place.level == "mrc" and place.kind == "MRC":
            name = re.sub(r"^(Le|La|Les|Des) |^L'", "", place.name)
            for text in (f"MRC de {name}", f"la mrc {fold(name)}", f"on est dans la MRC des {name}"):
                if index.resolve(index.find(text)).codes != (place.code,):
                    wrong.append((text, place.code, index.find(text)))

    assert wrong == []


def test_every_region_is_recognised_after_the_word_region(index: PlaceIndex, places: list[Place]) -> None:
    wrong = []
    for place in places:
        if place.level == "region":
            for text in (f"région de {place.name}", f"dans la region {fold(place.name)}"):
                if index.resolve(index.find(text)).codes != (place.code,):
                    wrong.append((text, place.code, index.find(text)))

    assert wrong == []


@pytest.mark.parametrize("name", [*SEVERAL_TERRITORIES, *HOMONYMS_OF_SECTORS, *OTHER_HOMONYMS])
def test_a_name_of_several_places_is_asked_about(index: PlaceIndex, name: str) -> None:
    resolution = index.resolve(index.find(name))

    assert resolution.kind == "several"
    assert len(resolution.codes) >= 2


def test_the_town_stands_for_its_parish_its_mrc_and_its_region(index: PlaceIndex) -> None:
    expected = {
        "Senneterre": "89040",
        "Bedford": "46035",
        "Maskinongé": "51008",
        "Joliette": "61025",
        "L'Islet": "17078",
        "Trois-Rivières": "37067",
        "Montréal": "66023",
        "Laval": "65005",
        "Kuujjuaq": "99095",
        "Caniapiscau": "mrc-caniapiscau",
        "Arthabaska": "mrc-arthabaska",
    }

    assert {name: index.resolve(index.find(name)).codes for name in expected} == {name: (code,) for name, code in expected.items()}


def test_every_sector_alone_gives_itself_or_what_bears_its_name(index: PlaceIndex, places: list[Place]) -> None:
    silent = [
        place.code for place in places if place.level == "sector" and not index.find(f"secteur {place.name}") and not index.find(place.name)
    ]

    assert silent == []
