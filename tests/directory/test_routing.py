"""Who is proposed to whom: 230 cases on the project's own directory, and each rule alone on a made-up one."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from directory import schema
from directory.database import make_engine, reachable, session_factory, session_scope
from directory.errors import UnknownTerritory
from directory.importing import import_seed
from directory.models import Actor, Coverage, Service, Territory
from directory.routing import ENOUGH, MONEY, Profile, branches_of, local_actors, mrc_of, services_for, without_amount
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
            forms, stages = list(match.service.legal_forms), list(match.service.stages)
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


# The rules alone, on the small seed's places (Louiseville, Maskinongé, Mauricie) and made-up organisations.


@pytest.fixture
def places_only(imported: sessionmaker) -> sessionmaker:
    """Sessions on a directory that holds places, and no organisation yet."""
    with session_scope(imported) as session:
        for actor in session.scalars(select(Actor)):
            session.delete(actor)
    return imported


def add(
    factory: sessionmaker, slug: str, covers: str | tuple[str, bool] = MASKINONGE, kind: str = "accompagnement", **service: object
) -> None:
    """Add an organisation that covers one place, with one service; `service` may also hold the actor's own fields."""
    own = {name: service.pop(name) for name in ("status", "dedicated", "name") if name in service}
    code, part = covers if isinstance(covers, tuple) else (covers, False)
    offered = {"slug": f"{slug}-service", "name": slug, "needs": ["accompagnement"], "source": "https://exemple.org"}
    status = service.pop("service_status", "active")
    with session_scope(factory) as session:
        session.add(
            Actor(
                **{"slug": slug, "name": slug.title(), "kind": kind, "source": "https://exemple.org", **own},
                covers=[Coverage(territory_code=code, part=part)],
                services=[Service(**{**offered, "status": status, **service})],
            )
        )


def offered(factory: sessionmaker, **profile: object) -> list[str]:
    """Return the made-up organisations that are offered, best first."""
    asked = Profile(**{"need": "accompagnement", "places": (LOUISEVILLE,), **profile})
    with factory() as session:
        return _slugs(session, asked)


def test_a_service_that_lists_no_form_admits_everyone_and_one_that_lists_some_only_those(places_only: sessionmaker) -> None:
    add(places_only, "ouvert")
    add(places_only, "coop", legal_forms=["cooperative"])
    assert offered(places_only, legal_form="private") == ["ouvert"]
    assert offered(places_only, legal_form="cooperative") == ["coop", "ouvert"]
    assert set(offered(places_only)) == {"coop", "ouvert"}


def test_a_coop_that_is_only_an_idea_may_use_what_serves_groups_not_constituted(places_only: sessionmaker) -> None:
    add(places_only, "avant", legal_forms=["not_constituted"])
    assert offered(places_only, legal_form="cooperative", stage="idee") == ["avant"]
    assert offered(places_only, legal_form="obnl", stage="predemarrage") == ["avant"]
    assert offered(places_only, legal_form="cooperative", stage="croissance") == []
    assert offered(places_only, legal_form="private", stage="idee") == []


def test_a_coop_that_is_only_an_idea_is_not_sent_to_what_founds_obnl(places_only: sessionmaker) -> None:
    add(places_only, "obnl", legal_forms=["obnl", "not_constituted"])
    assert offered(places_only, legal_form="cooperative", stage="idee") == []
    assert offered(places_only, legal_form="obnl", stage="idee") == ["obnl"]


def test_a_group_not_constituted_needs_a_source_that_admits_it(places_only: sessionmaker) -> None:
    add(places_only, "constitue", legal_forms=["cooperative", "obnl"])
    add(places_only, "tous", legal_forms=["cooperative", "obnl", "not_constituted"])
    assert offered(places_only, legal_form="not_constituted") == ["tous"]


def test_a_stage_is_asked_only_of_services_that_list_some(places_only: sessionmaker) -> None:
    add(places_only, "croissance", stages=["croissance"])
    add(places_only, "toujours")
    assert offered(places_only, stage="idee") == ["toujours"]


def test_an_actor_or_a_service_that_is_closed_is_never_offered(places_only: sessionmaker) -> None:
    add(places_only, "ferme", status="closed")
    add(places_only, "termine", service_status="closed")
    assert offered(places_only) == []


