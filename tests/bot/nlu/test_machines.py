"""The machines of the labels: two passes give those of a fit on everything; a wide label is learnt in parts."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from bot.nlu import machines
from bot.nlu.machines import fit_machines

LABELS, EACH, FEATURES = 6, 60, 40


def _crowds(seed: int = 3, each: int = EACH) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Sentences that lean to the features of their label, with enough noise for some to lie beyond the margin of another."""
    chance = np.random.default_rng(seed)
    owners = np.repeat(np.arange(LABELS), each)
    features = chance.random((len(owners), FEATURES)) * (chance.random((len(owners), FEATURES)) < 0.2)
    features[np.arange(len(owners)), owners] += 1.0
    return sparse.csr_matrix(features), owners


def test_two_passes_read_as_a_fit_on_everything_does(monkeypatch):
    monkeypatch.setattr(machines, "SAMPLE", 60)  # far fewer than the 300 sentences of others
    features, owners = _crowds()
    fitted = fit_machines(features, owners, seed=7)
    whole = OneVsRestClassifier(LinearSVC(C=machines.PENALTY, tol=machines.TOLERANCE, random_state=7)).fit(features, owners)
    ours, theirs = fitted.margins(features), whole.decision_function(features)
    assert np.mean(ours.argmax(1) == theirs.argmax(1)) > 0.98
    assert np.abs(ours - theirs).mean() < 0.1


def test_slight_weights_are_left_out():
    features, owners = _crowds()
    weights = fit_machines(features, owners, seed=7).weights
    assert weights.nnz < FEATURES * LABELS
    assert np.abs(weights.data).min() >= machines.SLIGHT


def test_processes_fit_what_one_would(monkeypatch):
    each = 600  # more others than the first pass draws
    monkeypatch.setattr(machines, "WIDE", each)
    monkeypatch.setattr(machines, "A_PART", each // 2)
    monkeypatch.setattr(machines, "SHARED", 1)
    features, owners = _crowds(each=each)
    assert len(owners) - each > machines.SAMPLE
    monkeypatch.setattr(machines, "APART", len(owners) + 1)
    together = fit_machines(features, owners, seed=7)
    monkeypatch.setattr(machines, "APART", 0)
    apart = fit_machines(features, owners, seed=7)
    assert (together.weights != apart.weights).nnz == 0
    assert np.array_equal(together.intercepts, apart.intercepts)
    assert np.array_equal(together.part_of, apart.part_of)
    assert len(apart.part_of) == 2 * LABELS


@pytest.fixture
def two_crowds(monkeypatch) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Two crowds of one label, on either side of those of the other: no plane has both on one side."""
    monkeypatch.setattr(machines, "A_PART", 50)
    monkeypatch.setattr(machines, "SHARED", 1)
    monkeypatch.setattr(machines, "SAMPLE", 20)
    corners = np.array([[1, 0, 1, 0, 0], [0, 1, 0, 1, 0], [1, 0, 0, 1, 0], [0, 1, 1, 0, 0]], float)
    features = np.repeat(corners, [50, 50, 30, 30], axis=0)
    features[:, 4] = np.random.default_rng(3).random(160)
    return sparse.csr_matrix(features), np.repeat([0, 1], [100, 60])


def _known(features: sparse.csr_matrix, owners: np.ndarray) -> float:
    return float(np.mean(fit_machines(features, owners, seed=7).margins(features).argmax(1) == owners))


def test_a_wide_label_is_learnt_in_parts(two_crowds, monkeypatch):
    monkeypatch.setattr(machines, "WIDE", 80)
    assert fit_machines(*two_crowds, seed=7).part_of.tolist() == [0, 0]
    assert _known(*two_crowds) == 1.0


def test_a_narrower_label_is_not(two_crowds):
    assert fit_machines(*two_crowds, seed=7).part_of.tolist() == []
    assert _known(*two_crowds) < 0.8
