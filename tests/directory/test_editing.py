"""A record is saved whole and right, or not at all; each problem is told beside its field, with the remedy."""

from copy import deepcopy
from datetime import date

import pytest
from sqlalchemy.orm import Session, sessionmaker

from directory import fields
from directory.database import session_scope
from directory.editing import FIELDS, examined, problems_among, save, seen, writing
from directory.models import Revision
from directory.queries import directory_version
from directory.records import Record, load_record, load_records
from directory.revisions import revise

TODAY = date(2026, 11, 29)
# What only reads asks both databases the same things: one is enough.
on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def told(session: Session, entity: str, key: str, **changes: object) -> dict[str, str]:
    """Return by field what is wrong with the record once `changes` are made to it; a new record starts from nothing."""
    given = deepcopy(load_record(session, entity, key) or {"slug": key})
    draft = examined(session, entity, key, {**given, **changes}, TODAY)
    return {each.field: each.told for each in draft.problems}


@pytest.fixture
def held(imported: sessionmaker) -> Session:
    with imported() as session:
        yield session


def test_records_as_they_are_have_no_problem(held: Session) -> None:
    for entity in FIELDS:
        for key in load_records(held)[entity]:
            assert told(held, entity, key) == {}


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"name": ""}, "name", "remplissez-le"),
        ({"source": None}, "source", "d’où vient l’information"),
        ({"status": "closed"}, "note", "dites ce qui est arrivé"),
        ({"covers": [{"code": "R99"}]}, "covers", "cherchez-le par son nom"),
        ({"aliases": ["Réseau mentorat"]}, "aliases", "Réseau Mentorat"),
        ({"short_name": "Pole d'économie sociale de la Mauricie"}, "short_name", "est déjà le nom de Pôle"),
        ({"successor": "nobody"}, "successor", "laissez vide"),
        ({"verified_on": "2026-11-30"}, "verified_on", "à venir"),
        ({"verified_on": "hier"}, "verified_on", "AAAA-MM-JJ"),
        ({"as_of": "29/11/2026"}, "as_of", "2026-11-29"),
        ({"as_of": "2026-13"}, "as_of", "2026-11-29"),
        ({"as_of": "2027"}, "as_of", "à venir"),
        ({"contact": {"phone": "819 228"}}, "contact.phone", "819 228-9461"),
        ({"contact": {"phone": "appelez Jean"}}, "contact.phone", "dix chiffres"),
        ({"contact": {"email": "info@risq"}}, "contact.email", "info@organisme.ca"),
        ({"contact": {"website": "ftp://risq.ca"}}, "contact.website", "https://"),
        ({"contact": {"website": "javascript:alert(1)"}}, "contact.website", "https://"),
        ({"contact": {"website": "https://someone@risq.ca"}}, "contact.website", "barre du navigateur"),
        ({"contact": {"website": "https://risq"}}, "contact.website", "barre du navigateur"),
        ({"contact": {"website": "https://[::1"}}, "contact.website", "https://"),
        ({"source": "javascript:alert(1)"}, "source", "https://"),
        ({"other_sources": ["data:text/html,x"]}, "other_sources", "https://"),
        ({"name": "RISQ\nbis"}, "name", "sur une ligne"),
        ({"name": "x" * 201}, "name", "raccourcissez"),
        ({"aliases": ["sur\ndeux lignes"]}, "aliases", "sur une ligne"),
        ({"note": "x" * 8001}, "note", "raccourcissez"),
        ({"note": "a\x00b"}, "note", "signe invisible"),
        ({"summary": "a\u202eb"}, "summary", "signe invisible"),
        ({"other_sources": [f"https://a.ca/{n}" for n in range(201)]}, "other_sources", "gardez l’essentiel"),
    ],
)
def test_what_is_wrong_with_an_organisation_is_told_beside_its_field(held: Session, changes: Record, field: str, remedy: str) -> None:
    found = told(held, "actor", "risq", **changes)
    assert list(found) == [field]
    assert remedy in found[field]


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"amount_min": 20_000}, "amount_max", "corrigez l’un des deux"),
        ({"share_of_cost_max": 1.5}, "share_of_cost_max", "de 0 à 100"),
        ({"valid_to": "2023-01-01"}, "valid_to", "avant le début"),
        ({"actor": "nobody"}, "actor", "ajoutez-le d’abord"),
        ({"actor": ""}, "actor", "remplissez-le"),
        ({"name": "fonds emergence"}, "name", "dit la même chose"),
        ({"needs": ["argent"]}, "needs", "argent"),
        ({"source": ""}, "source", "d’où vient"),
    ],
)
def test_what_is_wrong_with_a_service_is_told_beside_its_field(held: Session, changes: Record, field: str, remedy: str) -> None:
    found = told(held, "service", "risq-aide-technique", **changes)
    assert list(found) == [field]
    assert remedy in found[field]


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"label": "x" * 41}, "label", "tient sur un bouton"),
        ({"sources": []}, "sources", "d’où vient"),
        ({"twin": "nothing"}, "twin", "laissez vide"),
        ({"next": ["nothing"]}, "next", "laissez vide"),
        ({"see": ["nobody"]}, "see", "laissez vide"),
        ({"service": "none"}, "service", "laissez vide"),
        ({"question": "combien peut-on obtenir pour payer une etude"}, "question", "Le montant de l’aide technique"),
        ({"text": ""}, "text", "remplissez-le"),
    ],
)
def test_what_is_wrong_with_an_answer_is_told_beside_its_field(held: Session, changes: Record, field: str, remedy: str) -> None:
    found = told(held, "answer", "risq_admissibilite", **changes)
    assert list(found) == [field]
    assert remedy in found[field]


