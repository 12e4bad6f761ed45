"""A change of the directory and its row of the trail, in two databases: both are there, or neither."""

from collections.abc import Callable

import pytest
from held import RISQ, filled, form_of, record
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import Engine
from staff import OURS, TOKEN, Staff
from tables import with_tables

from console.databases import Databases
from console.models import AuditRow
from directory.models import Revision

EDIT = f"{RISQ}/modifier"
CHANGED = {"contact.phone": "514 866-2355"}


@pytest.fixture
def directory_url(new_database: Callable[[], str]) -> str:
    """The small directory, on each kind of database."""
    return filled(new_database())


@pytest.fixture
def journal_url(new_database: Callable[[], str]) -> str:
    """A journal on each kind of database."""
    return with_tables(new_database())


@pytest.fixture
def form(login: Callable[..., Staff]) -> Callable[[], object]:
    """form(): what is answered to the form of an organisation, which was opened while all was well."""
    staff = login("editor", username="jeanne")
    page = staff.get(EDIT)
    sent = {**form_of(page), **CHANGED, "csrf_token": TOKEN.search(page.get_data(as_text=True))[1]}
    return lambda: staff.post(EDIT, data=sent, headers=OURS)


def _state(bases: Databases) -> tuple[str | None, int, int]:
    """Return the phone, how many revisions the directory has, and how many rows of the trail tell of it."""
    with bases.makers["directory", False]() as session:
        revisions = session.execute(select(func.count()).select_from(Revision)).scalar_one()
    with bases.journal.reading() as session:
        told = session.execute(select(func.count()).where(AuditRow.action == "directory.save")).scalar_one()
    return record(bases.makers["directory", False])["contact"].get("phone"), revisions, told


def test_a_change_is_in_the_directory_and_in_the_trail(form: Callable, bases: Databases) -> None:
    _, revisions, _ = _state(bases)
    assert form().status_code == 303
    assert _state(bases) == (CHANGED["contact.phone"], revisions + 1, 1)


def test_a_change_that_cannot_be_noted_is_not_made(form: Callable, bases: Databases) -> None:
    before = _state(bases)
    with bases.journal.engine.begin() as connection:
        connection.execute(text("ALTER TABLE console_audit RENAME TO gone"))
    assert form().status_code == 503
    with bases.journal.engine.begin() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO console_audit"))
    assert _state(bases) == before


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_journal_where_another_writes_too_long_leaves_the_directory_as_it_was(form: Callable, bases: Databases) -> None:
    before = _state(bases)
    _wait_briefly(bases.journal.engine)
    with bases.journal.engine.begin():
        answer = form()
    assert answer.status_code == 503
    assert "vérifiez avant de recommencer" in answer.get_data(as_text=True)
    assert _state(bases) == before


def _wait_briefly(engine: Engine) -> None:
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout = 50").close())
    engine.dispose()
