"""The action server, over a connection that is kept from call to call where Rasa opens one each time."""

import asyncio
from contextvars import ContextVar
from types import TracebackType
from typing import Any
from weakref import WeakKeyDictionary

import bot.engine  # noqa: F401 - before Rasa: it quiets its import

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

# Less than what the action server keeps an idle connection (cli/actions_process.py): the side that calls hangs up first.
IDLE_S = 30
# An action takes some milliseconds; Rasa asks for five minutes.
TIMEOUT_S = 8
# Rasa goes on to the next action after one that failed: its person would wait for each. A turn is a task, with a context of its own.
_FAILED: ContextVar[bool] = ContextVar("failed", default=False)


class ActionEndpoint(EndpointConfig):
    """Rasa's endpoint whose `session` lends one session an event loop; `close` it, in each, when the assistant stops."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = WeakKeyDictionary()

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the action server answers.

        Raises:
            ClientResponseError: it fails. No action of ours declines a turn: Rasa would ask it again and again, so that is a failure too.
        """
        if _FAILED.get():
            raise ClientResponseError(503, "it failed already in this turn", "")
        try:
            return await super().request(*args, **{**kwargs, "timeout": TIMEOUT_S})
        except ClientResponseError as error:
            raise ClientResponseError(500, error.message, error.text) from error
        except (aiohttp.ClientError, asyncio.TimeoutError):
            _FAILED.set(True)
            raise

    def session(self) -> "_Lent":
        """Return the kept session for one call; a new one after `close`, or in another event loop."""
        loop = asyncio.get_running_loop()
        session = self._sessions.get(loop)
        if session is None or session.closed:
            connector = aiohttp.TCPConnector(keepalive_timeout=IDLE_S)
            session = self._sessions[loop] = aiohttp.ClientSession(headers=self.headers, connector=connector)
        return _Lent(session)

    async def close(self) -> None:
        """Hang up in this event loop."""
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session is not None:
            await session.close()


class _Lent:
    """What `async with` takes and leaves open."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None
