"""What people wrote against what they saw, while events come twice, together and out of order, and the server is killed (`kill -9`)."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_graph import Chaos, FakeGraph, Page
from killed_server import Killed, Ledger, ledger_of
from sqlalchemy import func, select

from bot.conversations.models import DUE, RECEIVED, Delivery, Inbound
from bot.conversations.store import Store

EVENTS, PEOPLE, KILLS = 600, 60, 2
# SQLite has one writer: ten thousand events take it some minutes.
PATIENCE_S = 1_800


def play(folder: Path, env: dict[str, str], events: int, people: int, kills: int, seed: int) -> Ledger:
    """Return the ledger of `events` texts by `people`, with `kills` at random moments."""
    from cli.stack import free_port

    url, chance = f"sqlite:///{folder / 'conversations.db'}", random.Random(seed)
    with FakeGraph(Page.example(), retry_s=(0.05, 0.2, 0.5), give_up_after=1_000_000) as graph:
        graph.chaos = Chaos(seed=seed, duplicate=0.3, batch=0.3, reorder=0.2)
        server = Killed(graph, url, free_port(), env)
        graph.webhook = f"{server.url}/messenger/webhook"
        persons = [graph.person(str(5_000_000 + number)) for number in range(people)]
        texts: dict[str, list[str]] = {person.psid: [] for person in persons}
        killed_at = {chance.randrange(events // 10, events) for _ in range(kills)}
        server.start()
        try:
            for number in range(events):
                person = persons[number % people]
                texts[person.psid].append(f"m{number}")
                person.says(f"m{number}")
                # Some of what was sent is taken in, some answered, some on its way.
                if number in killed_at:
                    time.sleep(chance.random())
                    server.kill()
                    server.start()
            graph.idle(PATIENCE_S)
            store = Store(url)
            _settle(store)
            doubtful = store.run_here(lambda session: session.execute(select(func.sum(Delivery.doubtful))).scalar_one())
            store.close()
            assert graph.subscribed
            # A request that the kill cut has no body left.
            assert [refused for refused in graph.refusals if refused.body] == []
        finally:
            server.kill()
        return ledger_of(persons, texts, doubtful)


def _settle(store: Store) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while store.run_here(_left):
        assert time.monotonic() < deadline, "something was not answered, or not sent"
        time.sleep(0.2)


def _left(session) -> int:
    waiting = select(func.count()).select_from(Inbound).where(Inbound.status == RECEIVED)
    due = select(func.count()).select_from(Delivery).where(Delivery.state == DUE)
    return session.execute(waiting).scalar_one() + session.execute(due).scalar_one()


@pytest.mark.timeout(600)
def test_nothing_is_lost_nor_answered_twice_whatever_meta_does_and_whenever_the_server_dies(tmp_path: Path, environment: Callable):
    ledger = play(tmp_path, environment(), EVENTS, PEOPLE, KILLS, seed=5)
    assert (ledger.lost, ledger.out_of_order) == (0, 0)
    # A send under way when the server died may have arrived: it is made again, and counted.
    assert ledger.doubled <= ledger.doubtful
    assert ledger.bubbles >= EVENTS
