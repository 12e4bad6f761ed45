"""Who is in charge of privacy gives a conversation to its person, has it erased, and keeps the register of incidents."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from held import form_of, resend, send, text_of
from sqlalchemy import select
from staff import Staff

from console.databases import Databases
from console.models import AuditRow
from console.privacy.incidents import DAYS, TEXTS
from journal.erasing import erase
from journal.kept_models import Incident, Purge
from journal.models import Conversation, Request
from journal.told import Told, ToldConversation, digest_of
from journal.writing import write

HOSTILE = "<script>alert(1)</script>\u202e=cmd|' '"
FILLED = {
    "happened_on": "du 1er au 3 novembre 2026",
    "discovered_on": "2026-11-04",
    "information": "des messages dépersonnalisés",
    "circumstances": "un portable perdu",
    "people": "environ 12",
    "serious_risk": "non",
    "assessment": "le disque était chiffré",
    "measures": "mots de passe changés",
}


def _one(bases: Databases, query: Any) -> Any:
    with bases.journal.reading() as session:
        return session.execute(query).scalars().all()


def _written(bases: Databases, clock: Callable[[], Any]) -> int:
    turn = Told(1, clock(), "text", f"un framboisier {HOSTILE}", intent="inform", label="inform", confidence=0.5)
    with bases.journal.writing.begin() as session:
        write(session, [ToldConversation(digest_of("web:one"), "web", True, clock(), clock(), [turn])])
        return session.execute(select(Conversation.id)).scalar_one()


def test_a_conversation_is_opened_by_its_number_without_its_text(bases, clock, login: Callable[..., Staff]) -> None:
    number, officer = _written(bases, clock), login("privacy")
    page = officer.get(f"/vie-privee/?numero={number}", follow_redirects=True).get_data(as_text=True)
    assert f"Conversation {number}" in page
    assert "framboisier" not in page


def test_the_dossier_is_given_in_two_forms_and_noted(bases, clock, login: Callable[..., Staff]) -> None:
    number, officer = _written(bases, clock), login("privacy")
    structured = officer.get(f"/vie-privee/conversation/{number}/dossier.json")
    assert json.loads(structured.get_data(as_text=True))["supplied"]["messages"][0]["text"] == f"un framboisier {HOSTILE}"
    page = officer.get(f"/vie-privee/conversation/{number}/dossier.html")
    assert "attachment" in page.headers["Content-Disposition"]
    assert "<script>" not in page.get_data(as_text=True)
    noted = [(row.subject, row.detail) for row in _one(bases, select(AuditRow).where(AuditRow.action == "privacy.dossier"))]
    assert noted == [(str(number), "json"), (str(number), "html")]


def test_an_erasure_asks_to_be_confirmed(bases, clock, login: Callable[..., Staff]) -> None:
    number, officer = _written(bases, clock), login("privacy")
    told = officer.post_form(f"/vie-privee/conversation/{number}/effacer", follow_redirects=True).get_data(as_text=True)
    assert "Cochez la case" in told
    assert _one(bases, select(Request)) == []


def test_an_erasure_is_asked_once_and_its_proof_is_shown_when_it_is_done(bases, clock, login: Callable[..., Staff]) -> None:
    number, officer = _written(bases, clock), login("privacy", username="marie")
    for _ in range(2):
        told = officer.post_form(f"/vie-privee/conversation/{number}/effacer", {"confirm": "1"}, follow_redirects=True)
    assert "pas encore fait" in told.get_data(as_text=True)
    [asked] = _one(bases, select(Request))
    assert (asked.digest, asked.by) == (digest_of("web:one"), "marie")
    with bases.journal.writing.begin() as session:
        erase(session, asked.digest, "EF-AAAA-BBBB", asked.by, clock())
    page = officer.get("/vie-privee/").get_data(as_text=True)
    assert "EF-AAAA-BBBB" in page
    assert "pas encore fait" not in page
    assert officer.get(f"/vie-privee/conversation/{number}").status_code == 404


@pytest.mark.parametrize("address", ["conversation/999", "conversation/999/dossier.json"])
def test_a_conversation_that_is_not_there_is_told_in_french(login: Callable[..., Staff], address: str) -> None:
    answer = login("privacy").get(f"/vie-privee/{address}")
    assert answer.status_code == 404
    assert "ne détient pas" in answer.get_data(as_text=True)


def test_a_number_that_is_none_is_told(login: Callable[..., Staff]) -> None:
    page = login("privacy").get(f"/vie-privee/?numero={HOSTILE}")
    assert page.status_code == 200
    assert "Donnez seulement le numéro" in page.get_data(as_text=True)
    assert "<script>alert" not in page.get_data(as_text=True)


def test_an_incident_is_written_with_every_field_of_the_register(bases, login: Callable[..., Staff]) -> None:
    officer = login("privacy", username="marie")
    officer.post_form("/vie-privee/incidents/nouveau", FILLED)
    [row] = _one(bases, select(Incident))
    assert {name: getattr(row, name) for name in TEXTS} == {name: FILLED[name] for name in TEXTS}
    assert (row.discovered_on.isoformat(), row.serious_risk, row.author) == ("2026-11-04", False, "marie")


@pytest.mark.parametrize("missing", [*(name for name, field in TEXTS.items() if field[2]), "discovered_on", "serious_risk"])
def test_an_incident_that_lacks_a_field_is_not_written_and_keeps_what_was_typed(bases, login: Callable[..., Staff], missing: str) -> None:
    answer = login("privacy").post_form("/vie-privee/incidents/nouveau", {**FILLED, missing: ""})
    assert answer.status_code == 422
    assert f'href="#f-{missing}"' in answer.get_data(as_text=True)
    kept = "circumstances" if missing != "circumstances" else "information"
    assert FILLED[kept] in answer.get_data(as_text=True)
    assert _one(bases, select(Incident)) == []


@pytest.mark.parametrize(
    ("name", "day"), [("discovered_on", "2099-01-01"), ("people_told_on", "2099-01-01"), ("commission_told_on", "2026-11-03")]
)
def test_a_day_that_cannot_be_is_told(bases, login: Callable[..., Staff], name: str, day: str) -> None:
    answer = login("privacy").post_form("/vie-privee/incidents/nouveau", {**FILLED, name: day})
    assert answer.status_code == 422
    assert f'href="#f-{name}"' in answer.get_data(as_text=True)
    assert _one(bases, select(Incident)) == []


def test_an_incident_is_completed_and_what_changed_is_noted_without_its_words(bases, login: Callable[..., Staff]) -> None:
    officer = login("privacy")
    officer.post_form("/vie-privee/incidents/nouveau", FILLED)
    send(officer, "/vie-privee/incidents/1", commission_told_on="2026-11-05", measures="un secret")
    [row] = _one(bases, select(Incident))
    assert (row.commission_told_on.isoformat(), row.measures) == ("2026-11-05", "un secret")
    [noted] = _one(bases, select(AuditRow).where(AuditRow.action == "incident.change"))
    assert {*noted.detail.split(", ")} == {"measures", "commission_told_on"}
    assert "secret" not in noted.detail


def test_what_an_incident_said_before_stays_and_is_shown(bases, login: Callable[..., Staff]) -> None:
    officer = login("privacy", username="marie")
    officer.post_form("/vie-privee/incidents/nouveau", FILLED)
    send(officer, "/vie-privee/incidents/1", circumstances="rien du tout")
    [row] = _one(bases, select(Incident))
    assert [(each["by"], each["said"]) for each in row.earlier] == [("marie", {"circumstances": FILLED["circumstances"]})]
    assert FILLED["circumstances"] in officer.get("/vie-privee/incidents/1").get_data(as_text=True)
    send(officer, "/vie-privee/incidents/1", circumstances="rien du tout")
    assert len(_one(bases, select(Incident))[0].earlier) == 1


def test_of_two_who_complete_an_incident_the_second_is_told_and_loses_nothing(login: Callable[..., Staff], bases: Databases) -> None:
    first, second = login("privacy"), login("privacy")
    first.post_form("/vie-privee/incidents/nouveau", FILLED)
    opened = second.get("/vie-privee/incidents/1")
    send(first, "/vie-privee/incidents/1", measures="les clés sont changées", commission_told_on="2026-11-05")
    answer = resend(second, "/vie-privee/incidents/1", opened, measures="", people="environ 15")
    assert answer.status_code == 409
    assert "Quelqu’un a complété cet incident" in text_of(answer)
    assert "les clés sont changées" in text_of(answer)
    assert form_of(answer)["people"] == ["environ 15"]
    [row] = _one(bases, select(Incident))
    assert (row.measures, row.people) == ("les clés sont changées", FILLED["people"])
    both = {"measures": "les clés sont changées", "commission_told_on": "2026-11-05"}
    assert resend(second, "/vie-privee/incidents/1", answer, **both).status_code == 303
    [row] = _one(bases, select(Incident))
    assert (row.measures, row.people, str(row.commission_told_on)) == (both["measures"], "environ 15", "2026-11-05")


def test_what_is_looked_at_is_in_the_trail(login: Callable[..., Staff], bases: Databases) -> None:
    officer, reader = login("privacy", username="marie"), login("reader")
    officer.post_form("/vie-privee/incidents/nouveau", FILLED)
    for address in ("/vie-privee/", "/vie-privee/incidents/1", "/vie-privee/incidents.csv"):
        assert officer.get(address).status_code == 200
    assert reader.get("/besoins/").status_code == 200
    looked = AuditRow.action.in_(["privacy.list", "incident.view", "incident.export", "needs.view"])
    noted = [(row.action, row.subject, row.detail) for row in _one(bases, select(AuditRow).where(looked).order_by(AuditRow.id))]
    assert noted[:3] == [("privacy.list", "", ""), ("incident.view", "1", ""), ("incident.export", "", "1\u00a0ligne")]
    assert noted[3][0] == "needs.view"


@pytest.mark.parametrize("length", [19, 5000])
def test_a_number_that_is_too_long_is_told(login: Callable[..., Staff], length: int) -> None:
    answer = login("privacy").get(f"/vie-privee/?numero={'9' * length}", follow_redirects=True)
    assert answer.status_code == 200
    assert "Donnez seulement le numéro" in answer.get_data(as_text=True)


def test_nothing_removes_an_incident(console) -> None:
    rules = [rule for rule in console.url_map.iter_rules() if rule.endpoint.startswith("privacy.") and "incident" in rule.rule]
    assert rules
    assert not [rule for rule in rules if {"DELETE", "PUT"} & rule.methods or "effacer" in rule.rule or "supprimer" in rule.rule]


def test_the_register_is_exported_whole_and_safely(login: Callable[..., Staff]) -> None:
    officer = login("privacy")
    officer.post_form("/vie-privee/incidents/nouveau", {**FILLED, "circumstances": "=HYPERLINK(1)", "information": HOSTILE})
    page = officer.get("/vie-privee/incidents").get_data(as_text=True)
    assert "<script>" not in page.split("<main", 1)[1]
    told = officer.get("/vie-privee/incidents.csv").get_data(as_text=True)
    assert "'=HYPERLINK(1)" in told
    header = told.splitlines()[0]
    assert all(label in header for label, *_ in (*TEXTS.values(), *DAYS.values()))


def test_a_purge_is_reported_with_who_asked(bases, clock, login: Callable[..., Staff]) -> None:
    with bases.journal.writing.begin() as session:
        session.add(
            Purge(at=clock(), by="aiguilleur", reason="retention", conversations=1234, turns=5, before=clock() - timedelta(days=90))
        )
    page = login("privacy").get("/vie-privee/").get_data(as_text=True)
    assert "fin de la conservation" in page
    assert "1\u00a0234" in page
