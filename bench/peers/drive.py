"""Drives a peer as `bench.stock.side` drives Rasa, by lines of JSON, and returns the same measures."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.peers.install import PLACES
from bench.processes import children_s, environment
from bench.sides import A_CONVERSATION, AT_ONCE, NLPJS, Asked, Side, talks
from settings import PROJECT_ROOT

ANSWER_S = 300
SATURATED_S = 2.0
STOPPED = "it ended before it answered"


class PeerStopped(Exception):
    """The peer ended, or was ended, before it answered."""


class Peer:
    """A peer that runs: `ask` sends a request and returns the answer."""

    def __init__(self, process: subprocess.Popen):
        self._process = process

    def ask(self, verb: str, limit_s: float = ANSWER_S, **request: Any) -> dict[str, Any]:
        """Return the answer to a request.

        Raises:
            PeerStopped: no answer within `limit_s`; the process is ended.
        """
        watch = threading.Timer(limit_s, self._process.kill)
        watch.start()
        try:
            self._process.stdin.write(json.dumps({"verb": verb, **request}) + "\n")
            self._process.stdin.flush()
            return self._answer()
        except BrokenPipeError:
            raise PeerStopped(STOPPED) from None
        finally:
            watch.cancel()

    def _answer(self) -> dict[str, Any]:
        for line in self._process.stdout:
            # nlp.js logs on standard output too, in lines that are not ours.
            if line.startswith("{") and '"resident_mb"' in line:
                return json.loads(line)
        raise PeerStopped(STOPPED)


@contextmanager
def started(code: str) -> Iterator[Peer]:
    """Run a peer, and end it when the block does."""
    place = PLACES[code]
    command = ["node", "serve.js"] if code == NLPJS else [sys.executable, "-m", "bench.peers.keywords"]
    folder = place if code == NLPJS else PROJECT_ROOT
    env = environment(PYTHONPATH=str(place))
    process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Peer(process)
    finally:
        process.kill()
        process.communicate()


def train(side: Side, lesson: dict[str, Any], limit_s: float) -> dict[str, Any]:
    """Return the model of `side` and what its training took, process start included; `unfinished_s` past `limit_s`."""
    model = side.folder / "model.json"
    began, before = time.monotonic(), children_s()
    try:
        with started(side.code) as peer:
            peer.ask("train", limit_s, model=str(model), **lesson)
            wall_s = time.monotonic() - began
    except PeerStopped:
        if time.monotonic() - began < limit_s:
            raise
        return {"unfinished_s": limit_s}
    return {"model": str(model), "wall_s": wall_s, "processor_s": children_s() - before}


def talk(side: Side, model: str, asked: Asked) -> dict[str, Any]:
    """Return what a fresh process of `side` measured: a pass to warm up, one measured, the readings, the saturation."""
    began = time.monotonic()
    texts = [text for text, _ in asked.turns]
    with started(side.code) as peer:
        loaded = peer.ask("load", model=model)
        said: dict[str, Any] = {"ready_s": time.monotonic() - began, "loaded_mb": loaded["resident_mb"]}
        warm = _pass(peer, texts, "warm")
        measured = _pass(peer, texts, "measured")
        said |= {"first_ms": warm[0]["ms"], "end_mb": measured[-1]["resident_mb"]}
        said |= _times(measured)
        said["read"] = {
            name: [[label, peer.ask("say", text=text, conversation=f"{name}-{i}")["label"]] for i, (text, label) in enumerate(pairs)]
            for name, pairs in asked.readings.items()
        }
        said["turns_per_s"] = {str(people): _saturated(peer, talks(texts, asked.saturation, people)) for people in AT_ONCE}
    return said


def grow(side: Side, model: str, texts: list[str]) -> dict[str, Any]:
    """Return the milliseconds of each turn of one long conversation, and of processor."""
    with started(side.code) as peer:
        peer.ask("load", model=model)
        _pass(peer, texts[:30], "warm")
        return _times(_pass(peer, texts, "long", len(texts)))


def _pass(peer: Peer, texts: list[str], name: str, length: int = A_CONVERSATION) -> list[dict[str, Any]]:
    return [peer.ask("say", text=text, conversation=f"{name}-{i // length}") for i, text in enumerate(texts)]


def _times(answers: list[dict[str, Any]]) -> dict[str, list[float]]:
    return {"turns_ms": [each["ms"] for each in answers], "cpu_ms": [each["cpu_ms"] for each in answers]}


def _saturated(peer: Peer, said: list[list[str]]) -> float:
    """Return the turns a second; said again until they have lasted SATURATED_S, as some peers answer in tenths of a millisecond."""
    turns, seconds = 0, 0.0
    while seconds < SATURATED_S:
        seconds += peer.ask("saturate", talks=said)["seconds"]
        turns += sum(map(len, said))
    return turns / seconds
