"""Answers what waits in the inbox: one message at a time and in order within a conversation, conversations side by side.

Whatever stops the process, what was not answered is still in the inbox, and is answered by the next one that starts.
"""

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import chain, repeat
from typing import Any, Protocol
from weakref import WeakValueDictionary

from bot.assistant import OUT_OF_ORDER, TURN_TIMEOUT_S, Assistant, Turned, bubble
from bot.channels.rendering import READ
from bot.conversations.erasing import erase, expire
from bot.conversations.inbox import Claimed, claim, unanswered
from bot.conversations.models import CHOICE, HUMAN, LAPSE, MEDIA, RESTART
from bot.conversations.outbox import settle
from bot.conversations.store import PAUSES_S, Store
from bot.one_each import OneEach
from bot.state import State
from bot.unreadable import answer_to
from directory.errors import place_of

logger = logging.getLogger(__name__)
TURNS_AT_ONCE = 8
DRAIN_S = 10
# How often the inbox is searched for what nobody was woken for, and the conversations whose time is over are deleted.
SWEEP_S = 5
EXPIRE_S = 3600
# A message that waits for as long is in nobody's hands: a turn is over before.
LEFT_S = TURN_TIMEOUT_S + 10
BACK = "C’est de nouveau Aiguilleur, un robot, qui vous répond."


class Carrier(Protocol):
    """Who brings the answers to a channel that they are pushed to."""

    def wake(self, conversation: str) -> None:
        """See that what a conversation is due is sent."""

    async def erase(self, conversation: str, answered: int) -> str | None:
        """Erase a conversation, as its message `answered` asks, and tell its person; return the conversation where what they wrote
        after it waits, if anything does."""


class Dispatcher:
    """The one who answers, in this process. `wake` it when a message is stored; `news` tells of its answer, and the carrier of its
    channel, if it has one, is woken."""

    def __init__(self, assistant: Assistant, store: Store, retention: timedelta, carriers: Mapping[str, Carrier] | None = None) -> None:
        self._assistant, self._store, self._retention = assistant, store, retention
        self._carriers = carriers or {}
        self._answering = OneEach(self._answer_all)
        # Held by those who wait, and gone with them.
        self._news: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()
        self._sweeping: asyncio.Task | None = None

    async def start(self) -> None:
        """Answer what an earlier process left, and from then on what comes."""
        self._turns = asyncio.Semaphore(TURNS_AT_ONCE)
        self._sweeping = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Finish what is being answered, `DRAIN_S` at most; the rest stays in the inbox."""
        if self._sweeping:
            self._sweeping.cancel()
        await self._answering.stop(DRAIN_S)

    def wake(self, conversation: str) -> None:
        """See that what waits in a conversation is answered."""
        self._answering.wake(conversation)

    def is_answering(self, conversation: str) -> bool:
        """Something waits for its answer in a conversation, here."""
        return conversation in self._answering

    def news(self, conversation: str) -> asyncio.Event:
        """Return what will be set when something is answered in a conversation; take it before looking, so that nothing is missed."""
        event = self._news[conversation] = self._news.get(conversation) or asyncio.Event()
        return event

    def _tell(self, conversation: str) -> None:
        if (news := self._news.pop(conversation, None)) is not None:
            news.set()

    async def _answer_all(self, conversation: str) -> None:
        for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
            try:
                while not self._answering.stopping and await self._answer_one(conversation):
                    pass
                return
            except Exception as error:  # noqa: BLE001 - the message is tried again, then answered with an apology
                logger.error("conversation %s: the turn failed with %s at %s", conversation, type(error).__name__, place_of(error))
                await asyncio.sleep(pause_s)

    async def _answer_one(self, conversation: str) -> bool:
        """Answer the first message that waits; return whether another one may wait after it."""
        # Claimed when its turn has come: a message that was never tried has not failed.
        async with self._turns:
            claimed = await self._store.insist(conversation, claim, conversation)
            if claimed is None:
                return False
            turned, state = await self._turn(claimed)
        carrier = self._carriers.get(claimed.channel)
        if turned.erase:
            await self._erase(claimed, carrier)
            return False
        read = {} if turned.failed else {**{name: getattr(turned, name) for name in READ}, "record": turned.record}
        waiting = await self._store.insist(conversation, settle, claimed, turned.replies, state, read, self._store.now())
        self._tell(conversation)
        if carrier:
            carrier.wake(conversation)
        return waiting != 0

    async def _erase(self, claimed: Claimed, carrier: Carrier | None) -> None:
        following = None
        if carrier:
            following = await carrier.erase(claimed.conversation, claimed.seq)
        else:
            await self._store.insist(claimed.conversation, erase, claimed.conversation, self._store.now())
        self._tell(claimed.conversation)
        if following:
            self.wake(following)
        await self._store.forget()

    async def _turn(self, claimed: Claimed) -> tuple[Turned, Mapping[str, Any] | None]:
        if claimed.worn:
            logger.error("conversation %s: a message was given up after several attempts", claimed.conversation)
            return Turned([bubble(OUT_OF_ORDER)], failed=True), claimed.state
        state = _state_of(claimed)
        if claimed.reintroduce == LAPSE:
            state = replace(state, begun=False, distressed=False)
        if claimed.kind == MEDIA:
            turned, after = self._assistant.unread(answer_to(claimed.entered.text), state)
        elif claimed.kind == RESTART:
            turned, after = await self._assistant.start_over(claimed.conversation, state, claimed.channel)
        else:
            payload = (claimed.payload or "") if claimed.kind == CHOICE else None
            turned, after = await self._assistant.turn(claimed.conversation, state, claimed.entered, payload, claimed.channel)
        if claimed.reintroduce == HUMAN:
            turned.replies.insert(0, bubble(BACK))
        return turned, after.as_json()

    async def _sweep(self) -> None:
        rounds = 0
        while True:
            try:
                await self._search(everything=rounds == 0)
                if rounds % (EXPIRE_S // SWEEP_S) == 0:
                    await self._expire()
                await self._store.tidy()
            except Exception as error:  # noqa: BLE001 - whatever it is, the inbox is searched again
                logger.error("the inbox could not be searched (%s at %s)", type(error).__name__, place_of(error))
            rounds += 1
            await asyncio.sleep(SWEEP_S)

    async def _search(self, everything: bool) -> None:
        # At first, what another process left; later, only what nobody can still be answering.
        before = None if everything else self._store.now() - timedelta(seconds=LEFT_S)
        found = [*await self._store.look(unanswered, before)]
        # Several processes that search at once begin elsewhere.
        random.shuffle(found)
        for conversation in found:
            self.wake(conversation)

    async def _expire(self) -> None:
        gone = 0
        while went := await self._store.run(expire, self._retention, self._store.now()):
            gone += went
        if gone:
            await self._store.forget()


def _state_of(claimed: Claimed) -> State:
    """Return the state of a conversation; a new one when it cannot be read, that of another version of the program for instance."""
    try:
        return State.from_json(claimed.state)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the person is answered
        logger.error("conversation %s: its state could not be read (%s)", claimed.conversation, type(error).__name__)
        return State(begun=True)
