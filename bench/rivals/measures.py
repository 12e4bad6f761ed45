"""What the comparison counts beside F1: outside sentences at a given purity, calibration. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

PURITY = 0.95
BINS = 10


@dataclass(frozen=True)
class Refusal:
    """What a threshold on the outside score refuses: shares (0..1) of the outside sentences refused and of the inside ones kept."""

    threshold: float
    recall: float
    kept: float


def refusal_at(inside: Sequence[float], outside: Sequence[float], purity: float = PURITY) -> Refusal | None:
    """Return the highest threshold where `purity` of what is taken as inside is inside, the two sides weighing the same.

    `inside` and `outside` are the outside scores of the sentences; those at the threshold or above are refused. None when no threshold
    that keeps an inside sentence is pure enough.
    """
    inner, outer = np.sort(inside), np.sort(outside)
    for threshold in np.unique(np.concatenate([inner, outer, [np.inf]]))[::-1]:
        kept = np.searchsorted(inner, threshold) / len(inner)
        missed = np.searchsorted(outer, threshold) / len(outer)
        if kept and kept >= purity * (kept + missed) - 1e-12:
            return Refusal(float(threshold), 1 - missed, kept)
    return None


@dataclass(frozen=True)
class Bin:
    """The sentences of one tenth of confidence: how many, mean confidence, share right."""

    count: int
    confidence: float
    right: float


def bins(confidences: Sequence[float], right: Sequence[bool], number: int = BINS) -> list[Bin]:
    """Return the bins of equal width, lowest first; an empty one has a count of 0 and no other figure but 0."""
    sure, good = np.asarray(confidences, float), np.asarray(right, float)
    places = np.minimum((sure * number).astype(int), number - 1)
    groups = [places == i for i in range(number)]
    return [Bin(int(g.sum()), float(sure[g].mean()), float(good[g].mean())) if g.any() else Bin(0, 0.0, 0.0) for g in groups]


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Return the expected calibration error (0..1): the mean distance of confidence and share right, bins weighing what they hold."""
    found = bins(confidences, right)
    return sum(each.count * abs(each.confidence - each.right) for each in found) / sum(each.count for each in found)


def at_temperature(ranking: Sequence[tuple[str, float]], was: float, wanted: float) -> float:
    """Return the confidence of the first label of `ranking`, given at temperature `was`, had it been at `wanted`.

    A probability is e to the power of temperature × margin, over the sum of those of all labels.
    """
    shares = np.array([share for _, share in ranking])
    powers = np.power(shares / shares[0], wanted / was)
    return float(1 / powers.sum())
