"""A file is imported once all of it is right and looked at: every error is listed, nothing is half-imported."""

import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from clocks import Clock
from held import change, filled, record, text_of
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker
from staff import Staff
from werkzeug.test import TestResponse

from console.databases import Databases
from console.models import AuditRow
from directory.models import ImportDraft
from directory.queries import directory_version

IMPORT = "/annuaire/importer"
RISQ = "risq,Réseau d'investissement social du Québec,financement,https://fonds-risq.qc.ca,Vu\n"
TWO = f"slug,name,kind,source,note\n{RISQ}cdc-a,CDC A,cdc,appel,\n"


@pytest.fixture
def directory_url(new_database: Callable[[], str]) -> str:
    return filled(new_database())


@pytest.fixture
def makers(bases: Databases) -> sessionmaker:
    return bases.makers["directory", True]


@pytest.fixture
def editor(login: Callable[..., Staff]) -> Staff:
    return login("editor", username="jeanne")


def upload(staff: Staff, content: str | bytes, kind: str = "") -> TestResponse:
    data = content if isinstance(content, bytes) else content.encode()
    return staff.post_form(IMPORT, {"file": (io.BytesIO(data), "liste.csv"), "kind": kind}, page=IMPORT, content_type="multipart/form-data")


def confirm(staff: Staff, page: str, **changes: str) -> TestResponse:
    digest = re.search(r'name="digest" value="([^"]+)"', staff.get(page).get_data(as_text=True))
    return staff.post_form(page, {"digest": digest[1] if digest else "", **changes}, page=IMPORT)


def drafts(makers: sessionmaker) -> int:
    with makers() as session:
        return session.scalar(select(func.count()).select_from(ImportDraft))


def test_a_file_is_shown_then_imported(editor: Staff, makers: sessionmaker, bases: Databases) -> None:
    with makers() as session:
        version = directory_version(session)
    sent = upload(editor, TWO)
    assert sent.status_code == 303
    shown = text_of(editor.get(sent.location))
    assert "À ajouter 1 À changer 1 Sans changement 0" in shown
    assert "Ligne 2 : Réseau d'investissement social du Québec Champ Avant Après Note (rien) Vu" in shown.replace("Ce qui change ", "")
    assert record(makers, "actor", "cdc-a") is None
    with makers() as session:
        assert directory_version(session) == version
    done = confirm(editor, sent.location)
    assert done.status_code == 303
    assert "nouveaux : 1, changés : 1, inchangés : 0" in text_of(editor.get(done.location))
    assert (record(makers)["note"], record(makers, "actor", "cdc-a")["name"], drafts(makers)) == ("Vu", "CDC A", 0)
    with makers() as session:
        assert directory_version(session) == version + 1
    with bases.journal.reading() as session:
        assert session.scalars(select(AuditRow.detail).order_by(AuditRow.id.desc())).first() == "2\u00a0fiches"


def test_every_error_is_listed_and_nothing_is_imported(editor: Staff, makers: sessionmaker) -> None:
    answer = upload(editor, TWO + "cdc-b,,banque,,\ncdc-a,CDC A,cdc,,\n")
    assert answer.status_code == 422
    told = text_of(answer)
    for error in (
        "Rien n’est importé : 4 erreurs",
        "Ligne 4, colonne name : ce champ est nécessaire",
        "Ligne 4, colonne kind : « banque »",
        "Ligne 4, colonne source : dites d’où vient l’information",
        "Ligne 5, colonne slug : cette fiche est déjà à la ligne 3",
    ):
        assert error in told
    assert (record(makers)["note"], record(makers, "actor", "cdc-a"), drafts(makers)) == (None, None, 0)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Le fichier est vide"),
        (b"slug,kind\nrisq,R\xe9seau\n", "CSV UTF-8"),
        ("<script>alert(1)</script>,kind\na,b\n", "colonne inconnue : <script>alert(1)</script>"),
        ("slug,kind\n<img src=x onerror=alert(1)>,cdc\n", "<img src=x onerror=alert(1)>"),
    ],
)
def test_a_file_that_is_no_table_is_told_so_safely(editor: Staff, content: str | bytes, said: str) -> None:
    answer = upload(editor, content)
    assert answer.status_code == 422
    assert said in text_of_escaped(answer)
    assert "<script>alert" not in answer.get_data(as_text=True)
    assert "<img src=x" not in answer.get_data(as_text=True)


def text_of_escaped(answer: TestResponse) -> str:
    """Return the whole page, entities undone."""
    return " ".join(unescape(answer.get_data(as_text=True)).split())


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_file_at_all_is_told(editor: Staff) -> None:
    assert editor.post_form(IMPORT, {}, page=IMPORT).status_code == 422
    assert upload(editor, "slug,name\nrisq,R\n", "organismes").status_code == 303
    assert upload(editor, "slug,name\nrisq,R\n").status_code == 422


def test_what_changed_since_it_was_shown_is_shown_again(editor: Staff, makers: sessionmaker) -> None:
    page = upload(editor, TWO).location
    digest = re.search(r'name="digest" value="([^"]+)"', editor.get(page).get_data(as_text=True))[1]
    change(makers, "paul", "actor", "risq", summary="Autre")
    again = editor.post_form(page, {"digest": digest}, page=IMPORT)
    assert "L’annuaire a changé depuis" in text_of(editor.get(again.location))
    assert record(makers, "actor", "cdc-a") is None
    assert confirm(editor, page).status_code == 303
    assert (record(makers)["summary"], record(makers)["note"]) == ("Autre", "Vu")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_file_belongs_to_who_sent_it_and_waits_a_day(
    editor: Staff, login: Callable[..., Staff], makers: sessionmaker, clock: Clock
) -> None:
    page = upload(editor, TWO).location
    other = login("editor", username="paul")
    assert (other.get(page).status_code, other.post_form(page, {}, page=IMPORT).status_code) == (404, 404)
    cancelled = editor.post_form(page, {"cancel": "1"}, page=IMPORT)
    assert "Rien n’a été importé." in text_of(editor.get(cancelled.location))
    assert (editor.get(page).status_code, record(makers, "actor", "cdc-a")) == (404, None)
    upload(editor, TWO)
    clock.move(days=2)
    late = login("editor", username="rosa")
    upload(late, TWO)
    assert drafts(makers) == 1


def test_what_is_exported_comes_back_as_no_change(editor: Staff) -> None:
    for name in ("organismes", "services", "reponses"):
        content = editor.get(f"/annuaire/{name}.csv").get_data()
        sent = upload(editor, content)
        assert sent.status_code == 303, text_of(sent)
        assert "Ce fichier ne change rien." in text_of(editor.get(sent.location))
