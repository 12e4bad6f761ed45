"""Real databases for the tests: SQLite always; PostgreSQL from AIGUILLEUR_TEST_DATABASE_URL, or from a private cluster that
lives as long as the tests, when the distribution's packages are there.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.pool import NullPool

from settings import load_settings

HOW_TO_GET_POSTGRESQL = (
    "PostgreSQL was not found: « apt-get install postgresql » (Debian, Ubuntu) or « brew install postgresql » (macOS), "
    "or set AIGUILLEUR_TEST_DATABASE_URL to a server where databases may be created"
)
INSTALLED_IN = ("/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/usr/pgsql-*")
# The tests' data is thrown away: nothing needs to reach the disk.
SERVER_OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
# The databases that are copied, with the tables of something: files of SQLite, names of PostgreSQL.
_FILES: dict[str, Path] = {}
_TEMPLATES: dict[str, str] = {}


def _postgresql_programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest version first."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("pg_ctl"):
        return Path(on_path).parent
    roots = [root for pattern in INSTALLED_IN for root in Path("/").glob(pattern.lstrip("/"))]
    found = {each.parent for root in roots for each in (*root.glob("bin/initdb"), *root.glob("*/bin/initdb"))}
    return max(found, default=None, key=str)


def _as_server_user() -> list[str]:
    """PostgreSQL refuses to run as root: the packages' own account runs it then."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv"):
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    return ["su", "postgres", "-s", "/bin/sh", "-c", 'exec "$0" "$@"', "--"]


def _run(programs: Path, *arguments: str) -> None:
    name, *rest = arguments
    subprocess.run([*_as_server_user(), str(programs / name), *rest], check=True, stdout=subprocess.DEVNULL, cwd="/")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of a PostgreSQL server on which databases may be created."""
    given = load_settings().test_database_url
    if given:
        yield given
        return
    programs = _postgresql_programs()
    if programs is None:
        pytest.skip(HOW_TO_GET_POSTGRESQL)
    # Not pytest's folder: the server's account cannot enter it, and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="aiguilleur-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    try:
        data = str(folder / "data")
        _run(programs, "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"{SERVER_OPTIONS} -c unix_socket_directories='{folder}'"
        _run(programs, "pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        yield f"postgresql://postgres@/postgres?host={folder}"
        _run(programs, "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql(postgresql_url: str) -> Iterator[Callable[[], str]]:
    """A maker of empty databases; each call returns an address. They go away with the tests."""
    made: list[str] = []

    def make() -> str:
        made.append(f"aiguilleur_test_{uuid.uuid4().hex}")
        with _server(postgresql_url) as connection:
            _create(connection, made[-1])
        return make_url(postgresql_url).set(database=made[-1]).render_as_string(hide_password=False)

    yield make
    # A private server goes away with its databases, of which there are hundreds.
    if load_settings().test_database_url:
        with _server(postgresql_url) as connection:
            for name in [*made, *_TEMPLATES.values()]:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _TEMPLATES.clear()


@contextmanager
def _server(url: str | URL) -> Iterator[Connection]:
    """A connection to the database of the administrator of a server."""
    engine = create_engine(make_url(url).set(database="postgres"), future=True, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def _create(connection: Connection, name: str, template: str = "template0") -> None:
    # Files are copied eight times faster than they are logged, which versions before 15 do not do.
    copied = " STRATEGY FILE_COPY" if connection.dialect.server_version_info >= (15,) else ""
    connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}{copied}")


def with_tables_of(what: str, url: str, make: Callable[[str], None]) -> str:
    """Return `url`, a database that is not there yet or is empty, once it holds the tables of `what`: a copy of those that `make(url)`
    makes, the first time, in a database of its own."""
    (_copy_file if make_url(url).get_backend_name() == "sqlite" else _copy_database)(what, make_url(url), make)
    return url


def _copy_file(what: str, url: URL, make: Callable[[str], None]) -> None:
    if what not in _FILES:
        folder = Path(tempfile.mkdtemp(prefix="aiguilleur-tables-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        make(f"sqlite:///{folder / 'made.db'}")
        _FILES[what] = folder / "made.db"
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(_FILES[what], url.database)


def _copy_database(what: str, url: URL, make: Callable[[str], None]) -> None:
    with _server(url) as connection:
        if what not in _TEMPLATES:
            name = f"aiguilleur_test_{uuid.uuid4().hex}"
            _create(connection, name)
            make(url.set(database=name).render_as_string(hide_password=False))
            _TEMPLATES[what] = name
        connection.exec_driver_sql(f"DROP DATABASE {url.database} WITH (FORCE)")
        _create(connection, url.database, _TEMPLATES[what])


def with_conversations(url: str) -> str:
    """Return the address of a new database, once it holds the tables of the conversations."""
    from bot.conversations.store import Store

    return with_tables_of("conversations", url, lambda each: _prepared(Store(each)))


def with_journal(url: str) -> str:
    """Return the address of a new database, once it holds the tables of the journal."""
    from journal.store import Journal

    return with_tables_of("journal", url, lambda each: _prepared(Journal(each)))


def _prepared(store: Any) -> None:
    store.prepare()
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database; everything built on it runs on both."""
    return request.param


@pytest.fixture
def new_database(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """A maker of databases without any table; each call returns an address."""
    if backend == "postgresql":
        return request.getfixturevalue("postgresql")
    return lambda: f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"
