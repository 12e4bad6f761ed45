"""The wording model: which label a sentence is closest to, learnt from `data/nlu/`.

Features are character and word n-grams of the folded text; weights come from one linear support vector
machine a label (`docs/decisions.md` has the comparison). No Rasa here, and no pickle: the stored file
holds arrays and strings only.
"""

import json
import random
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib.npyio import NpzFile
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from bot.nlu.noise import noisy
from directory.text import fold

PENALTY, TOLERANCE = 1.0, 0.1
# Turns margins into probabilities; fitted once on the unseen sentences of tests/nlu (docs/decisions.md).
TEMPERATURE = 4.0
_CHARACTERS = {"analyzer": "char_wb", "ngram_range": (3, 4), "min_df": 3, "sublinear_tf": True}
_WORDS = {"analyzer": "word", "ngram_range": (1, 2), "min_df": 2, "sublinear_tf": True, "token_pattern": r"[a-z0-9$%]+"}


def _vectorizers() -> list[TfidfVectorizer]:
    return [TfidfVectorizer(dtype=np.float32, lowercase=False, **options) for options in (_CHARACTERS, _WORDS)]


@dataclass
class WordingModel:
    """Labels, vectorizers and weights (features × labels); `rank` is the only use of them."""

    labels: list[str]
    vectorizers: list[TfidfVectorizer]
    weights: np.ndarray
    intercepts: np.ndarray
    words: frozenset[str]

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], noise: int = 0, seed: int = 7) -> "WordingModel":
        """Return a model of `texts`, each under its label, with `noise` noisy copies of every sentence."""
        folded, owners = _with_noise(texts, labels, noise, random.Random(seed))
        vectorizers = _vectorizers()
        features = sparse.hstack([v.fit_transform(folded) for v in vectorizers], format="csr").astype(np.float64)
        # One label after the other: threads would share liblinear's random numbers, and no training would be like another.
        machine = OneVsRestClassifier(LinearSVC(C=PENALTY, tol=TOLERANCE, random_state=seed))
        machine.fit(features, owners)
        weights = np.ascontiguousarray(np.vstack([each.coef_ for each in machine.estimators_]).T, dtype=np.float32)
        intercepts = np.array([each.intercept_[0] for each in machine.estimators_], dtype=np.float32)
        words = frozenset(word for text in texts for word in fold(text).replace("'", " ").split())
        return cls([str(c) for c in machine.classes_], vectorizers, weights, intercepts, words)

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Return every label with its probability, best first; the probabilities sum to 1."""
        folded = [fold(text)]
        # As the weights are: with doubles, every weight would be converted at each message (18 ms).
        features = sparse.hstack([v.transform(folded) for v in self.vectorizers], format="csr", dtype=np.float32)
        scores = np.asarray(features @ self.weights)[0] + self.intercepts
        odds = np.exp(TEMPERATURE * (scores - scores.max()))
        odds /= odds.sum()
        return [(self.labels[i], float(odds[i])) for i in np.argsort(-odds)]

    def save(self, path: Path) -> None:
        """Write the model to `path` (NumPy archive without pickle)."""
        vocabularies = [{k: int(i) for k, i in v.vocabulary_.items()} for v in self.vectorizers]
        text = json.dumps({"labels": self.labels, "vocabularies": vocabularies, "words": sorted(self.words)})
        arrays = {f"idf{i}": v.idf_.astype(np.float32) for i, v in enumerate(self.vectorizers)}
        np.savez(
            path, weights=self.weights.astype(np.float16), intercepts=self.intercepts, text=np.frombuffer(text.encode(), np.uint8), **arrays
        )

    @classmethod
    def load(cls, path: Path) -> "WordingModel":
        """Return the model written by `save`.

        Raises:
            OSError, ValueError, KeyError: the file is missing, cut or not one of ours.
        """
        with path.open("rb") as file, _archive(file) as stored:
            said = json.loads(bytes(stored["text"]).decode())
            vectorizers = _vectorizers()
            for i, (vectorizer, vocabulary) in enumerate(zip(vectorizers, said["vocabularies"], strict=True)):
                vectorizer.vocabulary_ = vocabulary
                vectorizer.idf_ = stored[f"idf{i}"].astype(np.float32)
            weights = stored["weights"].astype(np.float32)
            return cls(said["labels"], vectorizers, weights, stored["intercepts"], frozenset(said["words"]))


def _archive(file: BinaryIO) -> NpzFile:
    try:
        return np.load(file, allow_pickle=False)
    except zipfile.BadZipFile as error:
        raise ValueError("the file is cut, or is not an archive") from error


def _with_noise(texts: Sequence[str], labels: Sequence[str], copies: int, chance: random.Random) -> tuple[list[str], list[str]]:
    folded, owners = [], []
    for text, label in zip(texts, labels, strict=True):
        versions = [text, *(noisy(text, chance) for _ in range(copies))]
        folded += [fold(version) for version in versions]
        owners += [label] * len(versions)
    return folded, owners
