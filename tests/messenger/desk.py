"""A courier as it works in service, the assistant aside: the test says what the page owes to whom."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from types import TracebackType
from typing import Any

import httpx
from fake_graph import FakeGraph, Person
from messaging import account_of
from neutral import reply
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations import outbox
from bot.conversations.models import DUE, Delivery, Thread
from bot.conversations.store import Store
from bot.messenger.courier import Courier
from bot.messenger.events import Said
from bot.messenger.graph import Graph
from bot.messenger.threads import take_in

PATIENCE_S = 20


class Recorder(httpx.AsyncHTTPTransport):
    """The real transport, which remembers the requests and when they were made."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[tuple[float, httpx.Request]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Remember a request, and send it."""
        self.requests.append((time.monotonic(), request))
        return await super().handle_async_request(request)


class Desk:
    """A store, a courier over it and the people of a fake Graph. Use it as a context; leaving it is the end of the process."""

    def __init__(
        self,
        database_url: str,
        graph: FakeGraph,
        wait: Callable[[Awaitable], Any],
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        **account: Any,
    ) -> None:
        self.graph, self._wait = graph, wait
        self.account = account_of(graph.page, **{"graph_url": graph.url, **account})
        self.store = Store(database_url, now=now)
        self.store.prepare()
        self.recorder = Recorder()
        self.courier = Courier(Graph(self.account, self.recorder), self.store, self.account)

    def __enter__(self) -> "Desk":
        """Start the courier."""
        self._wait(self.courier.start())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it, and close."""
        self._wait(self.courier.stop())
        self.store.close()

    @property
    def counts(self) -> dict[str, int]:
        """What became of the requests."""
        return dict(self.courier.counts)

    @property
    def gaps_s(self) -> list[float]:
        """How long passed between requests."""
        moments = [moment for moment, _ in self.recorder.requests]
        return [after - before for before, after in zip(moments, moments[1:], strict=False)]

    def someone(self) -> Person:
        """Return someone new who has written to the page."""
        person = self.graph.person()
        self.hear(person)
        return person

    def hear(self, person: Person, text: str = "Bonjour") -> None:
        """Take in what someone writes, without answering it."""
        mid = person.says(text)
        self.store.run_here(take_in, self.account, [Said(person.psid, mid, self.graph.now(), text)], self.store.now())

    def name_of(self, person: Person) -> str:
        """Return the name of someone's conversation."""
        query = select(Thread.conversation_id).where(Thread.psid == person.psid)
        return self.store.run_here(lambda session: session.execute(query).scalar_one())

    def owe(self, person: Person, *replies: dict[str, Any] | str) -> None:
        """Put replies in the outbox, and wake the courier. A button's payload is its title."""
        made = [each if isinstance(each, dict) else reply(each) for each in replies]
        given = [{**each, "buttons": [{"title": b["title"], "payload": b["title"]} for b in each["buttons"]]} for each in made]
        name = self.name_of(person)
        self.store.run_here(outbox.greet, name, given, self.store.now())
        self.wake(person)

    def wake(self, *people: Person) -> None:
        """Wake the courier for what people are owed."""
        names = [self.name_of(person) for person in people]
        self.on_the_loop(lambda: [self.courier.wake(name) for name in names])

    def on_the_loop(self, act: Callable[[], Any]) -> Any:
        """Do something where the courier works."""

        async def do() -> Any:
            return act()

        return self._wait(do())

    def rows(self, person: Person) -> list[Delivery]:
        """Return the deliveries of someone, in order."""
        name = self.name_of(person)

        def look(session: Session) -> list[Delivery]:
            return session.execute(select(Delivery).where(Delivery.conversation_id == name).order_by(Delivery.seq)).scalars().all()

        return self.store.run_here(look)

    def states(self, person: Person) -> list[tuple[str, str | None]]:
        """Return the state of each delivery of someone, and its reason."""
        return [(row.state, row.reason) for row in self.rows(person)]

    def settle(self, patience_s: float = PATIENCE_S) -> None:
        """Wait until nothing is due any more, and nothing is under way."""
        due = select(Delivery.outbox_id).where(Delivery.state == DUE).limit(1)
        self.until(lambda: self.store.run_here(lambda session: session.execute(due).first()) is None, patience_s)
        self.until(lambda: not self.courier._sending, patience_s)

    def until(self, holds: Callable[[], Any], patience_s: float = PATIENCE_S) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + patience_s
        while not holds():
            assert time.monotonic() < deadline, "it did not come about"
            time.sleep(0.005)

    def rest(self) -> None:
        """Let the courier's loop do all that it can do now."""
        self._wait(asyncio.sleep(0.1))


def shown(person: Person) -> list[str]:
    """Return the texts that the page showed someone, in order."""
    return person.texts_since(0)
