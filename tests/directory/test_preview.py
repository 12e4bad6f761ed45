"""« Qui recevrait ceci? » shows what would be proposed with a draft, why, or why not; and leaves no trace."""

from datetime import date

import pytest
from sqlalchemy.orm import Session, sessionmaker

from directory.database import session_scope
from directory.editing import writing
from directory.errors import UnknownTerritory
from directory.models import Revision
from directory.preview import Edited, Preview, preview
from directory.queries import directory_version
from directory.records import Record, load_record, load_records
from directory.revisions import revise
from directory.routing import Profile
from directory.territories import Territories

TODAY = date(2026, 11, 29)
MONEY = Profile("financement", ("51015",), "obnl", "demarrage", 5000)


def shown(session: Session, profile: Profile, entity: str, key: str, record: Record | None = None) -> Preview:
    return preview(session, profile, Edited(entity, key, record), Territories.load(session), TODAY)


def changed(session: Session, entity: str, key: str, **changes: object) -> Record:
    return {**load_record(session, entity, key), **changes}


def test_the_draft_is_proposed_where_the_record_is_not(imported: sessionmaker) -> None:
    with imported() as session:
        draft = changed(session, "service", "risq-aide-technique", needs=["mentorat"])
        mentoring = Profile("mentorat", ("51015",), "obnl", "demarrage")
        found = shown(session, mentoring, "service", "risq-aide-technique", draft)
    assert found.now == []
    assert [(each.service_slug, each.edited) for each in found.then] == [("risq-aide-technique", True)]
    assert (found.rank, found.why_not) == (1, [])
    assert "dessert\u00a0: Tout le Québec" in found.then[0].reasons


def test_the_reasons_are_those_of_the_profile(imported: sessionmaker) -> None:
    with imported() as session:
        found = shown(session, MONEY, "service", "risq-aide-technique")
    assert found.now == found.then
    assert found.now[0].reasons == (
        "dessert\u00a0: Tout le Québec",
        "formes\u00a0: coopérative, OBNL",
        "étapes\u00a0: prédémarrage, démarrage",
        "le montant y entre, de 1\u00a0000\u00a0$ à 10\u00a0000\u00a0$",
        "aide à la préparation (études, consultants)",
        "voué aux entreprises collectives",
    )


@pytest.mark.parametrize(
    ("profile", "changes", "why"),
    [
        (MONEY, {"status": "closed"}, "le service est fermé"),
        (MONEY, {"needs": ["mentorat"]}, "ne répond pas au besoin «\u00a0financement\u00a0»"),
        (MONEY, {"legal_forms": ["cooperative"]}, "n’admet pas cette forme (OBNL)"),
        (MONEY, {"stages": ["croissance"]}, "n’admet pas cette étape (démarrage)"),
        (MONEY, {"amount_min": 6000}, "le montant est trop petit\u00a0: de 6\u00a0000\u00a0$ à 10\u00a0000\u00a0$"),
        (MONEY, {"valid_from": "2026-12-01"}, "n’est pas encore offert"),
        (MONEY, {"valid_to": "2026-11-28"}, "n’est plus offert"),
        (
            Profile("financement", (), "obnl", "idee"),
            {"legal_forms": ["cooperative", "not_constituted"], "stages": []},
            "fait pour l’autre forme (coopérative, pas encore constitué)",
        ),
    ],
)
def test_a_service_that_is_not_proposed_says_why(imported: sessionmaker, profile: Profile, changes: Record, why: str) -> None:
    with imported() as session:
        draft = changed(session, "service", "risq-aide-technique", **changes)
        found = shown(session, profile, "service", "risq-aide-technique", draft)
    assert (found.rank, found.why_not) == (None, [why])


def test_an_organisation_that_is_not_proposed_says_why_for_each_service(imported: sessionmaker) -> None:
    with imported() as session:
        closed = changed(session, "actor", "risq", status="closed", note="x", covers=[{"code": "R03", "part": False, "note": None}])
        found = shown(session, MONEY, "actor", "risq", closed)
        assert "risq" in {each.actor_slug for each in found.now}
        assert found.why_not[:2] == [
            "l’organisme est fermé",
            "l’organisme ne dessert pas ce lieu\u00a0: Louiseville (ville, MRC de Maskinongé, Mauricie)",
        ]
        assert shown(session, MONEY, "actor", "pole-mauricie").why_not == ["l’organisme n’a aucun service\u00a0: ajoutez-en un"]
        assert shown(session, MONEY, "actor", "nobody").why_not == ["cette fiche n’est pas dans l’annuaire"]


def test_another_service_of_the_same_organisation_goes_first(imported: sessionmaker) -> None:
    like = {"needs": ["financement"], "legal_forms": [], "stages": [], "amount_min": None}
    with imported() as session:
        found = shown(session, MONEY, "service", "risq-emergence", changed(session, "service", "risq-emergence", **like))
    assert [each.service_slug for each in found.then] == ["risq-aide-technique"]
    assert found.why_not == ["un autre service du même organisme passe avant, et un seul est proposé par organisme"]


def test_a_draft_leaves_no_trace(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        held, version, count = load_records(session), directory_version(session), session.query(Revision).count()
    with imported() as session:
        for entity, key, changes in (
            ("service", "risq-aide-technique", {"name": "Autre"}),
            ("actor", "risq", {"covers": [], "aliases": ["X"]}),
            ("actor", "neuf", {"slug": "neuf", "name": "Neuf"}),
        ):
            like = load_record(session, entity, key) or load_record(session, entity, "pole-mauricie")
            shown(session, MONEY, entity, key, {**like, **changes})
        session.commit()
    with session_scope(imported) as session:
        assert (load_records(session), directory_version(session), session.query(Revision).count()) == (held, version, count)


def test_a_draft_that_fails_leaves_no_trace_either(imported: sessionmaker) -> None:
    with imported() as session:
        version = directory_version(session)
        with pytest.raises(UnknownTerritory):
            shown(session, Profile("financement", ("nowhere",)), "actor", "risq", changed(session, "actor", "risq", name="X"))
        session.commit()
        assert (load_record(session, "actor", "risq")["short_name"], directory_version(session)) == ("RISQ", version)


def test_others_may_save_as_soon_as_a_preview_is_shown(imported: sessionmaker) -> None:
    with imported() as looking:
        shown(looking, MONEY, "service", "risq-aide-technique", changed(looking, "service", "risq-aide-technique", name="Autre"))
        with writing(imported) as session:
            revise(session, "paul", "actor", "risq", changed(session, "actor", "risq", note="Vu"))
        assert load_record(looking, "actor", "risq")["note"] == "Vu"