def test_a_service_is_offered_between_its_dates_only(places_only: sessionmaker) -> None:
    add(places_only, "hier", valid_to=date(2026, 11, 23))
    add(places_only, "demain", valid_from=date(2026, 11, 25))
    add(places_only, "aujourdhui", valid_from=TODAY, valid_to=TODAY)
    assert offered(places_only) == ["aujourdhui"]


def test_what_is_to_verify_comes_after_what_is_sure(places_only: sessionmaker) -> None:
    add(places_only, "a-verifier", service_status="to_verify", as_of="2026")
    add(places_only, "sur", as_of="2019")
    add(places_only, "acteur-a-verifier", status="to_verify")
    assert offered(places_only) == ["sur", "acteur-a-verifier", "a-verifier"]


def test_what_serves_a_part_of_the_place_comes_after_what_serves_all_of_it(places_only: sessionmaker) -> None:
    add(places_only, "partie", covers=(MASKINONGE, True))
    add(places_only, "region", covers=MAURICIE)
    assert offered(places_only) == ["region", "partie"]


def test_the_nearest_comes_first_for_support(places_only: sessionmaker) -> None:
    add(places_only, "quebec", covers="QC", dedicated=True)
    add(places_only, "region", covers=MAURICIE)
    add(places_only, "ville", covers=LOUISEVILLE)
    add(places_only, "mrc")
    assert offered(places_only, need="accompagnement", places=(LOUISEVILLE,))[:4] == ["ville", "mrc", "region", "quebec"]
    assert offered(places_only, places=()) == ["quebec"]


def test_for_a_region_what_serves_all_of_it_comes_before_one_of_its_mrc(places_only: sessionmaker) -> None:
    add(places_only, "mrc", needs=["mentorat"])
    add(places_only, "region", covers=MAURICIE, needs=["mentorat"])
    add(places_only, "quebec", covers="QC", needs=["mentorat"])
    assert offered(places_only, need="mentorat", places=(MAURICIE,)) == ["region", "mrc", "quebec"]


def test_among_equals_dedicated_then_form_then_date_then_name(places_only: sessionmaker) -> None:
    add(places_only, "zoe", name="École")
    add(places_only, "abel", name="Zénith")
    add(places_only, "date", as_of="2024-06")
    add(places_only, "forme", legal_forms=["obnl"])
    add(places_only, "voue", dedicated=True)
    assert offered(places_only, legal_form="obnl", need="accompagnement")[0] != "abel"
    assert offered(places_only, legal_form="obnl") == ["voue", "forme", "date", "zoe", "abel"]


def test_money_first_looks_at_the_amount(places_only: sessionmaker) -> None:
    money = {"needs": ["reprise"], "covers": "QC"}
    add(places_only, "trop-gros", amount_min=100_000, **money)
    add(places_only, "trop-petit", amount_max=20_000, dedicated=True, **money)
    add(places_only, "inconnu", **money)
    add(places_only, "juste", amount_min=10_000, amount_max=60_000, **money)
    assert offered(places_only, need="reprise", amount=50_000) == ["juste", "inconnu", "trop-petit"]
    assert "trop-gros" in offered(places_only, need="reprise")


def test_a_ceiling_below_the_amount_is_said(places_only: sessionmaker) -> None:
    add(places_only, "petit", needs=["reprise"], amount_max=20_000)
    with places_only() as session:
        [match] = services_for(session, Profile("reprise", (LOUISEVILLE,), amount=50_000), TODAY)
    assert match.part_of_amount
    assert (match.near, match.covers, match.part_of_place, match.exact) == (2, MASKINONGE, False, True)


def test_money_offers_a_near_grant_a_near_loan_and_a_dedicated_lender_of_all_quebec(places_only: sessionmaker) -> None:
    money = {"needs": ["financement"]}
    add(places_only, "bourse", category="subvention", dedicated=True, **money)
    add(places_only, "autre-bourse", category="subvention", dedicated=True, **money)
    add(places_only, "pret", category="pret", **money)
    add(places_only, "national", covers="QC", dedicated=True, **money)
    assert offered(places_only, need="financement") == ["autre-bourse", "pret", "national", "bourse"]


