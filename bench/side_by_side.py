"""Measure ours side by side with stock Rasa, nlp.js and a keyword search: training, a turn, load, memory, what is understood.

    python -m bench.side_by_side
    python -m bench.side_by_side --quick
    python -m bench.side_by_side --sentences 2000

Every training and every drive is a fresh process; `bench/README.md` says what is compared. Writes docs/bench.md and the plots
beside it, or var/bench/quick with --quick.
"""

import hashlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import typer

from bench import report
from bench.measures import long_talk
from bench.peers import drive as peers
from bench.peers.install import NotInstalled, install
from bench.plots import draw_plots
from bench.processes import children_mb, children_s, environment, say
from bench.sections import sections_of, with_section
from bench.sides import ALL, OURS, RASA, SAMPLE, SIDES, STOCK, WORK, Asked, Side
from bench.stock import sample as sentences_of
from bench.stock.sample import Pairs
from bench.versions import versions
from cli.stack import action_server, require_directory
from settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "bench.md"
MESSAGES, SATURATION, QUICK_LIMIT_S = 210, 320, 30


def lessons(number: int | None, seed: int) -> dict[str, Pairs]:
    """Return what each column learns, SAMPLE and ALL; `number` None: the sample is everything."""
    pairs = sentences_of.all_sentences()
    drawn = pairs if number is None else sentences_of.draw(pairs, sentences_of.biggest_labels(pairs), number, seed)
    return {SAMPLE: drawn, ALL: pairs}


def questions(learned: dict[str, Pairs], seed: int, quick: bool) -> dict[str, Asked]:
    """Return what is asked of each column: the same turns and readings, and every unseen sentence besides of those that know all labels."""
    known = {label for _, label in learned[SAMPLE]}
    unseen = sentences_of.unseen_sentences()
    turns = [pair for pair in unseen if pair[1] in known]
    random.Random(seed).shuffle(turns)
    turns = turns[: 60 if quick else MESSAGES]
    readings = {"unseen": turns, "noisy": sentences_of.noisy(turns, seed), "outside": sentences_of.outside_sentences()}
    every = {"every_unseen": unseen, "every_noisy": sentences_of.noisy(unseen, seed)}
    every = {name: pairs[:: 20 if quick else 1] for name, pairs in every.items()}
    saturation = 96 if quick else SATURATION
    return {SAMPLE: Asked(turns, readings, saturation), ALL: Asked(turns, {**readings, **every}, saturation)}


def run(*arguments: str, env: dict[str, str] | None = None) -> dict[str, Any]:
    """Return what a fresh process of `bench.stock.side` printed; seconds from start to end, and of processor, with it.

    Raises:
        CalledProcessError: it failed; its message is on standard error.
    """
    started, before = time.monotonic(), children_s()
    env = environment(RASA_CACHE_DIRECTORY=str(WORK / "cache"), BENCH_STARTED=str(started), **(env or {}))
    command = [sys.executable, "-m", "bench.stock.side", *arguments]
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    said = json.loads(done.stdout.splitlines()[-1])
    return said | {"wall_s": time.monotonic() - started, "processor_s": children_s() - before}


def train(side: Side, learned: Pairs, reuse: bool, epochs: int | None, limit_s: float) -> dict[str, Any]:
    """Return the model of `side` and what its training took, process start included; `reuse` keeps one made from the same sentences.

    `missing` instead says why there is none.
    """
    kept = side.folder / "trained.json"
    if side.code not in RASA:
        try:
            install(side.code)
        except NotInstalled as error:
            say(f"{side.name}: not measured, {error}")
            return {"missing": str(error)}
    lesson = learned if side.code in RASA else sentences_of.peer_lesson(side.code, learned)
    key = hashlib.sha256(json.dumps([lesson, epochs if side.code == STOCK else None]).encode()).hexdigest()
    if reuse and kept.is_file():
        said = json.loads(kept.read_text(encoding="utf-8"))
        if said["key"] == key and said.get("unfinished_s", limit_s) >= limit_s:
            say(f"{side.name}: the model of an earlier run" if "model" in said else f"{side.name}: {report.untrained(said)}")
            return said
    say(f"{side.name}: training on {len(learned)} sentences…")
    try:
        said = _trained(side, lesson, epochs, limit_s)
    except peers.PeerStopped as error:
        said = {"missing": str(error)}
    else:
        kept.write_text(json.dumps(said | {"key": key}), encoding="utf-8")
    say(f"{side.name}: " + (f"trained in {said['wall_s']:.1f} s" if "wall_s" in said else report.untrained(said)))
    return said


