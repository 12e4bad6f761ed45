"""Logistic regression on sparse n-grams and spaCy's vector of the sentence."""

from pathlib import Path

import joblib
import numpy as np
from scipy import sparse
from sklearn.linear_model import SGDClassifier

from bench.rivals.drawing import Pairs
from bench.rivals.features import Grams, Vectors, numbered

# On the development sentences of the sample 1e-5 and 3e-5 are alike (0.854 and 0.856), 1e-6, 3e-6 and 1e-4 lower (0.81 to 0.84), and so is
# the exact solver with C = 10 (0.83), which takes six times longer: hence the stochastic gradient.
PENALTY, PASSES = 1e-5, 10


def train(pairs: Pairs, folder: Path) -> None:
    """Fit on `pairs`, one label against the others, and write the model below `folder`."""
    texts, owners = zip(*pairs, strict=True)
    labels, numbers = numbered(owners)
    grams = Grams(texts)
    features = _features(grams, Vectors(), texts)
    machine = SGDClassifier(loss="log_loss", alpha=PENALTY, max_iter=PASSES, tol=None, random_state=7).fit(features, numbers)
    joblib.dump((labels, grams, machine.coef_.astype(np.float32), machine.intercept_.astype(np.float32)), folder / "logistic.joblib")


def _features(grams: Grams, vectors: Vectors, texts: list[str]) -> sparse.csr_matrix:
    return sparse.hstack([grams(texts), vectors(texts)], format="csr", dtype=np.float32)


class Logistic:
    """The fitted machines; the probabilities of the labels, each against the others, are brought to a sum of 1."""

    def __init__(self, folder: Path) -> None:
        self._labels, self._grams, weights, self._starts = joblib.load(folder / "logistic.joblib")
        self._weights, self._vectors = np.ascontiguousarray(weights.T), Vectors()

    def ranks(self, texts: list[str]) -> list[list[tuple[str, float]]]:
        """Return the ranking of each text."""
        margins = _features(self._grams, self._vectors, texts) @ self._weights + self._starts
        shares = 1 / (1 + np.exp(-margins))
        shares /= shares.sum(axis=1, keepdims=True)
        return [[(self._labels[i], float(row[i])) for i in np.argsort(-row)] for row in shares]
