"""Names of organisations and programmes in what people type; everyday words are none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import sessionmaker

from bot.nlu.names import NameIndex, Ref, kinds_in, sound
from bot.nlu.reading import Reader, actor_names
from directory import schema
from directory.database import make_engine, reachable, session_factory, session_scope
from directory.importing import import_seed
from directory.models import Actor, ActorAlias

SEED = Path(__file__).resolve().parents[3] / "data" / "seed"


def actor(slug: str) -> Ref:
    return Ref("actor", slug, slug)


NAMES = [
    ("Réseau d'investissement social du Québec", actor("risq")),
    ("RISQ", actor("risq")),
    ("Fonds Émergence", Ref("service", "risq-emergence", "risq")),
    ("Émergence", Ref("service", "risq-emergence", "risq")),
    ("Fiducie du Chantier de l'économie sociale", actor("fiducie-chantier")),
    ("La Fiducie", actor("fiducie-chantier")),
    ("Chantier de l'économie sociale", actor("chantier-es")),
    ("Chantier", actor("chantier-es")),
    ("Filaction", actor("filaction")),
    ("Fonds locaux d'investissement", actor("fli")),
    ("MicroEntreprendre", actor("microentreprendre")),
    ("SAGE", actor("sage-mentorat")),
    ("DEC", actor("dec")),
    ("Pôle de la Mauricie", actor("pole-mauricie")),
    ("St-Pierre", actor("centre-st-pierre")),
    ("Fonds", actor("trop-general")),
    ("Mentorat Montréal", actor("mentorat-a")),
    ("Mentorat Montréal", actor("mentorat-b")),
    ("Desjardins", actor("desjardins")),
]


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex(NAMES)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sessionmaker]:
    """Sessions on the project's own directory."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('names') / 'directory.db'}")
    with reachable(engine) as connection:
        schema.upgrade(connection)
    factory = session_factory(engine)
    with session_scope(factory) as session:
        import_seed(session, SEED)
    yield factory
    engine.dispose()


@pytest.fixture(scope="module")
def real(directory: sessionmaker) -> NameIndex:
    with directory() as session:
        return NameIndex(actor_names(session))


def slugs(index: NameIndex, text: str) -> list[str]:
    return [ref.slug for mention in index.find(text) for ref in mention.refs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("c'est quoi le RISQ", ["risq"]),
        ("risq", ["risq"]),
        ("le reseau d investissement social du quebec", ["risq"]),
        ("Réseau d’investissement social du Québec?", ["risq"]),
        ("le fonds émergence du RISQ", ["risq-emergence", "risq"]),
        ("émergence, c'est combien", ["risq-emergence"]),
        ("la fiducie du chantier de l’économie sociale", ["fiducie-chantier"]),
        ("chantier de l'économie-sociale", ["chantier-es"]),
        ("la Fiducie pis le Chantier", ["fiducie-chantier", "chantier-es"]),
        ("FILACTION ou Filaction", ["filaction", "filaction"]),
        ("les fonds locaux d'investissement", ["fli"]),
        ("Micro-Entreprendre", []),
        ("microentreprendre", ["microentreprendre"]),
        ("le pole de la mauricie", ["pole-mauricie"]),
        ("Saint-Pierre", ["centre-st-pierre"]),
        ("st pierre", ["centre-st-pierre"]),
        ("le centre St-Pierre", ["centre-st-pierre"]),
    ],
)
def test_a_name_is_found_whatever_its_case_accents_and_hyphens(index: NameIndex, text: str, expected: list[str]) -> None:
    assert slugs(index, text) == expected


def test_the_longest_name_wins(index: NameIndex) -> None:
    [mention] = index.find("la Fiducie du Chantier de l'économie sociale, ça prête combien?")
    assert mention.surface == "Fiducie du Chantier de l'économie sociale"
    assert mention.exact


