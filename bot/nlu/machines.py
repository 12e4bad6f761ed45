"""One linear support vector machine a label, fitted in two passes.

A sentence that a machine puts well beyond its margin does not move it. A first pass, against a sample of the other labels' sentences,
tells which ones those are; the second pass is fitted without them. The machines are those of a fit on everything, or nearly
(docs/decisions.md has the figures), four times sooner: the shrinking of Joachims (1999), « Making large-scale SVM learning practical ».
"""

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

PENALTY, TOLERANCE = 1.0, 0.1
# Sentences of other labels in the first pass; where the second stops looking, the margin being at -1: from -0.7, accuracy falls.
SAMPLE, BEYOND = 2_500, -0.8
# Nine weights in ten are none or next to none: without them the model is read, kept and packed several times sooner.
SLIGHT = 0.01


def fit_machines(features: sparse.csr_matrix, owners: np.ndarray, seed: int) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Return the weights (features × labels, sparse) and intercepts (labels), in single precision, of one machine a label.

    `features` is sentences × features; `owners` is the number of the label (0, 1, 2…) of each sentence. One label after the
    other: threads would share liblinear's random numbers, and no training would be like another.
    """
    features = sparse.csr_matrix(features, dtype=np.float64)
    drawn = [_sample(owners, label, seed) for label in range(owners.max() + 1)]
    first = [_fit(features, owners, label, rows, seed) for label, rows in enumerate(drawn)]
    margins = features.astype(np.float32) @ np.vstack([weights for weights, _ in first]).T + np.array([start for _, start in first])
    fitted = [
        # A first pass that saw every sentence is the last.
        first[label] if len(rows) <= SAMPLE else _fit(features, owners, label, np.flatnonzero((owners == label) | (near > BEYOND)), seed)
        for label, (rows, near) in enumerate(zip(drawn, margins.T, strict=True))
    ]
    weights = np.vstack([weights for weights, _ in fitted]).T
    weights[np.abs(weights) < SLIGHT] = 0
    return sparse.csr_matrix(weights), np.array([start for _, start in fitted], dtype=np.float32)


def _sample(owners: np.ndarray, label: int, seed: int) -> np.ndarray:
    """Return the rows of `label` and a sample of the others, in order."""
    others = np.flatnonzero(owners != label)
    drawn = np.random.default_rng([seed, label]).choice(others, min(SAMPLE, len(others)), replace=False)
    return np.sort(np.concatenate([np.flatnonzero(owners == label), drawn]))


def _fit(features: sparse.csr_matrix, owners: np.ndarray, label: int, rows: np.ndarray, seed: int) -> tuple[np.ndarray, float]:
    machine = LinearSVC(C=PENALTY, tol=TOLERANCE, random_state=seed).fit(features[rows], owners[rows] == label)
    return machine.coef_[0].astype(np.float32), float(machine.intercept_[0])
