"""The audit trail: written with what it tells, sealed row by row, refused to whoever would change it."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from clocks import Clock
from flask import Flask, abort
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from staff import Staff, come_in
from tables import with_tables

from console.audit import DONE, REFUSED, Broken, Entry, enter, first_broken, note, read_state, state_of
from console.databases import Databases, journal_session
from console.errors import ConsoleError
from console.models import Account, AuditRow
from console.permissions import ALLOWED, STAFF


@pytest.fixture
def journal_url(new_database: Callable[[], str]) -> str:
    """A journal on each kind of database."""
    return with_tables(new_database())


@pytest.fixture
def write(bases: Databases, clock: Clock) -> Callable[..., None]:
    """write(action, …): a row of the trail for each."""

    def write_rows(*actions: str) -> None:
        for action in actions:
            with bases.journal.writing.begin() as session:
                enter(session, Entry(clock(), "marie", action, "c1", "détail é", DONE, "203.0.113.9"))

    return write_rows


@pytest.fixture
def tamper(bases: Databases) -> Callable[[str], None]:
    """tamper(statement): what someone does who has the rights of the database's owner, and takes the triggers away."""

    def run(statement: str) -> None:
        with bases.journal.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("ALTER TABLE console_audit DISABLE TRIGGER ALL"))
            else:
                for name in ("console_audit_no_update", "console_audit_no_delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            connection.execute(text(statement))

    return run


@pytest.fixture
def reading(bases: Databases) -> Iterator[Session]:
    """A session that reads."""
    with bases.journal.reading() as session:
        yield session


def _actions(bases: Databases) -> list[str]:
    with bases.journal.reading() as session:
        return session.execute(select(AuditRow.action).order_by(AuditRow.id)).scalars().all()


@pytest.mark.parametrize(
    "statement", ["UPDATE console_audit SET detail = ''", "UPDATE console_audit SET at = at WHERE id = 2", "DELETE FROM console_audit"]
)
def test_the_database_refuses_to_change_a_row(bases: Databases, write: Callable[..., None], statement: str) -> None:
    write("a", "b", "c")
    with pytest.raises(DBAPIError, match="only added to"), bases.journal.engine.begin() as connection:
        connection.execute(text(statement))
    assert _actions(bases) == ["a", "b", "c"]


def test_postgresql_refuses_to_empty_the_trail(backend: str, bases: Databases, write: Callable[..., None]) -> None:
    write("a")
    # SQLite has no TRUNCATE; a DELETE without condition, which it does in its place, is refused too.
    statement = "TRUNCATE console_audit" if backend == "postgresql" else "DELETE FROM console_audit WHERE 1"
    with pytest.raises(DBAPIError, match="only added to"), bases.journal.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE console_audit SET detail = 'autre' WHERE id = 3", Broken(3, "son contenu a changé")),
        ("UPDATE console_audit SET account = 'paul' WHERE id = 1", Broken(1, "son contenu a changé")),
        ("UPDATE console_audit SET at = '2026-11-28 14:00:00+00:00' WHERE id = 4", Broken(4, "son contenu a changé")),
        ("UPDATE console_audit SET ip = '' WHERE id = 5", Broken(5, "son contenu a changé")),
        ("DELETE FROM console_audit WHERE id = 2", Broken(2, "elle manque")),
        ("DELETE FROM console_audit WHERE id = 1", Broken(1, "elle manque")),
        ("UPDATE console_audit SET id = id + 100 WHERE id = 3", Broken(3, "elle manque")),
        (
            "INSERT INTO console_audit SELECT 6, at, account, action, subject, detail, result, ip, previous, hash "
            "FROM console_audit WHERE id = 5",
            Broken(6, "elle ne suit pas celle d’avant"),
        ),
    ],
)
def test_the_first_row_that_was_tampered_with_is_named(
    write: Callable[..., None], tamper: Callable[[str], None], reading: Session, statement: str, broken: Broken
) -> None:
    write("a", "b", "c", "d", "e")
    assert first_broken(reading) is None
    reading.rollback()
    tamper(statement)
    assert first_broken(reading) == broken


def test_two_rows_that_changed_places_are_seen(write: Callable[..., None], tamper: Callable[[str], None], reading: Session) -> None:
    write("a", "b", "c", "d")
    tamper("UPDATE console_audit SET id = 99 WHERE id = 2")
    tamper("UPDATE console_audit SET id = 2 WHERE id = 3")
    tamper("UPDATE console_audit SET id = 3 WHERE id = 99")
    assert first_broken(reading) == Broken(2, "elle ne suit pas celle d’avant")


