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
APOLOGY = "ennui technique"


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
    """What people wrote against what they saw: bubbles due, lost, seen more than once, and how many sends had an unknown outcome; answers
    whose bubbles are out of order; messages that got an apology, because the server died at them more than `MAX_ATTEMPTS` times."""

    bubbles: int = 0
    lost: int = 0
    doubled: int = 0
    doubtful: int = 0
    out_of_order: int = 0
    apologies: int = 0


def ledger_of(people: Sequence[Any], texts: dict[str, list[str]], doubtful: int) -> Ledger:
    """Return the ledger of what each person (by id) wrote."""
    ledger = Ledger(doubtful=doubtful)
    for person in people:
        seen = [shown.text for shown in person.screen if shown.by == "page" and (shown.text or "").startswith("r")]
        sorry = sum(shown.by == "page" and APOLOGY in (shown.text or "") for shown in person.screen)
        ledger = _added(ledger, texts[person.psid], seen, sorry)
    return ledger


def _added(ledger: Ledger, texts: list[str], seen: list[str], sorry: int) -> Ledger:
    copies, firsts = Counter(seen), [*dict.fromkeys(seen)]
    places = [[firsts.index(bubble) for bubble in bubbles_of(text) if bubble in copies] for text in texts]
    missing = [len(bubbles_of(text)) - len(found) for text, found in zip(texts, places, strict=True)]
    # An apology answers one message, of which no bubble is there.
    silent = sorted((count for count, found in zip(missing, places, strict=True) if not found), reverse=True)
    return Ledger(
        ledger.bubbles + sum(len(bubbles_of(text)) for text in texts),
        ledger.lost + sum(missing) - sum(silent[:sorry]),
        ledger.doubled + sum(count - 1 for count in copies.values()),
        ledger.doubtful,
        ledger.out_of_order + sum(found != sorted(found) for found in places),
        ledger.apologies + sorry,
    )


def _main(told: dict[str, Any]) -> None:
    import asyncio

    import bot.engine  # noqa: F401 - before Rasa: it quiets its import

    from bot.assistant import Turned, bubble
    from bot.channels.limits import Rates
    from bot.conversations.store import Store
    from bot.messenger.account import Account
    from bot.server import Service, make_app
    from bot.state import State

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
