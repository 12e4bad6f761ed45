"""A console on real databases made by the migrations, its clock, and people who are logged in.

`journal_url` and `directory_url` are SQLite files; a test that wants PostgreSQL too overrides them with `new_database` (see
test_console_audit.py).
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from clocks import Clock
from flask import Flask
from staff import CHEAP, PASSWORD, Staff, come_in

from console.accounts.passwords import Passwords
from console.app import Config, make_app
from console.databases import Databases
from console.models import Account
from console.schema import prepare
from directory import schema as directory_schema
from directory.database import make_engine, reachable
from journal.store import Journal


@pytest.fixture
def clock() -> Clock:
    """The clock of the console; tests move it."""
    return Clock()


@pytest.fixture(scope="session")
def console_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A journal and a directory with their tables and nothing in them, to be copied."""
    folder = tmp_path_factory.mktemp("console")
    make_databases(f"sqlite:///{folder / 'journal.db'}", f"sqlite:///{folder / 'directory.db'}")
    return folder / "journal.db", folder / "directory.db"


def make_databases(journal_url: str, directory_url: str) -> None:
    """Make the tables of both."""
    journal = Journal(journal_url)
    prepare(journal)
    journal.close()
    engine = make_engine(directory_url)
    with reachable(engine) as connection:
        directory_schema.upgrade(connection)
    engine.dispose()


@pytest.fixture
def journal_url(console_template: tuple[Path, Path], tmp_path: Path) -> str:
    """The address of a journal for this test alone."""
    return f"sqlite:///{shutil.copy(console_template[0], tmp_path / 'journal.db')}"


@pytest.fixture
def directory_url(console_template: tuple[Path, Path], tmp_path: Path) -> str:
    """The address of a directory for this test alone, empty."""
    return f"sqlite:///{shutil.copy(console_template[1], tmp_path / 'directory.db')}"


@pytest.fixture
def config(journal_url: str, directory_url: str) -> Config:
    """What the console of the test is told; tests override it for another."""
    return Config(journal_url, directory_url, secret="s" * 8 + "ecret of the tests, long enough", hash_cost=CHEAP, testing=True)


@pytest.fixture
def console(config: Config, clock: Clock) -> Iterator[Flask]:
    """The console of the test."""
    app = make_app(config, clock)
    app.test_client_class = Staff
    yield app
    app.extensions["console_databases"].close()


@pytest.fixture
def bases(console: Flask) -> Databases:
    """The databases of the console, for tests that look into them."""
    return console.extensions["console_databases"]


@pytest.fixture
def add_account(bases: Databases, clock: Clock) -> Callable[..., str]:
    """add_account(name, *roles): its name, once it can come in with `PASSWORD`."""
    kept = Passwords(CHEAP).keep(PASSWORD)

    def add(username: str, *roles: str, **more: Any) -> str:
        with bases.journal.writing.begin() as session:
            account = {"username": username, "name": username.title(), "password": kept, "created_at": clock(), **more}
            session.add(Account(roles=list(roles), **account))
        return username

    return add


@pytest.fixture
def visitor(console: Flask) -> Staff:
    """Someone who is not logged in."""
    return console.test_client()


@pytest.fixture
def login(console: Flask, add_account: Callable[..., str]) -> Callable[..., Staff]:
    """login(*roles): someone logged in, with an account of these roles, called « agent1 », « agent2 »… or by `username`."""
    made: list[str] = []

    def log_in(*roles: str, username: str | None = None) -> Staff:
        made.append(username or f"agent{len(made) + 1}")
        add_account(made[-1], *roles)
        staff = console.test_client()
        answer = come_in(staff, made[-1])
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return staff

    return log_in
