"""The rules of routing alone, on the small seed's places (Louiseville, Maskinongé, Mauricie) and made-up organisations."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from directory.database import session_scope
from directory.errors import UnknownTerritory
from directory.models import Actor, Coverage, Service
from directory.routing import ENOUGH, Profile, branches_of, local_actors, services_for

TODAY = date(2026, 11, 24)
EVERYTHING = 10_000
LOUISEVILLE, MASKINONGE, MAURICIE = "51015", "mrc-maskinonge", "R04"


def _services(session: Session, profile: Profile) -> list[str]:
    return [match.service.slug for match in services_for(session, profile, TODAY, EVERYTHING)]


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
        return [match.actor.slug for match in services_for(session, asked, TODAY, EVERYTHING)]


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
