"""Records are edited by people who know no code: errors beside their fields, what was typed kept, two editors told of one another."""

import re
import threading
from collections.abc import Callable

import pytest
from held import RISQ, change, filled, form_of, record, resend, send, text_of
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker
from staff import OURS, Staff

from console.databases import Databases
from console.models import AuditRow
from console.schema import prepare
from directory.models import Revision
from directory.queries import directory_version
from journal.store import Journal

EDIT = f"{RISQ}/modifier"
SERVICE = "/annuaire/services/risq-aide-technique/modifier"
# What does not depend on the database is tried on one.
on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
ANSWER = "/annuaire/reponses/risq_admissibilite/modifier"


@pytest.fixture
def directory_url(new_database: Callable[[], str]) -> str:
    return filled(new_database())


@pytest.fixture
def journal_url(new_database: Callable[[], str]) -> str:
    url = new_database()
    journal = Journal(url)
    prepare(journal)
    journal.close()
    return url


@pytest.fixture
def makers(bases: Databases) -> sessionmaker:
    return bases.makers["directory", True]


@pytest.fixture
def editor(login: Callable[..., Staff]) -> Staff:
    return login("editor", username="jeanne")


def version(makers: sessionmaker) -> int:
    with makers() as session:
        return directory_version(session)


def errors(answer: object) -> dict[str, str]:
    """Return by label what the summary of a form says is wrong."""
    body = answer.get_data(as_text=True)
    listed = re.findall(r'<li><a href="#f-([^"]+)">.*?</a>[^<]*<span class="said">(.*?)</span>', body)
    for field, _ in listed:
        assert f'id="f-{field}"' in body, field
    return dict(listed)


@pytest.mark.parametrize("page", [EDIT, SERVICE, ANSWER, "/annuaire/lieux/Vieille%20Capitale/modifier"])
def test_a_form_sent_as_it_is_changes_nothing(editor: Staff, makers: sessionmaker, page: str) -> None:
    before = version(makers)
    answer = send(editor, page)
    assert answer.status_code == 303, errors(answer)
    assert "Rien n’a changé" in text_of(editor.get(answer.location))
    assert version(makers) == before


def test_a_corrected_phone_is_saved_with_its_author_and_noted(editor: Staff, makers: sessionmaker, bases: Databases) -> None:
    before = version(makers)
    answer = send(editor, EDIT, **{"contact.phone": "(514) 866 2355"})
    assert (answer.status_code, answer.location) == (303, RISQ)
    assert record(makers)["contact"]["phone"] == "514 866-2355"
    assert version(makers) == before + 1
    with makers() as session:
        assert session.scalars(select(Revision.author).order_by(Revision.id.desc())).first() == "jeanne"
    with bases.journal.reading() as session:
        noted = session.execute(select(AuditRow.account, AuditRow.action, AuditRow.subject).order_by(AuditRow.id.desc())).first()
    assert tuple(noted) == ("jeanne", "directory.save", "organisme risq")


def test_what_is_told_with_its_source_is_not_changed_alone_without_a_word(editor: Staff) -> None:
    def told(page: str, **changes: object) -> bool:
        return "La source est restée la même" in text_of(editor.get(send(editor, page, **changes).location))

    assert told(EDIT, **{"contact.phone": "514 866-2355"})
    assert not told(EDIT, **{"contact.phone": "514 866-2356", "source": "appel"})
    assert not told(EDIT, **{"contact.phone": "514 866-2357", "verified_on": "2026-01-05"})
    assert not told(EDIT, summary="Il prête.")
    assert told(SERVICE, amount_max="51 000")


def test_an_organisation_without_service_is_said_not_to_be_proposed(editor: Staff) -> None:
    made = send(editor, "/annuaire/organismes/nouveau", name="CDC de l’Érable", kind="cdc", source="appel", covers_add="R04")
    assert "Sans service, cet organisme ne répond à aucun besoin" in text_of(editor.get(made.location))
    assert "Sans service" not in text_of(editor.get(send(editor, EDIT, summary="Il prête.").location))


