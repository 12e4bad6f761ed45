"""Verified, closed, taken away, undone, brought back: each in one gesture, each in the history, each told if somebody was faster."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from held import RISQ, change, filled, form_of, record, resend, send, text_of
from sqlalchemy import event, select
from sqlalchemy.orm import sessionmaker
from staff import Staff
from werkzeug.test import TestResponse

from console.databases import Databases
from console.models import AuditRow
from directory.models import Revision

MOST_READ = 500
POLE = "/annuaire/organismes/pole-mauricie"


@pytest.fixture
def directory_url(new_database: Callable[[], str]) -> str:
    return filled(new_database())


@pytest.fixture
def makers(bases: Databases) -> sessionmaker:
    return bases.makers["directory", True]


@pytest.fixture
def editor(login: Callable[..., Staff]) -> Staff:
    return login("editor", username="jeanne")


def seen(staff: Staff, page: str) -> str:
    return re.search(r'name="seen" value="([^"]*)"', staff.get(page).get_data(as_text=True))[1]


def verify(staff: Staff, page: str = RISQ, **form: str) -> TestResponse:
    return staff.post_form(f"{page}/verifie", {"seen": seen(staff, page), **form}, page=page)


def last(makers: sessionmaker, key: str) -> Revision:
    with makers() as session:
        return session.scalars(select(Revision).where(Revision.key == key).order_by(Revision.id.desc())).first()


def actions(bases: Databases) -> list[str]:
    with bases.journal.reading() as session:
        return [each for each in session.scalars(select(AuditRow.action).order_by(AuditRow.id)) if each.startswith("directory.")]


def test_one_button_says_that_it_was_verified_today(editor: Staff, makers: sessionmaker, bases: Databases) -> None:
    assert verify(editor, source="appel du 28 novembre").status_code == 303
    saved = record(makers)
    assert (saved["verified_on"], saved["source"], saved["status"]) == ("2026-11-28", "appel du 28 novembre", "active")
    assert "vérifié le 28 novembre 2026" in text_of(editor.get(RISQ))
    assert (last(makers, "risq").author, actions(bases)) == ("jeanne", ["directory.verify"])


def test_without_a_new_source_the_source_stays_and_doubt_goes_when_asked(editor: Staff, makers: sessionmaker) -> None:
    change(makers, "paul", "actor", "risq", status="to_verify")
    source = record(makers)["source"]
    verify(editor)
    assert (record(makers)["source"], record(makers)["status"]) == (source, "to_verify")
    verify(editor, active="1")
    assert record(makers)["status"] == "active"


def test_a_verification_that_is_wrong_or_late_is_not_noted(editor: Staff, makers: sessionmaker) -> None:
    refused = verify(editor, source="javascript:alert(1)")
    assert "Rien n’a été noté." in text_of(editor.get(refused.location))
    held = seen(editor, RISQ)
    change(makers, "paul", "actor", "risq", note="Depuis")
    late = editor.post_form(f"{RISQ}/verifie", {"seen": held}, page=RISQ)
    assert "Quelqu’un vient de modifier cette fiche" in text_of(editor.get(late.location))
    assert record(makers)["verified_on"] is None


def test_an_organisation_is_closed_with_its_reason_and_its_successor(editor: Staff, makers: sessionmaker, bases: Databases) -> None:
    page = f"{RISQ}/fermer"
    wrong = send(editor, page, note="", as_of="")
    assert wrong.status_code == 422
    assert "Un organisme fermé garde une note" in text_of(wrong)
    assert "Dites depuis quand" in text_of(wrong)
    closed = resend(editor, page, wrong, note="A cessé ses activités.", as_of="2026-11", successor="pole-mauricie")
    assert closed.status_code == 303
    saved = record(makers)
    assert (saved["status"], saved["note"], saved["as_of"]) == ("closed", "A cessé ses activités.", "2026-11")
    assert (saved["successor"], saved["verified_on"]) == ("pole-mauricie", "2026-11-28")
    assert actions(bases) == ["directory.close"]
    assert "Vérifié aujourd’hui" not in text_of(editor.get(RISQ))


def test_the_history_is_read_without_codes_and_any_change_is_undone(editor: Staff, makers: sessionmaker, bases: Databases) -> None:
    before = record(makers)
    send(editor, f"{RISQ}/modifier", status="to_verify", aliases="Fonds RISQ\nLe Fonds", **{"contact.phone": "514 866-2355"})
    told = text_of(editor.get(f"{RISQ}/historique"))
    assert "par jeanne" in told
    for row in ("Autres noms Fonds RISQ le RISQ Fonds RISQ Le Fonds", "État en activité à vérifier", "Téléphone (rien) 514 866-2355"):
        assert row in told
    assert "par chargement des données de départ" in told
    page = f"/annuaire/changements/{last(makers, 'risq').id}"
    assert "État à vérifier en activité" in text_of(editor.get(page))
    assert send(editor, page).status_code == 303
    assert record(makers) == before
    undone = last(makers, "risq")
    assert (undone.author, undone.after) == ("jeanne", before)
    assert actions(bases) == ["directory.save", "directory.undo"]
    redone = f"/annuaire/changements/{undone.id}"
    assert send(editor, redone).status_code == 303
    assert record(makers)["contact"]["phone"] == "514 866-2355"


def test_undoing_an_older_change_says_that_later_ones_go_too(editor: Staff, makers: sessionmaker) -> None:
    change(makers, "paul", "actor", "risq", note="Un")
    first = last(makers, "risq").id
    change(makers, "paul", "actor", "risq", summary="Deux")
    told = text_of(editor.get(f"/annuaire/changements/{first}"))
    assert "La fiche a changé depuis" in told
    assert "Résumé Deux Le fonds de prêt" in told


def test_an_undo_that_would_be_wrong_or_late_is_told(editor: Staff, makers: sessionmaker) -> None:
    change(makers, "paul", "actor", "risq", aliases=["le RISQ"])
    dropped = last(makers, "risq").id
    change(makers, "paul", "actor", "pole-mauricie", aliases=["Fonds RISQ"])
    told = editor.get(f"/annuaire/changements/{dropped}")
    assert "est déjà le nom de Pôle d'économie sociale de la Mauricie" in text_of(told)
    refused = editor.post_form(f"/annuaire/changements/{dropped}", {"seen": seen(editor, f"{RISQ}")}, page="/annuaire/importer")
    assert refused.status_code == 422
    change(makers, "paul", "actor", "pole-mauricie", aliases=[])
    form = form_of(editor.get(f"/annuaire/changements/{dropped}"))
    change(makers, "rosa", "actor", "risq", note="Depuis")
    late = editor.post_form(f"/annuaire/changements/{dropped}", form, page="/annuaire/importer")
    assert "Quelqu’un vient de modifier cette fiche" in text_of(editor.get(late.location))
    assert record(makers)["aliases"] == ["le RISQ"]


def test_a_record_that_others_lead_to_is_not_taken_away(editor: Staff, makers: sessionmaker) -> None:
    page = f"{RISQ}/supprimer"
    told = text_of(editor.get(page))
    assert "la réponse « L’admissibilité au RISQ » y renvoie encore" in told.replace("La réponse", "la réponse")
    refused = editor.post_form(page, {"seen": seen(editor, RISQ)}, page=RISQ)
    assert (refused.status_code, record(makers)["slug"]) == (422, "risq")


def test_an_organisation_taken_away_comes_back_with_its_services(editor: Staff, makers: sessionmaker, bases: Databases) -> None:
    for answer in ("risq_admissibilite", "risq_montant"):
        change(makers, "paul", "answer", answer, gone=True)
    before = [record(makers), record(makers, "service", "risq-emergence"), record(makers, "service", "risq-aide-technique")]
    asked = editor.get(f"{RISQ}/supprimer")
    assert "Ses services partent avec lui : Fonds Aide technique" in text_of(asked)
    gone = send(editor, f"{RISQ}/supprimer")
    assert (gone.status_code, gone.location, record(makers)) == (303, f"{RISQ}/historique", None)
    assert editor.get(RISQ).status_code == 404
    listed = editor.get("/annuaire/a-faire/supprimes").get_data(as_text=True)
    back = re.search(r'href="(/annuaire/changements/\d+)">Restaurer<span class="visually-hidden"> Réseau', listed)[1]
    assert "Ses services reviennent aussi : Fonds Aide technique Fonds Émergence" in text_of(editor.get(back))
    assert send(editor, back).status_code == 303
    assert [record(makers), record(makers, "service", "risq-emergence"), record(makers, "service", "risq-aide-technique")] == before
    assert actions(bases) == ["directory.delete", "directory.undo"]
    assert "Réseau d'investissement social" not in text_of(editor.get("/annuaire/a-faire/supprimes"))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_a_colleague_did_for_years_is_not_read_to_bring_an_organisation_back(
    editor: Staff, makers: sessionmaker, clock: Callable[[], datetime], request: pytest.FixtureRequest
) -> None:
    for answer in ("risq_admissibilite", "risq_montant"):
        change(makers, "paul", "answer", answer, gone=True)
    with makers.begin() as session:
        session.add_all(Revision(at=clock(), author="jeanne", entity="actor", key="cdrq") for _ in range(2 * MOST_READ))
    send(editor, f"{RISQ}/supprimer")
    read: list[int] = []

    def count(revision: Revision, _context: object) -> None:
        read.append(revision.id)

    event.listen(Revision, "load", count)
    request.addfinalizer(lambda: event.remove(Revision, "load", count))
    told = text_of(editor.get(f"/annuaire/changements/{last(makers, 'risq').id}"))
    assert "Ses services reviennent aussi" in told
    assert len(read) < MOST_READ + 10


def test_a_service_without_its_organisation_does_not_come_back_alone(editor: Staff, makers: sessionmaker) -> None:
    for answer in ("risq_admissibilite", "risq_montant"):
        change(makers, "paul", "answer", answer, gone=True)
    send(editor, f"{RISQ}/supprimer")
    alone = last(makers, "risq-emergence").id
    assert "Cet organisme n’est pas dans l’annuaire : ajoutez-le d’abord." in text_of(editor.get(f"/annuaire/changements/{alone}"))


def test_names_of_places_are_taken_away_and_brought_back(editor: Staff, makers: sessionmaker) -> None:
    page = "/annuaire/lieux/Vieille%20Capitale/supprimer"
    assert send(editor, page).status_code == 303
    assert record(makers, "place_alias", "Vieille Capitale") is None
    assert send(editor, f"/annuaire/changements/{last(makers, 'Vieille Capitale').id}").status_code == 303
    assert record(makers, "place_alias", "Vieille Capitale")["territories"] == ["mrc-quebec"]


def test_an_addition_may_be_undone(editor: Staff, makers: sessionmaker) -> None:
    send(editor, "/annuaire/organismes/nouveau", name="CDC neuve", kind="cdc", source="appel")
    page = f"/annuaire/changements/{last(makers, 'cdc-neuve').id}"
    assert "La fiche serait supprimée." in text_of(editor.get(page))
    assert send(editor, page).location == "/annuaire/organismes/cdc-neuve/historique"
    assert record(makers, "actor", "cdc-neuve") is None


def test_changes_of_what_is_no_page_are_not_undone_here(editor: Staff, makers: sessionmaker) -> None:
    with makers() as session:
        territory = session.scalars(select(Revision.id).where(Revision.entity == "territory")).first()
    assert editor.get(f"/annuaire/changements/{territory}").status_code == 404
    assert editor.get("/annuaire/changements/999999").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("organismes/%00", "organismes/%00/modifier", "organismes/%00/historique", "services/%00/apercu", "lieux/%00/supprimer"),
        *("organismes/%00/fermer", "importer/%00", "reponses?organisme=%00&texte=%00&etat=%00", "?texte=%00&lieu=%00&genre=%00"),
        *("organismes/nouveau/%ff", "services/nouveau?organisme=%00", "reponses.csv?matiere=%00", "organismes/%ed%a0%80"),
    ],
)
def test_what_no_database_keeps_is_no_fault_of_ours(editor: Staff, path: str) -> None:
    assert editor.get(f"/annuaire/{path}").status_code in (200, 400, 404)


def test_what_no_database_keeps_is_never_saved(editor: Staff, makers: sessionmaker) -> None:
    assert send(editor, f"{RISQ}/modifier", name="R\x00ISQ").status_code == 400
    refused = send(editor, f"{RISQ}/modifier", name="R\x1bISQ", note="a\u202eb")
    assert refused.status_code == 422
    assert "signe invisible" in text_of(refused)
    assert send(editor, "/annuaire/lieux/nouveau", name="\x1b", territories_add="Louiseville").status_code == 422
    assert record(makers)["name"].startswith("Réseau")