def test_a_name_says_where_it_stands(index: NameIndex) -> None:
    text = "chez Filaction, à Montréal"
    [mention] = index.find(text)
    assert (text[mention.start : mention.end], mention.surface) == ("Filaction", "Filaction")


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("fidducie", "fiducie-chantier"),
        ("fidussie", "fiducie-chantier"),
        ("fiduci", "fiducie-chantier"),
        ("filacton", "filaction"),
        ("filaxtion", "filaction"),
        ("fliaction", "filaction"),
        ("microentrependre", "microentreprendre"),
        ("dejardins", "desjardins"),
        ("desjardin", "desjardins"),
    ],
)
def test_one_slip_is_forgiven_and_said(index: NameIndex, typed: str, slug: str) -> None:
    [mention] = index.find(f"c'est quoi {typed}")
    assert ([ref.slug for ref in mention.refs], mention.exact) == ([slug], False)


@pytest.mark.parametrize("typed", ["foundation", "fondation", "friction", "traction", "déjà", "jardins", "rsiq", "filtration"])
def test_two_slips_or_a_short_word_are_not(index: NameIndex, typed: str) -> None:
    assert index.find(f"c'est quoi {typed}") == []


@pytest.mark.parametrize("text", ["SAGE", "le programme SAGE", "DEC pis Filaction"])
def test_a_short_name_that_is_a_word_counts_in_capitals(index: NameIndex, text: str) -> None:
    assert index.find(text)


@pytest.mark.parametrize("text", ["c'est sage", "Sage décision", "un fonds", "les fonds", "Fonds!"])
def test_a_short_name_that_is_a_word_is_none_otherwise(index: NameIndex, text: str) -> None:
    assert index.find(text) == []


@pytest.mark.parametrize("text", ["un chantier de construction", "notre chantier avance", "un projet en émergence", "nos chantiers"])
def test_an_everyday_word_is_no_name(index: NameIndex, text: str) -> None:
    assert index.find(text) == []


def test_a_name_that_several_share_gives_all_of_them(index: NameIndex) -> None:
    assert slugs(index, "Mentorat Montréal") == ["mentorat-a", "mentorat-b"]


def test_a_name_added_is_found_once_the_index_is_built_again(index: NameIndex) -> None:
    assert slugs(index, "le fonds des Ursulines") == []
    assert slugs(NameIndex([*NAMES, ("Fonds des Ursulines", actor("ursulines"))]), "le fonds des ursulines") == ["ursulines"]


def test_an_actor_added_to_the_directory_is_read_in_the_next_message(directory: sessionmaker) -> None:
    reader = Reader(directory)
    text = "c'est quoi le Phare des Ursulines?"
    assert not [each for each in reader.entities(text) if each["entity"] == "actor"]
    with session_scope(directory) as session:
        aliases = [ActorAlias(name="Phare des Ursulines")]
        session.add(Actor(slug="phare", name="Le Phare", kind="financement", source="https://exemple.org", aliases=aliases))

    [found] = [each for each in reader.entities(text) if each["entity"] == "actor"]
    assert (found["value"], text[found["start"] : found["end"]]) == ("phare", "Phare des Ursulines")


@pytest.mark.parametrize(
    "text",
    [
        "bonjour, je cherche un peu de monde pour jaser de mon projet",
        "on aimerait ouvrir une épicerie au village",
        "ma sage décision",
        "c'est le parc du quartier",
        "au mois de décembre, on a mis nos affaires en ordre",
        "un gros chantier de rénovation",
        "je suis dans une réserve, il fait frette",
        "le centre communautaire est plein",
        "y'a du monde en masse au conseil",
        "la caisse est vide",
        "le ministère a rien dit",
        "notre association de parents",
        "la promotion du livre",
        "combien ça coûte une formation",
        "le programme finit à cinq heures",
        "une table de concertation",
        "les membres sont tannés",
        "mon réseau d'amies",
        "on manque de fonds",
        "l'effet est clair",
        "la relève arrive",
        "on est en démarrage",
        "notre projet est en émergence",
        "ça c'est un cap à passer",
        "un ark de triomphe",
        "les filles ont passé une belle journée",
        "une action à la fois",
        "je veux vendre mes parts",
        "ouvrez le dossier",
        "on a fait un sondage",
        "j'achète",
        "qui en achète dans le coin?",
        "j'achète une bâtisse en économie sociale",
        "l'économie sociale, c'est pour nous",
    ],
)
def test_no_organisation_of_the_directory_is_seen_in_everyday_words(real: NameIndex, text: str) -> None:
    assert [mention.surface for mention in real.find(text)] == []


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("c'est quoi le risq", "risq"),
        ("la cdrq", "cdrq"),
        ("la caisse d'économie solidaire", "caisse-economie-solidaire"),
        ("le réseau mentorat", "reseau-mentorat"),
        ("femmessor", "evol"),
        ("investissement québec", "investissement-quebec"),
        ("fonds de solidarité FTQ", "fonds-solidarite-ftq"),
        ("la sadc de charlevoix", "sadc-charlevoix"),
    ],
)
def test_the_organisations_that_people_name_are_in_the_directory(real: NameIndex, text: str, slug: str) -> None:
    assert slug in {ref.actor for mention in real.find(text) for ref in mention.refs}


