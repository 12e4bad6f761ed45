"""Places in what people write: everyday names, articles, misspellings, and what is no place."""

from pathlib import Path

import pytest

from directory.places import PlaceIndex

ORDINARY = Path(__file__).with_name("ordinary_sentences.txt")

LOUISEVILLE, SAINT_HYACINTHE, SAINT_JEAN_SUR_RICHELIEU = "51015", "54048", "56083"
QUEBEC_CITY, MONTREAL, GASPE, MATANE, PERCE, AMOS = "23027", "66023", "03005", "08053", "02005", "88057"
ABITIBI = ("mrc-abitibi", "mrc-abitibi-ouest", "mrc-la-vallee-de-l-or", "mrc-rouyn-noranda")
GASPESIE = ("mrc-avignon", "mrc-bonaventure", "mrc-la-cote-de-gaspe", "mrc-la-haute-gaspesie", "mrc-le-rocher-perce")


def _codes(index: PlaceIndex, text: str) -> tuple[str, ...]:
    return index.resolve(index.find(text)).codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Louiseville", (LOUISEVILLE,)),
        ("louisevile", (LOUISEVILLE,)),
        ("on part une coop de récup à Louiseville pis on cherche de l'aide", (LOUISEVILLE,)),
        ("st-hyacinthe", (SAINT_HYACINTHE,)),
        ("st-hyacinte", (SAINT_HYACINTHE,)),
        ("sthyacinthe", (SAINT_HYACINTHE,)),
        ("notre obnl est a st. hyacinthe", (SAINT_HYACINTHE,)),
        ("Saint Jean sur Richelieu", (SAINT_JEAN_SUR_RICHELIEU,)),
        ("st jean richelieu", (SAINT_JEAN_SUR_RICHELIEU,)),
        ("la MRC de Maskinongé", ("mrc-maskinonge",)),
        ("mrc maskinonge", ("mrc-maskinonge",)),
        ("en Estrie", ("R05",)),
        ("les cantons de l’est", ("R05",)),
        ("région de la Mauricie", ("R04",)),
        ("dans Lanaudière", ("R14",)),
        ("dans les Laurentides", ("R15",)),
        ("la MRC des Laurentides", ("mrc-les-laurentides",)),
        ("sur la Rive-Sud de Québec", ("mrc-levis",)),
        ("Beauport", ("23027-beauport",)),
        ("Jonquière", ("94068-jonquiere",)),
        ("jonkiere", ("94068-jonquiere",)),
        ("Chicoutimi", ("94068-chicoutimi",)),
        ("dans Limoilou", ("23027-limoilou",)),
        ("drumondville", ("49058",)),
        ("troi rivieres", ("37067",)),
        ("troisrivieres", ("37067",)),
        ("T-R", ("37067",)),
        ("aux iles de la madelaine", ("01023",)),
        ("aux Îles", ("mrc-les-iles-de-la-madeleine",)),
        ("une ferme au Bic", ("10043-le-bic",)),
        ("le bic", ("10043-le-bic",)),
        ("on est à la Sarre", ("87090",)),
        ("à La Malbaie", ("15013",)),
        ("à la malbaie", ("15013",)),
        ("lassomption", ("60028",)),
        ("l'assomption", ("60028",)),
        ("N.-D.-du-Lac", ("13073-notre-dame-du-lac",)),
        ("Louise ville", (LOUISEVILLE,)),
        ("saint roc hde l'achigan", ("63035",)),
        ("saint-louis-du-ha-ha", ("13080",)),
        ("Saint-Louis-du-Ha! Ha!", ("13080",)),
        ("chibougamo", ("99025",)),
        ("rimousky", ("10043",)),
        ("saguene", ("94068",)),
        ("le Mile-End", ("66023-le-plateau-mont-royal",)),
        ("NDG", ("66023-notre-dame-de-grace",)),
        ("dans Parc-Ex", ("66023-parc-extension",)),
        ("Asbestos", ("40043",)),
        ("la Petite-Nation", ("mrc-papineau",)),
        ("dans Robert-Cliche", ("mrc-beauce-centre",)),
        ("en Gaspésie", GASPESIE),
        ("en Abitibi", ABITIBI),
        ("la MRC d’Abitibi", ("mrc-abitibi",)),
        ("dans Charlevoix", ("mrc-charlevoix", "mrc-charlevoix-est")),
        ("MRC de Charlevoix", ("mrc-charlevoix",)),
        ("dans les Bois-Francs", ("mrc-arthabaska", "mrc-l-erable")),
        ("dans le Pontiac", ("mrc-pontiac",)),
        ("à Matapédia", ("06045",)),
        ("dans la Matapédia", ("mrc-la-matapedia",)),
        ("au Saguenay", ("R02",)),
        ("à Saguenay", ("94068",)),
        ("saguenay lac st-jean", ("R02",)),
        ("le Lac-Saint-Jean", ("R02",)),
        ("l'agglomération de Longueuil", ("mrc-longueuil",)),
        ("MRC de D'Autray", ("mrc-d-autray",)),
        ("mrc dautray", ("mrc-d-autray",)),
    ],
)
def test_a_place_is_recognised_as_people_write_it(index: PlaceIndex, text: str, codes: tuple[str, ...]) -> None:
    assert _codes(index, text) == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("à Québec", QUEBEC_CITY),
        ("ville de Québec", QUEBEC_CITY),
        ("Québec", QUEBEC_CITY),
        ("j’habite Québec", QUEBEC_CITY),
        ("au Québec", "QC"),
        ("le quebec", "QC"),
        ("partout au Québec", "QC"),
        ("définition légale d'une coop québec", "QC"),
        ("région de Québec", "R03"),
        ("Nord-du-Québec", "R10"),
        ("centre du quebec", "R17"),
        ("Louiseville (Québec)", LOUISEVILLE),
        ("Limoilou, Québec", "23027-limoilou"),
    ],
)
def test_the_town_of_quebec_is_told_from_the_province(index: PlaceIndex, text: str, code: str) -> None:
    assert _codes(index, text) == (code,)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("amos", (AMOS,)),
        ("on est à Amos", (AMOS,)),
        ("une coop d’Amos cherche un mentor", (AMOS,)),
        ("à Percé", (PERCE,)),
        ("on a percé un mur", ()),
        ("on a perce un mur", ()),
        ("à L'Avenir", ("49025",)),
        ("à l'avenir on fera mieux", ()),
        ("notre OBNL est à Nouvelle", ("06020",)),
        ("une nouvelle coop", ()),
        ("je suis nouvelle", ()),
        ("à Grand-Mère", ("36033-grand-mere",)),
        ("avec ma grand-mère", ()),
        ("MRC des Sources", ("mrc-les-sources",)),
        ("mrc de l'érable", ("mrc-l-erable",)),
        ("du sirop d'érable", ()),
        ("un prêt de Desjardins", ()),
        ("Desjardins", ()),
        ("arrondissement Desjardins", ("25213-desjardins",)),
        ("Guy Lemieux est notre trésorier", ()),
        ("j'ai parlé à Maria Tremblay", ()),
        ("on est à Maria", ("06005",)),
        ("la rue Saint-Denis", ()),
        ("boul. Laval", ()),
        ("l'université Laval", ()),
        ("la Saint-Jean-Baptiste", ()),
        ("Saint-Jean-Baptiste", ("57033",)),
        ("Investissement Québec nous aide", ()),
        ("coop.quebec", ()),
        ("Montréal est une grande ville", (MONTREAL,)),
        ("Montréal-Est", ("66007",)),
        ("je suis a montreal est", ("66007",)),
        ("des biens et des services", ()),
        ("le jeune", ()),
        ("au clair de lune", ()),
    ],
)
def test_a_name_that_is_also_a_word_needs_a_sign_of_place(index: PlaceIndex, text: str, codes: tuple[str, ...]) -> None:
    assert _codes(index, text) == codes


