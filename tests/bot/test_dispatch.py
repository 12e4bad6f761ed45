"""Who answers the inbox: in order, once, side by side, and after any stop. The assistant is a stand-in; the database is real."""

import asyncio
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from databases import with_conversations
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.assistant import OUT_OF_ORDER, Turned, bubble
from bot.conversations import inbox, outbox
from bot.conversations.errors import NoConversation
from bot.conversations.inbox import MAX_ATTEMPTS, Begun, Incoming
from bot.conversations.models import RESTART, TEXT, Conversation, Inbound
from bot.conversations.store import Store
from bot.dispatch import Dispatcher
from bot.door import enter
from bot.state import State

RETENTION = timedelta(days=90)


class Echo:
    """Answers « réponse à … », after a pause; counts in the state the turns that it was shown; fails at the texts of `fails`."""

    def __init__(self, pause_s: float = 0.0, fails: tuple[str, ...] = ()) -> None:
        self.pause_s, self.fails = pause_s, fails
        self.under_way: set[str] = set()
        self.most_at_once = 0
        self.overlaps = 0

    async def turn(self, conversation: str, state: State, entered: Any, _payload: Any, _channel: str) -> tuple[Turned, State]:
        """Return the echo of a text."""
        self.overlaps += conversation in self.under_way
        self.under_way.add(conversation)
        self.most_at_once = max(self.most_at_once, len(self.under_way))
        try:
            await asyncio.sleep(self.pause_s)
        finally:
            self.under_way.discard(conversation)
        if entered.text in self.fails:
            raise RuntimeError("a fault")
        turns = int(state.issued.get("turns", "0")) + 1
        return Turned([bubble(f"{turns} réponse à {entered.text}")]), State(issued={"turns": str(turns)})

    async def start_over(self, _conversation: str, _state: State, _channel: str) -> tuple[Turned, State]:
        """Return the words of a new start."""
        return Turned([bubble("On repart à zéro.")]), State()


