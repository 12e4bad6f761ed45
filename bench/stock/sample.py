"""The sentences of the comparison, and the folders that both sides train from.

The sample is drawn once with a fixed seed: the 13 biggest intents, of which two are retrieval intents
(`ask_topic/…`, `find_support/…`) and keep their ten biggest labels each, with as many sentences a label.
"""

import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import yaml

from bot.nlu.sentences import read_sentences
from settings import PROJECT_ROOT

INTENTS, LABELS_AN_INTENT = 13, 10
Pairs = list[tuple[str, str]]


def all_sentences() -> Pairs:
    """Return every training sentence with its label."""
    return list(read_sentences(PROJECT_ROOT / "data" / "nlu"))


def unseen_sentences() -> Pairs:
    """Return every test sentence that training never saw, with its label."""
    entries = [
        entry
        for path in sorted((PROJECT_ROOT / "tests" / "nlu").glob("unseen_*.yml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    ]
    return [(line.strip().removeprefix("- "), e["intent"]) for e in entries for line in e["examples"].splitlines() if line.strip()]


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


def write_stock(folder: Path, sentences: Pairs) -> None:
    """Make `folder` a project of stock Rasa: its configuration, our domain and rules, and `sentences`.

    Rasa wants a response for each label of a retrieval intent: a line with the label's name is enough, as the
    actions answer.
    """
    _begin(folder)
    shutil.copy(Path(__file__).with_name("config.yml"), folder)
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
