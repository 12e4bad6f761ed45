"""The web channel over HTTP, as it runs in service, on the assistant of the session; the environment of other processes."""

import asyncio
import os
import shutil
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx
import pytest
from databases import with_conversations, with_journal

WEB_SECRET = "the secret of this session"
# What the libraries set in this process while they are imported: a new process starts without it.
SET_BY_LIBRARIES = ("TF_", "RASA_", "LOG_LEVEL", "SQLALCHEMY_", "SANIC_", "CUDA_")
Environment = Callable[..., dict[str, str]]


class Web(NamedTuple):
    """A running server: its address, a client for it, the secret of its tokens, the database of its conversations, its application, its
    journal and who tells it."""

    url: str
    client: httpx.Client
    secret: str
    store: Any
    app: Any = None
    journal: Any = None
    journaling: Any = None

    def begin(self, **body: Any) -> str:
        """Return the token of a new conversation."""
        answer = self.client.post("/widget/v1/conversations", json={"keep": True, "notice": "test", **body})
        assert answer.status_code == 201, answer.text
        return answer.json()["token"]

    def ask(self, method: str, path: str, token: str | None, **options: Any) -> httpx.Response:
        """Return the answer to a request of the protocol."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.client.request(method, f"/widget/v1/{path}", headers={**headers, **options.pop("headers", {})}, **options)

    def post(self, token: str, **message: Any) -> httpx.Response:
        """Return the acknowledgement of a message (`text`, `choice` or `restart`), under a new id unless one is given."""
        return self.ask("POST", "messages", token, json={"id": uuid.uuid4().hex, **message})

    def fetch(self, token: str, after: int = 0, wait: int = 0) -> httpx.Response:
        """Return what was said above `after`."""
        return self.ask("GET", f"messages?after={after}&wait={wait}", token)

    def say(self, token: str, **message: Any) -> list[dict[str, Any]]:
        """Return our messages that answer a message."""
        acknowledged = self.post(token, **message)
        assert acknowledged.status_code == 202, acknowledged.text
        return self.answer(token, acknowledged.json()["message"]["seq"])

    def answer(self, token: str, seq: int) -> list[dict[str, Any]]:
        """Return our messages that answer the message of number `seq`, once they are there."""
        after, found = seq, []
        while not (found and found[-1]["last"]):
            fetched = self.fetch(token, after, 25)
            assert fetched.status_code == 200, fetched.text
            messages = fetched.json()["messages"]
            assert messages, f"message {seq} was not answered"
            found += [each for each in messages if each.get("answers") == seq]
            after = messages[-1]["seq"]
        return found


@pytest.fixture(scope="session")
def serve_app(
    request: pytest.FixtureRequest, wait: Callable[[Awaitable], Any], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Any]:
    """A maker of servers on the shared assistant, each with conversations of its own, as a context manager.

    Keywords are those of `Service`; `database_url` and `now` those of the store; `journal_url` that of the journal; `assistant` another
    one, so that none is loaded.
    """
    from sanic import Sanic

    from bot.conversations.store import Store
    from bot.journaling import Journaling
    from bot.server import Service, make_app
    from bot.territories import Territories
    from cli.stack import free_port
    from journal.store import Journal

    # Several servers in one process: what Sanic has for tests.
    Sanic.test_mode = True

    @contextmanager
    def serve(**said: Any) -> Iterator[Web]:
        folder = tmp_path_factory.mktemp("served")
        url = said.pop("database_url", None) or with_conversations(f"sqlite:///{folder / 'conversations.db'}")
        store = Store(url, **({"now": said.pop("now")} if "now" in said else {}))
        store.prepare()
        journal = Journal(said.pop("journal_url", None) or with_journal(f"sqlite:///{folder / 'journal.db'}"))
        journal.prepare()
        assistant = said.pop("assistant", None)
        # The places of a conversation are those of the directory, which a stand-in for the assistant does without.
        levels = (lambda _code: {}) if assistant else Territories(request.getfixturevalue("seeded")).levels
        service = Service(WEB_SECRET, **said)
        journaling = Journaling(store, journal, levels, service.retention)
        app = make_app(assistant or request.getfixturevalue("assistant"), store, service, journaling)
        port = free_port()

        async def start() -> Any:
            server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
            await server.startup()
            await server.before_start()
            await server.start_serving()
            return server

        async def stop() -> None:
            await server.before_stop()
            server.close()
            await server.wait_closed()
            # Browsers keep connections open.
            for connection in [*server.connections]:
                connection.abort()
            while server.connections:
                await asyncio.sleep(0.01)

        server = wait(start())
        address = f"http://127.0.0.1:{port}"
        try:
            with httpx.Client(base_url=address, timeout=60) as client:
                yield Web(address, client, WEB_SECRET, store, app, journal, journaling)
        finally:
            wait(stop())
            store.close()

    return serve


@pytest.fixture(scope="session")
def web(serve_app: Callable[..., Any]) -> Iterator[Web]:
    """The widget's channel, over HTTP, on the shared assistant; with limits that the tests of other things do not reach."""
    from bot.channels.limits import Rates

    with serve_app(rates=Rates(write=10_000, fetch=10_000, begin=10_000, address=100_000)) as serving:
        yield serving


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """The environment of a new process as an operator has it, with the variables given as keywords; its journal and the port of its
    console are its own.

    What Python compiles is kept for the session alone: the first process compiles the libraries, as after an installation,
    and hears what they say of it; the next ones do not wait for it again.
    """
    compiled = tmp_path_factory.mktemp("compiled")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SET_BY_LIBRARIES)}
    kept |= {"PYTHONPYCACHEPREFIX": str(compiled), "PYTHONDONTWRITEBYTECODE": ""}

    def own(**variables: str) -> dict[str, str]:
        from cli.stack import free_port

        journal = f"sqlite:///{tmp_path_factory.mktemp('journal') / 'journal.db'}"
        return {**kept, "AIGUILLEUR_JOURNAL_DATABASE_URL": journal, "AIGUILLEUR_CONSOLE_PORT": str(free_port()), **variables}

    yield own
    shutil.rmtree(compiled)
