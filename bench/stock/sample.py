"""The sentences of the comparison, and the folders that both sides train from.

The sample is drawn once with a fixed seed: the 13 biggest intents, of which two are retrieval intents
(`ask_topic/…`, `find_support/…`) and keep their ten biggest labels each, with as many sentences a label.
"""

import json
import random
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from bench.sides import NLPJS
from bot.nlu.noise import typos
from bot.nlu.sentences import read_sentences
from settings import PROJECT_ROOT

INTENTS, LABELS_AN_INTENT = 13, 10
# What asks for a refusal among the practice messages; the other kinds have a label, and a right reply, of their own.
REFUSED_KINDS = {"out_of_scope", "near_miss", "noise"}
Pairs = list[tuple[str, str]]


def all_sentences() -> Pairs:
    """Return every training sentence with its label."""
    return list(read_sentences(PROJECT_ROOT / "data" / "nlu"))


def unseen_sentences() -> Pairs:
    """Return every test sentence that training never saw, with its label."""
    return list(read_sentences(PROJECT_ROOT / "tests" / "nlu"))


def outside_sentences() -> Pairs:
    """Return the test sentences that are not the assistant's subject, or no sentence, with the label or the kind they have."""
    unseen = [pair for pair in unseen_sentences() if pair[1] in ("out_of_scope", "near_miss")]
    lines = (PROJECT_ROOT / "tests" / "practice" / "outside.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines if line.strip()]
    return unseen + [(case["text"], case["kind"]) for case in cases if case["kind"] in REFUSED_KINDS]


def noisy(pairs: Pairs, seed: int) -> Pairs:
    """Return `pairs` as typed in a hurry: no accents, a slip in about one long word out of six."""
    chance = random.Random(seed)
    return [(typos(text, chance), label) for text, label in pairs]


def answers() -> dict[str, tuple[str, str]]:
    """Return, by label, what the seed answers: (question and label, text)."""
    rows = [
        row
        for path in sorted((PROJECT_ROOT / "data" / "seed" / "answers").glob("*.yml"))
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    return {f"ask_topic/{row['slug']}": (f"{row['question']} {row['label']}", row["text"]) for row in rows}


def peer_lesson(code: str, sentences: Pairs) -> dict[str, Any]:
    """Return what a peer is given to train on.

    nlp.js: the sentences, and the text to answer for each label. The keyword search: of each answer of the seed
    whose label is there, its question and label as one text and what it says as another (together they lose to the short
    sentences), and the sentences of the labels that have no answer.
    """
    told = answers()
    labels = sorted({label for _, label in sentences})
    if code == NLPJS:
        return {"sentences": sentences, "answers": {label: told[label][1] if label in told else label for label in labels}}
    written = [(text, label) for label in labels for text in told.get(label, ())]
    return {"texts": written + [pair for pair in sentences if pair[1] not in told]}


def biggest_labels(pairs: Pairs) -> list[str]:
    """Return the labels of the sample, smallest first."""
    sizes = Counter(label for _, label in pairs)
    by_intent: dict[str, list[str]] = defaultdict(list)
    for label, _ in sizes.most_common():
        by_intent[label.split("/")[0]].append(label)
    biggest = sorted(by_intent, key=lambda intent: -sum(sizes[label] for label in by_intent[intent]))[:INTENTS]
    return sorted((label for intent in biggest for label in by_intent[intent][:LABELS_AN_INTENT]), key=lambda label: (sizes[label], label))


def draw(pairs: Pairs, labels: list[str], number: int, seed: int) -> Pairs:
    """Return `number` sentences, as evenly among `labels` as their sizes allow; fewer when there are fewer."""
    chance, drawn = random.Random(seed), []
    for i, label in enumerate(labels):
        own = sorted(pair for pair in pairs if pair[1] == label)
        share = round((number - len(drawn)) / (len(labels) - i))
        drawn += chance.sample(own, min(share, len(own)))
    return drawn


def write_ours(folder: Path, sentences: Pairs | None) -> None:
    """Make `folder` a project of ours: the present configuration, domain and rules.

    With `sentences` they come from a file that Rasa's own reader reads, as on the stock side; without, from `data/nlu`
    by our importer, as in `aiguilleur train`.
    """
    _begin(folder)
    shutil.copy(PROJECT_ROOT / "domain.yml", folder)
    config = yaml.safe_load((PROJECT_ROOT / "config.yml").read_text(encoding="utf-8"))
    if sentences is not None:
        del config["importers"]
        _write_sentences(folder / "data" / "rules" / "sentences.yml", sentences)
    (folder / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")


def write_stock(folder: Path, sentences: Pairs, epochs: int | None = None) -> None:
    """Make `folder` a project of stock Rasa: its configuration, our domain and rules, and `sentences`.

    `epochs` replaces those of the configuration, to try the benchmark itself. Rasa wants a response for each label of a
    retrieval intent: a line with the label's name is enough, as the actions answer.
    """
    _begin(folder)
    config = Path(__file__).with_name("config.yml").read_text(encoding="utf-8")
    (folder / "config.yml").write_text(re.sub(r"epochs: \d+", f"epochs: {epochs}", config) if epochs else config, encoding="utf-8")
    (folder / "domain").mkdir()
    shutil.copy(PROJECT_ROOT / "domain.yml", folder / "domain")
    labels = sorted({label for _, label in sentences if "/" in label})
    responses = {f"utter_{label}": [{"text": label}] for label in labels}
    (folder / "domain" / "responses.yml").write_text(yaml.safe_dump({"responses": responses}), encoding="utf-8")
    _write_sentences(folder / "data" / "rules" / "sentences.yml", sentences)


def _begin(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(PROJECT_ROOT / "data" / "rules", folder / "data" / "rules")


def _write_sentences(path: Path, sentences: Iterable[tuple[str, str]]) -> None:
    by_label: dict[str, list[str]] = defaultdict(list)
    for sentence, label in sentences:
        by_label[label].append(f"      - {sentence}\n")
    entries = [f"  - intent: {label}\n    examples: |\n{''.join(lines)}" for label, lines in by_label.items()]
    path.write_text('version: "3.1"\nnlu:\n' + "".join(entries), encoding="utf-8")
