"""Two models on the same test sentences: what changed, and whether the second one is worse. Pure: no Rasa here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.nlu.scores import Reading, accuracy, f1_by_label, macro_f1

# What two trainings may differ by without being one worse than the other (shares, 0..1). On the 6,105 sentences of tests/nlu, a training
# without 60 random sentences of 54,933 moved the accuracy by 0.0007 and the macro F1 by 0.001: three and two times less.
LOSS = 0.002
# And one label, when enough sentences examine it: the most that a label lost by chance then was 0.037, one sentence of twenty. More than
# this is two sentences or more that this label alone loses, which the totals hide.
LABEL_LOSS, FEWEST = 0.05, 10
# A label has moved when its F1 has, by more than what is printed.
MOVED = 0.0005
# Two floats that are the same figure.
_EQUAL = 1e-9


@dataclass(frozen=True)
class Scores:
    """How well the test sentences are read, as shares (0..1)."""

    accuracy: float
    macro_f1: float


@dataclass(frozen=True)
class Moved:
    """A label whose F1 changed, and how many sentences examine it."""

    label: str
    before: float
    after: float
    sentences: int

    @property
    def gain(self) -> float:
        """What it gained; a loss is negative."""
        return self.after - self.before

    @property
    def is_loss(self) -> bool:
        """It lost more than chance explains."""
        return self.sentences >= FEWEST and self.gain < -LABEL_LOSS - _EQUAL


@dataclass(frozen=True)
class Changed:
    """A sentence that one model reads right and the other does not."""

    text: str
    right: str
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """What two models read of the same sentences: the labels that moved, the greatest losses first."""

    before: Scores
    after: Scores
    moved: list[Moved]
    newly_right: list[Changed]
    newly_wrong: list[Changed]

    @property
    def losses(self) -> list[Moved]:
        """The labels that lost more than chance explains."""
        return [each for each in self.moved if each.is_loss]

    @property
    def lost(self) -> list[str]:
        """Why the second model is worse, as names of what fell: accuracy, macro_f1, labels; empty when it is not."""
        fell = {
            "accuracy": self.after.accuracy < self.before.accuracy - LOSS - _EQUAL,
            "macro_f1": self.after.macro_f1 < self.before.macro_f1 - LOSS - _EQUAL,
            "labels": bool(self.losses),
        }
        return [name for name, is_so in fell.items() if is_so]

    @property
    def is_worse(self) -> bool:
        """The second model is not to take the place of the first."""
        return bool(self.lost)


def compare(before: Sequence[Reading], after: Sequence[Reading]) -> Comparison:
    """Return how two readings of the same sentences, in the same order, differ.

    Raises:
        ValueError: they are not of the same sentences, or of none.
    """
    if not before or [(each.text, each.right) for each in before] != [(each.text, each.right) for each in after]:
        raise ValueError("the two models must read the same sentences")
    pairs = list(zip(before, after, strict=True))
    changed = [
        (Changed(one.text, one.right, one.read, other.read), other.read == other.right) for one, other in pairs if _differs(one, other)
    ]
    return Comparison(
        Scores(accuracy(before), macro_f1(before)),
        Scores(accuracy(after), macro_f1(after)),
        _moved(before, after),
        [each for each, is_right in changed if is_right],
        [each for each, is_right in changed if not is_right],
    )


def _differs(one: Reading, other: Reading) -> bool:
    return (one.read == one.right) != (other.read == other.right)


def _moved(before: Sequence[Reading], after: Sequence[Reading]) -> list[Moved]:
    first, second = f1_by_label(before), f1_by_label(after)
    counts = Counter(each.right for each in before)
    moved = [Moved(label, value, second[label], counts[label]) for label, value in first.items() if abs(second[label] - value) >= MOVED]
    return sorted(moved, key=lambda each: (each.gain, each.label))
