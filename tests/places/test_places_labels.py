"""Places said in French: articles, contractions, buttons."""

import pytest

from directory.places import Place, PlaceIndex, UnknownPlace, describe, in_region, mrc_title, path, short_label
from directory.places_labels import LABEL_LENGTH


@pytest.mark.parametrize(
    ("code", "described"),
    [
        ("51015", "Louiseville (MRC de Maskinongé, Mauricie)"),
        ("94068-chicoutimi", "Chicoutimi, à Saguenay (Saguenay–Lac-Saint-Jean)"),
        ("mrc-maskinonge", "la MRC de Maskinongé (Mauricie)"),
        ("mrc-les-maskoutains", "la MRC des Maskoutains (Montérégie)"),
        ("mrc-l-erable", "la MRC de L’Érable (Centre-du-Québec)"),
        ("mrc-le-haut-saint-francois", "la MRC du Haut-Saint-François (Estrie)"),
        ("mrc-arthabaska", "la MRC d’Arthabaska (Centre-du-Québec)"),
        ("mrc-des-chenaux", "la MRC des Chenaux (Mauricie)"),
        ("mrc-longueuil", "l’agglomération de Longueuil (Montérégie)"),
        ("mrc-levis", "Lévis (Chaudière-Appalaches)"),
        ("mrc-jamesie", "la Jamésie (Nord-du-Québec)"),
        ("R05", "la région de l’Estrie"),
        ("R15", "la région des Laurentides"),
        ("QC", "tout le Québec"),
        ("23027", "Québec (Capitale-Nationale)"),
        ("66023", "Montréal"),
        ("66023-ville-marie", "Ville-Marie, à Montréal"),
        ("23057", "L’Ancienne-Lorette (agglomération de Québec, Capitale-Nationale)"),
        ("01023-cap-aux-meules", "Cap-aux-Meules, aux Îles-de-la-Madeleine (Gaspésie–Îles-de-la-Madeleine)"),
        ("89045", "Senneterre, paroisse (MRC de La Vallée-de-l’Or, Abitibi-Témiscamingue)"),
        ("78102", "Mont-Tremblant (MRC des Laurentides)"),
        ("66107", "Beaconsfield (agglomération de Montréal)"),
        ("12804", "Cacouna, communauté (Bas-Saint-Laurent)"),
        ("99095", "Kuujjuaq (Administration régionale Kativik, Nord-du-Québec)"),
    ],
)
def test_a_place_is_described_with_what_contains_it(index: PlaceIndex, code: str, described: str) -> None:
    assert describe(index, code) == described


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("58012", "Saint-Lambert (Longueuil)"),
        ("87120", "Saint-Lambert (Abitibi-Ouest)"),
        ("85025", "Ville-Marie (Témiscamingue)"),
        ("66023-ville-marie", "Ville-Marie (Montréal)"),
        ("mrc-pontiac", "MRC de Pontiac"),
        ("R16", "Montérégie (région)"),
        ("23027", "Québec (Capitale-Nationale)"),
        ("66023", "Montréal (ville)"),
        ("QC", "Tout le Québec"),
    ],
)
def test_a_label_tells_a_place_from_its_namesakes(index: PlaceIndex, code: str, label: str) -> None:
    assert short_label(index, code) == label


def test_every_place_can_be_said(index: PlaceIndex, places: list[Place]) -> None:
    labels = {place.code: short_label(index, place.code) for place in places}
    wrong = [
        (code, label) for code, label in labels.items() if not label or len(label) > LABEL_LENGTH or "'" in label + describe(index, code)
    ]

    assert wrong == []


def test_the_places_of_one_name_have_different_labels(index: PlaceIndex, places: list[Place]) -> None:
    confused = []
    for place in places:
        codes = index.resolve(index.find(place.name)).codes
        if len(codes) > 1 and len({short_label(index, code) for code in codes}) < len(codes):
            confused.append((place.name, [short_label(index, code) for code in codes]))

    assert confused == []


@pytest.mark.parametrize(
    ("code", "said"),
    [("R05", "en Estrie"), ("R01", "au Bas-Saint-Laurent"), ("R14", "dans Lanaudière"), ("R06", "à Montréal")],
)
def test_a_region_is_where_something_is(code: str, said: str) -> None:
    assert in_region(code) == said


def test_every_region_can_be_said(index: PlaceIndex, places: list[Place]) -> None:
    regions = [place.code for place in places if place.level == "region"]

    assert len(regions) == 17
    assert all(in_region(code) and describe(index, code).startswith("la région ") for code in regions)


def test_the_title_of_a_mrc_contracts_its_article() -> None:
    assert mrc_title("Le Granit") == "MRC du Granit"
    assert mrc_title("L'Assomption") == "MRC de L’Assomption"
    assert mrc_title("La Matanie") == "MRC de La Matanie"
    assert mrc_title("Avignon") == "MRC d’Avignon"


def test_the_path_goes_from_the_place_up_to_quebec(index: PlaceIndex) -> None:
    assert path(index, "51015") == ["51015", "mrc-maskinonge", "R04", "QC"]
    assert path(index, "94068-chicoutimi") == ["94068-chicoutimi", "94068", "mrc-saguenay", "R02", "QC"]
    assert path(index, "QC") == ["QC"]
    assert path(index, "23802") == ["23802", "R03", "QC"]


def test_an_unknown_code_is_an_error(index: PlaceIndex) -> None:
    with pytest.raises(UnknownPlace, match="00000"):
        describe(index, "00000")
