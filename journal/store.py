"""The database of the journal: an engine that forgets what is erased, and sessions that read or write."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from directory.database import current_revision_of, make_engine, reachable
from directory.errors import DatabaseUnreachable, SchemaMismatch
from journal.schema import TABLES, VERSION_TABLE

SETTING = "AIGUILLEUR_JOURNAL_DATABASE_URL"


class Journal:
    """The journal at an address. Sessions of `writing` wait for one another on SQLite; those of `reading` wait for nobody."""

    def __init__(self, database_url: str) -> None:
        self._writer = make_engine(database_url, begin="BEGIN IMMEDIATE", setting=SETTING)
        self.is_sqlite = self._writer.dialect.name == "sqlite"
        self._reader = make_engine(database_url, setting=SETTING) if self.is_sqlite else self._writer
        event.listen(self._writer, "connect", _leave_no_bytes if self.is_sqlite else _wait_not_for_ever)
        self.writing = sessionmaker(self._writer, future=True, expire_on_commit=False)
        self.reading = sessionmaker(self._reader, future=True, expire_on_commit=False)

    @property
    def engine(self) -> Engine:
        """The engine of the sessions that write."""
        return self._writer

    def prepare(self) -> None:
        """Make the tables, or bring them up to date.

        Raises:
            DatabaseUnreachable, SchemaMismatch: as their names say.
        """
        with reachable(self._writer, SETTING) as connection:
            found = current_revision_of(connection, VERSION_TABLE)
            if found == TABLES.expected_revision():
                return
            if found is not None and not TABLES.is_known(found):
                raise SchemaMismatch(f"Le journal vient d’une version plus récente ({found})\u00a0: mettez le programme à jour.")
            if not self.is_sqlite:
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            TABLES.upgrade(connection)

    def forget(self) -> bool:
        """Empty the log that SQLite writes ahead, where what was just erased could still be read; return whether nobody was in the way."""
        if not self.is_sqlite:
            return True
        connection = self._writer.raw_connection()
        try:
            (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except DBAPIError as error:
            raise DatabaseUnreachable(str(error.orig)) from error
        finally:
            connection.close()
        return not busy

    def close(self) -> None:
        """Close the connections."""
        self._writer.dispose()
        self._reader.dispose()


def _leave_no_bytes(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA secure_delete = ON").close()


def _wait_not_for_ever(connection: Any, _record: object) -> None:
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '60s'")
        cursor.execute("SET lock_timeout = '10s'")
    connection.autocommit = False
