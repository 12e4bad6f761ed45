"""Ten visitors at once, each with a conversation of its own, through the protocol of docs/widget-protocol.md."""

import asyncio
import json
import random
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.processes import say
from bench.widget_peers.service import Served, use
from settings import PROJECT_ROOT

PRACTICE = PROJECT_ROOT / "tests" / "practice"
VISITORS, MESSAGES = 10, 10
READING_S = (1.0, 3.0)
WAIT_S = 25
# How visitors behave, by the name of it: seconds between an answer and the next message.
WAYS: dict[str, tuple[float, float]] = {"at once": (0.0, 0.0), "reading": READING_S}


@dataclass
class Turn:
    """One message: milliseconds until it was acknowledged, and until its whole answer was in hand; or what went wrong."""

    text: str
    acknowledged_ms: float = 0.0
    answered_ms: float = 0.0
    error: str = ""


def sentences(folder: Path = PRACTICE) -> list[str]:
    """Return the sentences of the practice questions and the openings of its personas, none of which training sees, in order."""
    found = []
    for name, key in (("questions", "text"), ("personas", "opening")):
        lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        found += [json.loads(line)[key] for line in lines if line.strip()]
    return list(dict.fromkeys(found))


def rounds(texts: Sequence[str], number: int, seed: int) -> Iterator[list[list[str]]]:
    """Yield, `number` times, what each visitor says: no sentence twice in a round."""
    drawing = random.Random(seed)
    for _ in range(number):
        drawn = drawing.sample(list(texts), VISITORS * MESSAGES)
        yield [drawn[i : i + MESSAGES] for i in range(0, len(drawn), MESSAGES)]


class Visitor:
    """One visitor, with a connection and a token of its own. What the server tells to wait (429) is waited, and not counted.

    `apology` is what the assistant says when a turn fails: an error, here.
    """

    def __init__(self, url: str, apology: str) -> None:
        self.held_s, self.refused = 0.0, 0
        self._apology = apology
        self._client = httpx.AsyncClient(base_url=f"{url}/widget/v1/", timeout=WAIT_S + 15)

    async def begin(self) -> None:
        """Have a conversation begun."""
        begun = await self._ask("POST", "conversations", 201, json={"keep": True, "notice": "2026-11"})
        self._client.headers["Authorization"] = f"Bearer {begun['token']}"

    async def close(self) -> None:
        """Hang up; the conversation stays."""
        await self._client.aclose()

    async def say(self, text: str) -> Turn:
        """Return the turn of a message, once its answer is whole."""
        turn = Turn(text)
        started, held_s = time.perf_counter(), self.held_s

        def spent_ms() -> float:
            return 1000 * (time.perf_counter() - started - (self.held_s - held_s))

        try:
            stored = await self._ask("POST", "messages", 202, json={"id": uuid.uuid4().hex, "text": text})
            turn.acknowledged_ms = spent_ms()
            await self._answer(stored["message"]["seq"])
        except (httpx.HTTPError, LookupError, ValueError) as error:
            turn.error = f"{type(error).__name__}: {error}"
        turn.answered_ms = spent_ms()
        return turn

    async def _answer(self, seq: int) -> None:
        after, whole = seq, False
        while not whole:
            fetched = await self._ask("GET", "messages", 200, params={"after": after, "wait": WAIT_S})
            if not fetched["messages"]:
                raise LookupError(f"message {seq} is not answered after {WAIT_S} s")
            after = fetched["messages"][-1]["seq"]
            if any(each["text"] == self._apology for each in fetched["messages"]):
                raise LookupError("the turn failed")
            whole = any(each.get("answers") == seq and each["last"] for each in fetched["messages"])

    async def _ask(self, method: str, path: str, expected: int, **options: Any) -> dict[str, Any]:
        while True:
            answer = await self._client.request(method, path, **options)
            if answer.status_code != 429:
                break
            began = time.perf_counter()
            await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))
            self.held_s += time.perf_counter() - began
            self.refused += 1
        if answer.status_code != expected:
            raise ValueError(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        return answer.json()


async def _visit(visitor: Visitor, texts: Sequence[str], pause_s: tuple[float, float], drawing: random.Random) -> list[Turn]:
    turns = []
    for text in texts:
        if pause_s[1]:
            await asyncio.sleep(drawing.uniform(*pause_s))
        turns.append(await visitor.say(text))
    return turns


async def _round(server: Served, said: list[list[str]], pause_s: tuple[float, float], seed: int) -> dict[str, Any]:
    # Rasa comes with it: not for those who only read the sentences.
    from bot.assistant import OUT_OF_ORDER

    visitors = [Visitor(server.url, OUT_OF_ORDER) for _ in said]
    for visitor in visitors:
        await visitor.begin()
    before, started = use(server), time.perf_counter()
    talks = zip(visitors, said, strict=True)
    told = await asyncio.gather(*(_visit(visitor, texts, pause_s, random.Random(seed + i)) for i, (visitor, texts) in enumerate(talks)))
    seconds = time.perf_counter() - started
    cores = use(server).since(before)
    for visitor in visitors:
        await visitor.close()
    turns = [asdict(turn) for each in told for turn in each]
    held_s, refused = sum(visitor.held_s for visitor in visitors), sum(visitor.refused for visitor in visitors)
    return {"seconds": seconds, "turns": turns, "cores": cores, "held_s": held_s, "refused": refused}


def measure(server: Served, number: int, seed: int) -> dict[str, list[dict[str, Any]]]:
    """Return the rounds of each way to behave, `number` of each, the ways in turn.

    One round before them warms the server, and is dropped.
    """
    texts = sentences()
    asyncio.run(_round(server, next(rounds(texts, 1, seed)), WAYS["at once"], seed))
    told: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    for i, said in enumerate(rounds(texts, number, seed + 1)):
        for way, pause_s in WAYS.items():
            done = asyncio.run(_round(server, said, pause_s, seed + i))
            told[way].append(done)
            errors = sum(bool(turn["error"]) for turn in done["turns"])
            others = done["cores"]["others"]
            say(f"visitors, {way}: {len(done['turns'])} turns in {done['seconds']:.1f} s, {errors} errors; others took {others:.2f} cores")
    return told