class Server:
    """A store, and dispatchers that come and go over it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.store = Store(url)
        self.store.prepare()

    def begin(self) -> str:
        """Return the name of a new conversation."""
        return self.store.run_here(inbox.begin, Begun("web", True, "2026-11"), None, self.store.now())

    def receive(self, name: str, text: str, kind: str = TEXT) -> None:
        """Store a message."""
        self.store.run_here(inbox.receive, name, Incoming(f"channel-id-{text}", kind, enter(text)), self.store.now())

    def ours(self, name: str) -> list[tuple[int | None, str]]:
        """Return our messages, each with the number of the one that it answers."""
        said = self.store.run_here(outbox.said_since, name, 0, 1000)
        return [(message.answers, message.content["text"]) for message, _ in said if not hasattr(message, "kind")]

    async def answered(self) -> None:
        """Return when nothing waits any more."""
        while await self.store.run(inbox.unanswered):
            await asyncio.sleep(0.01)


@pytest.fixture
def server(new_database: Callable[[], str]) -> Iterator[Server]:
    """A server on a database of its own, SQLite and PostgreSQL."""
    made = Server(with_conversations(new_database()))
    yield made
    made.store.close()


def _serve(server: Server, echo: Echo, work: Callable[[Dispatcher], Any]) -> None:
    async def run() -> None:
        dispatcher = Dispatcher(echo, server.store, RETENTION)
        await dispatcher.start()
        await work(dispatcher)
        await asyncio.wait_for(server.answered(), 60)
        await dispatcher.stop()

    asyncio.run(run())


def test_messages_of_a_conversation_are_answered_one_at_a_time_and_in_order(server):
    name, echo = server.begin(), Echo(pause_s=0.02)

    async def work(dispatcher: Dispatcher) -> None:
        for letter in "abcde":
            server.receive(name, letter)
            dispatcher.wake(name)

    _serve(server, echo, work)
    assert [text for _, text in server.ours(name)] == [f"{n} réponse à {letter}" for n, letter in enumerate("abcde", start=1)]
    assert echo.overlaps == 0


def test_conversations_are_answered_side_by_side(server):
    names, echo = [server.begin() for _ in range(6)], Echo(pause_s=0.2)

    async def work(dispatcher: Dispatcher) -> None:
        for name in names:
            server.receive(name, "allo")
            dispatcher.wake(name)

    _serve(server, echo, work)
    assert echo.most_at_once > 2
    assert all(server.ours(name) == [(1, "1 réponse à allo")] for name in names)


def test_what_an_earlier_process_left_is_answered_without_being_woken(server):
    name = server.begin()
    server.receive(name, "allo")

    async def nothing(_dispatcher: Dispatcher) -> None:
        return

    _serve(server, Echo(), nothing)
    assert server.ours(name) == [(1, "1 réponse à allo")]


def test_a_message_that_fails_each_time_ends_in_an_apology_and_the_next_one_is_answered(server):
    name = server.begin()
    server.receive(name, "cassé")
    server.receive(name, "allo")

    async def wake(dispatcher: Dispatcher) -> None:
        dispatcher.wake(name)

    _serve(server, Echo(fails=("cassé",)), wake)
    assert server.ours(name) == [(1, OUT_OF_ORDER), (2, "1 réponse à allo")]


def test_a_state_of_another_version_of_the_program_is_answered_all_the_same(server):
    name = server.begin()

    def spoil(session: Session) -> None:
        session.get(Conversation, name).state = {"events": [{"event": "of_another_time"}], "issued": {}, "begun": True}

    server.store.run_here(spoil)
    server.receive(name, "allo")

    async def wake(dispatcher: Dispatcher) -> None:
        dispatcher.wake(name)

    _serve(server, Echo(), wake)
    assert server.ours(name) == [(1, "1 réponse à allo")]


def test_what_waits_for_its_turn_when_the_process_stops_has_not_failed(server):
    names = [server.begin() for _ in range(20)]
    for name in names:
        server.receive(name, "allo")

    async def stopped() -> None:
        dispatcher = Dispatcher(Echo(pause_s=30), server.store, RETENTION)
        await dispatcher.start()
        await asyncio.sleep(0.3)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    for _ in range(MAX_ATTEMPTS + 1):
        asyncio.run(stopped())

    async def nothing(_dispatcher: Dispatcher) -> None:
        return

    tries = dict(server.store.run_here(lambda session: session.execute(select(Inbound.conversation_id, Inbound.attempts)).all()))
    # Claimed at once, each of them would have been tried at each stop.
    assert sum(tries.values()) < MAX_ATTEMPTS * len(names)
    _serve(server, Echo(), nothing)
    for name in names:
        assert server.ours(name) == [(1, OUT_OF_ORDER if tries[name] >= MAX_ATTEMPTS else "1 réponse à allo")]


def test_starting_over_waits_for_its_turn(server):
    name = server.begin()
    server.receive(name, "allo")
    server.receive(name, "Recommencer", RESTART)
    server.receive(name, "encore")

    async def wake(dispatcher: Dispatcher) -> None:
        dispatcher.wake(name)

    _serve(server, Echo(), wake)
    assert [text for _, text in server.ours(name)] == ["1 réponse à allo", "On repart à zéro.", "1 réponse à encore"]


def test_whoever_waits_for_an_answer_is_told(server):
    name = server.begin()

    async def work(dispatcher: Dispatcher) -> None:
        news = dispatcher.news(name)
        server.receive(name, "allo")
        dispatcher.wake(name)
        await asyncio.wait_for(news.wait(), 20)

    _serve(server, Echo(), work)
    assert server.ours(name)


def test_two_processes_over_one_database_answer_each_message_once(server):
    names = [server.begin() for _ in range(5)]

    async def run() -> None:
        both = [Dispatcher(Echo(pause_s=0.01), Store(server.url), RETENTION) for _ in range(2)]
        for dispatcher in both:
            await dispatcher.start()
        for number in range(4):
            for name in names:
                server.receive(name, f"message {number}")
                for dispatcher in both:
                    dispatcher.wake(name)
            await asyncio.sleep(0.02)
        await asyncio.wait_for(server.answered(), 60)
        for dispatcher in both:
            await dispatcher.stop()
            dispatcher._store.close()

    asyncio.run(run())
    for name in names:
        assert sorted(text for _, text in server.ours(name)) == [f"{n + 1} réponse à message {n}" for n in range(4)]


def test_a_conversation_whose_time_is_over_goes_without_anybody_asking(server):
    name = server.begin()
    later = Store(server.url, now=lambda: server.store.now() + RETENTION + timedelta(hours=1))

    async def run() -> None:
        dispatcher = Dispatcher(Echo(), later, RETENTION)
        await dispatcher.start()
        while await later.run(lambda session: session.get(Conversation, name)):
            await asyncio.sleep(0.01)
        await dispatcher.stop()
        later.close()

    asyncio.run(asyncio.wait_for(run(), 30))
    with pytest.raises(NoConversation):
        server.receive(name, "allo")


@pytest.mark.parametrize("seed", range(4))
def test_after_any_stops_nothing_is_lost_doubled_or_out_of_order(server, seed):
    dice = random.Random(seed)
    names = [server.begin() for _ in range(4)]
    sent = dict.fromkeys(names, 0)

    async def life() -> None:
        """Run a process until it is stopped dead, between any two steps of a turn."""
        dispatcher = Dispatcher(Echo(pause_s=0.002), server.store, RETENTION)
        await dispatcher.start()
        for _ in range(dice.randint(0, 6)):
            name = dice.choice(names)
            if await server.store.run(inbox.waiting, name) < inbox.MAX_WAITING:
                server.receive(name, f"message {sent[name]}")
                sent[name] += 1
                dispatcher.wake(name)
            await asyncio.sleep(dice.random() * 0.01)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    for _ in range(30):
        asyncio.run(life())

    async def nothing(_dispatcher: Dispatcher) -> None:
        return

    _serve(server, Echo(), nothing)
    assert sum(sent.values()) > 20
    for name in names:
        told = [text for _, text in server.ours(name)]
        # A message at which it was stopped too often is apologised for, once.
        assert [text.partition(" réponse à ")[2] or text for text in told if text != OUT_OF_ORDER] == [
            f"message {n}" for n in range(sent[name]) if f"message {n}" in " ".join(told)
        ]
        assert len(told) == sent[name]


def test_a_database_that_comes_back_gets_what_waited(server):
    name = server.begin()
    server.receive(name, "allo")

    class Absent(Store):
        """The store, which fails at first."""

        absences = 3

        async def run(self, function: Any, *arguments: Any) -> Any:
            if function is outbox.settle and self.absences:
                self.absences -= 1
                raise OperationalError("COMMIT", {}, Exception("the database is gone"))
            return await super().run(function, *arguments)

    async def run() -> None:
        store = Absent(server.url)
        dispatcher = Dispatcher(Echo(), store, RETENTION)
        await dispatcher.start()
        await asyncio.wait_for(server.answered(), 60)
        await dispatcher.stop()
        store.close()

    asyncio.run(run())
    assert server.ours(name) == [(1, "1 réponse à allo")]