def test_a_lender_of_one_part_never_leads_one_that_holds_the_whole_amount(places_only: sessionmaker) -> None:
    add(places_only, "petit", needs=["financement"], amount_max=5_000)
    add(places_only, "grand", needs=["financement"], covers="QC", dedicated=True, amount_max=500_000)
    assert offered(places_only, need="financement", amount=100_000) == ["grand", "petit"]


def test_a_service_made_for_the_need_alone_comes_before_one_that_answers_several(places_only: sessionmaker) -> None:
    money = {"covers": "QC", "dedicated": True, "amount_max": 400_000}
    add(places_only, "batiment", needs=["financement", "immobilier"], **money)
    add(places_only, "operations", needs=["financement"], **money)
    assert offered(places_only, need="financement", amount=60_000) == ["operations", "batiment"]


def add_another(factory: sessionmaker, slug: str, **service: object) -> None:
    """Add a second service to an organisation."""
    with session_scope(factory) as session:
        actor = session.scalar(select(Actor).where(Actor.slug == slug))
        actor.services.append(Service(**{"slug": f"{slug}-autre", "name": "Autre", **service}))


def test_what_needs_a_special_situation_comes_after_the_plain_product(places_only: sessionmaker) -> None:
    money = {"needs": ["financement"], "category": "pret"}
    add(places_only, "preteur", amount_max=50_000, **money)
    add_another(places_only, "preteur", amount_max=100_000, requires="une campagne de financement participatif", **money)
    with places_only() as session:
        for amount in (None, 30_000, 100_000):
            assert _services(session, Profile("financement", (LOUISEVILLE,), amount=amount)) == ["preteur-service"]


def test_of_two_products_of_a_lender_the_ceiling_nearest_to_the_amount_comes_first(places_only: sessionmaker) -> None:
    add(places_only, "preteur", needs=["financement"], amount_max=100_000)
    add_another(places_only, "preteur", needs=["financement"], amount_max=10_000)
    with places_only() as session:
        offered_for = {amount: _services(session, Profile("financement", (LOUISEVILLE,), amount=amount)) for amount in (5_000, 500_000)}
    assert offered_for == {5_000: ["preteur-autre"], 500_000: ["preteur-service"]}


def test_without_amount_money_comes_before_what_prepares_it(places_only: sessionmaker) -> None:
    add(places_only, "preteur", needs=["financement", "immobilier"], category="pret")
    add_another(places_only, "preteur", needs=["financement"], category="aide_technique")
    with places_only() as session:
        assert _services(session, Profile("financement", (LOUISEVILLE,))) == ["preteur-service"]


def test_starting_offers_three_kinds_of_doors(places_only: sessionmaker) -> None:
    add(places_only, "sadc-b", kind="sadc_cae")
    add(places_only, "sadc-a", kind="sadc_cae")
    add(places_only, "cdr", kind="cdr", covers="QC")
    add(places_only, "pole", kind="pole", covers=MAURICIE)
    assert offered(places_only)[:3] == ["pole", "cdr", "sadc-a"]


def test_an_actor_comes_once_with_its_best_service(places_only: sessionmaker) -> None:
    add(places_only, "deux")
    with session_scope(places_only) as session:
        actor = session.scalar(select(Actor).where(Actor.slug == "deux"))
        actor.services.append(Service(slug="deux-autre", name="Autre", needs=["accompagnement"], status="to_verify"))
    with places_only() as session:
        matches = services_for(session, Profile("accompagnement", (LOUISEVILLE,)), TODAY)
    assert [match.service.slug for match in matches if match.actor.slug == "deux"] == ["deux-service"]


def test_broader_services_come_only_when_few_answer_the_need(places_only: sessionmaker) -> None:
    add(places_only, "large", needs=["formation"])
    add(places_only, "exact-0", needs=["gouvernance"])
    assert offered(places_only, need="gouvernance") == ["exact-0", "large"]
    for number in range(1, ENOUGH):
        add(places_only, f"exact-{number}", needs=["gouvernance"])
    assert "large" not in offered(places_only, need="gouvernance")


