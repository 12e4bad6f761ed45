"""Messenger's channel as it runs in service, between a fake of Meta's Graph API and the assistant of the session."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from fake_graph import FakeGraph, Page, Person, assumed_rules


class Messenger(NamedTuple):
    """A running server with a page on Messenger, and the fake Graph that it speaks to."""

    graph: FakeGraph
    web: Any

    def person(self) -> Person:
        """Return someone new."""
        return self.graph.person()

    def told(self, person: Person, act: Callable[[], Any], wait_s: float = 30) -> list[Any]:
        """Return what the page showed someone after they did something, once nothing more is on its way."""
        before = len(person.screen)
        act()
        self.settle(wait_s)
        return [shown for shown in person.screen[before:] if shown.by == "page"]

    def say(self, person: Person, text: str) -> str:
        """Return all that the page showed someone after a text."""
        return "\n".join(everything(shown) for shown in self.told(person, lambda: person.says(text)))

    def settle(self, wait_s: float = 30) -> None:
        """Wait until every event is taken in, answered, and every answer sent or given up."""
        self.graph.idle(wait_s)
        deadline = time.monotonic() + wait_s
        while self.web.store.run_here(_unfinished):
            assert time.monotonic() < deadline, "something was not answered, or not sent"
            time.sleep(0.005)


def _unfinished(session: Any) -> bool:
    from sqlalchemy import select

    from bot.conversations.models import DUE, RECEIVED, Delivery, Inbound

    waiting = select(Inbound.id).where(Inbound.status == RECEIVED).limit(1)
    due = select(Delivery.outbox_id).where(Delivery.state == DUE).limit(1)
    return session.execute(waiting).first() is not None or session.execute(due).first() is not None


def everything(shown: Any) -> str:
    """Return all the words of a bubble: its text, its choices, its cards."""
    cards = [line for card in shown.cards for line in (card.title, card.subtitle or "", *(title for title, *_ in card.buttons))]
    return "\n".join([shown.text or "", *cards, *(title for title, *_ in shown.buttons), *(title for title, *_ in shown.quick_replies)])


def account_of(page: Page, graph_url: str, **more: Any) -> Any:
    """Return the account of a fake page."""
    from bot.messenger.account import Account

    known = {"graph_version": "v25.0", "graph_url": graph_url, **more}
    return Account(page.id, page.app_id, page.app_secret, page.token, page.verify_token, **known)


@pytest.fixture(scope="session")
def serve_messenger(serve_app: Callable) -> Callable[..., Any]:
    """A maker of servers with a page on Messenger, each with a fake Graph of its own, as a context manager.

    Keywords are those of `serve_app`; `account` holds those of `Account`, `graph` those of `FakeGraph`.
    """

    @contextmanager
    def serve(account: dict[str, Any] | None = None, graph: dict[str, Any] | None = None, **said: Any) -> Iterator[Messenger]:
        now = {"now": said["now"]} if "now" in said else {}
        with FakeGraph(Page.example(), **{**now, **(graph or {})}) as fake:
            made = account_of(fake.page, fake.url, **(account or {}))
            with serve_app(messenger=made, **said) as web:
                fake.webhook = f"{web.url}/messenger/webhook"
                yield Messenger(fake, web)

    return serve


@pytest.fixture(scope="module")
def messenger(serve_messenger: Callable) -> Iterator[Messenger]:
    """The channel on the assistant of the session."""
    with serve_messenger() as serving:
        yield serving
        assert serving.graph.refusals == [], "the fake Graph refused something"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say which rules of Meta's the fake had to assume: what holds in front of it may not hold in front of Meta."""
    assumed = assumed_rules()
    terminalreporter.section(f"Messenger: {len(assumed)} rules without a page of Meta's that states them")
    for rule in assumed:
        terminalreporter.line(f"{rule.id}: {rule.says}")