def test_every_field_of_a_form_is_saved(editor: Staff, makers: sessionmaker) -> None:
    actor = {
        **{"name": "Réseau RISQ", "short_name": "RISQ!", "aliases": "Un\r\nDeux\r\n\r\nUn", "kind": "reseau", "summary": "Il prête."},
        **{"contact.website": "www.risq.ca", "contact.email": "info@risq.ca", "contact.address": "1, rue Une", "contact.city": "Montréal"},
        **{"status": "to_verify", "successor": "pole-mauricie", "verified_on": "2026-11-28", "note": "Vu\r\nlundi", "dedicated": None},
        **{"source": "appel", "other_sources": "https://a.ca\nhttps://b.ca", "as_of": "2026-11"},
        **{"covers_add": "Louiseville", "part-QC": "1", "note-QC": "sauf le Nord"},
    }
    assert send(editor, EDIT, **actor).status_code == 303
    saved = record(makers)
    assert (saved["aliases"], saved["note"], saved["dedicated"]) == (["Deux", "Un"], "Vu\nlundi", False)
    assert saved["contact"] == {"website": "https://www.risq.ca", "email": "info@risq.ca", "address": "1, rue Une", "city": "Montréal"}
    assert saved["covers"] == [
        {"code": "51015", "part": False, "note": None},
        {"code": "QC", "part": True, "note": "sauf le Nord"},
    ]
    assert (saved["successor"], saved["kind"], saved["verified_on"], saved["as_of"]) == ("pole-mauricie", "reseau", "2026-11-28", "2026-11")
    service = {
        **{"name": "Aide", "actor": "pole-mauricie", "aliases": "A", "category": "pret", "summary": "s", "needs": ["formation"]},
        **{"legal_forms": None, "stages": ["idee", "transfert"], "requires": "un projet", "conditions": "c1\nc2", "amount_min": "5 000 $"},
        **{"amount_max": "12\u00a0500", "share_of_cost_max": "33,3", "uses": "u", "cost": "gratuit", "how_to_apply": "appeler"},
        **{"valid_from": "2026-01-01", "valid_to": "2027-01-01", "status": "to_verify", "note": "n", "source": "appel", "as_of": ""},
    }
    assert send(editor, SERVICE, **service).status_code == 303
    saved = record(makers, "service", "risq-aide-technique")
    assert (saved["amount_min"], saved["amount_max"], saved["share_of_cost_max"]) == (5000, 12500, 0.333)
    assert (saved["needs"], saved["legal_forms"], saved["stages"], saved["actor"]) == (
        ["formation"],
        [],
        ["idee", "transfert"],
        "pole-mauricie",
    )
    answer = {
        **{"question": "Qui?", "label": "Qui", "text": "Vous.", "status": "to_verify", "actor": "", "service": "risq-emergence"},
        **{"subject": "financement", "facet": "eligibility", "legal_form": "obnl", "stage": "idee", "twin": "risq_montant"},
        **{"next": None, "see_add": "reseau-mentorat", "sources": "appel\nhttps://a.ca", "as_of": "2026", "rows": "r#1"},
    }
    assert send(editor, ANSWER, **answer).status_code == 303
    saved = record(makers, "answer", "risq_admissibilite")
    assert (saved["next"], saved["see"], saved["twin"], saved["actor"]) == ([], ["pole-mauricie", "reseau-mentorat"], "risq_montant", None)
    assert (saved["sources"], saved["rows"], saved["facet"]) == (["appel", "https://a.ca"], ["r#1"], "eligibility")


@on_sqlite
def test_errors_are_told_beside_their_fields_and_what_was_typed_is_kept(editor: Staff, makers: sessionmaker) -> None:
    before = (record(makers), version(makers))
    typed = {
        **{"name": "", "aliases": "Réseau Mentorat", "contact.phone": "12", "contact.email": "à moi", "contact.website": "javascript:x"},
        **{"status": "closed", "note": "", "verified_on": "2030-01-01", "source": "", "as_of": "hier soir?", "covers_add": "quebec"},
    }
    answer = send(editor, EDIT, **typed)
    assert answer.status_code == 422
    assert list(errors(answer)) == [
        *("name", "aliases", "contact.website", "contact.phone", "contact.email", "covers"),
        *("verified_on", "note", "source"),
    ]
    assert "Rien n’est enregistré : 9 choses sont à corriger" in text_of(answer)
    kept = form_of(answer)
    assert {name: kept[name][0] for name in typed} == typed
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert (record(makers), version(makers)) == before


@on_sqlite
def test_amounts_that_cannot_be_read_are_told_and_kept(editor: Staff) -> None:
    answer = send(editor, SERVICE, amount_min="beaucoup", amount_max="500", share_of_cost_max="150", valid_to="2020-01-01")
    assert list(errors(answer)) == ["amount_min", "share_of_cost_max", "valid_to"]
    assert form_of(answer)["amount_min"] == ["beaucoup"]
    again = send(editor, SERVICE, amount_min="5000", amount_max="500")
    assert list(errors(again)) == ["amount_max"]


