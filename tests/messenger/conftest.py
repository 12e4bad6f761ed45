"""The way out to Messenger: stores on SQLite and PostgreSQL under a clock that the test sets, couriers in front of a fake Graph."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from clocks import Clock
from databases import with_conversations
from desk import Desk
from fake_graph import FakeGraph, Page

from bot.conversations.store import Store
from bot.messenger import courier


@pytest.fixture
def clock() -> Clock:
    """The clock of `store`."""
    return Clock()


@pytest.fixture
def store(new_database: Callable[[], str], clock: Clock) -> Iterator[Store]:
    """A store with tables and nothing in them, on each kind of database."""
    made = Store(with_conversations(new_database()), now=clock)
    yield made
    made.close()


@pytest.fixture
def graph() -> Iterator[FakeGraph]:
    """A fake Graph, on the clock of the machine."""
    with FakeGraph(Page.example()) as fake:
        yield fake


@pytest.fixture
def swift(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Graph could not take is sent again after milliseconds."""
    monkeypatch.setattr(courier, "FIRST_BACKOFF_S", 0.01)
    monkeypatch.setattr(courier, "MOST_BACKOFF_S", 0.05)
    monkeypatch.setattr(courier, "DOUBT_WAITS", 2)


@pytest.fixture
def desk(graph: FakeGraph, tmp_path: Path, swift: None, wait: Callable[[Awaitable], Any]) -> Iterator[Desk]:
    """A courier at work between a database and the fake Graph, which sends again after milliseconds."""
    with Desk(with_conversations(f"sqlite:///{tmp_path / 'conversations.db'}"), graph, wait) as made:
        yield made