def test_ordinary_sentences_name_no_place(index: PlaceIndex) -> None:
    sentences = ORDINARY.read_text(encoding="utf-8").splitlines()
    found = [(sentence, mentions) for sentence in sentences if (mentions := index.find(sentence))]

    assert len(sentences) >= 150
    assert found == []


def test_ordinary_sentences_hint_at_no_unknown_place(index: PlaceIndex) -> None:
    sentences = ORDINARY.read_text(encoding="utf-8").splitlines()

    assert [sentence for sentence in sentences if index.unknown_place_hint(sentence)] == []


def test_a_mention_tells_where_it_stands_and_what_it_is(index: PlaceIndex) -> None:
    text = "Bonjour, on est à la Tuque, près de Shawinigan."
    town, landmark = index.find(text)

    assert (text[town.start : town.end], town.surface) == ("la Tuque", "la Tuque")
    assert (town.codes, town.level_hint, town.exact, town.near) == (("90012",), "municipality", True, False)
    assert (landmark.surface, landmark.near) == ("Shawinigan", True)


def test_a_mended_spelling_says_so(index: PlaceIndex) -> None:
    (mention,) = index.find("plessisvile")

    assert (mention.codes, mention.exact) == (("32043",), False)


def test_the_short_form_of_several_names_gives_them_all(index: PlaceIndex) -> None:
    (mention,) = index.find("à Ste-Agathe")

    assert set(mention.codes) == {"78032", "33017"}
    assert mention.level_hint == "several"


@pytest.mark.parametrize("text", ["à Moncton", "en Ontario", "au Nouveau-Brunswick", "j'habite en France", "à Ottawa"])
def test_a_place_outside_quebec_is_noticed(index: PlaceIndex, text: str) -> None:
    (mention,) = index.find(text)

    assert (mention.codes, mention.level_hint) == ((), "outside_quebec")
    assert index.resolve([mention]).kind == "none"
    assert index.resolve([mention]).outside == (mention.surface,)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("on est à Saint-Glinglin", "Saint-Glinglin"),
        ("a st-glinglin", "st-glinglin"),
        ("St-Glinglin", "St-Glinglin"),
        ("on est à Saint-Jean-Xyz", "Saint-Jean-Xyz"),
        ("dans le bout de Xyzville", "Xyzville"),
        ("On est à Bourg-la-Reine", "Bourg-la-Reine"),
        ("ville de Trucmuche", "Trucmuche"),
        ("je suis à Louiseville", None),
        ("je veux parler à Julie", None),
        ("j'écris à Mme Roy", None),
        ("à RISQ", None),
        ("la Saint-Jean", None),
        ("est-ce qu'on est admissibles à Filaction", None),
        ("à Paris", None),
        ("à la fin", None),
    ],
)
def test_an_unknown_place_is_hinted_at(index: PlaceIndex, text: str, hint: str | None) -> None:
    assert index.unknown_place_hint(text) == hint
