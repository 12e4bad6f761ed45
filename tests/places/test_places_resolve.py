"""One message, several places: refined, corrected, or asked about."""

import pytest

from directory.places import PlaceIndex, choose
from directory.places_resolve import resolve

HOMONYMS = ("58012", "87120")  # Saint-Lambert, near Longueuil and in Abitibi-Ouest
RIVE_SUD = ("R16", "mrc-levis")
SAINT_JEAN = ("56083", "17070", "62015", "11010", "20015")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ville-Marie au Témiscamingue", "85025"),
        ("Ville-Marie, à Montréal", "66023-ville-marie"),
        ("Saint-Lambert en Abitibi", "87120"),
        ("saint-lambert, rive-sud", "58012"),
        ("Clermont dans Charlevoix", "15035"),
        ("St-Damase, MRC des Maskoutains", "54017"),
        ("st-damase dans le bas-saint-laurent", "07105"),
        ("st-donat en lanaudiere", "62060"),
        ("Saint-Donat, près de Mont-Joli", "09030"),
        ("St-Isidore en Beauce", "26063"),
        ("Mercier en Montérégie", "67045"),
        ("Saint-Sauveur dans les Laurentides", "77043"),
        ("quartier Saint-Sauveur, à Québec", "23027"),
        ("Louiseville en Mauricie", "51015"),
        ("en Mauricie, à Louiseville", "51015"),
        ("partout au Québec mais surtout à Rimouski", "10043"),
        ("Trois-Rivières G9A 2W1", "37067"),
        ("J0B, à Coaticook", "44037"),
        ("Saint-Lambert, mais pas celui en Abitibi", "58012"),
    ],
)
def test_the_rest_of_the_message_tells_which_place(index: PlaceIndex, text: str, code: str) -> None:
    resolution = index.resolve(index.find(text))

    assert (resolution.kind, resolution.codes) == ("one", (code,))


@pytest.mark.parametrize(
    ("text", "code", "negated"),
    [
        ("à Gaspé, pas à Matane", "03005", "Matane"),
        ("pas à Gaspé mais à Percé", "02005", "Gaspé"),
        ("c'est pas dans la MRC de Joliette, c'est à Rawdon", "62037", "Joliette"),
        ("on n'est plus à Gatineau, on est à Maniwaki", "83065", "Gatineau"),
        ("plutôt à Gaspé qu’à Matane", "03005", "Matane"),
        ("au lieu de Matane, Gaspé", "03005", "Matane"),
        ("Lévis, pas Québec", "25213", "Québec"),
        ("ni à Amos ni à Matane, à Gaspé", "03005", "Amos"),
    ],
)
def test_a_place_that_is_ruled_out_is_dropped(index: PlaceIndex, text: str, code: str, negated: str) -> None:
    resolution = index.resolve(index.find(text))

    assert resolution.codes == (code,)
    assert negated in resolution.negated


@pytest.mark.parametrize("text", ["pas loin de Joliette", "pas juste à Joliette", "pas mal à Joliette"])
def test_a_pas_that_denies_something_else_keeps_the_place(index: PlaceIndex, text: str) -> None:
    assert index.resolve(index.find(text)).codes == ("61025",)


def test_of_several_places_the_last_one_affirmed_counts(index: PlaceIndex) -> None:
    resolution = index.resolve(index.find("on déménage de Matane à Rimouski"))

    assert (resolution.kind, resolution.codes, resolution.surface) == ("one", ("10043",), "Rimouski")
    assert resolution.others == ("Matane",)


def test_a_landmark_is_no_other_place(index: PlaceIndex) -> None:
    resolution = index.resolve(index.find("on est à Saint-Tite, à 30 minutes de Shawinigan"))

    assert (resolution.codes, resolution.others) == (("35027",), ())


def test_an_area_is_one_place_of_several_territories(index: PlaceIndex) -> None:
    resolution = index.resolve(index.find("un peu partout en Beauce"))

    assert resolution.kind == "one"
    assert resolution.codes == ("mrc-beauce-centre", "mrc-beauce-sartigan", "mrc-la-nouvelle-beauce")


def test_only_denied_places_come_to_none(index: PlaceIndex) -> None:
    resolution = index.resolve(index.find("je ne suis pas à Matane"))

    assert (resolution.kind, resolution.codes, resolution.negated) == ("none", (), ("Matane",))


def test_nothing_comes_to_none(index: PlaceIndex) -> None:
    assert resolve(index.tree, []).kind == "none"


@pytest.mark.parametrize(
    ("candidates", "answer", "chosen"),
    [
        (HOMONYMS, "celui en Abitibi", "87120"),
        (HOMONYMS, "celui de la Montérégie", "58012"),
        (HOMONYMS, "à côté de Longueuil", "58012"),
        (HOMONYMS, "près de La Sarre", "87120"),
        (HOMONYMS, "pas celui en Abitibi", "58012"),
        (HOMONYMS, "Saint-Lambert (Longueuil)", "58012"),
        (HOMONYMS, "J4P", "58012"),
        (HOMONYMS, "le premier", "58012"),
        (HOMONYMS, "le 2e svp", "87120"),
        (HOMONYMS, "2", "87120"),
        (HOMONYMS, "le dernier", "87120"),
        (HOMONYMS, "le troisième", None),
        (HOMONYMS, "les deux", None),
        (HOMONYMS, "je sais pas", None),
        (HOMONYMS, "Montréal", None),
        (HOMONYMS, "celui proche de Montréal", "58012"),
        (HOMONYMS, "celui près de Gaspé", None),
        (HOMONYMS, "un prêt de 2 000 $", None),
        (("12057", "12804"), "la municipalité", "12057"),
        (("12057", "12804"), "la communauté", "12804"),
        (("82030", "mrc-pontiac"), "la MRC", "mrc-pontiac"),
        (("68050", "66023-saint-michel"), "le quartier de Montréal", "66023-saint-michel"),
        (RIVE_SUD, "celle de Québec", "mrc-levis"),
        (RIVE_SUD, "de montréal", "R16"),
        (SAINT_JEAN, "sur richelieu", "56083"),
        (SAINT_JEAN, "port-joli", "17070"),
        (SAINT_JEAN, "celui de Lanaudière", "62015"),
    ],
)
def test_an_answer_picks_among_the_candidates(index: PlaceIndex, candidates: tuple[str, ...], answer: str, chosen: str | None) -> None:
    assert choose(index, candidates, answer) == chosen
