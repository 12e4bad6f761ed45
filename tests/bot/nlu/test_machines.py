"""The machines of the labels: two passes give those of a fit on everything."""

import numpy as np
from scipy import sparse
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from bot.nlu import machines
from bot.nlu.machines import fit_machines

LABELS, EACH, FEATURES = 6, 60, 40


def _crowds(seed: int = 3) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Sentences that lean to the features of their label, with enough noise for some to lie beyond the margin of another."""
    chance = np.random.default_rng(seed)
    owners = np.repeat(np.arange(LABELS), EACH)
    features = chance.random((len(owners), FEATURES)) * (chance.random((len(owners), FEATURES)) < 0.2)
    features[np.arange(len(owners)), owners] += 1.0
    return sparse.csr_matrix(features), owners


def test_two_passes_read_as_a_fit_on_everything_does(monkeypatch):
    monkeypatch.setattr(machines, "SAMPLE", 60)  # far fewer than the 300 sentences of others
    features, owners = _crowds()
    weights, starts = fit_machines(features, owners, seed=7)
    whole = OneVsRestClassifier(LinearSVC(C=machines.PENALTY, tol=machines.TOLERANCE, random_state=7)).fit(features, owners)
    ours, theirs = (features @ weights).toarray() + starts, whole.decision_function(features)
    assert np.mean(ours.argmax(1) == theirs.argmax(1)) > 0.98
    assert np.abs(ours - theirs).mean() < 0.1


def test_slight_weights_are_left_out():
    features, owners = _crowds()
    weights, _ = fit_machines(features, owners, seed=7)
    assert weights.nnz < FEATURES * LABELS
    assert np.abs(weights.data).min() >= machines.SLIGHT