def _trained(side: Side, lesson: Any, epochs: int | None, limit_s: float) -> dict[str, Any]:
    if side.code in RASA:
        if side.code == OURS:
            sentences_of.write_ours(side.folder, lesson if side.data == SAMPLE else None)
        else:
            sentences_of.write_stock(side.folder, lesson, epochs)
        return run("train", side.code, str(side.folder))
    shutil.rmtree(side.folder, ignore_errors=True)
    side.folder.mkdir(parents=True)
    return peers.train(side, lesson, limit_s)


def drive(verb: str, side: Side, model: str, given: Asked | list[str]) -> dict[str, Any]:
    """Return what driving `side` measured (« talk » or « grow »), with an action server of its own for Rasa."""
    say(f"{side.name}: {verb}…")
    if side.code in RASA:
        file = WORK / "asked.json"
        file.write_text(json.dumps(given.as_json() if isinstance(given, Asked) else given, ensure_ascii=False), encoding="utf-8")
        with action_server() as (url, secret):
            said = run(verb, side.code, model, str(file), env={"BENCH_ACTION_URL": url, "BENCH_ACTION_SECRET": secret})
            said["actions_mb"] = children_mb()
    else:
        said = peers.talk(side, model, given) if isinstance(given, Asked) else peers.grow(side, model, given)
    said["load"] = os.getloadavg()[0]
    say(f"{side.name}: {verb}, median {statistics.median(said['turns_ms']):.1f} ms a turn")
    return said


def measure(models: dict[Side, str], asked: dict[str, Asked], rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Return the drives of each side; the order turns round at each round.

    Readings come out the same each time: every unseen sentence is read in the first round only.
    """
    drives: dict[str, list[dict[str, Any]]] = {side.name: [] for side in models}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for side in list(models) if number % 2 == 0 else reversed(list(models)):
            drives[side.name].append(drive("talk", side, models[side], asked[side.data if number == 0 else SAMPLE]))
    return drives


def main(
    sentences: int = 970,
    full: bool = False,
    rounds: int = 2,
    turns: int = 500,
    seed: int = 7,
    reuse: bool = False,
    limit: float = 600,
    epochs: int | None = None,
    quick: bool = False,
) -> None:
    """Compare ours with stock Rasa, nlp.js and a keyword search.

    --quick tries everything in a few minutes: one round, 60 turns, models of an earlier run kept, page in var/bench/quick.
    --reuse keeps the models of an earlier run that learnt the same sentences. --limit: seconds after which a peer that still
    trains is ended. --full: stock learns everything (hours). --epochs: other epochs for stock, to try the benchmark itself.
    """
    require_directory()
    if quick:
        rounds, turns, reuse, limit = 1, 60, True, min(limit, QUICK_LIMIT_S)
    WORK.mkdir(parents=True, exist_ok=True)
    say("preparing the sentences")
    learned = lessons(None if full else sentences, seed)
    asked = questions(learned, seed, quick)
    trained = {side: train(side, learned[side.data], reuse, epochs, limit) for side in SIDES}
    models = {side: said["model"] for side, said in trained.items() if "model" in said}
    drives = measure(models, asked, rounds)
    texts = long_talk([text for text, _ in asked[SAMPLE].turns], turns)
    say(f"one conversation of {turns} turns a side")
    growth = {side.name: drive("grow", side, model, texts) for side, model in models.items()}
    measured = {
        "compared": report.compared(learned, asked, rounds, epochs) | {"options": sys.argv[1:], "turns": turns},
        "versions": versions(),
        "trained": {side.name: said for side, said in trained.items()},
        "drives": drives,
        "growth": growth,
    }
    (WORK / "measured.json").write_text(json.dumps(measured), encoding="utf-8")
    write(measured, WORK / "quick" / "bench.md" if quick else PAGE)


def write(measured: dict[str, Any], page: Path) -> None:
    """Write the page and its plots, in the folder beside it that has its name."""
    plots = page.with_suffix("")
    plots.mkdir(parents=True, exist_ok=True)
    draw_plots(measured, plots)
    told = report.page(measured, plots.name)
    # What other benchmarks wrote there stays.
    for command, kept in (sections_of(page.read_text(encoding="utf-8")) if page.is_file() else {}).items():
        told = with_section(told, command, kept)
    page.write_text(told, encoding="utf-8")
    say(f"written: {os.path.relpath(page)}")


if __name__ == "__main__":
    typer.run(main)
