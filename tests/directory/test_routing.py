"""Who is proposed to whom: 230 cases on the project's own directory, and each rule alone on a made-up one."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import schema
from directory.database import make_engine, reachable, session_factory, session_scope
from directory.importing import import_seed
from directory.models import Actor, Service, Territory
from directory.routing import MONEY, Profile, mrc_of, services_for, without_amount
from directory.text import fold
from directory.vocabulary import LEGAL_FORMS, NEEDS, STAGES

CASES = yaml.safe_load((Path(__file__).parent / "routing_cases.yml").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 24)
EVERYTHING = 10_000
SHAWINIGAN, LOUISEVILLE, MASKINONGE, MAURICIE, GASPESIE = "36033", "51015", "mrc-maskinonge", "R04", "R11"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, real_seed: Path) -> Iterator[Session]:
    """A session on the project's own directory."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")()
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('routing') / 'directory.db'}"
    engine = make_engine(url)
    with reachable(engine) as connection:
        schema.upgrade(connection)
    with session_scope(session_factory(engine)) as session:
        import_seed(session, real_seed)
    with session_factory(engine)() as session:
        yield session
    engine.dispose()


def _profile(case: dict) -> Profile:
    return Profile(case["need"], (case["code"],), case["legal_form"], case["stage"], case["amount"])


def _services(session: Session, profile: Profile) -> list[str]:
    return [match.service.slug for match in services_for(session, profile, TODAY, EVERYTHING)]


def _slugs(session: Session, profile: Profile, limit: int = EVERYTHING) -> list[str]:
    return [match.actor.slug for match in services_for(session, profile, TODAY, limit)]


def _wrong(case: dict, offered: list[str]) -> Iterator[str]:
    """Yield what is wrong with the actors `offered`, best first, in a case."""
    if case["first"] and not set(case["first"]) & set(offered[:3]):
        yield f"none of {case['first']} among the first three {offered[:3]}"
    if late := [slug for slug in case["expected"] if slug not in offered[:6]]:
        yield f"{late} not among the first six {offered[:6]}"
    if out := [slug for slug in case["excluded"] if slug in offered]:
        yield f"{out} offered, and should not be"
    for first, then in case["before"]:
        if {first, then} <= set(offered) and offered.index(first) > offered.index(then):
            yield f"{first} comes after {then}"


def test_every_case_is_routed_as_written(real: Session) -> None:
    wrong = [f"{case['id']} ({case['why']}): {problem}" for case in CASES for problem in _wrong(case, _slugs(real, _profile(case)))]
    assert wrong == []


def test_every_case_offers_the_services_as_written(real: Session) -> None:
    told = [case for case in CASES if case.get("services")]
    offered = {case["id"]: _services(real, _profile(case)) for case in told}
    wrong = [(case["id"], slug) for case in told for slug in case["services"] if slug not in offered[case["id"]]]
    assert told
    assert wrong == []


def test_an_account_is_never_offered_as_money(real: Session) -> None:
    accounts = set(real.scalars(select(Service.slug).where(Service.category == "compte")))
    profiles = [Profile(need, ("QC",), form) for need in MONEY for form in (None, "cooperative", "obnl")]
    offered = {slug for profile in profiles for slug in _services(real, profile)}
    assert accounts
    assert "caisse-solidaire-prets" in offered
    assert offered & accounts == set()


def test_every_case_names_records_that_exist(real: Session) -> None:
    known = {**dict(real.execute(select(Actor.slug, Actor.status)).all())}
    wrong = []
    for case in CASES:
        hoped = {*case["first"], *case["expected"]}
        named = hoped | {*case["excluded"], *(slug for pair in case["before"] for slug in pair)}
        wrong += [f"{case['id']}: {slug} is not an actor" for slug in named - known.keys()]
        wrong += [f"{case['id']}: {slug} is closed" for slug in hoped if known.get(slug) == "closed"]
        wrong += [f"{case['id']}: {slug} is hoped for and excluded" for slug in hoped & {*case["excluded"]}]
    assert wrong == []


def test_every_case_names_the_place_of_its_code(real: Session) -> None:
    names = dict(real.execute(select(Territory.code, Territory.name)).all())
    wrong = [case["id"] for case in CASES if fold(names[case["code"]]) not in fold(case["place"])]
    assert wrong == []
    assert len({case["id"] for case in CASES}) == len(CASES) == 230


def test_no_profile_at_all_is_offered_what_is_closed(real: Session) -> None:
    wrong = []
    for need in NEEDS:
        for form in (None, *LEGAL_FORMS):
            for match in services_for(real, Profile(need, (SHAWINIGAN,), form), TODAY, EVERYTHING):
                if "closed" in (match.actor.status, match.service.status):
                    wrong.append((need, form, match.service.slug))
    assert wrong == []


def test_what_is_offered_admits_the_form_and_the_stage(real: Session) -> None:
    wrong = []
    for stage in STAGES:
        for match in services_for(real, Profile("financement", (SHAWINIGAN,), "private", stage), TODAY, EVERYTHING):
            forms, stages = match.service.legal_forms, match.service.stages
            if (forms and "private" not in forms) or (stages and stage not in stages):
                wrong.append((stage, match.service.slug))
    assert wrong == []


def test_the_local_group_of_mentors_comes_before_the_wider_one(real: Session) -> None:
    matches = services_for(real, Profile("mentorat", (GASPESIE,), "cooperative"), TODAY, EVERYTHING)
    assert matches[0].covers == GASPESIE
    assert [match.near for match in matches if match.near] != []
    assert matches[-1].covers == "QC"


def test_the_mrc_of_a_town_is_found_and_a_region_has_none(real: Session) -> None:
    assert mrc_of(real, LOUISEVILLE).code == MASKINONGE
    assert mrc_of(real, MAURICIE) is None


def test_a_region_of_one_mrc_has_it_and_an_office_that_cannot_be_reached_is_no_door(real: Session) -> None:
    assert mrc_of(real, "R13").code == "mrc-laval"
    assert mrc_of(real, "99055") is None


def test_giving_up_the_amount_keeps_the_rest() -> None:
    profile = Profile("reprise", (LOUISEVILLE,), "obnl", "transfert", 5_000, "boulangerie")
    assert without_amount(profile) == Profile("reprise", (LOUISEVILLE,), "obnl", "transfert", None, "boulangerie")
