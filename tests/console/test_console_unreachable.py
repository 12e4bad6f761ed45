"""A database that does not answer: a page in French, the cause in the operator's log, and nothing shown or changed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url
from staff import PASSWORD, Staff, come_in
from tables import with_directory, with_tables

from console.audit import note
from console.databases import Databases, directory_session, journal_session
from console.permissions import ALLOWED, STAFF
from directory.models import Actor

TOLD = "Base de données injoignable"


class Base:
    """A database that can be taken away, and given back."""

    def __init__(self, url: str, admin_url: str | None) -> None:
        self.url, self._parsed = url, make_url(url)
        self._admin = admin_url and create_engine(admin_url, future=True, isolation_level="AUTOCOMMIT")
        self._moved: list[tuple[Path, Path]] = []

    def take_away(self) -> None:
        """Make it answer nobody from now on."""
        if self._admin:
            self._run(f"ALTER DATABASE {self._parsed.database} ALLOW_CONNECTIONS false")
            self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._parsed.database}'")
            return
        for path in Path(self._parsed.database).parent.glob(Path(self._parsed.database).name + "*"):
            self._moved.append((path, path.rename(path.with_name(f"away-{path.name}"))))
        Path(self._parsed.database).write_bytes(b"this is no database, and long enough to be seen as none" * 40)

    def give_back(self) -> None:
        """Make it answer again, with what it held."""
        if self._admin:
            self._run(f"ALTER DATABASE {self._parsed.database} ALLOW_CONNECTIONS true")
            return
        for path, away in self._moved:
            away.rename(path)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def close(self) -> None:
        """Close the connection by which it is taken away."""
        if self._admin:
            self._admin.dispose()


@pytest.fixture
def base_of(backend: str, new_database: Callable[[], str], request: pytest.FixtureRequest) -> Iterator[Callable[[], Base]]:
    """base_of(): a new database that can be taken away."""
    made: list[Base] = []

    def make() -> Base:
        made.append(Base(new_database(), request.getfixturevalue("postgresql_url") if backend == "postgresql" else None))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def journal(base_of: Callable[[], Base]) -> Base:
    """The database of the journal and of the console."""
    return base_of()


@pytest.fixture
def directory(base_of: Callable[[], Base]) -> Base:
    """The database of the directory."""
    return base_of()


@pytest.fixture
def journal_url(journal: Base) -> str:
    """Its address, once it has its tables."""
    return with_tables(journal.url)


@pytest.fixture
def directory_url(directory: Base) -> str:
    """Its address, once it has its tables."""
    return with_directory(directory.url)


@pytest.fixture
def with_actors(console: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of the console that reads the directory."""

    def actors() -> str:
        return f"{len(directory_session().execute(select(Actor)).all())} organismes"

    console.add_url_rule("/organismes-dessai", "actors_seen", actors)
    monkeypatch.setitem(ALLOWED, "actors_seen", STAFF)


def _forget_connections(bases: Databases) -> None:
    """SQLite's kept connections still hold the file that was moved; PostgreSQL's are found dead by themselves."""
    for maker in bases.makers.values():
        if maker.kw["bind"].dialect.name == "sqlite":
            maker.kw["bind"].dispose()


def _is_told(answer: object, caplog: pytest.LogCaptureFixture, after: str = "Rien n’a été changé.") -> None:
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert TOLD in shown
    assert after in shown
    assert ("Rien n’a été changé" in shown) == (answer.request.method == "GET")
    assert not re.search(r"Traceback|psycopg2|sqlite3|SELECT|\.db|Error", shown)
    assert "a database does not answer" in caplog.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_the_journal_nobody_sees_anything_until_it_is_back(
    login: Callable[..., Staff], bases: Databases, journal: Base, caplog: pytest.LogCaptureFixture
) -> None:
    staff = login("admin", username="marie")
    journal.take_away()
    _forget_connections(bases)
    for path in ("/", "/comptes", "/mon-compte", "/registre.csv"):
        _is_told(staff.get(path), caplog)
    journal.give_back()
    _forget_connections(bases)
    assert staff.get("/comptes").status_code == 200


def test_without_the_journal_a_login_says_so_and_lets_nobody_in(
    visitor: Staff, add_account: Callable[..., str], bases: Databases, journal: Base, caplog: pytest.LogCaptureFixture
) -> None:
    add_account("marie", "admin")
    token = visitor.token("/connexion")
    journal.take_away()
    _forget_connections(bases)
    form = {"csrf_token": token, "username": "marie", "password": PASSWORD}
    answer = visitor.post("/connexion", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    _is_told(answer, caplog, "vérifiez avant de recommencer")
    assert "sid" not in str(answer.headers.getlist("Set-Cookie"))
    assert PASSWORD not in caplog.text
    journal.give_back()
    _forget_connections(bases)
    assert come_in(visitor, "marie").status_code == 303


def test_without_the_directory_the_rest_still_answers(
    with_actors: None, login: Callable[..., Staff], bases: Databases, directory: Base, caplog: pytest.LogCaptureFixture
) -> None:
    staff = login("admin", username="marie")
    assert staff.get("/organismes-dessai").get_data(as_text=True) == "0 organismes"
    directory.take_away()
    _forget_connections(bases)
    _is_told(staff.get("/organismes-dessai"), caplog)
    assert staff.get("/comptes").status_code == 200
    directory.give_back()
    _forget_connections(bases)
    assert staff.get("/organismes-dessai").status_code == 200


@pytest.mark.parametrize("table", ["console_session", "console_audit", "console_account"])
def test_tables_that_are_not_there_are_told_in_the_same_way(
    login: Callable[..., Staff], bases: Databases, table: str, caplog: pytest.LogCaptureFixture
) -> None:
    staff = login("privacy", username="marie")
    with bases.journal.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO gone"))
    _is_told(staff.get("/registre"), caplog)


def test_what_cannot_be_noted_is_not_shown(
    console: Flask, login: Callable[..., Staff], bases: Databases, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def look() -> str:
        note(journal_session(), "conversation.view", "c42")
        return "le texte de quelqu’un"

    console.add_url_rule("/regarder", "look", look)
    monkeypatch.setitem(ALLOWED, "look", STAFF)
    staff = login("reviewer")
    assert "le texte" in staff.get("/regarder").get_data(as_text=True)
    with bases.journal.engine.begin() as connection:
        connection.execute(text("ALTER TABLE console_audit RENAME TO gone"))
    answer = staff.get("/regarder")
    assert "le texte" not in answer.get_data(as_text=True)
    _is_told(answer, caplog)
