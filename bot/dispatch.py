"""Answers what waits in the inbox: one message at a time and in order within a conversation, conversations side by side.

Whatever stops the process, what was not answered is still in the inbox, and is answered by the next one that starts.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import chain, repeat
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from bot.assistant import OUT_OF_ORDER, Assistant, State, Turned, bubble
from bot.conversations.erasing import erase, expire
from bot.conversations.inbox import Claimed, claim, unanswered
from bot.conversations.models import CHOICE, RESTART
from bot.conversations.outbox import settle
from bot.conversations.store import Store
from directory.errors import place_of

logger = logging.getLogger(__name__)
TURNS_AT_ONCE = 8
DRAIN_S = 10
# How often the inbox is searched for what nobody was woken for, and the conversations whose time is over are deleted.
SWEEP_S = 5
EXPIRE_S = 3600
# How long what failed waits before it is tried again; from the last one on, as long each time.
_PAUSES_S = (0.2, 0.5, 1, 2, 5)
T = TypeVar("T")


class Dispatcher:
    """The one who answers, in this process. `wake` it when a message is stored; `news` tells of its answer."""

    def __init__(self, assistant: Assistant, store: Store, retention: timedelta) -> None:
        self._assistant, self._store, self._retention = assistant, store, retention
        self._at_work: dict[str, asyncio.Task] = {}
        self._again: set[str] = set()
        # Held by those who wait, and gone with them.
        self._news: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()
        self._sweeping: asyncio.Task | None = None
        self._stopping = False

    async def start(self) -> None:
        """Answer what an earlier process left, and from then on what comes."""
        self._turns = asyncio.Semaphore(TURNS_AT_ONCE)
        self._sweeping = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Finish the turns under way, `DRAIN_S` at most; the others stay in the inbox."""
        self._stopping = True
        if self._sweeping:
            self._sweeping.cancel()
        tasks = [*self._at_work.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=DRAIN_S)
        for task in tasks:
            task.cancel()

    def wake(self, conversation: str) -> None:
        """See that what waits in a conversation is answered."""
        if self._stopping:
            return
        if conversation in self._at_work:
            self._again.add(conversation)
            return
        task = self._at_work[conversation] = asyncio.create_task(self._answer_all(conversation))
        task.add_done_callback(lambda _: self._left(conversation))

    def _left(self, conversation: str) -> None:
        self._at_work.pop(conversation, None)
        if conversation in self._again:
            self._again.discard(conversation)
            self.wake(conversation)

    def news(self, conversation: str) -> asyncio.Event:
        """Return what will be set when something is answered in a conversation; take it before looking, so that nothing is missed."""
        event = self._news[conversation] = self._news.get(conversation) or asyncio.Event()
        return event

    def _tell(self, conversation: str) -> None:
        if (news := self._news.pop(conversation, None)) is not None:
            news.set()

    async def _answer_all(self, conversation: str) -> None:
        for pause_s in chain(_PAUSES_S, repeat(_PAUSES_S[-1])):
            try:
                while not self._stopping and (claimed := await self._stored(conversation, claim, conversation)):
                    await self._answer(claimed)
                return
            except Exception as error:  # noqa: BLE001 - the message is tried again, then answered with an apology
                logger.error("conversation %s: the turn failed with %s at %s", conversation, type(error).__name__, place_of(error))
                await asyncio.sleep(pause_s)

    async def _answer(self, claimed: Claimed) -> None:
        async with self._turns:
            turned, state = await self._turn(claimed)
        if turned.erase:
            await self._stored(claimed.conversation, erase, claimed.conversation, self._store.now())
            await self._store.forget()
        else:
            reading = {"intent": turned.intent, "entities": turned.entities, "latency_ms": turned.latency_ms}
            await self._stored(claimed.conversation, settle, claimed, turned.replies, state, reading, self._store.now())
        self._tell(claimed.conversation)

    async def _stored(self, conversation: str, function: Callable[..., T], *arguments: Any) -> T:
        """Return what the store gives, as soon as its database answers; meanwhile the channel tells the person so."""
        for pause_s in chain(_PAUSES_S, repeat(_PAUSES_S[-1])):
            try:
                return await self._store.run(function, *arguments)
            except (OperationalError, InterfaceError) as error:
                logger.error("conversation %s: the database does not answer (%s)", conversation, type(error).__name__)
                await asyncio.sleep(pause_s)
        raise AssertionError("the pauses have no end")

    async def _turn(self, claimed: Claimed) -> tuple[Turned, Mapping[str, Any] | None]:
        if claimed.worn:
            logger.error("conversation %s: a message was given up after several attempts", claimed.conversation)
            return Turned([bubble(OUT_OF_ORDER)], failed=True), claimed.state
        state = State.from_json(claimed.state)
        if claimed.kind == RESTART:
            turned, after = await self._assistant.start_over(claimed.conversation, state, claimed.channel)
        else:
            payload = (claimed.payload or "") if claimed.kind == CHOICE else None
            turned, after = await self._assistant.turn(claimed.conversation, state, claimed.entered, payload, claimed.channel)
        return turned, after.as_json()

    async def _sweep(self) -> None:
        rounds = 0
        while True:
            try:
                for conversation in await self._store.run(unanswered):
                    self.wake(conversation)
                if rounds % (EXPIRE_S // SWEEP_S) == 0 and await self._store.run(expire, self._retention, self._store.now()):
                    await self._store.forget()
            except SQLAlchemyError as error:
                logger.error("the inbox does not answer (%s)", type(error).__name__)
            rounds += 1
            await asyncio.sleep(SWEEP_S)
