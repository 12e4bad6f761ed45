"""Databases of the directory: each test gets its own, made by the migrations, on SQLite and on PostgreSQL (tests/databases.py)."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from directory import schema
from directory.database import make_engine, open_directory, reachable, session_scope
from directory.importing import import_seed
from directory.models import Base

SEEDS = Path(__file__).parent / "seeds"
REAL_SEED = Path(__file__).parents[2] / "data" / "seed"


@pytest.fixture
def empty_url(new_database: Callable[[], str]) -> str:
    """The address of a database without any table."""
    return new_database()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "directory.db"
    _migrate(make_engine(f"sqlite:///{path}")).dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_with_tables(postgresql: Callable[[], str]) -> Iterator[Engine]:
    """A PostgreSQL database with the tables, emptied before each test: making one takes ten times longer."""
    engine = _migrate(make_engine(postgresql()))
    yield engine
    engine.dispose()


def _migrate(engine: Engine) -> Engine:
    with reachable(engine) as connection:
        schema.upgrade(connection)
    return engine


def _empty(engine: Engine) -> None:
    tables = ", ".join(Base.metadata.tables)
    with engine.begin() as connection:
        # A session that a test left open would block this for ever.
        connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
        connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY")
        connection.exec_driver_sql("INSERT INTO directory_version (id, counter) VALUES (1, 0)")


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with the tables and nothing in them, for this test alone."""
    if backend == "postgresql":
        engine = request.getfixturevalue("postgresql_with_tables")
        _empty(engine)
        return engine.url.render_as_string(hide_password=False)
    path = tmp_path / "directory.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def factory(database_url: str) -> Iterator[sessionmaker]:
    """Sessions on this test's database."""
    made = open_directory(database_url)
    yield made
    made.kw["bind"].dispose()


@pytest.fixture
def engine(factory: sessionmaker) -> Engine:
    """The engine under `factory`."""
    return factory.kw["bind"]


@pytest.fixture
def session(factory: sessionmaker) -> Iterator[Session]:
    """A session on this test's database."""
    with factory() as made:
        yield made


@pytest.fixture
def small_seed(tmp_path: Path) -> Path:
    """A copy of the small seed that the test may break."""
    return Path(shutil.copytree(SEEDS / "small", tmp_path / "seed"))


@pytest.fixture(scope="session")
def real_seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's own seed, so that nobody edits it between two readings."""
    return Path(shutil.copytree(REAL_SEED, tmp_path_factory.mktemp("real") / "seed"))


@pytest.fixture
def imported(factory: sessionmaker, small_seed: Path) -> sessionmaker:
    """Sessions on a database that holds the small seed."""
    with session_scope(factory) as session:
        import_seed(session, small_seed)
    return factory


@pytest.fixture
def on_database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """This test's database as the one of the settings, for the command line."""
    monkeypatch.setenv("AIGUILLEUR_DATABASE_URL", database_url)
    return database_url