@pytest.mark.parametrize("text", ["L’économie sociale, j’achète!", "c'est quoi l'economie sociale j'achete"])
def test_a_name_of_everyday_words_is_seen_whole(real: NameIndex, text: str) -> None:
    assert "economie-sociale-jachete" in slugs(real, text)


def _places(directory: sessionmaker, text: str) -> list[str]:
    return [code for each in Reader(directory).entities(text) if each["entity"] == "place" for code in each["value"]]


def test_the_place_in_the_name_of_an_organisation_whose_kind_is_asked_is_said(directory: sessionmaker) -> None:
    assert _places(directory, "je cherche le pôle d'économie sociale de Laval") == ["65005"]
    assert _places(directory, "on a parlé à Microcrédit Montréal") == []
    in_name = {
        text: [e.get("in_name", False) for e in Reader(directory).entities(text) if e["entity"] == "place"]
        for text in ("la SADC de Charlevoix", "une SADC à Amqui")
    }
    assert in_name == {"la SADC de Charlevoix": [True], "une SADC à Amqui": [False]}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("c'est qui le pôle chez nous", ["pole"]),
        ("la SADC pis le CAE", ["sadc_cae"]),
        ("S.A.D.C.", ["sadc_cae"]),
        ("ma MRC ou la CDC", ["cdc", "mrc"]),
        ("la coopérative de développement régional", ["cdr"]),
        ("une cellule de mentorat", ["mentorat"]),
        ("la CDEC", ["cdec"]),
        ("l'ancien CLD", ["mrc"]),
        ("Réseau accès PME", ["mrc"]),
        ("un mentor", []),
        ("le pôle sud", []),
        ("bonjour", []),
    ],
)
def test_kinds_of_organisations_are_read(text: str, kinds: list[str]) -> None:
    assert kinds_in(text) == kinds


@pytest.mark.parametrize(
    ("one", "other"), [("fiducie", "fidussie"), ("coopérative", "koopérative"), ("réseau", "rézo"), ("filaction", "philaction")]
)
def test_words_that_sound_alike_share_a_spelling(one: str, other: str) -> None:
    assert sound(one) == sound(other)


WORDS = st.sampled_from(
    "le la de du fonds fiducie chantier economie sociale risq Émergence saint st pierre mentorat montréal , . ' - 😀".split(" ")
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join)))
def test_any_text_is_read_without_error(index: NameIndex, text: str) -> None:
    mentions = index.find(text)
    assert all(text[mention.start : mention.end] == mention.surface and mention.refs for mention in mentions)
    assert all(left.end <= right.start for left, right in zip(mentions, mentions[1:], strict=False))


@pytest.mark.parametrize("piece", ["saint ", "fidusie ", "fonds ", "a", "économie sociale ", "d'"])
def test_a_long_hostile_text_is_read(real: NameIndex, piece: str) -> None:
    assert isinstance(real.find((piece * 20_000)[:20_000]), list)


def test_an_index_without_names_finds_nothing() -> None:
    assert NameIndex(()).find("le RISQ") == []
