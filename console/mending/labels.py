"""The labels that a sentence may be given, as staff read them: a name in French, what the person wants, an example, its neighbours."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from console.mending.intents_told import NAMES, WANTS
from console.mending.sentences import TRAINING, Sentences
from directory.text import fold

TOPIC = "ask_topic/"
UNHELD = "ask_unheld"
# How near (0..100) a misspelt search is to a name that it means, and the shortest one that may be misspelt.
NEARLY, SHORTEST = 80, 5
_NOT_THIS = re.compile(r"^# .*?Not this: (?P<others>.*)$", re.MULTILINE)
_NAME = re.compile(r"[a-z0-9_]+(?:/[a-z0-9_]+)?")


@dataclass(frozen=True)
class Label:
    """A label: its code, its name, what it stands for, one of its sentences, the codes that it is confused with, how many sentences it
    has."""

    code: str
    name: str
    wants: str
    example: str
    neighbours: tuple[str, ...]
    sentences: int

    @property
    def searched(self) -> str:
        """All that a search reads, folded."""
        return fold(f"{self.name} {self.wants} {self.example} {self.code.replace('_', ' ')}")


def read_labels(root: Path, sentences: Sentences, topics: Mapping[str, tuple[str, str]]) -> dict[str, Label]:
    """Return the labels of the training data of the project at `root`, by code; `topics` tells the title and the question of each checked
    answer by its slug."""
    beside = neighbours_of_topics(root / TRAINING, sentences.labels)
    return labels_of(sentences.labels, sentences.examples, sentences.registry, topics, beside)


def labels_of(
    counts: Mapping[str, int],
    examples: Mapping[str, str],
    registry: Mapping[str, Mapping[str, Any]],
    topics: Mapping[str, tuple[str, str]],
    beside: Mapping[str, tuple[str, ...]],
) -> dict[str, Label]:
    """Return the labels of the training data by code. `counts` says how many sentences each has, `examples` gives one of them; `topics`
    tells the title and the question of each checked answer by its slug, `beside` the neighbours that the topics' files name."""
    return {code: _label(code, count, examples[code], registry, topics, beside) for code, count in sorted(counts.items())}


def _label(code: str, count: int, example: str, registry: Mapping, topics: Mapping, beside: Mapping) -> Label:
    if code.startswith(TOPIC):
        slug = code.removeprefix(TOPIC)
        title, question = topics.get(slug, (slug.replace("_", " "), ""))
        return Label(code, title, question, example, beside.get(code, ()), count)
    entry = registry.get(code, {})
    name = entry.get("label") or NAMES.get(code, code)
    return Label(code, name, WANTS.get(code, ""), entry.get("example", example), tuple(entry.get("neighbours", ())), count)


def neighbours_of_topics(folder: Path, known: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the labels that each topic's file says that it is not (« Not this: … »), among the `known` ones."""
    codes = {*known}
    found = {}
    for file in sorted((folder / "topics").glob("*.yml")):
        match = _NOT_THIS.search(file.read_text(encoding="utf-8"))
        named = _NAME.findall(match["others"]) if match else ()
        full = (name if name in codes else TOPIC + name for name in named)
        found[TOPIC + file.stem] = tuple(dict.fromkeys(name for name in full if name in codes))
    return found


def name_of(labels: Mapping[str, Label], code: str) -> str:
    """Return what staff call a label, those that nothing trains too; its code when it has no name."""
    return labels[code].name if code in labels else NAMES.get(code, code or "rien")


def are_neighbours(labels: Mapping[str, Label], one: str, other: str) -> bool:
    """The registry says that one of two labels is confused with the other."""
    return any(
        second in labels[first].neighbours or second.split("/")[0] in labels[first].neighbours
        for first, second in ((one, other), (other, one))
        if first in labels
    )


def search(labels: Mapping[str, Label], text: str, most: int = 12) -> list[Label]:
    """Return the labels that a search names, the best first: by their code, all words in their name, then elsewhere, then nearly."""
    asked = fold(text)
    if not asked:
        return []
    words = asked.replace("'", " ").split()
    ranked = []
    for label in labels.values():
        name = fold(label.name)
        if text.strip() in (label.code, label.code.removeprefix(TOPIC)):
            rank = 0.0
        elif all(word in name for word in words):
            rank = 1 + len(name) / 1000
        elif all(word in label.searched for word in words):
            rank = 2 + len(label.searched) / 1000
        else:
            likeness = fuzz.partial_ratio(asked, name) if len(asked) >= SHORTEST else 0
            rank = 3 + (100 - likeness) / 100 if likeness >= NEARLY else None
        if rank is not None:
            ranked.append((rank, label.code, label))
    return [label for _, _, label in sorted(ranked)[:most]]
