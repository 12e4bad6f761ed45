"""One linear support vector machine a label, against all the others, fitted in two passes; a wide label is learnt in parts as well.

By far most of the time of a fit goes to sentences that never touch the margin. The first pass, on a sample of the other labels' sentences,
tells which ones those are; the second pass is fitted without them. The machines are those of a fit on everything, or nearly
(docs/decisions.md has the figures), four times sooner: the shrinking of Joachims (1999), « Making large-scale SVM learning practical ».

A label that gathers hundreds of facts has no single direction. Its sentences are clustered by likeness, each cluster has a machine, and the
label's margin is the mean of its own and of its best part's: a piecewise linear classifier (Sklansky and Michelotti, 1980).
"""

from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

PENALTY, TOLERANCE = 1.0, 0.1
# Sentences of other labels in the first pass; where the second stops looking, the margin being at -1: from -0.7, accuracy falls.
SAMPLE, BEYOND = 2_500, -0.8
# Nine weights in ten are none or next to none: without them the model is read, kept and packed several times sooner.
SLIGHT = 0.01
# A label of as many sentences is learnt in parts too, of about so many each, alike in so many directions of what as many share. Outside
# subjects (1,300 sentences a label) lose by it: docs/decisions.md.
WIDE, A_PART, DIRECTIONS, SHARED = 2_000, 100, 50, 10
# From as many sentences, the machines are fitted in processes, in so many shares.
APART, SHARES = 5_000, 8


@dataclass
class Machines:
    """Weights (features × machines, sparse) and intercepts, in single precision: those of the labels by number, then those of the
    parts of wide labels; `part_of` holds the number of the label of each part."""

    weights: sparse.csr_matrix
    intercepts: np.ndarray
    part_of: np.ndarray

    def margins(self, features: sparse.csr_matrix) -> np.ndarray:
        """Return the margin of each label (sentences × labels) for `features` (sentences × features)."""
        each = (features @ self.weights).toarray() + self.intercepts
        labels = each.shape[1] - len(self.part_of)
        margins, parts = each[:, :labels], each[:, labels:]
        for label in np.unique(self.part_of):
            margins[:, label] = (margins[:, label] + parts[:, self.part_of == label].max(axis=1)) / 2
        return margins


def fit_machines(features: sparse.csr_matrix, owners: np.ndarray, seed: int) -> Machines:
    """Return the machines of the labels of `features` (sentences × features); `owners` is the number of the label (0, 1, 2…) of each
    sentence.

    From `APART` sentences on, in processes, at most one a processor: threads would share liblinear's random numbers, and no training would
    be like another.
    """
    features = sparse.csr_matrix(features, dtype=np.float64)
    labels = range(owners.max() + 1)
    parts = [(label, part) for label in labels if np.sum(owners == label) >= WIDE for part in _parts(features, owners == label, seed)]
    sought = [*((label, np.flatnonzero(owners == label)) for label in labels), *parts]
    shares = np.array_split(np.arange(len(sought)), SHARES if len(owners) >= APART else 1)
    # Copied on write: SciPy refuses to index matrices that are mapped read-only.
    fitted = Parallel(n_jobs=-1 if len(shares) > 1 else 1, backend="loky", mmap_mode="c")(
        delayed(_fit_share)(features, owners, [(number, *sought[number]) for number in share], seed) for share in shares if len(share)
    )
    weights, starts = (np.concatenate(pieces) for pieces in zip(*fitted, strict=True))
    weights[np.abs(weights) < SLIGHT] = 0
    return Machines(sparse.csr_matrix(weights.T), starts, np.array([label for label, _ in parts], dtype=np.int32))


def _fit_share(
    features: sparse.csr_matrix, owners: np.ndarray, sought: list[tuple[int, int, np.ndarray]], seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights (machines × features) and intercepts of `sought`: of each machine its number, its label and the rows that it
    must know from those of the other labels. The other parts of its label are none of a part's business."""
    drawn = [_sample(rows, np.flatnonzero(owners != label), [seed, number]) for number, label, rows in sought]
    first = [_fit(features, rows, sample, seed) for (_, _, rows), sample in zip(sought, drawn, strict=True)]
    margins = features.astype(np.float32) @ np.vstack([weights for weights, _ in first]).T + np.array([start for _, start in first])
    fitted = []
    for once, sample, (_, label, rows), near in zip(first, drawn, sought, margins.T, strict=True):
        others = owners != label
        nearest = np.flatnonzero(others & (near > BEYOND))
        # A first pass that saw every sentence, or that left none near, is the last.
        saw_all = len(sample) == len(rows) + np.sum(others)
        fitted.append(once if saw_all or not len(nearest) else _fit(features, rows, np.union1d(rows, nearest), seed))
    return np.vstack([weights for weights, _ in fitted]), np.array([start for _, start in fitted], dtype=np.float32)


def _parts(features: sparse.csr_matrix, wanted: np.ndarray, seed: int) -> list[np.ndarray]:
    """Return the parts of the `wanted` sentences, alike within each, as rows."""
    rows = np.flatnonzero(wanted)
    theirs = features[rows]
    shared = theirs[:, theirs.getnnz(axis=0) >= SHARED]
    with threadpool_limits(1):
        # Threads add up in any order, and no training would be like another.
        directions = TruncatedSVD(min(DIRECTIONS, shared.shape[1] - 1), random_state=seed).fit_transform(shared)
        clusters = KMeans(round(len(rows) / A_PART), n_init=1, random_state=seed).fit_predict(normalize(directions))
    return [rows[clusters == cluster] for cluster in np.unique(clusters)]


def _sample(rows: np.ndarray, others: np.ndarray, seed: list[int]) -> np.ndarray:
    """Return the `rows` and a sample of the `others`, in order."""
    drawn = np.random.default_rng(seed).choice(others, min(SAMPLE, len(others)), replace=False)
    return np.union1d(rows, drawn)


def _fit(features: sparse.csr_matrix, wanted: np.ndarray, rows: np.ndarray, seed: int) -> tuple[np.ndarray, float]:
    machine = LinearSVC(C=PENALTY, tol=TOLERANCE, random_state=seed).fit(features[rows], np.isin(rows, wanted))
    return machine.coef_[0].astype(np.float32), float(machine.intercept_[0])
