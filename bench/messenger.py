"""Messenger's channel under load, beside the fake of Meta's platform: acknowledgements, limits, and a ledger through kills.

python -m bench.messenger acks       1,000 webhooks, the model, the actions, then Graph hung: times of the acknowledgements
python -m bench.messenger replies    10,000 generated replies: how many requests the fake Graph refuses
python -m bench.messenger events     10,000 events twice, together, out of order, with kills: what was lost, what came twice
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

from settings import PROJECT_ROOT

sys.path[:0] = [str(PROJECT_ROOT / "tests"), str(PROJECT_ROOT / "tests" / "messenger")]

from fake_graph import FakeGraph, Page, hang  # noqa: E402 - the tests' own fake
from fake_graph.checks import check_send  # noqa: E402
from hypothesis import HealthCheck, given, settings  # noqa: E402
from killed_server import Killed  # noqa: E402
from neutral import replies as any_reply  # noqa: E402
from test_killed import play  # noqa: E402

WEBHOOKS, PEOPLE = 1_000, 100
REPLIES = 10_000
EVENTS, WRITERS, KILLS = 10_000, 500, 10


def acks() -> None:
    """Print how long webhooks wait for their acknowledgement when something behind them is hung."""
    from cli.stack import free_port

    print(f"{WEBHOOKS} webhooks of {PEOPLE} people | median | 99th centile | longest (ms) | not 200")
    for hung in ("nothing", "model", "actions", "Graph"):
        with tempfile.TemporaryDirectory() as folder, FakeGraph(Page.example()) as graph:
            url = f"sqlite:///{folder}/conversations.db"
            server = Killed(graph, url, free_port(), dict(os.environ), hung if hung in ("model", "actions") else "")
            graph.webhook = f"{server.url}/messenger/webhook"
            if hung == "Graph":
                graph.faults.always(hang(30), path="any")
            server.start()
            try:
                people = [graph.person() for _ in range(PEOPLE)]
                for number in range(WEBHOOKS):
                    people[number % PEOPLE].says(f"m{number}")
                graph.idle(300)
            finally:
                server.kill()
                graph.faults.clear()
            times = sorted(1000 * seconds for seconds, _ in graph.acks)
            bad = sum(status != 200 for _, status in graph.acks)
            print(
                f"{hung} hung: {statistics.median(times):.1f} | {times[int(0.99 * len(times))]:.1f} | {times[-1]:.1f} | {bad}", flush=True
            )


def replies() -> None:
    """Print how many requests of generated replies the fake Graph refuses."""
    from bot.messenger.rendering import rendered

    counts = {"replies": 0, "requests": 0, "refused": 0}

    @settings(max_examples=REPLIES, deadline=None, database=None, suppress_health_check=[*HealthCheck])
    @given(any_reply())
    def render(reply: dict) -> None:
        counts["replies"] += 1
        for message in rendered(reply):
            counts["requests"] += 1
            refused = check_send({"recipient": {"id": "1"}, "messaging_type": "RESPONSE", "message": message})
            counts["refused"] += refused is not None

    render()
    print(counts)


def events() -> None:
    """Print what people wrote against what they saw."""
    with tempfile.TemporaryDirectory() as folder:
        print(play(Path(folder), dict(os.environ), EVENTS, WRITERS, KILLS, seed=29))


if __name__ == "__main__":
    {"acks": acks, "replies": replies, "events": events}[sys.argv[1]]()
