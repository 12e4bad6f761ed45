"""One pipeline of the comparison, in a process of its own: trains or reads, and writes what it measured beside its model.

    python -m bench.rivals.side train svm var/bench/pipelines/sample 100
    python -m bench.rivals.side read svm var/bench/pipelines/sample

Reads `training.json` and `asked.json` of the folder (see `bench.pipelines`).
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.nlu.scores import OUTSIDE
from bot.quiet import silent_imports

# The name of a side → its module, and the class that loads it. A module has `train(pairs, folder)`, which may return what it chose;
# a class has `ranks(texts)`.
SIDES = {
    "diet": ("bench.rivals.diet", "Diet"),
    "logistic": ("bench.rivals.logistic", "Logistic"),
    "svm": ("bench.rivals.ours", "Svm"),
    "nearest": ("bench.rivals.nearest", "Nearest"),
    "blend": ("bench.rivals.blend", "Blend"),
    "whole": ("bench.rivals.ours", "Whole"),
}
WARMING = 20


def train(name: str, folder: Path, *options: int) -> dict[str, Any]:
    """Train a side on the sentences of `folder`; return the seconds of the training alone, and the load of the machine at its end."""
    pairs = [tuple(pair) for pair in _json(folder / "training.json")]
    with silent_imports():
        module = import_module(SIDES[name][0])
    (folder / name).mkdir(exist_ok=True)
    started, before = time.perf_counter(), time.process_time()
    told = module.train(pairs, folder / name, *options) or {}
    spent = {"train_s": time.perf_counter() - started, "train_cpu_s": time.process_time() - before}
    return {**told, **spent, "train_load": os.getloadavg()[0]}


def read(name: str, folder: Path) -> dict[str, Any]:
    """Return what a side makes of the sentences of `folder`: rankings, milliseconds a message, resident memory in megabytes."""
    asked = _json(folder / "asked.json")
    with silent_imports():
        module, loads = SIDES[name]
        side = getattr(import_module(module), loads)(folder / name)
    timed = asked["timed"]
    side.ranks(timed[:WARMING])
    times = [_ms(side, text) for text in timed]
    said: dict[str, Any] = {"ms": statistics.median(times), "read_load": os.getloadavg()[0], "memory_mb": resident_mb()}
    for number, (group, texts) in enumerate(asked["texts"].items(), 1):
        print(f"    {name}: {number}/{len(asked['texts'])} groups of sentences, {len(texts)} in this one", file=sys.stderr, flush=True)
        said[group] = [_kept(ranking, getattr(side, "decides", ())) for ranking in side.ranks(texts)]
    return said


def _kept(ranking: list[tuple[str, float]], decides: Collection[str]) -> dict[str, Any]:
    """Return the first label, its confidence and the outside score.

    The score is 1 when the label is among those that the side `decides` by, else the probability of the two outside labels together.
    """
    label, confidence = ranking[0]
    outside = 1.0 if label in decides else sum(score for name, score in ranking if name in OUTSIDE)
    return {"read": label, "confidence": confidence, "outside": outside}


def _ms(side: Any, text: str) -> float:
    started = time.perf_counter()
    side.ranks([text])
    return 1000 * (time.perf_counter() - started)


def resident_mb() -> float:
    """Return the resident memory of this process, in megabytes (VmRSS)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def main() -> None:
    """Run the verb of the command line, and write what it gives, named like it, in the folder of the side."""
    verb, name, place, *options = sys.argv[1:]
    folder = Path(place)
    said = train(name, folder, *map(int, options)) if verb == "train" else read(name, folder)
    (folder / name / f"{verb}.json").write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    main()
