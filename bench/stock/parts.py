"""Where a turn goes: wraps the steps that ours and stock Rasa share, and adds up what each takes.

The wrappers cost microseconds and are put on after the latencies have been measured.
"""

import asyncio
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bot.engine  # noqa: F401 - before Rasa: it quiets its import

from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.utils.endpoints import EndpointConfig

from bot.tracker_store import BoundedTrackerStore

GRAPH, ACTION, READ, SAVE, SLOTS = "graph runs", "action call", "tracker read", "tracker save", "slot extraction"


class Parts:
    """Seconds spent in each step, and the bodies of the calls to the action server."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.calls: list[dict[str, Any]] = []

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add the time of the block to `name`."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - started

    def watch(self) -> None:
        """Wrap the steps, for the rest of the process."""
        self._wrap(DaskGraphRunner, "run", GRAPH)
        for store in (InMemoryTrackerStore, BoundedTrackerStore):
            self._wrap_async(store, "save", SAVE)
            self._wrap_async(store, "retrieve", READ)
        self._wrap_async(MessageProcessor, "run_action_extract_slots", SLOTS)
        self._wrap_nodes()
        self._wrap_calls()

    def _wrap(self, owner: type, method: str, name: str) -> None:
        inner = getattr(owner, method)

        def timed(instance: Any, *args: Any, **kwargs: Any) -> Any:
            with self.timed(name):
                return inner(instance, *args, **kwargs)

        setattr(owner, method, timed)

    def _wrap_async(self, owner: type, method: str, name: str) -> None:
        inner = getattr(owner, method)

        async def timed(instance: Any, *args: Any, **kwargs: Any) -> Any:
            with self.timed(name):
                return await inner(instance, *args, **kwargs)

        setattr(owner, method, timed)

    def _wrap_nodes(self) -> None:
        inner = GraphNode.__call__

        def timed(node: GraphNode, *inputs: Any) -> Any:
            with self.timed(f"node {node._component_class.__name__}"):
                return inner(node, *inputs)

        GraphNode.__call__ = timed

    def _wrap_calls(self) -> None:
        inner = EndpointConfig.request

        async def timed(endpoint: EndpointConfig, *args: Any, **kwargs: Any) -> Any:
            self.calls.append(json.loads(json.dumps(kwargs["json"])))
            with self.timed(ACTION):
                return await inner(endpoint, *args, **kwargs)

        EndpointConfig.request = timed

    def by_turn(self, turns: int, total_s: float) -> dict[str, float]:
        """Return the mean milliseconds of a turn by step; the steps add up to `total`."""
        nodes = {name.removeprefix("node "): s for name, s in self.seconds.items() if name.startswith("node ")}
        steps = {name: self.seconds[name] for name in (ACTION, READ, SAVE, SLOTS)}
        steps["between the graph's nodes"] = self.seconds[GRAPH] - sum(nodes.values())
        rest = total_s - self.seconds[GRAPH] - sum(self.seconds[name] for name in (ACTION, READ, SAVE, SLOTS))
        spent = {**nodes, **steps, "rest of Rasa": rest, "total": total_s}
        return {name: 1000 * seconds / turns for name, seconds in spent.items()}


def replay(calls: list[dict[str, Any]]) -> dict[str, float]:
    """Return what the actions themselves take, run here without HTTP: milliseconds a call, and kilobytes a body."""
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("actions")

    async def run() -> list[float]:
        times = []
        for call in calls:
            started = time.perf_counter()
            await executor.run(call)
            times.append(1000 * (time.perf_counter() - started))
        return times

    asyncio.run(run())
    times = asyncio.run(run())
    kilobytes = [len(json.dumps(call)) / 1000 for call in calls]
    return {"action_ms": statistics.mean(times), "body_kb": statistics.mean(kilobytes)}
