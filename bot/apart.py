"""The assistant in a thread of its own: whatever a turn does there, messages are taken in and acknowledged meanwhile."""

import asyncio
import logging
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from bot.assistant import OUT_OF_ORDER, TURN_TIMEOUT_S, Assistant, Turned, bubble
from bot.door import Entered
from bot.state import State

logger = logging.getLogger(__name__)
# A turn ends itself before, unless what it runs never lets go.
STUCK_S = TURN_TIMEOUT_S + 5
CLOSED_IN_S = 2
T = TypeVar("T")


class Apart:
    """Does what an `Assistant` does, in an event loop of its own. `start` it first, `close` it at the end.

    A turn that never lets go of its loop gets its apology after `stuck_s` seconds, and the next ones another loop.
    """

    def __init__(self, assistant: Assistant, stuck_s: float = STUCK_S) -> None:
        self._assistant, self._stuck_s = assistant, stuck_s
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Make the thread; it dies with the process."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=_run, args=(self._loop,), name="assistant", daemon=True)
        self._thread.start()

    async def _there(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def turn(self, conversation: str, state: State, entered: Entered, payload: str | None, channel: str) -> tuple[Turned, State]:
        """Do what `Assistant.turn` does."""
        return await self._turned(conversation, state, self._assistant.turn(conversation, state, entered, payload, channel))

    async def start_over(self, conversation: str, state: State, channel: str) -> tuple[Turned, State]:
        """Do what `Assistant.start_over` does."""
        return await self._turned(conversation, state, self._assistant.start_over(conversation, state, channel))

    async def _turned(self, conversation: str, state: State, work: Coroutine[Any, Any, tuple[Turned, State]]) -> tuple[Turned, State]:
        loop = self._loop
        try:
            return await asyncio.wait_for(self._there(work), self._stuck_s)
        except asyncio.TimeoutError:
            logger.error("conversation %s: the turn did not end in %s s", conversation, self._stuck_s)
            if loop is self._loop:
                self.start()
            return Turned([bubble(OUT_OF_ORDER)], failed=True), state

    def unread(self, sentence: str, state: State) -> tuple[Turned, State]:
        """Do what `Assistant.unread` does."""
        return self._assistant.unread(sentence, state)

    async def parse(self, text: str) -> dict[str, Any]:
        """Do what `Assistant.parse` does."""
        return await self._there(self._assistant.parse(text))

    async def warm_up(self) -> None:
        """Do what `Assistant.warm_up` does."""
        await self._there(self._assistant.warm_up())

    async def close(self) -> None:
        """Do what `Assistant.close` does, and end the thread."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._there(self._assistant.close()), CLOSED_IN_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join, CLOSED_IN_S)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()
