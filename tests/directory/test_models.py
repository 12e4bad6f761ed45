"""What the tables hold and refuse, and what the queries give back."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session, sessionmaker

from directory.base import lists, lists_nothing
from directory.database import session_scope
from directory.errors import UnknownTerritory
from directory.models import Actor, ActorAlias, Coverage, Revision, Service, Territory, TerritoryAlias
from directory.queries import (
    actor_by_slug,
    actors,
    answer_by_slug,
    answers_for_actor,
    directory_version,
    service_by_slug,
    services_of,
    territory_path,
)
from directory.records import load_record
from directory.revisions import revise, revisions_query, undo

LOUISEVILLE = "51015"
QUEBEC_CITY = "23027"
LIMOILOU = "23027-limoilou"
WENDAKE = "34802"


def an_actor(**given: object) -> Actor:
    return Actor(**{"slug": "risq", "name": "RISQ", "kind": "financement", "source": "https://fonds-risq.qc.ca", **given})


def codes(path: list[Territory]) -> list[str]:
    return [territory.code for territory in path]


@pytest.mark.parametrize("model", [ActorAlias, TerritoryAlias])
def test_a_name_and_its_lookup_key_cannot_drift_apart(imported: sessionmaker, model: type) -> None:
    with session_scope(imported) as session:
        alias = session.scalars(select(model).order_by(model.id)).first()
        alias.name = "St-Léon-de-l’Est"
        key = alias.id
    with session_scope(imported) as session:
        assert session.scalar(select(model.folded).where(model.id == key)) == "saint leon de l est"


def test_codes_of_a_service_are_plain_texts(session: Session) -> None:
    service = Service(slug="pret", name="Prêt", needs=["financement", "reprise"], legal_forms=["obnl"], stages=["idee"])
    session.add(an_actor(services=[service]))
    session.commit()
    session.expire_all()
    found = service_by_slug(session, "pret")
    assert (found.needs, found.legal_forms, found.stages) == (["financement", "reprise"], ["obnl"], ["idee"])


def test_covering_a_place_that_does_not_exist_is_refused(session: Session) -> None:
    session.add(an_actor(covers=[Coverage(territory_code="nowhere")]))
    with pytest.raises(IntegrityError):
        session.commit()


@pytest.mark.parametrize("wrong", [{"status": "asleep"}, {"slug": None}, {"name": None}])
def test_an_actor_with_a_wrong_column_is_refused(session: Session, wrong: dict[str, object]) -> None:
    session.add(an_actor(**wrong))
    with pytest.raises(IntegrityError):
        session.commit()


def test_two_actors_cannot_have_one_slug(session: Session) -> None:
    session.add_all([an_actor(), an_actor()])
    with pytest.raises(IntegrityError):
        session.commit()


def test_an_actor_takes_its_services_along(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        session.delete(actor_by_slug(session, "risq"))
    with session_scope(imported) as session:
        assert services_of(session, "risq") == []


def test_a_path_goes_from_the_place_up_to_quebec(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        assert codes(territory_path(session, LOUISEVILLE)) == [LOUISEVILLE, "mrc-maskinonge", "R04", "QC"]
        assert codes(territory_path(session, LIMOILOU)) == [LIMOILOU, QUEBEC_CITY, "mrc-quebec", "R03", "QC"]
        assert codes(territory_path(session, "QC")) == ["QC"]


def test_a_place_outside_any_mrc_hangs_under_its_region(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        assert codes(territory_path(session, WENDAKE)) == [WENDAKE, "R03", "QC"]


def test_the_path_of_an_unknown_code_names_it(session: Session) -> None:
    with pytest.raises(UnknownTerritory, match="00000"):
        territory_path(session, "00000")


def test_actors_services_and_answers_are_found_by_slug(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        assert actor_by_slug(session, "risq").short_name == "RISQ"
        assert actor_by_slug(session, "nobody") is None
        assert [actor.slug for actor in actors(session)] == ["pole-mauricie", "reseau-mentorat", "risq"]
        assert [service.slug for service in services_of(session, "risq")] == ["risq-aide-technique", "risq-emergence"]
        assert [answer.slug for answer in answers_for_actor(session, "risq")] == ["risq_admissibilite", "risq_montant"]
        assert answer_by_slug(session, "risq_montant").service_slug == "risq-aide-technique"


@pytest.mark.parametrize(("code", "found"), [("reprise", True), ("financement", True), ("repris", False), ("", False)])
def test_a_service_is_found_by_one_of_its_codes(session: Session, code: str, found: bool) -> None:
    session.add(an_actor(services=[Service(slug="pret", name="Prêt", needs=["financement", "reprise"])]))
    session.commit()
    assert session.scalars(select(Service.slug).where(lists(Service.needs, code))).all() == ["pret"] * found
    assert session.scalars(select(Service.slug).where(lists_nothing(Service.needs))).all() == []
    assert session.scalars(select(Service.slug).where(lists_nothing(Service.stages))).all() == ["pret"]


def test_each_writing_transaction_bumps_the_version_once(factory: sessionmaker) -> None:
    with session_scope(factory) as session:
        before = directory_version(session)
    with session_scope(factory) as session:
        session.add(an_actor())
        session.flush()
        session.add(an_actor(slug="other"))
    with session_scope(factory) as session:
        assert directory_version(session) == before + 1


def test_a_bulk_write_bumps_the_version(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        before = directory_version(session)
    with session_scope(imported) as session:
        session.execute(update(Actor).values(city="Québec"))
    with session_scope(imported) as session:
        assert directory_version(session) == before + 1


def test_reading_or_rolling_back_leaves_the_version(imported: sessionmaker) -> None:
    with imported() as session:
        before = directory_version(session)
        actors(session)
        session.commit()
        session.add(an_actor(slug="other"))
        session.flush()
        session.rollback()
        actors(session)
        session.commit()
        assert directory_version(session) == before


def test_a_revision_keeps_its_time_in_utc(session: Session) -> None:
    montreal = timezone(timedelta(hours=-5))
    at = datetime(2026, 11, 24, 22, 30, tzinfo=montreal)
    session.add(Revision(at=at, author="test", entity="actor", key="risq"))
    session.commit()
    session.expire_all()
    found = session.scalar(select(Revision.at))
    assert (found, found.utcoffset()) == (at, timedelta(0))


def test_a_time_without_zone_is_refused(session: Session) -> None:
    session.add(Revision(at=datetime(2026, 11, 24), author="test", entity="actor", key="risq"))
    with pytest.raises(StatementError, match="without zone"):
        session.commit()


def test_a_change_can_be_undone(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        before = load_record(session, "actor", "risq")
        changed = {**before, "name": "Autre nom", "aliases": ["le RISQ"], "covers": []}
        revise(session, "staff", "actor", "risq", changed)
    with session_scope(imported) as session:
        assert load_record(session, "actor", "risq") == changed
        undo(session, "staff", session.scalars(revisions_query("actor", "risq")).first())
    with session_scope(imported) as session:
        assert load_record(session, "actor", "risq") == before


def test_a_deletion_can_be_undone_with_its_services(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        before = load_record(session, "service", "risq-emergence")
        revise(session, "staff", "actor", "risq", None)
    with session_scope(imported) as session:
        assert load_record(session, "service", "risq-emergence") is None
        for entity, key in (("actor", "risq"), ("service", "risq-emergence")):
            undo(session, "staff", session.scalars(revisions_query(entity, key)).first())
    with session_scope(imported) as session:
        assert load_record(session, "service", "risq-emergence") == before


def test_saying_the_same_again_leaves_no_revision(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        same = load_record(session, "answer", "risq_montant")
        assert revise(session, "staff", "answer", "risq_montant", same) is None
