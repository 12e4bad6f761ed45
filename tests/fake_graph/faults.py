"""What goes wrong on the way back from Graph, by script: each fault says whether Meta took the request all the same."""

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

Path = Literal["messages", "actions", "profile", "control", "any"]


@dataclass(frozen=True)
class Fault:
    """One fault. `accepted`: the request is treated, and shown, before the answer is spoilt."""

    kind: Literal["latency", "hang", "reset", "half", "cut", "answer"]
    accepted: bool = False
    seconds: float | None = None
    status: int = 200
    code: int | None = None
    subcode: int | None = None
    body: bytes | None = None
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict, hash=False)


def latency(seconds: float) -> Fault:
    """Treat the request, and answer `seconds` later."""
    return Fault("latency", True, seconds)


def hang(seconds: float | None = None, accepted: bool = False) -> Fault:
    """Answer nothing for `seconds`, or until `Faults.release`, then cut."""
    return Fault("hang", accepted, seconds)


def reset() -> Fault:
    """Cut before treating the request."""
    return Fault("reset")


def reset_mid_body() -> Fault:
    """Treat the request, and cut in the middle of the answer."""
    return Fault("half", True)


def cut() -> Fault:
    """Treat the request, and cut before the answer: the sender cannot know."""
    return Fault("cut", True)


def error(code: int, subcode: int | None = None, status: int | None = None) -> Fault:
    """Answer an error of Graph; 613 comes as 429, 1 and 2 as 500, 190 as 401, the others as 400, unless `status` says."""
    usual = {613: 429, 1: 500, 2: 500, 190: 401}
    return Fault("answer", status=status or usual.get(code, 400), code=code, subcode=subcode)


def server_error(status: int = 500, html: bool = False) -> Fault:
    """Answer a 5xx: an error 2 of Graph in JSON, or a page of a proxy."""
    if html:
        return Fault("answer", status=status, body=b"<html><body>Sorry, something went wrong.</body></html>", content_type="text/html")
    return Fault("answer", status=status, code=2)


def invalid_json(accepted: bool = True) -> Fault:
    """Answer 200 with JSON that stops short."""
    return Fault("answer", accepted, body=b'{"recipient_id": "1')


def error_in_200(code: int, subcode: int | None = None) -> Fault:
    """Answer 200 with an error in it."""
    return Fault("answer", code=code, subcode=subcode)


class Faults:
    """The script. What is for the next requests goes before what is for all of them."""

    def __init__(self) -> None:
        """Start with nothing wrong."""
        self._lock = threading.Lock()
        self._next: deque[tuple[Path, Fault]] = deque()
        self._always: list[tuple[Path, Fault]] = []
        self._released = threading.Event()

    def next(self, *faults: Fault, path: Path = "messages") -> None:
        """Give each of the next requests of that path one of these, in order."""
        with self._lock:
            self._next.extend((path, fault) for fault in faults)

    def always(self, fault: Fault, path: Path = "messages") -> None:
        """Give it to every request of that path until `clear`."""
        with self._lock:
            self._always.append((path, fault))

    def clear(self) -> None:
        """Forget the script, and end the hangs."""
        with self._lock:
            self._next.clear()
            self._always.clear()
        self.release()

    def release(self) -> None:
        """End the hangs under way."""
        with self._lock:
            self._released.set()
            self._released = threading.Event()

    def take(self, path: str) -> Fault | None:
        """Return the fault of this request, and strike it from the script."""
        with self._lock:
            for place, (wanted, fault) in enumerate(self._next):
                if wanted in (path, "any"):
                    del self._next[place]
                    return fault
            return next((fault for wanted, fault in self._always if wanted in (path, "any")), None)

    def wait(self, seconds: float | None) -> None:
        """Wait for `seconds`, or for `release`."""
        with self._lock:
            released = self._released
        released.wait(seconds)