def test_a_name_of_places_stands_for_places_that_exist(held: Session) -> None:
    found = told(held, "place_alias", "Mon coin", name="Mon coin", territories=["R04", "nowhere"])
    assert list(found) == ["territories"]


def test_all_the_problems_are_told_at_once(held: Session) -> None:
    found = told(held, "actor", "risq", name="", status="closed", contact={"phone": "12", "email": "x"}, covers=[{"code": "R99"}])
    assert {*found} == {"name", "note", "contact.phone", "contact.email", "covers"}


def test_phones_sites_and_pasted_text_are_written_one_way(held: Session) -> None:
    contact = {"phone": "1-(844) 474.6367 poste 23", "website": "www.risq.ca"}
    draft = examined(held, "actor", "risq", {**load_record(held, "actor", "risq"), "contact": contact, "note": "un\r\ndeux\u200b "}, TODAY)
    assert draft.problems == []
    assert draft.record["contact"] == {"phone": "1 844 474-6367, poste 23", "website": "https://www.risq.ca"}
    assert draft.record["note"] == "un\ndeux"


def test_what_others_already_have_wrong_stops_nobody(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        wrong = {**load_record(session, "actor", "reseau-mentorat"), "source": None}
        revise(session, "test", "actor", "reseau-mentorat", wrong)
        assert told(session, "actor", "risq", city="Montréal") == {}
        assert list(told(session, "actor", "reseau-mentorat", summary="Autre chose.")) == ["source"]


def test_taking_away_what_others_lead_to_is_told(held: Session) -> None:
    problems = problems_among(load_records(held), {("actor", "risq"): None})[("actor", "risq")]
    assert all("modifiez d’abord cette fiche-là" in each.told for each in problems)
    assert "L’admissibilité au RISQ" in problems[0].told


def test_saving_writes_the_record_its_revision_and_moves_the_version(imported: sessionmaker) -> None:
    with writing(imported) as session:
        before, version = load_record(session, "actor", "risq"), directory_version(session)
        given = {**before, "contact": {**before["contact"], "phone": "514 866-2355"}}
        draft = examined(session, "actor", "risq", given, TODAY)
        revision = save(session, "jeanne", draft, seen(before))
        assert (revision.author, revision.before, revision.after) == ("jeanne", before, draft.record)
    with session_scope(imported) as session:
        assert load_record(session, "actor", "risq")["contact"]["phone"] == "514 866-2355"
        assert directory_version(session) == version + 1


def test_saving_what_is_already_said_is_no_change(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        version, record = directory_version(session), load_record(session, "service", "risq-emergence")
        count = session.query(Revision).count()
    with writing(imported) as session:
        assert save(session, "jeanne", examined(session, "service", "risq-emergence", record, TODAY), seen(record)) is None
    with session_scope(imported) as session:
        assert (directory_version(session), session.query(Revision).count()) == (version, count)


def test_a_draft_with_a_problem_is_never_saved(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        record = load_record(session, "actor", "risq")
        draft = examined(session, "actor", "risq", {**record, "source": ""}, TODAY)
        with pytest.raises(ValueError, match="cannot be saved"):
            save(session, "jeanne", draft, seen(record))


def test_a_new_record_of_each_kind_is_saved(imported: sessionmaker) -> None:
    new = {
        "actor": {"slug": "cdc-neuve", "name": "CDC neuve", "kind": "cdc", "source": "appel du 28 novembre", "covers": [{"code": "R04"}]},
        "service": {"slug": "cdc-neuve-salle", "actor": "cdc-neuve", "name": "Salle", "source": "appel"},
        "answer": {
            "slug": "salle_neuve",
            "question": "Où?",
            "label": "La salle",
            "text": "Là.",
            "sources": ["appel"],
            "actor": "cdc-neuve",
        },
        "place_alias": {"name": "Mon coin", "territories": ["R04"]},
    }
    with writing(imported) as session:
        for entity, given in new.items():
            key = given["name"] if entity == "place_alias" else given["slug"]
            assert save(session, "jeanne", examined(session, entity, key, given, TODAY), seen(None)).before is None
    with session_scope(imported) as session:
        for entity, given in new.items():
            key = given["name"] if entity == "place_alias" else given["slug"]
            assert load_record(session, entity, key) == fields.read_record(given, FIELDS[entity])[0]
