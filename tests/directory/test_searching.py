"""Records are found as staff look for them, and what waits for somebody is listed."""

from datetime import date

import pytest
from sqlalchemy.orm import Session, sessionmaker

from directory.database import session_scope
from directory.labels import Names, told
from directory.overdue import closed, doubtful, gaps, is_overdue, overdue
from directory.records import load_record, load_records
from directory.revisions import revise
from directory.searching import LATE, NEVER, RECENT, Wanted, find_actors, find_answers, find_place_names
from directory.territories import Territories

TODAY = date(2026, 11, 29)


@pytest.fixture
def held(imported: sessionmaker) -> Session:
    with imported() as session:
        yield session


def found(session: Session, **wanted: object) -> list[str]:
    return [each.slug for each in find_actors(session, Wanted(**wanted), Territories.load(session), TODAY)]


@pytest.mark.parametrize(
    ("wanted", "slugs"),
    [
        ({}, ["pole-mauricie", "risq", "reseau-mentorat"]),
        ({"text": "RESEAU d’investissement"}, ["risq"]),
        ({"text": "fonds risq"}, ["risq"]),
        ({"text": "pole mau"}, ["pole-mauricie"]),
        ({"text": "pole-mauricie"}, ["pole-mauricie"]),
        ({"text": "isq"}, []),
        ({"text": "100 % introuvable"}, []),
        ({"kind": "pole"}, ["pole-mauricie"]),
        ({"status": "closed"}, ["reseau-mentorat"]),
        ({"need": "financement"}, ["risq"]),
        ({"need": "mentorat"}, []),
        ({"place": "51015"}, ["pole-mauricie", "risq", "reseau-mentorat"]),
        ({"place": "34802"}, ["risq", "reseau-mentorat"]),
        ({"place": "23027-limoilou"}, ["pole-mauricie", "risq", "reseau-mentorat"]),
        ({"place": "R03"}, ["risq", "reseau-mentorat"]),
        ({"place": "R03", "inside": True}, ["pole-mauricie", "risq", "reseau-mentorat"]),
        ({"place": "R10", "kind": "financement", "text": "risq"}, ["risq"]),
        ({"age": NEVER}, ["pole-mauricie", "risq", "reseau-mentorat"]),
        ({"age": LATE}, ["pole-mauricie", "risq"]),
        ({"age": RECENT}, []),
    ],
)
def test_organisations_are_found_by_all_that_is_asked(held: Session, wanted: dict, slugs: list[str]) -> None:
    assert sorted(found(held, **wanted)) == sorted(slugs)


def test_who_serves_a_place_most_closely_comes_first_and_says_by_what(held: Session) -> None:
    rows = find_actors(held, Wanted(place="51015"), Territories.load(held), TODAY)
    assert [(each.slug, each.cover, each.part) for each in rows][0] == ("pole-mauricie", "R04", False)
    assert {each.cover for each in rows[1:]} == {"QC"}
    part = find_actors(held, Wanted(place="23027"), Territories.load(held), TODAY)[0]
    assert (part.slug, part.cover, part.part) == ("pole-mauricie", "mrc-quebec", True)


@pytest.mark.parametrize(("day", "late"), [("2025-11-28", True), ("2025-11-29", False), ("2026-11-29", False), (None, True)])
def test_a_verification_is_good_for_a_year(imported: sessionmaker, day: str | None, late: bool) -> None:
    with session_scope(imported) as session:
        revise(session, "test", "actor", "risq", {**load_record(session, "actor", "risq"), "verified_on": day})
        session.flush()
        assert ("risq" in found(session, age=LATE)) is late
        assert ("risq" in found(session, age=RECENT)) is not late
        assert is_overdue(day, TODAY) is late
        assert ("risq" in {each.key for each in overdue(load_records(session), TODAY)}) is late


