"""Gives events to the webhook as Meta does: signed, again until a 200, and on demand doubled, grouped and out of order."""

import heapq
import itertools
import json
import random
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx

from fake_graph.events import Event, body_of
from fake_graph.page import Page

ACK_TIMEOUT_S = 20.0
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody: the webhook is local, and httpx is slow to read its authorities
_WORKERS = 8
_HELD_S = 0.03


@dataclass(frozen=True)
class Chaos:
    """How often an event is delivered again, waits to be sent with others, or is held behind the next ones: 0 to 1."""

    seed: int = 0
    duplicate: float = 0.0
    batch: float = 0.0
    reorder: float = 0.0


@dataclass(eq=False)
class _Parcel:
    """Events of one body. Of one person, a parcel is first posted when the one before it was posted once."""

    events: list[Event]
    body: bytes
    attempts: int = 0
    first: bool = True
    lanes: tuple[str, ...] = field(default=())


class Delivery:
    """Posts to a webhook from a few threads. Every method may be called from any thread."""

    def __init__(self, page: Page, retry_s: Sequence[float], give_up_after: int) -> None:
        """Prepare; nothing runs before `start`."""
        self.page, self.retry_s, self.give_up_after = page, tuple(retry_s), give_up_after
        self.webhook = ""
        self.subscribed = True
        self.acks: list[tuple[float, int]] = []
        lock = threading.RLock()
        self._changed = threading.Condition(lock)  # something to do, or the end: for the threads
        self._settled = threading.Condition(lock)  # something was acknowledged or dropped: for who waits
        self._heap: list[tuple[float, int, Callable[[httpx.Client], None]]] = []
        self._order = itertools.count()
        self._lanes: dict[str, deque[_Parcel]] = {}
        self._together: list[Event] = []
        self._behind: list[tuple[int, Event]] = []
        self._pending = self._failures = self._lost = 0
        self._running = False
        self._threads: list[threading.Thread] = []
        self.chaos = Chaos()

    @property
    def chaos(self) -> Chaos:
        """What is done to the events from now on."""
        return self._chaos

    @chaos.setter
    def chaos(self, chaos: Chaos) -> None:
        self._chaos, self._random = chaos, random.Random(chaos.seed)

    def start(self) -> None:
        """Start the threads."""
        self._running = True
        self._threads = [threading.Thread(target=self._work, daemon=True, name=f"fake-graph-{n}") for n in range(_WORKERS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop the threads; what is not delivered is dropped. A webhook that hangs delays this by `ACK_TIMEOUT_S` at most."""
        with self._changed:
            self._running = False
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def give(self, event: Event) -> None:
        """Take an event to deliver; without a webhook, or when unsubscribed, it goes nowhere."""
        with self._changed:
            if not self.webhook or not self._running:
                return
            if not self.subscribed:
                self._lost += 1
                self._settled.notify_all()
                return
            self._pending += 1
            if self._random.random() < self._chaos.reorder:
                self._behind.append((self._random.randint(1, 3), event))
                self._later(_HELD_S, self._release_behind)
                return
            self._group(event)
            self._behind = [(left - 1, held) for left, held in self._behind]
            ready = [held for left, held in self._behind if left <= 0]
            self._behind = [each for each in self._behind if each[0] > 0]
            for held in ready:
                self._group(held)

    def idle(self, timeout_s: float) -> None:
        """Wait until every event was acknowledged, its doubles too.

        Raises:
            TimeoutError: some were not by then, or were dropped because the webhook was unsubscribed.
        """
        with self._changed:
            done = self._settled.wait_for(lambda: not self._pending or self._lost, timeout_s)
            if not done or self._lost:
                raise TimeoutError(f"{self._pending} events not acknowledged after {timeout_s} s, {self._lost} dropped when unsubscribed")

    def resubscribe(self) -> None:
        """Deliver again; what was dropped stays so."""
        with self._changed:
            self.subscribed, self._failures, self._lost = True, 0, 0

    def headers(self, body: bytes) -> dict[str, str]:
        """Return the headers that Meta sends with these bytes."""
        return {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": self.page.signature(body),
        }

    # Below, the lock is held by the caller unless said otherwise.

    def _group(self, event: Event) -> None:
        if self._random.random() < self._chaos.batch and len(self._together) < 20:
            self._together.append(event)
            self._later(_HELD_S, self._release_together)
            return
        together, self._together = [*self._together, event], []
        self._enqueue(together)

    def _release_together(self) -> None:
        together, self._together = self._together, []
        if together:
            self._enqueue(together)

    def _release_behind(self) -> None:
        behind, self._behind = self._behind, []
        for _, event in behind:
            self._group(event)

    def _enqueue(self, events: list[Event]) -> None:
        split = len(events) > 1 and self._random.random() < 0.5
        body = json.dumps(body_of(self.page.id, events, split), separators=(",", ":")).encode()
        parcel = _Parcel(events, body, lanes=tuple(dict.fromkeys(event.psid for event in events)))
        for lane in parcel.lanes:
            self._lanes.setdefault(lane, deque()).append(parcel)
        if self._is_ready(parcel):
            self._at(0, parcel)
        if self._random.random() < self._chaos.duplicate:
            self._pending += len(events)
            self._at(0 if self._random.random() < 0.5 else self._random.random() * 0.1, _Parcel(events, body, first=False))

    def _is_ready(self, parcel: _Parcel) -> bool:
        return all(self._lanes[lane][0] is parcel for lane in parcel.lanes)

    def _leave_lanes(self, parcel: _Parcel) -> None:
        parcel.first = False
        heads = []
        for lane in parcel.lanes:
            self._lanes[lane].popleft()
            if self._lanes[lane]:
                heads.append(self._lanes[lane][0])
            else:
                del self._lanes[lane]
        for head in dict.fromkeys(heads):
            if self._is_ready(head):
                self._at(0, head)

    def _at(self, delay_s: float, parcel: _Parcel) -> None:
        heapq.heappush(self._heap, (time.monotonic() + delay_s, next(self._order), lambda client: self._post(client, parcel)))
        self._changed.notify()

    def _later(self, delay_s: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (time.monotonic() + delay_s, next(self._order), lambda _: self._locked(act)))
        self._changed.notify()

    # Below, the lock is not held.

    def _locked(self, act: Callable[[], None]) -> None:
        with self._changed:
            act()

    def _work(self) -> None:
        with httpx.Client(timeout=ACK_TIMEOUT_S, trust_env=False, verify=NO_TLS) as client:
            while True:
                task = self._next()
                if task is None:
                    return
                task(client)

    def _next(self) -> Callable[[httpx.Client], None] | None:
        with self._changed:
            while self._running:
                wait = self._heap[0][0] - time.monotonic() if self._heap else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._heap)[2]
                self._changed.wait(wait)
            return None

    def _post(self, client: httpx.Client, parcel: _Parcel) -> None:
        if not self.subscribed:
            with self._changed:
                self._drop(parcel)
            return
        began = time.monotonic()
        try:
            status = client.post(self.webhook, content=parcel.body, headers=self.headers(parcel.body)).status_code
        except (httpx.HTTPError, httpx.InvalidURL):
            status = 0
        with self._changed:
            self.acks.append((time.monotonic() - began, status))
            self._after(parcel, status)

    def _after(self, parcel: _Parcel, status: int) -> None:
        if parcel.first:
            self._leave_lanes(parcel)
        if status == 200:
            self._failures = 0
            self._pending -= len(parcel.events)
            self._settled.notify_all()
            return
        self._failures += 1
        if self._failures >= self.give_up_after:
            self.subscribed = False
            self._drop(parcel)
            return
        self._at(self.retry_s[min(parcel.attempts, len(self.retry_s) - 1)], parcel)
        parcel.attempts += 1

    def _drop(self, parcel: _Parcel) -> None:
        if parcel.first:
            self._leave_lanes(parcel)
        self._pending -= len(parcel.events)
        self._lost += len(parcel.events)
        self._settled.notify_all()
