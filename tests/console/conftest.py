"""A console on real databases made by the migrations, its clock, and people who are logged in.

`journal_url` and `directory_url` are SQLite files; a file of tests that wants PostgreSQL too has a fixture `journal_url` of its own, which
returns `with_tables(new_database())` (test_console_audit.py).
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from clocks import Clock
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright
from seeing import Seen
from staff import CHEAP, PASSWORD, Staff, come_in
from tables import with_directory, with_tables
from werkzeug.serving import make_server

from console.accounts.passwords import Passwords
from console.app import Config, make_app
from console.databases import Databases
from console.models import Account


@pytest.fixture
def clock() -> Clock:
    """The clock of the console; tests move it."""
    return Clock()


@pytest.fixture(scope="session")
def console_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A journal and a directory with their tables and nothing in them, to be copied."""
    folder = tmp_path_factory.mktemp("console")
    with_tables(f"sqlite:///{folder / 'journal.db'}")
    with_directory(f"sqlite:///{folder / 'directory.db'}")
    return folder / "journal.db", folder / "directory.db"


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


@pytest.fixture
def served(console: Flask) -> Iterator[str]:
    """The address of the console, served over HTTP."""
    server = make_server("127.0.0.1", 0, console, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of a file of tests: while Playwright lives, no other test of its process may run an event loop."""
    path = os.environ.get("AIGUILLEUR_TEST_CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if path is None:
        pytest.skip("no browser was found: « apt-get install chromium », or set AIGUILLEUR_TEST_CHROMIUM to the path of Chromium")
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        # The sandbox of Chromium asks for rights that a container does not have.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def see(chromium: Browser, served: str) -> Iterator[Callable[..., Seen]]:
    """see(**look): a window on the console, of a look of seeing.py; at the end, nothing was said in any browser's console."""
    opened: list[tuple[Any, Seen]] = []

    def open_window(**look: Any) -> Seen:
        context = chromium.new_context(locale="fr-CA", **look)
        context.set_default_timeout(10_000)
        opened.append((context, Seen(context, served)))
        return opened[-1][1]

    yield open_window
    said = [text for _, seen in opened for text in seen.said]
    for context, _ in opened:
        context.close()
    assert said == []
