"""Measure ours side by side with stock Rasa: training, a turn, memory, what is understood.

    python -m bench.side_by_side
    python -m bench.side_by_side --sentences 2000
    python -m bench.side_by_side --full

Every training and every drive is a fresh process; `bench/README.md` says what is compared. Writes bench/results.md.
"""

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from bench.stock import report
from bench.stock.sample import Pairs, all_sentences, biggest_labels, draw, unseen_sentences, write_ours, write_stock
from cli.stack import action_server, require_directory
from settings import PROJECT_ROOT

WORK = PROJECT_ROOT / "var" / "bench"
RESULTS = PROJECT_ROOT / "bench" / "results.md"
MESSAGES = 210
OURS, STOCK, FULL = "ours, sample", "stock Rasa, sample", "ours, all the data"


@dataclass(frozen=True)
class Side:
    """One side of the comparison: whose code, trained from which folder."""

    name: str
    code: str
    folder: Path


def say(text: str) -> None:
    """Show progress on standard error."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def prepare(number: int | None, seed: int, reuse: bool) -> tuple[list[Side], Pairs, dict[str, Any]]:
    """Return the sides, the messages and what is compared; write the training folders unless `reuse`. `number` None: everything."""
    pairs = all_sentences()
    labels = sorted({label for _, label in pairs}) if number is None else biggest_labels(pairs)
    sample = pairs if number is None else draw(pairs, labels, number, seed)
    kept = set(labels)
    messages = [pair for pair in unseen_sentences() if pair[1] in kept]
    random.Random(seed).shuffle(messages)
    sides = [Side(OURS, "ours", WORK / "sample"), Side(STOCK, "stock", WORK / "stock"), Side(FULL, "ours", WORK / "all")]
    if not reuse:
        write_ours(sides[0].folder, sample)
        write_stock(sides[1].folder, sample)
        write_ours(sides[2].folder, None)
    compared = {
        "sample": len(sample),
        "labels": len(labels),
        "intents": len({label.split("/")[0] for label in labels}),
        "all": len(pairs),
        "all_labels": len({label for _, label in pairs}),
        "messages": min(MESSAGES, len(messages)),
    }
    return sides, messages[:MESSAGES], compared


def run(*arguments: str, env: dict[str, str] | None = None) -> dict[str, Any]:
    """Return what a fresh process of `bench.stock.side` printed; seconds from start to end, and of processor, with it.

    Raises:
        CalledProcessError: it failed; its message is on standard error.
    """
    started, before = time.monotonic(), _children_s()
    quiet = {"PYTHONWARNINGS": "ignore", "RASA_CACHE_DIRECTORY": str(WORK / "cache")}
    env = {**os.environ, **quiet, **(env or {}), "BENCH_STARTED": str(started)}
    command = [sys.executable, "-m", "bench.stock.side", *arguments]
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    said = json.loads(done.stdout.splitlines()[-1])
    return said | {"wall_s": time.monotonic() - started, "processor_s": _children_s() - before}


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def train(side: Side, reuse: bool) -> dict[str, Any]:
    """Return the model of `side` and what its training took, process start included."""
    kept = side.folder / "trained.json"
    if reuse and kept.is_file():
        return json.loads(kept.read_text(encoding="utf-8"))
    say(f"training {side.name}…")
    said = run("train", side.code, str(side.folder))
    kept.write_text(json.dumps(said), encoding="utf-8")
    say(f"training {side.name}: {said['wall_s']:.1f} s")
    return said


def drive(verb: str, side: Side, model: str, messages: list[Any]) -> dict[str, Any]:
    """Return what driving `side` measured, with an action server of its own."""
    file = WORK / "messages.json"
    file.write_text(json.dumps(messages, ensure_ascii=False), encoding="utf-8")
    with action_server() as (url, secret):
        env = {"BENCH_ACTION_URL": url, "BENCH_ACTION_SECRET": secret}
        said = run(verb, side.code, model, str(file), env=env)
    said["load"] = os.getloadavg()[0]
    say(f"{verb} {side.name}: median {statistics.median(said['turns_ms']):.1f} ms a turn")
    return said


def measure(sides: list[Side], models: dict[str, str], messages: Pairs, rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Return the drives of each side; the order turns round at each round."""
    drives: dict[str, list[dict[str, Any]]] = {side.name: [] for side in sides}
    for number in range(rounds):
        for side in sides if number % 2 == 0 else reversed(sides):
            say(f"round {number + 1} of {rounds}: {side.name}")
            drives[side.name].append(drive("talk", side, models[side.name], messages))
    return drives


def main(sentences: int = 970, full: bool = False, rounds: int = 2, turns: int = 300, seed: int = 7, reuse: bool = False) -> None:
    """Compare ours with stock Rasa. --full trains stock on everything (hours); --reuse keeps the models of the last run."""
    require_directory()
    say("preparing the sentences")
    sides, messages, compared = prepare(None if full else sentences, seed, reuse)
    trained = {side.name: train(side, reuse) for side in sides}
    models = {name: said["model"] for name, said in trained.items()}
    drives = measure(sides, models, messages, rounds)
    # Turn 280 says what turn 10 said, so that only the length of the conversation differs.
    texts = [messages[i % (turns - 30) % len(messages)][0] for i in range(turns)]
    growth = drive("grow", sides[2], models[FULL], texts)
    compared |= {"rounds": rounds, "growth": growth}
    measured = {"compared": compared, "trained": trained, "drives": drives}
    (WORK / "measured.json").write_text(json.dumps(measured), encoding="utf-8")
    text = report.page(**measured)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    typer.run(main)