@on_sqlite
def test_a_place_of_several_meanings_is_chosen_by_ticking(editor: Staff, makers: sessionmaker) -> None:
    looked = send(editor, EDIT, covers_add="quebec", do="look")
    assert looked.status_code == 200
    assert "Québec (ville, Capitale-Nationale)" in text_of(looked)
    assert record(makers)["covers"] == [{"code": "QC", "part": False, "note": None}]
    chosen = resend(editor, EDIT, looked, covers_found="23027")
    assert chosen.status_code == 303
    assert [place["code"] for place in record(makers)["covers"]] == ["23027", "QC"]
    dropped = send(editor, EDIT, **{"drop-QC": "1"})
    assert dropped.status_code == 303
    assert [place["code"] for place in record(makers)["covers"]] == ["23027"]


def test_a_draft_is_tried_before_it_is_saved(editor: Staff, makers: sessionmaker) -> None:
    before = (record(makers, "service", "risq-emergence"), version(makers))
    page = "/annuaire/services/risq-emergence/modifier"
    shown = send(editor, page, needs=["mentorat"], stages=None, do="preview", qui_besoin="mentorat", qui_lieu="Louiseville")
    assert shown.status_code == 200
    said = text_of(shown)
    assert "Avec ce changement, cette fiche est proposée : la première." in said
    assert "Aujourd’hui Rien :" in said
    assert form_of(shown)["needs"] == ["mentorat"]
    assert (record(makers, "service", "risq-emergence"), version(makers)) == before
    asked = send(editor, page, do="preview")
    assert "choisissez le besoin de la personne" in text_of(asked)
    wrong = send(editor, page, name="", do="preview", qui_besoin="mentorat")
    assert (wrong.status_code, list(errors(wrong))) == (422, ["name"])


@on_sqlite
def test_where_a_draft_serves_is_counted(editor: Staff) -> None:
    shown = send(editor, EDIT, covers=None, covers_add="Mauricie", do="preview", qui_besoin="financement")
    assert "Dessert 2 municipalités sur 5 : Mauricie : toute la région" in text_of(shown)


def test_new_records_get_a_key_that_nobody_has(editor: Staff, makers: sessionmaker) -> None:
    new = "/annuaire/organismes/nouveau"
    first = send(editor, new, name="CDC de l’Érable", kind="cdc", source="appel", covers_add="R04")
    assert (first.status_code, first.location) == (303, "/annuaire/organismes/cdc-de-l-erable")
    second = send(editor, new, name="CDC de l'Erable (bis)", short_name="RISQ 2", kind="cdc", source="appel")
    assert second.location == "/annuaire/organismes/risq-2"
    clash = send(editor, new, name="cdc de l erable", kind="cdc", source="appel")
    assert list(errors(clash)) == ["name"]
    service = send(editor, "/annuaire/services/nouveau?organisme=risq", name="Émergence", needs=["formation"], source="appel")
    assert service.location == "/annuaire/services/risq-emergence-2"
    answer = send(editor, "/annuaire/reponses/nouveau?organisme=risq", question="Où?", label="Le RISQ, où?", text="Là.", sources="appel")
    assert answer.location == "/annuaire/reponses/le_risq_ou"
    name = send(editor, "/annuaire/lieux/nouveau", name="La/Belle Ville", territories_add="Louiseville")
    assert editor.get(name.location).status_code == 200
    assert record(makers, "place_alias", "La/Belle Ville")["territories"] == ["51015"]
    taken = send(editor, "/annuaire/lieux/nouveau", name="Vieille Capitale", territories_add="Louiseville")
    assert "déjà dans l’annuaire" in errors(taken)["name"]
    nameless = send(editor, new, name="!!!", kind="cdc", source="appel")
    assert "où il y a des lettres" in errors(nameless)["name"]


