"""The database of the conversations, from the event loop: each call is one transaction, in a thread of a small pool."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import sessionmaker

from bot.conversations.schema import TABLES
from directory.database import make_engine, reachable

SETTING = "AIGUILLEUR_CONVERSATIONS_DATABASE_URL"
THREADS = 4
T = TypeVar("T")


class Store:
    """Transactions on the conversations; `now` is the clock. The functions that it runs take a session first."""

    def __init__(self, database_url: str, now: Callable[[], datetime] = lambda: datetime.now(timezone.utc)) -> None:
        self.now = now
        self._engine = make_engine(database_url, begin="BEGIN IMMEDIATE", setting=SETTING)
        self._sqlite = self._engine.dialect.name == "sqlite"
        if self._sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)
        self._sessions = sessionmaker(self._engine, future=True, expire_on_commit=False)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="conversations")

    def prepare(self) -> None:
        """Make the tables, or bring them up to date.

        Raises:
            DatabaseUnreachable, UnknownRevision: as their names say.
        """
        with reachable(self._engine, SETTING) as connection:
            TABLES.upgrade(connection)

    async def run(self, function: Callable[..., T], *arguments: Any) -> T:
        """Return what `function(session, *arguments)` gives, once its transaction is committed.

        Raises:
            What the function raises, and SQLAlchemyError: nothing was written.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(self.run_here, function, *arguments))

    def run_here(self, function: Callable[..., T], *arguments: Any) -> T:
        """Do what `run` does, in this thread."""
        with self._sessions.begin() as session:
            return function(session, *arguments)

    async def forget(self) -> None:
        """Empty the log that SQLite writes ahead, where what was just erased could still be read."""
        if self._sqlite:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._checkpoint)

    def _checkpoint(self) -> None:
        connection = self._engine.raw_connection()
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        finally:
            connection.close()

    def close(self) -> None:
        """Close the connections, after the transactions under way."""
        self._threads.shutdown()
        self._engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # What is acknowledged has reached the disk, even if the power fails; what is deleted leaves no bytes in the file.
    for pragma in ("synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}").close()
