"""How well labels are read: F1 by label, what each label loses to which neighbour, outside subjects. Pure: no Rasa here."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score

from bot.nlu.spelling import plain

# Subjects that are not ours, what they are answered with, and what is answered neither as inside nor as outside.
OUTSIDE = frozenset({"near_miss", "out_of_scope"})
REFUSED = OUTSIDE | {"noise"}
NOT_ANSWERED = REFUSED | {"nlu_fallback"}


@dataclass(frozen=True)
class Reading:
    """One test sentence: the label that is right, the one that was read, and how sure it was (0..1)."""

    text: str
    right: str
    read: str
    confidence: float = 0.0


@dataclass(frozen=True)
class Theft:
    """Sentences of `victim` that were read as `thief`, each with the training sentence of the thief that is nearest."""

    victim: str
    thief: str
    pairs: list[tuple[str, str]]


def accuracy(readings: Sequence[Reading]) -> float:
    """Return the share (0..1) of sentences read as their label."""
    return sum(r.read == r.right for r in readings) / len(readings)


def f1_by_label(readings: Sequence[Reading]) -> dict[str, float]:
    """Return the F1 (0..1) of each label that is right somewhere, lowest first."""
    labels = sorted({r.right for r in readings})
    values = f1_score([r.right for r in readings], [r.read for r in readings], labels=labels, average=None, zero_division=0)
    return dict(sorted(zip(labels, map(float, values), strict=True), key=lambda pair: pair[1]))


def macro_f1(readings: Sequence[Reading]) -> float:
    """Return the mean of the F1 of the labels (0..1): each label counts as much as another, however many sentences it has."""
    return float(np.mean(list(f1_by_label(readings).values())))


def outside_recall(readings: Sequence[Reading]) -> tuple[float, float]:
    """Return the share of outside sentences that are said to be outside, and the share of the sentences answered as inside that are
    read right (0..1); one that nothing was read in is answered as neither."""
    outside = [r for r in readings if r.right in OUTSIDE]
    answered = [r for r in readings if r.read not in NOT_ANSWERED]
    recall = sum(r.read in REFUSED for r in outside) / len(outside)
    return recall, sum(r.read == r.right for r in answered) / len(answered) if answered else 1.0


def thefts(readings: Sequence[Reading], training: Sequence[tuple[str, str]]) -> list[Theft]:
    """Return what each label loses to which other, the greatest losses first; `training` is (sentence, label)."""
    lost: dict[tuple[str, str], list[str]] = defaultdict(list)
    for r in readings:
        if r.read != r.right:
            lost[r.right, r.read].append(r.text)
    nearest = _Nearest(training)
    ordered = sorted(lost.items(), key=lambda item: (-len(item[1]), item[0]))
    return [Theft(victim, thief, [(text, nearest(text, thief)) for text in texts]) for (victim, thief), texts in ordered]


def losers(readings: Sequence[Reading]) -> Counter[str]:
    """Return how many sentences of others each label took."""
    return Counter(r.read for r in readings if r.read != r.right)


class _Nearest:
    """Finds the training sentence of a label that looks most like a text, by groups of letters."""

    def __init__(self, training: Sequence[tuple[str, str]]):
        self._texts: dict[str, list[str]] = defaultdict(list)
        for text, label in training:
            self._texts[label].append(text)
        self._letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), lowercase=False).fit([plain(t) for t, _ in training])

    def __call__(self, text: str, label: str) -> str:
        candidates = self._texts.get(label)
        if not candidates:
            return ""
        likeness = self._letters.transform([plain(c) for c in candidates]) @ self._letters.transform([plain(text)]).T
        return candidates[int(likeness.toarray().argmax())]
