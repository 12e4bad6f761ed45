"""Tells the journal what was said, after the turns and beside them: a journal that is down delays nobody and loses nothing.

What is due is noted in the database of the conversations; whatever stops, it is told later, and telling it twice changes nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError

from bot.conversations.erasing import erase as erase_conversation
from bot.conversations.erasing import proof_of_digest
from bot.conversations.store import Store
from bot.conversations.telling import AT_ONCE, Due, due, erased, named, settle_due, settle_erased, told_of
from directory.errors import place_of
from journal.erasing import ERASURE, erase, purge
from journal.models import Request
from journal.store import Journal
from journal.told import ToldConversation, digest_of
from journal.writing import holds, write

logger = logging.getLogger(__name__)
# How long after a turn it is told, at most; those that come together are told together.
LOOK_S = 1
AFTER_A_FAULT_S = 5
DRAIN_S = 10
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
        self._prepared = False
        self._to_forget = journal.is_sqlite
        self._purge_at = 0.0
        # Conversations that could not be told, and as far as they went then: they do not hold up the others.
        self._aside: dict[str, int] = {}

    async def start(self) -> None:
        """Tell what is due, and from then on what comes."""
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Tell what is still due, `DRAIN_S` at most, and stop; what cannot be told is told by the next process."""
        if self._task is None:
            return
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        with suppress(Exception):
            await asyncio.wait_for(self.catch_up(), DRAIN_S)
        self._thread.shutdown(wait=False)
        self._journal.close()

    async def _follow(self) -> None:
        while True:
            try:
                done = await self._round()
            except Exception as error:  # noqa: BLE001 - whatever it is, what is due is told later
                logger.error("the journal could not be followed (%s at %s)", type(error).__name__, place_of(error))
                done = False
            await asyncio.sleep(LOOK_S if done else AFTER_A_FAULT_S)

    async def _round(self) -> bool:
        """Do all that there is to do, what is to disappear first; return whether nothing failed."""
        if not self._prepared:
            await self._apart(self._journal.prepare)
            self._prepared = True
        failed = [
            step for step in (self._carry_out, self._pass_on, self._tell_all, self._purge, self._forget) if not await self._tried(step)
        ]
        return not failed

    async def _tried(self, step: Callable[[], Awaitable[None]]) -> bool:
        try:
            await step()
        except Exception as error:  # noqa: BLE001 - one step that fails leaves the others to be done
            logger.error("the journal could not be told (%s at %s)", type(error).__name__, place_of(error))
            return False
        return True

    async def catch_up(self) -> None:
        """Carry out what staff asked, pass on what was erased, and tell all that is due.

        Raises:
            SQLAlchemyError, DirectoryError: a database does not answer; what is left is still due.
        """
        for step in (self._carry_out, self._pass_on, self._tell_all, self._forget):
            await step()

    async def _tell_all(self) -> None:
        while await self.tell():
            pass

    async def _pass_on(self) -> None:
        while gone := await self._store.look(erased):
            await self._erase(gone)

    async def _forget(self) -> None:
        if self._to_forget:
            self._to_forget = not await self._apart(self._journal.forget)

    async def tell(self) -> int:
        """Tell some of what is due, and return of how many conversations it was; 0 when nothing is due. One that cannot be told is set
        aside until more is said in it.

        Raises:
            OperationalError, InterfaceError, ProgrammingError: a database does not answer, or has not its tables; nothing more was told.
        """
        found = [
            each for each in await self._store.look(due, AT_ONCE + len(self._aside)) if self._aside.get(each.conversation) != each.mark
        ]
        told = []
        try:
            for each in found:
                if await self._told(each):
                    told.append(each)
        finally:
            await self._store.run(settle_due, told)
        return len(found)

    async def _told(self, each: Due) -> bool:
        try:
            if each.since > 0 and not await self._apart(self._holds, each.conversation):
                # It was purged, or never told: its end alone would say something else.
                each = replace(each, since=0)
            if (conversation := await self._store.look(told_of, each, self._levels)) is not None:
                await self._apart(self._write, conversation)
        except (OperationalError, InterfaceError, ProgrammingError):
            # The database, or its tables, are not there: nothing is wrong with the conversation.
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others are told
            logger.error(
                "conversation %s: the journal could not be told of it (%s at %s)", each.conversation, type(error).__name__, place_of(error)
            )
            self._aside[each.conversation] = each.mark
            return False
        self._aside.pop(each.conversation, None)
        return True

    def _holds(self, conversation: str) -> bool:
        with self._journal.reading() as session:
            return holds(session, digest_of(conversation))

    def _write(self, told: ToldConversation) -> None:
        with self._journal.writing.begin() as session:
            write(session, [told])

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
    """Return the proof of the erasure of a conversation, which may have been erased already; None when nobody knows it."""
    name = named(session, digest)
    return erase_conversation(session, name, now) if name else proof_of_digest(session, digest)
