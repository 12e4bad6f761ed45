"""A combination: the margins of ours, the nearest sentences, and the answers whose words are those of the message."""

import itertools
import json
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import yaml
from sklearn.metrics import f1_score, log_loss

from bench.rivals import nearest, ours
from bench.rivals.drawing import TOPIC, Pairs, halves, unseen_sentences
from bench.rivals.features import Grams, numbered, rankings
from bot.nlu.wordings import WordingModel
from settings import PROJECT_ROOT

# Weights tried for the nearest sentences and for the answers, ours weighing 1; temperatures tried once they are chosen.
TRIED = (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
TEMPERATURES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
PARTS = ("svm", "nearest")


def train(pairs: Pairs, folder: Path) -> dict[str, Any]:
    """Train the parts on `pairs`, write them below `folder`, and return the weights chosen on half of the development sentences."""
    for part, module in zip(PARTS, (ours, nearest), strict=True):
        (folder / part).mkdir(exist_ok=True)
        module.train(pairs, folder / part)
    labels = sorted({label for _, label in pairs})
    answers = {f"{TOPIC}{answer['slug']}": " ".join((answer["question"], answer["label"], answer["text"])) for answer in _answers()}
    own = [label for label in labels if label in answers]
    grams = Grams([*(text for text, _ in pairs), *answers.values()])
    joblib.dump((grams, own, grams([answers[label] for label in own])), folder / "answers.joblib")
    chosen, _ = halves([pair for pair in unseen_sentences("development") if pair[1] in set(labels)])
    texts, owners = zip(*chosen, strict=True)
    parts = Parts(folder)
    weights = _chosen(parts.scores(texts), parts.labels, owners)
    (folder / "weights.json").write_text(json.dumps(weights), encoding="utf-8")
    return weights


def _answers() -> list[dict[str, str]]:
    files = sorted((PROJECT_ROOT / "data" / "seed" / "answers").glob("*.yml"))
    return [answer for path in files for answer in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)]  # noqa: S506 - a safe loader


def _chosen(scores: np.ndarray, labels: list[str], owners: tuple[str, ...]) -> dict[str, Any]:
    """Return the weights (ours, nearest, answers) of the best macro F1, and the temperature of the least log loss with them."""
    _, numbers = numbered([*labels, *owners])
    right = numbers[len(labels) :]
    tried = [(1.0, *weights) for weights in itertools.product(TRIED, TRIED)]
    weights = max(tried, key=lambda each: f1_score(right, np.tensordot(each, scores, 1).argmax(axis=1), average="macro"))
    blended = np.tensordot(weights, scores, 1)
    temperature = min(TEMPERATURES, key=lambda each: log_loss(right, _odds(blended * each), labels=range(len(labels))))
    return {"weights": list(weights), "temperature": temperature}


def _odds(scores: np.ndarray) -> np.ndarray:
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


class Parts:
    """The three that are combined, each with its scores standardised over the labels of a message."""

    def __init__(self, folder: Path) -> None:
        self._svm = WordingModel.load(folder / "svm" / "wordings.npz")
        self._nearest = nearest.Nearest(folder / "nearest")
        self._grams, own, self._answers = joblib.load(folder / "answers.joblib")
        self.labels = self._nearest.labels
        self._own = np.array([self.labels.index(label) for label in own])

    def scores(self, texts: list[str]) -> np.ndarray:
        """Return parts × texts × labels; a label without an answer has the mean, 0, for the answers."""
        answers = np.zeros((len(texts), len(self.labels)))
        answers[:, self._own] = standardised((self._grams(texts) @ self._answers.T).toarray())
        return np.array([standardised(self._margins(texts)), standardised(self._nearest.scores(texts)), answers])

    def _margins(self, texts: list[str]) -> np.ndarray:
        # The logarithm of the probabilities is the margins but for a shift and a factor, which standardising takes away.
        return np.log([[dict(ranking)[label] for label in self.labels] for ranking in self._svm.ranks(texts)])


def standardised(scores: np.ndarray) -> np.ndarray:
    """Return each row with a mean of 0 and a deviation of 1 (of 0 when all its scores are the same)."""
    return (scores - scores.mean(axis=1, keepdims=True)) / np.maximum(scores.std(axis=1, keepdims=True), 1e-9)


class Blend:
    """The three with the weights that were chosen."""

    def __init__(self, folder: Path) -> None:
        self._parts = Parts(folder)
        said = json.loads((folder / "weights.json").read_text(encoding="utf-8"))
        self._weights, self._temperature = said["weights"], said["temperature"]

    def ranks(self, texts: list[str]) -> list[list[tuple[str, float]]]:
        """Return the ranking of each text."""
        return rankings(self._parts.labels, np.tensordot(self._weights, self._parts.scores(texts), 1), self._temperature)
