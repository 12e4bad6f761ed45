"""Nearest neighbours: a label is as near as the mean of its three nearest sentences."""

from pathlib import Path

import joblib
import numpy as np

from bench.rivals.drawing import Pairs
from bench.rivals.features import Grams, numbered, rankings

NEAREST = 3
# Turns cosines into probabilities: the best of 5, 10, 20, 30 and 40 by log loss on the development sentences of the sample.
TEMPERATURE = 30.0
# Texts compared at once: with all the data, 43,000 likenesses each.
AT_ONCE = 200


def train(pairs: Pairs, folder: Path) -> None:
    """Keep the sentences of `pairs`, as features, below `folder`."""
    texts, owners = zip(*sorted(pairs, key=lambda pair: pair[1]), strict=True)
    labels, numbers = numbered(owners)
    grams = Grams(texts)
    joblib.dump((labels, grams, grams(texts), np.searchsorted(numbers, np.arange(len(labels) + 1))), folder / "nearest.joblib")


class Nearest:
    """The sentences, grouped by label, and where each label begins."""

    def __init__(self, folder: Path) -> None:
        self.labels, self._grams, self._kept, starts = joblib.load(folder / "nearest.joblib")
        sizes = np.diff(starts)
        # Labels × the size of the biggest one; what a smaller one has not points at a likeness of 0.
        places = starts[:-1, None] + np.arange(sizes.max())
        self._places = np.where(np.arange(sizes.max()) < sizes[:, None], places, starts[-1])

    def ranks(self, texts: list[str]) -> list[list[tuple[str, float]]]:
        """Return the ranking of each text."""
        return rankings(self.labels, self.scores(texts), TEMPERATURE)

    def scores(self, texts: list[str]) -> np.ndarray:
        """Return the likeness (0..1) of each text to each label."""
        return np.vstack([self._scores(texts[i : i + AT_ONCE]) for i in range(0, len(texts), AT_ONCE)])

    def _scores(self, texts: list[str]) -> np.ndarray:
        likeness = (self._grams(texts) @ self._kept.T).toarray()
        likeness = np.hstack([likeness, np.zeros((len(texts), 1), np.float32)])
        return np.array([self._by_label(row) for row in likeness])

    def _by_label(self, likeness: np.ndarray) -> np.ndarray:
        grouped = likeness[self._places]
        return np.partition(grouped, -NEAREST, axis=1)[:, -NEAREST:].mean(axis=1)
