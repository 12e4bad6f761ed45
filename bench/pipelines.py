"""Compare pipelines that tell labels apart, ours among them, on the same sentences.

    python -m bench.pipelines
    python -m bench.pipelines --all --diet-sentences 20
    python -m bench.pipelines --labels 12 --sentences 20 --epochs 5

Each training and each reading is a fresh process. What was measured stays in var/bench/pipelines, and a side measured with the same
sentences is not measured again, unless --again. Writes docs/pipelines.md and docs/reliability.svg. Needs the directory database.
"""

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import typer

from bench.rivals import drawing, page, reliability
from bench.rivals.side import SIDES
from cli.stack import require_directory
from settings import PROJECT_ROOT

WORK = PROJECT_ROOT / "var" / "bench" / "pipelines"
SEED = 7
TIMED = 300


def say(text: str) -> None:
    """Show progress on standard error."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def prepare(folder: Path, pairs: drawing.Pairs) -> dict[str, drawing.Pairs]:
    """Write in `folder` what the sides learn and what they are asked; return the groups of sentences that are asked."""
    labels = {label for _, label in pairs}
    groups = {}
    for name in drawing.SETS:
        groups[name] = [pair for pair in drawing.unseen_sentences(name) if pair[1] in labels]
        groups[f"{name}, noisy"] = drawing.with_noise(groups[name], SEED)
    groups["outside"] = drawing.outside_texts()
    texts = {name: [text for text, _ in group] for name, group in groups.items()}
    timed = [text for name in drawing.SETS for text, _ in drawing.draw_some(groups[name], TIMED // len(drawing.SETS), SEED)]
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "training.json", pairs)
    _write(folder / "asked.json", {"texts": texts, "timed": timed})
    return groups


def measure(name: str, folder: Path, again: bool, *options: int) -> dict[str, Any]:
    """Return what `name` measured on the sentences of `folder`."""
    trained = _stage("train", name, folder, ["training.json"], again, *options)
    return trained | _stage("read", name, folder, ["training.json", "asked.json"], again)


def _stage(verb: str, name: str, folder: Path, files: list[str], again: bool, *options: int) -> dict[str, Any]:
    """Return what a fresh process measured; what was measured with the same `files` and options serves unless `again`."""
    kept = folder / name / f"{verb}.json"
    asked = {"files": hashlib.sha256(b"".join((folder / file).read_bytes() for file in files)).hexdigest(), "options": list(options)}
    if not again and kept.is_file() and (said := json.loads(kept.read_text(encoding="utf-8"))).get("asked") == asked:
        return said
    say(f"{folder.name}: {name}, {verb}…")
    words = ["-W", "ignore", "-m", "bench.rivals.side", verb, name, str(folder), *map(str, options)]
    subprocess.run([sys.executable, *words], cwd=PROJECT_ROOT, check=True, stdout=sys.stderr)
    said = json.loads(kept.read_text(encoding="utf-8")) | {"asked": asked}
    _write(kept, said)
    return said


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def table(folder: Path, pairs: drawing.Pairs, sides: list[str], epochs: int, again: bool) -> page.Table:
    """Return what each of `sides` measured with `pairs`."""
    groups = prepare(folder, pairs)
    measured = {name: measure(name, folder, again, *([epochs] if name == "diet" else [])) for name in sides}
    return page.Table(len(pairs), len({label for _, label in pairs}), groups, measured)


def main(
    labels: int = 60,
    sentences: int = 60,
    epochs: int = 100,
    diet: bool = True,
    diet_sentences: int = 0,
    all: bool = False,
    again: bool = False,
) -> None:
    """Compare the pipelines on a sample of --labels × --sentences, and with --all on all the data but for DIET.

    With --diet-sentences, all are compared with that many sentences a label, and all but DIET with --sentences. With --no-diet, its
    long training is left out.
    """
    require_directory()
    pairs = drawing.training_sentences()
    names = drawing.draw_labels([label for _, label in pairs], labels, SEED)
    sets = {f"sample{number}": drawing.draw_sentences(pairs, names, number, SEED) for number in (diet_sentences or sentences, sentences)}
    sets |= {"all": pairs} if all else {}
    tables = []
    for folder, learnt in sets.items():
        sides = [name for name in SIDES if name != "diet" or (diet and not tables)]
        tables.append(table(WORK / folder, learnt, sides, epochs, again))
    curve = reliability.measure(WORK / folder / "svm", tables[-1].groups["examination"])
    reliability.draw(curve, PROJECT_ROOT / "docs" / "reliability.svg")
    text = page.page(tables, curve, epochs, TIMED)
    (PROJECT_ROOT / "docs" / "pipelines.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    typer.run(main)