def test_support_that_is_about_the_subject_of_the_person_comes_first(places_only: sessionmaker) -> None:
    add(places_only, "general", covers=LOUISEVILLE, needs=["formation"])
    add(places_only, "agricole", covers="QC", needs=["formation"], summary="Forme les fermes et les maraîchers.")
    asked = {"need": "formation", "words": "On a une ferme maraîchère, on cherche de la formation"}
    assert offered(places_only, **asked) == ["agricole", "general"]
    assert offered(places_only, need="formation", words="On cherche de l’aide pour notre projet") == ["general", "agricole"]


def test_what_is_not_sure_comes_after_what_is_whatever_the_subject(places_only: sessionmaker) -> None:
    add(places_only, "vivant", needs=["mentorat"])
    add(places_only, "eteint", covers="QC", status="to_verify", needs=["mentorat"], summary="Jumelle les maraîchers.")
    assert offered(places_only, need="mentorat", words="Une ferme maraîchère") == ["vivant", "eteint"]


def test_a_takeover_is_offered_an_accompanist_its_own_centre_and_a_lender(places_only: sessionmaker) -> None:
    for name in ("a-preteur", "b-preteur", "c-preteur"):
        add(places_only, name, covers="QC", dedicated=True, needs=["financement", "reprise"], category="pret")
    add(places_only, "centre", covers="QC", needs=["reprise"], category="releve")
    add(places_only, "cdr", covers="QC", kind="cdr", needs=["reprise"], category="releve")
    assert offered(places_only, need="reprise")[:4] == ["cdr", "centre", "a-preteur", "b-preteur"]


def test_a_place_that_is_not_in_the_tree_is_refused(places_only: sessionmaker) -> None:
    with places_only() as session, pytest.raises(UnknownTerritory):
        services_for(session, Profile("mentorat", ("99999",)), TODAY)


def test_local_actors_come_nearest_first_and_never_closed(places_only: sessionmaker) -> None:
    add(places_only, "pole-quebec", kind="pole", covers="QC")
    add(places_only, "pole-mrc", kind="pole")
    add(places_only, "pole-ferme", kind="pole", status="closed")
    with places_only() as session:
        assert [actor.slug for actor in local_actors(session, "pole", [LOUISEVILLE])] == ["pole-mrc", "pole-quebec"]


def test_a_local_actor_that_is_not_sure_comes_after_the_sure_one(places_only: sessionmaker) -> None:
    add(places_only, "pole-ville", kind="pole", covers=LOUISEVILLE, status="to_verify")
    add(places_only, "pole-region", kind="pole", covers=MAURICIE)
    with places_only() as session:
        assert [actor.slug for actor in local_actors(session, "pole", [LOUISEVILLE])] == ["pole-region", "pole-ville"]


def test_a_local_actor_of_another_part_is_named_only_when_none_serves_the_whole(places_only: sessionmaker) -> None:
    add(places_only, "partie", kind="sadc_cae", covers=(MASKINONGE, True))
    with places_only() as session:
        assert [actor.slug for actor in local_actors(session, "sadc_cae", [LOUISEVILLE])] == ["partie"]
    add(places_only, "tout", kind="sadc_cae")
    with places_only() as session:
        assert [actor.slug for actor in local_actors(session, "sadc_cae", [LOUISEVILLE])] == ["tout"]


def test_the_offices_of_an_organisation_begin_with_its_name(places_only: sessionmaker) -> None:
    add(places_only, "pme", name="PME MTL", covers=MAURICIE)
    add(places_only, "ailleurs", name="PME MTL Ouest", covers="mrc-quebec")
    add(places_only, "ici", name="PME MTL Est", covers=LOUISEVILLE)
    add(places_only, "partie", name="PME MTL Sud", covers=(MASKINONGE, True))
    add(places_only, "ferme", name="PME MTL Nord", covers=LOUISEVILLE, status="closed")
    with places_only() as session:
        pme = session.scalar(select(Actor).where(Actor.slug == "pme"))
        assert [actor.slug for actor in branches_of(session, pme, [LOUISEVILLE])] == ["ici"]


def test_giving_up_the_amount_keeps_the_rest() -> None:
    profile = Profile("reprise", (LOUISEVILLE,), "obnl", "transfert", 5_000, "boulangerie")
    assert without_amount(profile) == Profile("reprise", (LOUISEVILLE,), "obnl", "transfert", None, "boulangerie")
