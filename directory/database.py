"""Open the directory's database and hand out sessions; nothing is opened at import.

Callers write through sessions made here: each transaction that writes bumps `DirectoryVersion`, by
which the assistant knows that it must read names and places again.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, event, insert, select, update
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker
from sqlalchemy.pool import QueuePool

from directory.errors import DatabaseUnreachable, SchemaMismatch
from directory.models import DirectoryVersion
from directory.schema import VERSION_TABLE, expected_revision, is_known

if TYPE_CHECKING:
    from psycopg2.extensions import connection as PostgresqlConnection  # noqa: N812

SETTING = "AIGUILLEUR_DATABASE_URL (ou DATABASE_URL)"
CONNECT_TIMEOUT_S = 5
BUSY_TIMEOUT_MS = 5000
CACHE_KIB = 32 * 1024


def make_engine(database_url: str, begin: str = "BEGIN", setting: str = SETTING) -> Engine:
    """Return an engine for `database_url`; a SQLite file gets its folder, foreign keys and WAL.

    `begin` is how SQLite's transactions begin: those that read, then write, wait for one another with "BEGIN IMMEDIATE" and
    fail without it. `setting` is where the operator changes the address.

    Raises:
        DatabaseUnreachable: the folder of a SQLite file cannot be made.
    """
    url = make_url(database_url)
    return _sqlite_engine(url, begin, setting) if url.get_backend_name() == "sqlite" else _postgresql_engine(url)


def _postgresql_engine(url: URL) -> Engine:
    engine = create_engine(url, future=True, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_TIMEOUT_S})
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: "PostgresqlConnection", _record: object) -> None:
    # The directory fits in memory. The default supposes spinning disks, and reads whole tables to spare seeks.
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET random_page_cost = 1.1")
    connection.autocommit = False


def _sqlite_engine(url: URL, begin: str, setting: str) -> Engine:
    if url.database in (None, "", ":memory:"):
        engine = create_engine(url, future=True)
    else:
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnreachable(_unreachable(url, error, setting)) from error
        # Pooled, unlike SQLAlchemy's own choice: a kept connection keeps the pages that it has read.
        engine = create_engine(url, future=True, poolclass=QueuePool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transactions leave DDL and savepoints out: ours begin by an event of the engine.
    connection.isolation_level = None
    for pragma in (
        "foreign_keys = ON",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        f"cache_size = -{CACHE_KIB}",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def session_factory(engine: Engine) -> sessionmaker:
    """Return a maker of 2.0-style sessions whose writing transactions bump the directory's version."""
    factory = sessionmaker(engine, future=True, expire_on_commit=False)
    event.listen(factory, "after_flush", lambda session, _context: _note_write(session))
    event.listen(factory, "do_orm_execute", _note_bulk_write)
    event.listen(factory, "before_commit", _bump_version)
    event.listen(factory, "after_soft_rollback", _forget_write)
    return factory


def open_directory(database_url: str) -> sessionmaker:
    """Return a session factory on a database that answers and has the expected tables.

    Raises:
        DatabaseUnreachable: nothing answers at `database_url`.
        SchemaMismatch: the tables are missing, older or newer.
    """
    engine = make_engine(database_url)
    check_schema(engine)
    return session_factory(engine)


@contextmanager
def session_scope(factory: sessionmaker) -> Iterator[Session]:
    """Give a session; commit at the end, or roll back and raise."""
    with factory.begin() as session:
        yield session


@contextmanager
def reachable(engine: Engine, setting: str = SETTING) -> Iterator[Connection]:
    """Give a connection in a transaction. `setting` is where the operator changes the address.

    Raises:
        DatabaseUnreachable: the database refuses or does not answer.
    """
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise DatabaseUnreachable(_unreachable(engine.url, error, setting)) from error
    with connection, connection.begin():
        yield connection


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the tables, or None on a database without ours."""
    return current_revision_of(connection, VERSION_TABLE)


def current_revision_of(connection: Connection, version_table: str) -> str | None:
    """Return the revision of the tables that `version_table` tells of, or None on a database without them."""
    return MigrationContext.configure(connection, opts={"version_table": version_table}).get_current_revision()


def check_schema(engine: Engine) -> None:
    """Do nothing when the tables are the expected ones.

    Raises:
        DatabaseUnreachable, SchemaMismatch: as their names say.
    """
    with reachable(engine) as connection:
        found = current_revision(connection)
    expected = expected_revision()
    if found == expected:
        return
    remedy = "lancez «\u00a0aiguilleur directory upgrade\u00a0»"
    if found is not None and not is_known(found):
        remedy = "la base vient d’une version plus récente, mettez le programme à jour"
    raise SchemaMismatch(f"Le répertoire est à la révision {found or 'aucune'}, le programme attend {expected}\u00a0: {remedy}.")


def _unreachable(url: URL, error: Exception, setting: str) -> str:
    address, reason = url.render_as_string(hide_password=True), " ".join(str(getattr(error, "orig", error)).split())
    if url.get_backend_name() == "sqlite":
        return f"La base de données {address} ne s’ouvre pas ({reason})\u00a0: donnez un autre fichier par {setting}, ou retirez celui-là."
    return f"La base de données {address} ne répond pas ({reason})\u00a0: démarrez-la ou corrigez {setting}."


def _note_write(session: Session) -> None:
    session.info["wrote"] = True


def _note_bulk_write(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _note_write(state.session)


def _forget_write(session: Session, _previous: object) -> None:
    if not session.in_transaction():
        session.info.pop("wrote", None)


def _bump_version(session: Session) -> None:
    # Last of all, so that writers wait for one another as briefly as possible.
    if session.in_nested_transaction():
        return
    session.flush()
    if session.info.pop("wrote", False):
        bump_version(session.connection())


def bump_version(connection: Connection) -> None:
    """Add one to the directory's version, for code that writes without our sessions."""
    table = DirectoryVersion.__table__
    bumped = connection.execute(update(table).values(counter=table.c.counter + 1))
    if not bumped.rowcount:
        connection.execute(insert(table).values(id=1, counter=1))


def read_version(connection: Connection) -> int:
    """Return the directory's version without a session, for readers that poll."""
    return connection.execute(select(DirectoryVersion.counter)).scalar() or 0
