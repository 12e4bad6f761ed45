"""Stores of conversations on SQLite and on PostgreSQL, with a clock that the test sets."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from clocks import Clock
from databases import with_conversations

from bot.conversations import inbox, outbox
from bot.conversations.inbox import Begun, Incoming
from bot.conversations.models import TEXT
from bot.conversations.store import Store
from bot.door import enter


@pytest.fixture
def clock() -> Clock:
    """The clock of `store`."""
    return Clock()


@pytest.fixture
def store(new_database: Callable[[], str], clock: Clock) -> Iterator[Store]:
    """A store with tables and nothing in them."""
    made = Store(with_conversations(new_database()), now=clock)
    yield made
    made.close()


class Talk:
    """The store as a channel and the one who answers use it."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def begin(self, keep: bool = True) -> str:
        """Return the name of a new conversation."""
        return self.store.run_here(inbox.begin, Begun("web", keep, "2026-11"), None, self.store.now())

    def receive(self, conversation: str, text: str, channel_id: str) -> tuple[Any, bool]:
        """Store a text."""
        return self.store.run_here(inbox.receive, conversation, Incoming(channel_id, TEXT, enter(text)), self.store.now())

    def claim(self, conversation: str) -> Any:
        """Return the message to answer."""
        return self.store.run_here(inbox.claim, conversation)

    def settle(self, claimed: Any, *texts: str, buttons: tuple = (), state: Any = None) -> int | None:
        """Close a turn with replies of these texts; return what `settle` does."""
        replies = [{"text": text, "buttons": list(buttons), "cards": []} for text in texts]
        return self.store.run_here(outbox.settle, claimed, replies, state or {}, {}, self.store.now())

    def said(self, conversation: str, after: int = 0, limit: int = 100) -> list[str]:
        """Return the texts of both sides."""
        found = self.store.run_here(outbox.said_since, conversation, after, limit)
        return [message.text if hasattr(message, "kind") else message.content["text"] for message, _ in found]


@pytest.fixture
def talk(store: Store) -> Talk:
    """A conversation partner of `store`."""
    return Talk(store)
