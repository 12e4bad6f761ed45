"""A server with a page on Messenger whose assistant is a stand-in, in a process that may be killed; run as a program, it is that process.

The stand-in answers « m12 » with the bubbles « r12.1 », « r12.2 »…: from what people see, one counts what was lost and what came twice.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
STARTED_IN_S = 120
HUNG_S = 30


def bubbles_of(text: str) -> list[str]:
    """Return the bubbles that answer a text: one to three."""
    number = int(text.removeprefix("m"))
    return [f"r{number}.{part}" for part in range(1, 2 + number % 3)]


class Killed:
    """A server's process on one database and one fake Graph; `kill -9` and start it again as often as needed."""

    def __init__(self, graph: Any, database_url: str, port: int, env: dict[str, str], hung: str = "") -> None:
        """`hung`: its « model » never lets go of its thread, or its « actions » never answer."""
        page = graph.page
        told = {
            "account": [page.id, page.app_id, page.app_secret, page.token, page.verify_token, "v25.0", graph.url],
            "database_url": database_url,
            "port": port,
            "hung": hung,
        }
        self._command = [sys.executable, str(Path(__file__).resolve()), json.dumps(told)]
        self._env = {**env, "PYTHONPATH": str(ROOT)}
        self.url = f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = subprocess.Popen(self._command, cwd=ROOT, env=self._env, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + STARTED_IN_S
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/health", timeout=5, trust_env=False)
                return
            except httpx.TransportError:
                assert self.process.poll() is None, "the server stopped while it was starting"
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """Kill it, as a power cut would."""
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
            self.process = None


@dataclass(frozen=True)
class Ledger:
    """What people wrote against what they saw: bubbles lost, bubbles seen more than once, and how many sends had an unknown outcome."""

    bubbles: int
    lost: int
    doubled: int
    doubtful: int
    out_of_order: int


def ledger_of(people: Sequence[Any], texts: dict[str, list[str]], doubtful: int) -> Ledger:
    """Return the ledger of what each person (by id) wrote."""
    due = lost = doubled = disordered = 0
    for person in people:
        seen = [shown.text for shown in person.screen if shown.by == "page" and (shown.text or "").startswith("r")]
        copies = Counter(seen)
        expected = [bubble for text in texts[person.psid] for bubble in bubbles_of(text)]
        due += len(expected)
        lost += sum(copies[bubble] == 0 for bubble in expected)
        doubled += sum(max(0, copies[bubble] - 1) for bubble in expected)
        firsts = [*dict.fromkeys(seen)]
        for text in texts[person.psid]:
            places = [firsts.index(bubble) for bubble in bubbles_of(text) if bubble in copies]
            disordered += places != sorted(places)
    return Ledger(due, lost, doubled, doubtful, disordered)


def _main(told: dict[str, Any]) -> None:
    import asyncio

    import bot.engine  # noqa: F401 - before Rasa: it quiets its import

    from bot.assistant import State, Turned, bubble
    from bot.channels.limits import Rates
    from bot.conversations.store import Store
    from bot.messenger.account import Account
    from bot.server import Service, make_app

    class Numbered:
        async def turn(self, _conversation: str, _state: State, entered: Any, _payload: Any, _channel: str) -> tuple[Turned, State]:
            if told["hung"] == "model":
                time.sleep(HUNG_S)
            await asyncio.sleep(HUNG_S if told["hung"] else 0.002)
            return Turned([bubble(text) for text in bubbles_of(entered.text)]), State(begun=True)

        async def warm_up(self) -> None:
            pass

        async def close(self) -> None:
            pass

    store = Store(told["database_url"])
    store.prepare()
    service = Service("the secret of a server that is killed", rates=Rates(), messenger=Account(*told["account"]))
    make_app(Numbered(), store, service).run(host="127.0.0.1", port=told["port"], motd=False, access_log=False)


if __name__ == "__main__":
    _main(json.loads(sys.argv[1]))
