"""What the pipelines are compared on: the sentences that all of them learn, and the unseen ones. Pure but for the reading of files."""

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from bot.nlu.noise import typos
from bot.nlu.scores import OUTSIDE
from bot.nlu.sentences import read_sentences
from settings import PROJECT_ROOT

SETS = ("development", "examination")
TOPIC = "ask_topic/"
# The texts of `tests/practice/outside.jsonl` that are outside the subject, as the two labels are; the others are insults, danger, English…
STRICTLY = ("near_miss", "out_of_scope")
Pairs = list[tuple[str, str]]


def training_sentences() -> Pairs:
    """Return every training sentence with its label."""
    return list(read_sentences(PROJECT_ROOT / "data" / "nlu"))


def unseen_sentences(name: str) -> Pairs:
    """Return the sentences of one of `SETS`, which training never saw."""
    return list(read_sentences(PROJECT_ROOT / "tests" / "nlu" / name))


def outside_texts(path: Path = PROJECT_ROOT / "tests" / "practice" / "outside.jsonl") -> Pairs:
    """Return the practice texts that must not be answered as if inside, each with its kind."""
    cases = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [(case["text"], case["kind"]) for case in cases]


def draw_labels(labels: Sequence[str], number: int, seed: int) -> list[str]:
    """Return `number` of `labels`, or all, sorted: half intents, the two outside ones always among them, half topics."""
    chance = random.Random(seed)
    topics = sorted(label for label in set(labels) if label.startswith(TOPIC))
    intents = sorted(label for label in set(labels) if not label.startswith(TOPIC))
    always = [label for label in intents if label in OUTSIDE]
    others = [label for label in intents if label not in OUTSIDE]
    drawn_intents = always + chance.sample(others, min(max(number - number // 2 - len(always), 0), len(others)))
    return sorted(drawn_intents + chance.sample(topics, min(number // 2, len(topics))))


def draw_sentences(pairs: Pairs, labels: Sequence[str], number: int, seed: int) -> Pairs:
    """Return `number` sentences of each of `labels`, or all that it has; the order of `pairs` does not matter."""
    chance, owned = random.Random(seed), defaultdict(list)
    for text, label in sorted(pairs):
        owned[label].append((text, label))
    return [pair for label in labels for pair in chance.sample(owned[label], min(number, len(owned[label])))]


def with_noise(pairs: Pairs, seed: int) -> Pairs:
    """Return `pairs` as a hurried person types them, the same for all sides."""
    chance = random.Random(seed)
    return [(typos(text, chance), label) for text, label in pairs]


def halves(pairs: Pairs) -> tuple[Pairs, Pairs]:
    """Return `pairs` in two halves, each label shared out as evenly as can be; the order of `pairs` does not matter."""
    one, other, seen = [], [], defaultdict(int)
    for text, label in sorted(pairs):
        (other if seen[label] % 2 else one).append((text, label))
        seen[label] += 1
    return one, other


def draw_some(pairs: Pairs, number: int, seed: int) -> Pairs:
    """Return `number` of `pairs`, whatever their labels; all of them when there are fewer."""
    return random.Random(seed).sample(sorted(pairs), min(number, len(pairs)))