def test_what_was_verified_longest_ago_comes_before_what_never_was(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        revise(session, "test", "actor", "risq", {**load_record(session, "actor", "risq"), "verified_on": "2020-01-01"})
        session.flush()
        assert [(each.key, each.since) for each in overdue(load_records(session), TODAY)] == [
            ("risq", "2020-01-01"),
            ("pole-mauricie", None),
        ]


def test_what_is_closed_doubtful_or_incomplete_is_listed(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        answer = load_record(session, "answer", "risq_montant")
        revise(session, "test", "answer", "risq_montant", {**answer, "status": "to_verify"})
        service = load_record(session, "service", "risq-emergence")
        revise(session, "test", "service", "risq-emergence", {**service, "legal_forms": [], "stages": []})
        session.flush()
        records = load_records(session)
    assert [(each.entity, each.key) for each in closed(records)] == [("actor", "reseau-mentorat")]
    assert [(each.entity, each.key) for each in doubtful(records)] == [("answer", "risq_montant")]
    missing = {each.code: each.records for each in gaps(records)}
    assert ("service", "risq-emergence", "Fonds Émergence", "forme juridique, stade") in missing["incomplete_service"]
    assert ("actor", "risq") in {row[:2] for row in missing["no_date"]}
    assert "to_verify" not in missing


def test_answers_are_found_in_their_words_by_subject_and_by_organisation(held: Session) -> None:
    def answers(*wanted: str) -> list[str]:
        return [each.slug for each in find_answers(held, *wanted)]

    assert answers() == ["risq_admissibilite", "risq_montant"]
    assert answers("ADMISSIBILITE") == ["risq_admissibilite"]
    assert answers("10 000") == ["risq_montant"]
    assert answers("", "", "risq") == ["risq_admissibilite", "risq_montant"]
    assert answers("", "mentorat") == answers("", "", "", "closed") == []


def test_names_of_places_are_found(held: Session) -> None:
    assert find_place_names(held, "capitale") == [("Vieille Capitale", ["mrc-quebec"])]
    assert [name for name, _ in find_place_names(held)] == ["St-Léon", "Vieille Capitale"]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("louiseville", "51015"),
        ("MRC de Maskinonge", "mrc-maskinonge"),
        ("la mauricie", None),
        ("Mauricie (région)", "R04"),
        ("st leon", "51035"),
        ("vieille capitale", "mrc-quebec"),
        ("R04", "R04"),
        ("Louiseville (ville, MRC de Maskinongé, Mauricie)", "51015"),
        ("quebec", "QC"),
        ("", None),
        ("%", None),
    ],
)
def test_a_place_is_chosen_by_any_of_its_names(held: Session, said: str, first: str | None) -> None:
    assert (Territories.load(held).find(said) or [None])[0] == first


def test_places_of_one_name_are_told_apart(held: Session) -> None:
    places = Territories.load(held)
    assert [places.label(code) for code in places.find("quebec")] == [
        "Tout le Québec",
        "Québec (territoire équivalent, Capitale-Nationale)",
        "Québec (ville, Capitale-Nationale)",
    ]
    assert places.label("23027-limoilou") == "Limoilou (secteur, Québec, Capitale-Nationale)"
    assert places.label("nowhere") == "nowhere"


def test_municipalities_are_counted_once_by_region(held: Session) -> None:
    places = Territories.load(held)
    assert places.municipalities(["R04", "51015", "mrc-quebec", "23027-limoilou", "nowhere"]) == {"51015", "51035", "23027"}
    assert places.by_region({"51015", "23027"}) == [("Capitale-Nationale", 1, 2), ("Mauricie", 1, 2)]
    assert places.total() == 5


def test_values_are_told_without_codes(held: Session) -> None:
    names = Names.load(held)
    cover = {"code": "R04", "part": True, "note": "deux secteurs"}
    values = [
        ("kind", "sadc_cae", ["SADC ou CAE"]),
        ("needs", ["financement", "reseautage"], ["financement", "réseautage"]),
        ("successor", "risq", ["Réseau d'investissement social du Québec"]),
        ("next", ["risq_montant", "gone"], ["Le montant de l’aide technique", "gone"]),
        ("service", "risq-emergence", ["Fonds Émergence (RISQ)"]),
        ("covers", [cover], ["Mauricie (région)\u00a0: une partie seulement (deux secteurs)"]),
        ("territories", ["51015"], ["Louiseville (ville, MRC de Maskinongé, Mauricie)"]),
        ("amount_max", 1_500_000, ["1\u00a0500\u00a0000\u00a0$"]),
        ("share_of_cost_max", 0.125, ["12,5\u00a0%"]),
        ("dedicated", True, ["oui"]),
        ("verified_on", "2026-11-01", ["1er novembre 2026"]),
        ("contact.phone", "819 228-9461", ["819 228-9461"]),
        ("note", None, []),
    ]
    assert [(field, value, told(field, value, names)) for field, value, _ in values] == values