def test_an_end_that_was_cut_off_or_written_anew_is_seen_by_who_noted_it(
    write: Callable[..., None], tamper: Callable[[str], None], bases: Databases, clock: Clock
) -> None:
    write("a", "b", "c")
    with bases.journal.reading() as session:
        noted = read_state(str(state_of(session)))
    tamper("DELETE FROM console_audit WHERE id >= 3")
    with bases.journal.reading() as session:
        assert first_broken(session) is None
        assert first_broken(session, noted) == Broken(3, "elle manque, et celles d’après")
    write("faux", "d")
    with bases.journal.reading() as session:
        assert first_broken(session) is None
        assert first_broken(session, noted) == Broken(3, "elle n’est pas celle qui avait été notée")


@pytest.mark.parametrize("noted", ["", "3", "3:abc", "x:" + "0" * 64, "3:" + "0" * 64 + "0"])
def test_a_state_that_is_none_is_told(noted: str) -> None:
    with pytest.raises(ConsoleError, match="n’est pas un état"):
        read_state(noted)


def test_a_clock_that_goes_back_breaks_nothing(write: Callable[..., None], clock: Clock, reading: Session) -> None:
    write("a")
    clock.move(hours=-3)
    write("b")
    assert first_broken(reading) is None
    assert reading.execute(select(AuditRow.at).order_by(AuditRow.id)).scalars().all() == [clock() + timedelta(hours=3), clock()]


def test_a_row_is_written_with_what_it_tells_or_not_at_all(bases: Databases, clock: Clock) -> None:
    entry = Entry(clock(), "marie", "account.add", "paul", "", DONE, "")
    with bases.journal.writing() as session:
        enter(session, entry)
        session.add(Account(username="paul", name="Paul", created_at=clock()))
        session.rollback()
    with bases.journal.writing() as session:
        session.add(Account(username="paul", name="Paul", created_at=clock()))
        enter(session, entry)
        session.add(Account(username="paul", name="Un autre Paul", created_at=clock()))
        with pytest.raises(DBAPIError):
            session.commit()
    assert _actions(bases) == []
    with bases.journal.reading() as session:
        assert session.execute(select(func.count()).select_from(Account)).scalar_one() == 0


def test_what_a_transaction_left_is_not_written_by_the_next_one(bases: Databases, clock: Clock) -> None:
    with bases.journal.writing() as session:
        session.add(Account(username="paul", name="Paul", created_at=clock()))
        for action, result in (("a", DONE), ("b", REFUSED)):
            enter(session, Entry(clock(), "marie", action, "", "", result, ""))
        session.flush()
        session.rollback()
        session.commit()
    assert _actions(bases) == ["b"]


def test_those_who_add_at_the_same_moment_make_one_chain(bases: Databases, clock: Clock, reading: Session) -> None:
    def add(number: int) -> None:
        with bases.journal.writing.begin() as session:
            for part in range(3):
                enter(session, Entry(clock(), f"agent{number}", "a", str(part), "", DONE, ""))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(24)))
    assert reading.execute(select(func.count()).select_from(AuditRow)).scalar_one() == 72
    assert first_broken(reading) is None


def test_signs_that_no_database_holds_do_not_stop_the_trail(bases: Databases, clock: Clock, reading: Session) -> None:
    with bases.journal.writing.begin() as session:
        enter(session, Entry(clock(), "ma\x00rie", "a", "\ud800", "\u202e💡", DONE, ""))
    assert first_broken(reading) is None
    row = reading.execute(select(AuditRow)).scalar_one()
    assert (row.account, row.subject, row.detail) == ("marie", "?", "\u202e💡")


