"""Tells the journal what was said, after the turns and beside them: a journal that is down delays nobody and loses nothing.

What is due is noted in the database of the conversations; whatever stops, it is told later, and telling it twice changes nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import chain, repeat
from typing import Any, TypeVar

from sqlalchemy import select

from bot.conversations.erasing import erase as erase_conversation
from bot.conversations.store import PAUSES_S, Store
from bot.conversations.telling import Due, due, erased, named, settle_due, settle_erased, told_of
from directory.errors import place_of
from journal.erasing import ERASURE, erase, purge
from journal.models import Request
from journal.store import Journal
from journal.told import ToldConversation
from journal.writing import write

logger = logging.getLogger(__name__)
# How long after a turn it is told, at most; those that come together are told together.
LOOK_S = 1
PURGE_S = 3600
# Who deletes what is over its time, in the reports.
OURSELVES = "aiguilleur"
T = TypeVar("T")
Levels = Callable[[str], Mapping[str, str]]


class Journaling:
    """The one who tells the journal, in this process; `levels` gives the territories at and above a code, by level."""

    def __init__(self, store: Store, journal: Journal, levels: Levels, retention: timedelta) -> None:
        self._store, self._journal, self._levels, self._retention = store, journal, levels, retention
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._task: asyncio.Task | None = None
        self._to_forget = journal.is_sqlite
        self._purge_at = 0.0

    async def start(self) -> None:
        """Tell what is due, and from then on what comes."""
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Tell what is still due, once, and stop; what cannot be told is told by the next process."""
        if self._task is None:
            return
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        with suppress(Exception):
            await self.catch_up()
        self._thread.shutdown()
        self._journal.close()

    async def _follow(self) -> None:
        pauses = chain(PAUSES_S, repeat(PAUSES_S[-1]))
        while True:
            try:
                await self.catch_up()
                await self._purge()
                pauses = chain(PAUSES_S, repeat(PAUSES_S[-1]))
            except Exception as error:  # noqa: BLE001 - whatever it is, what is due is told later
                logger.error("the journal could not be told (%s at %s)", type(error).__name__, place_of(error))
                await asyncio.sleep(next(pauses))
            await asyncio.sleep(LOOK_S)

    async def catch_up(self) -> None:
        """Tell all that is due, carry out what staff asked, and pass on what was erased.

        Raises:
            SQLAlchemyError, DirectoryError: a database does not answer; what is left is still due.
        """
        while await self.tell():
            pass
        await self._carry_out()
        while gone := await self._store.look(erased):
            await self._erase(gone)
        if self._to_forget:
            self._to_forget = not await self._apart(self._journal.forget)

    async def tell(self) -> int:
        """Tell some of what is due, and return of how many conversations it was; 0 when nothing is due.

        Raises:
            SQLAlchemyError, DirectoryError: a database does not answer; nothing was told.
        """
        found = await self._store.look(due)
        if found:
            await self._tell(found)
        return len(found)

    async def _tell(self, found: Sequence[Due]) -> None:
        told = await self._store.look(self._read, found)
        await self._apart(self._write, told)
        await self._store.run(settle_due, found)

    def _read(self, session: Any, found: Sequence[Due]) -> list[ToldConversation]:
        told = (told_of(session, each, self._levels) for each in found)
        return [each for each in told if each is not None]

    def _write(self, told: Sequence[ToldConversation]) -> None:
        with self._journal.writing.begin() as session:
            write(session, told)

    async def _erase(self, gone: Sequence[tuple[str, str]]) -> None:
        await self._apart(self._erase_here, gone)
        await self._store.run(settle_erased, [digest for digest, _ in gone])
        self._to_forget = self._journal.is_sqlite

    def _erase_here(self, gone: Sequence[tuple[str, str]]) -> None:
        with self._journal.writing.begin() as session:
            for digest, proof in gone:
                erase(session, digest, proof, ERASURE, self._store.now())

    async def _carry_out(self) -> None:
        """Erase the conversations that staff asked to erase; what the channel no longer holds is erased here alone."""
        for digest, by in await self._apart(self._asked):
            proof = await self._store.run(_erase_of, digest, self._store.now())
            await self._apart(self._close, digest, proof, by)
            await self._store.forget()
            self._to_forget = self._journal.is_sqlite

    def _asked(self) -> list[tuple[str, str]]:
        with self._journal.reading() as session:
            return [(each.digest, each.by) for each in session.execute(select(Request).where(Request.done_at.is_(None))).scalars()]

    def _close(self, digest: str, proof: str | None, by: str) -> None:
        with self._journal.writing.begin() as session:
            erase(session, digest, proof, by, self._store.now())

    async def _purge(self) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._purge_at:
            return
        report = None
        while (report := await self._apart(self._purge_some, report)) is not None:
            self._to_forget = self._journal.is_sqlite
        self._purge_at = now + PURGE_S

    def _purge_some(self, report: int | None) -> int | None:
        with self._journal.writing.begin() as session:
            made = purge(session, self._retention, OURSELVES, self._store.now(), report)
            return made and made.id

    async def _apart(self, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(function, *arguments))


def _erase_of(session: Any, digest: str, now: Any) -> str | None:
    name = named(session, digest)
    return erase_conversation(session, name, now) if name else None