def test_the_second_of_two_editors_is_told_and_loses_nothing(editor: Staff, login: Callable[..., Staff], makers: sessionmaker) -> None:
    other = login("editor", username="paul")
    mine = form_of(editor.get(EDIT))
    assert send(other, EDIT, summary="Le résumé de Paul.", **{"contact.phone": "514 866-2355"}).status_code == 303
    mine |= {"summary": ["Le résumé de Jeanne."], "note": ["La note de Jeanne."]}
    told = editor.post_form(EDIT, mine, page=EDIT)
    assert told.status_code == 409
    said = text_of(told)
    assert "Quelqu’un a modifié cette fiche" in said
    assert "paul , " in said
    for row in (
        "Téléphone (rien) 514 866-2355 (rien) le leur",
        "Résumé Le fonds de prêt de l'économie sociale québécoise. Le résumé de Paul. Le résumé de Jeanne. le vôtre changé des deux côtés",
    ):
        assert row in said
    assert record(makers)["summary"] == "Le résumé de Paul."
    saved = resend(editor, EDIT, told)
    assert saved.status_code == 303
    after = record(makers)
    assert (after["summary"], after["note"], after["contact"]["phone"]) == ("Le résumé de Jeanne.", "La note de Jeanne.", "514 866-2355")


def test_of_editors_who_save_in_one_instant_one_saves_and_the_others_are_told(login: Callable[..., Staff], makers: sessionmaker) -> None:
    staff = [login("editor", username=name) for name in ("anne", "bruno", "carla", "denis")]
    forms = [form_of(each.get(EDIT)) | {"note": [f"par {at}"], "csrf_token": [each.token(EDIT)]} for at, each in enumerate(staff)]
    start, codes = threading.Barrier(len(staff)), []

    def save(at: int) -> None:
        start.wait()
        codes.append((staff[at].post(EDIT, data=forms[at], headers=OURS).status_code, at))

    threads = [threading.Thread(target=save, args=(at,)) for at in range(len(staff))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(code for code, _ in codes) == [303, 409, 409, 409]
    assert record(makers)["note"] == f"par {min(codes)[1]}"


@on_sqlite
def test_a_third_change_meanwhile_is_told_again(editor: Staff, makers: sessionmaker) -> None:
    mine = form_of(editor.get(EDIT)) | {"note": ["La mienne."]}
    change(makers, "paul", "actor", "risq", summary="Un.")
    told = editor.post_form(EDIT, mine, page=EDIT)
    change(makers, "rosa", "actor", "risq", summary="Deux.")
    again = resend(editor, EDIT, told)
    assert again.status_code == 409
    assert "rosa" in text_of(again)
    assert resend(editor, EDIT, again).status_code == 303
    assert (record(makers)["summary"], record(makers)["note"]) == ("Deux.", "La mienne.")


@on_sqlite
def test_what_cannot_be_read_survives_a_meeting(editor: Staff, makers: sessionmaker) -> None:
    mine = form_of(editor.get(SERVICE)) | {"amount_max": ["dix mille"], "note": ["La mienne."]}
    change(makers, "paul", "service", "risq-aide-technique", summary="Un.")
    told = editor.post_form(SERVICE, mine, page=SERVICE)
    assert (told.status_code, list(errors(told))) == (409, ["amount_max"])
    assert (form_of(told)["amount_max"], form_of(told)["note"], form_of(told)["summary"]) == (["dix mille"], ["La mienne."], ["Un."])


def test_a_record_taken_away_meanwhile_comes_back_knowingly(editor: Staff, makers: sessionmaker) -> None:
    mine = form_of(editor.get(ANSWER)) | {"text": ["Mon texte."]}
    change(makers, "paul", "answer", "risq_admissibilite", gone=True)
    told = editor.post_form(ANSWER, mine, page="/annuaire/")
    assert told.status_code == 409
    assert "Quelqu’un a supprimé cette fiche" in text_of(told)
    saved = editor.post_form(ANSWER, form_of(told), page="/annuaire/")
    assert saved.status_code == 303
    assert record(makers, "answer", "risq_admissibilite")["text"] == "Mon texte."


@on_sqlite
@pytest.mark.parametrize("role", ["reader", "reviewer", "privacy", "admin"])
def test_others_do_not_change_the_directory(login: Callable[..., Staff], makers: sessionmaker, role: str) -> None:
    before, staff = record(makers), login(role)
    assert staff.get(EDIT).status_code == 403
    for path in (EDIT, f"{RISQ}/verifie", f"{RISQ}/fermer", f"{RISQ}/supprimer", "/annuaire/importer", "/annuaire/organismes/nouveau"):
        assert staff.post_form(path, {"name": "X", "do": "save"}, page="/mon-compte").status_code == 403
    assert record(makers) == before