@pytest.fixture
def looking(console: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A console with pages that note: one that is looked at, one that fails, one that refuses, by GET and by POST."""

    def look(how: str) -> str:
        note(journal_session(), "conversation.view", "c42", result=REFUSED if how == "refuses" else DONE)
        if how == "fails":
            abort(404)
        if how == "refuses":
            abort(403)
        return "vu"

    console.add_url_rule("/regarder/<how>", "look", look, methods=["GET", "POST"])
    monkeypatch.setitem(ALLOWED, "look", STAFF)
    return console


@pytest.mark.parametrize(
    ("method", "how", "noted"),
    [
        ("GET", "shows", ["conversation.view"]),
        ("GET", "fails", []),
        ("GET", "refuses", ["conversation.view"]),
        # A change that was not committed was not made.
        ("POST", "shows", []),
        ("POST", "refuses", ["conversation.view"]),
    ],
)
def test_what_is_looked_at_is_noted_and_so_is_what_is_refused(
    looking: Flask, login: Callable[..., Staff], bases: Databases, method: str, how: str, noted: list[str]
) -> None:
    staff = login("reviewer")
    before = _actions(bases)
    if method == "GET":
        staff.get(f"/regarder/{how}")
    else:
        staff.post_form(f"/regarder/{how}")
    assert _actions(bases)[len(before) :] == noted


def test_a_row_says_who_what_from_where_and_when(looking: Flask, login: Callable[..., Staff], clock: Clock, reading: Session) -> None:
    login("reviewer", username="marie").get("/regarder/shows")
    row = reading.execute(select(AuditRow).where(AuditRow.action == "conversation.view")).scalar_one()
    assert (row.account, row.subject, row.result, row.ip, row.at) == ("marie", "c42", DONE, "127.0.0.1", clock())


def test_a_page_that_a_role_does_not_open_is_noted(login: Callable[..., Staff], reading: Session) -> None:
    assert login("reader", username="marie").get("/comptes").status_code == 403
    row = reading.execute(select(AuditRow).where(AuditRow.action == "access")).scalar_one()
    assert (row.account, row.subject, row.result) == ("marie", "accounts.listing", REFUSED)


def test_what_is_done_to_accounts_is_in_the_trail(login: Callable[..., Staff], visitor: Staff, bases: Databases, reading: Session) -> None:
    admin = login("admin", username="marie")
    admin.post_form("/comptes/nouveau", {"username": "p.roy", "name": "Paul Roy", "roles": ["reader"]})
    number = reading.execute(select(Account.id).where(Account.username == "p.roy")).scalar_one()
    for what in ("", "/lien", "/second-facteur/retirer", "/desactiver", "/reactiver"):
        admin.post_form(f"/comptes/{number}{what}", {"name": "Paul Roy", "roles": ["editor"]})
    come_in(visitor, "p.roy", "une phrase longue mais fausse")
    admin.post_form("/deconnexion")
    assert _actions(bases) == [
        *("door.login", "account.add", "account.change", "account.link", "account.no_second_factor", "account.stop", "account.start"),
        *("door.login", "door.logout"),
    ]
    assert first_broken(reading) is None


def test_the_page_shows_what_is_looked_for_and_the_file_holds_the_same(login: Callable[..., Staff], write: Callable[..., None]) -> None:
    staff = login("privacy", username="vie")
    write("account.add", "account.stop", "account.add")
    words = "?compte=marie&action=account.add&objet=c1&resultat=done&du=2026-11-28&au=2026-11-28"
    shown = staff.get(f"/registre{words}").get_data(as_text=True)
    assert "2 lignes" in shown
    numbers = re.findall(r'<td class="number">(\d+)</td>', shown)
    answer = staff.get(f"/registre.csv{words}")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == numbers == ["4", "2"]
    assert rows[1][2:7] == ["marie", "compte ajouté", "c1", "détail é", "fait"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("?du=2026-11-29", "0 ligne"),
        ("?au=2026-11-27", "0 ligne"),
        ("?compte=personne", "0 ligne"),
        ("?du=pas-une-date&au=9999-99-99&page=-3", "4 lignes"),
        ("?page=999999999999999999999", "4 lignes"),
        ("?objet=%27%3B%20DROP%20TABLE%20console_audit%3B--", "0 ligne"),
    ],
)
def test_any_words_of_the_address_are_answered(login: Callable[..., Staff], write: Callable[..., None], words: str, told: str) -> None:
    staff = login("privacy", username="vie")
    write("a", "b", "c")
    shown = staff.get(f"/registre{words}")
    assert shown.status_code == 200
    assert told in shown.get_data(as_text=True)


def test_a_long_trail_is_shown_a_page_at_a_time(login: Callable[..., Staff], bases: Databases, clock: Clock) -> None:
    staff = login("admin", username="marie")
    with bases.journal.writing.begin() as session:
        for number in range(120):
            enter(session, Entry(clock(), "marie", "a", str(number), "", DONE, ""))
    shown = staff.get("/registre?action=a&page=2").get_data(as_text=True)
    assert "Page 2 sur 3" in shown
    assert 'href="/registre?page=3&amp;action=a" rel="next" data-key="n"' in shown
    assert len(re.findall(r'<td class="number">', shown)) == 50
