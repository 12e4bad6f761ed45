"""The database of the conversations, from the event loop: each call is one transaction, in a thread of a small pool."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from functools import partial
from itertools import chain, repeat
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import sessionmaker

from bot.conversations.schema import TABLES, VERSION_TABLE
from directory.database import current_revision_of, make_engine, reachable
from directory.errors import SchemaMismatch

logger = logging.getLogger(__name__)
SETTING = "AIGUILLEUR_CONVERSATIONS_DATABASE_URL"
THREADS = 4
# How long what failed waits before it is tried again; from the last one on, as long each time.
PAUSES_S = (0.2, 0.5, 1, 2, 5)
T = TypeVar("T")


class Store:
    """Transactions on the conversations; `now` is the clock. The functions that it runs take a session first."""

    def __init__(self, database_url: str, now: Callable[[], datetime] = lambda: datetime.now(timezone.utc)) -> None:
        self.now = now
        self._engine = make_engine(database_url, begin="BEGIN IMMEDIATE", setting=SETTING)
        self._sqlite = self._engine.dialect.name == "sqlite"
        event.listen(self._engine, "connect", _prepare_sqlite if self._sqlite else _prepare_postgresql)
        # SQLite has one writer at a time: those who only look must not wait for it. Theirs is a view of one moment, as SQLite gives
        # by itself: a message stored between two readings would be passed over by whoever fetches above a number.
        self._reader = (
            make_engine(database_url, setting=SETTING)
            if self._sqlite
            else self._engine.execution_options(isolation_level="REPEATABLE READ")
        )
        self._sessions = sessionmaker(self._engine, future=True, expire_on_commit=False)
        self._looks = sessionmaker(self._reader, future=True)
        # A process that stopped between erasing and forgetting left this to do.
        self._to_forget = self._sqlite
        # Threads that race for SQLite's one writer sleep, and wake in no order: one thread writes.
        self._threads = ThreadPoolExecutor(1 if self._sqlite else THREADS, thread_name_prefix="conversations")
        self._lookers = ThreadPoolExecutor(THREADS, thread_name_prefix="lookers") if self._sqlite else self._threads

    def prepare(self) -> None:
        """Make the tables, or bring them up to date.

        Raises:
            DatabaseUnreachable, SchemaMismatch: as their names say.
        """
        with reachable(self._engine, SETTING) as connection:
            if not self._sqlite:
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            found = current_revision_of(connection, VERSION_TABLE)
            if found == TABLES.expected_revision():
                return
            if found is not None and not TABLES.is_known(found):
                raise SchemaMismatch(f"Les conversations viennent d’une version plus récente ({found})\u00a0: mettez le programme à jour.")
            TABLES.upgrade(connection)

    async def run(self, function: Callable[..., T], *arguments: Any) -> T:
        """Return what `function(session, *arguments)` gives, once its transaction is committed.

        Raises:
            What the function raises, and SQLAlchemyError: nothing was written.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(self.run_here, function, *arguments))

    async def insist(self, conversation: str, function: Callable[..., T], *arguments: Any) -> T:
        """Do what `run` does, as soon as the database answers; the log names the conversation meanwhile."""
        for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
            try:
                return await self.run(function, *arguments)
            except (OperationalError, InterfaceError) as error:
                logger.error("conversation %s: the database does not answer (%s)", conversation, type(error).__name__)
                await asyncio.sleep(pause_s)
        raise AssertionError("the pauses have no end")

    def run_here(self, function: Callable[..., T], *arguments: Any) -> T:
        """Do what `run` does, in this thread."""
        with self._sessions.begin() as session:
            return function(session, *arguments)

    async def look(self, function: Callable[..., T], *arguments: Any) -> T:
        """Return what `function(session, *arguments)` reads; it writes nothing and locks nothing.

        Raises:
            What the function raises, and SQLAlchemyError.
        """
        return await asyncio.get_running_loop().run_in_executor(self._lookers, partial(self._look, function, *arguments))

    def _look(self, function: Callable[..., T], *arguments: Any) -> T:
        with self._looks() as session:
            return function(session, *arguments)

    async def forget(self) -> None:
        """Empty the log that SQLite writes ahead, where what was just erased could still be read; `tidy` does what could not be done."""
        self._to_forget = self._sqlite
        await self.tidy()

    async def tidy(self) -> None:
        """Do what is left to forget, if somebody was reading then."""
        if self._to_forget:
            self._to_forget = await asyncio.get_running_loop().run_in_executor(self._threads, self._checkpoint)

    def _checkpoint(self) -> bool:
        """Return whether somebody was in the way."""
        connection = self._engine.raw_connection()
        try:
            (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()
        return bool(busy)

    def close(self) -> None:
        """Close the connections, after the transactions under way."""
        self._threads.shutdown()
        self._lookers.shutdown()
        self._engine.dispose()
        self._reader.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # What is acknowledged has reached the disk, even if the power fails; what is deleted leaves no bytes in the file.
    for pragma in ("synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # A process that freezes with a row in hand would take every thread of the others, one after the other.
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name, most in (("lock_timeout", "3s"), ("statement_timeout", "10s"), ("idle_in_transaction_session_timeout", "30s")):
            cursor.execute(f"SET {name} = '{most}'")
    connection.autocommit = False
