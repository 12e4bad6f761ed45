"""The wording model: which label a sentence is closest to, learnt from `data/nlu/`.

Features are character and word n-grams of the text in one spelling (`bot.nlu.spelling`); weights come from one linear support vector
machine a label (`docs/decisions.md` has the comparison). No Rasa here, and no pickle: the stored file
holds arrays and strings only.
"""

import json
import random
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib.npyio import NpzFile
from rapidfuzz import process
from rapidfuzz.distance import OSA
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from bot.nlu.noise import noisy
from bot.nlu.spelling import plain
from directory.text import fold

PENALTY, TOLERANCE = 1.0, 0.1
# Turns margins into probabilities. Under-confident on purpose: cross-validation gives 6.2, but every threshold of the understanding and
# of the actions was measured at 4 (docs/decisions.md).
TEMPERATURE = 4.0
_CHARACTERS = {"analyzer": "char_wb", "ngram_range": (3, 4), "min_df": 3, "sublinear_tf": True}
_WORDS = {"analyzer": "word", "ngram_range": (1, 2), "min_df": 2, "sublinear_tf": True, "token_pattern": r"[a-z0-9$%]+"}
# A word of five letters that is neither French nor known, one slip away from a word of three sentences, is that word.
_SLIP = re.compile(r"[^\W\d_]{5,}")
_OFTEN = 3


def _vectorizers() -> list[TfidfVectorizer]:
    return [TfidfVectorizer(dtype=np.float32, lowercase=False, **options) for options in (_CHARACTERS, _WORDS)]


@dataclass
class WordingModel:
    """Labels, vectorizers and weights (features × labels), which `rank` uses; the words of training, the `common` ones by frequency."""

    labels: list[str]
    vectorizers: list[TfidfVectorizer]
    weights: np.ndarray
    intercepts: np.ndarray
    words: frozenset[str]
    common: list[str]

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], noise: int = 0, seed: int = 7) -> "WordingModel":
        """Return a model of `texts`, each under its label, with `noise` noisy copies of every sentence."""
        spelt, owners = _with_noise(texts, labels, noise, random.Random(seed))
        vectorizers = _vectorizers()
        features = sparse.hstack([v.fit_transform(spelt) for v in vectorizers], format="csr").astype(np.float64)
        # One label after the other: threads would share liblinear's random numbers, and no training would be like another.
        machine = OneVsRestClassifier(LinearSVC(C=PENALTY, tol=TOLERANCE, random_state=seed))
        machine.fit(features, owners)
        weights = np.ascontiguousarray(np.vstack([each.coef_ for each in machine.estimators_]).T, dtype=np.float32)
        intercepts = np.array([each.intercept_[0] for each in machine.estimators_], dtype=np.float32)
        counts = Counter(word for text in texts for word in sorted({*fold(text).replace("'", " ").split()}))
        common = [word for word, times in counts.most_common() if times >= _OFTEN and len(word) >= 4]
        return cls([str(c) for c in machine.classes_], vectorizers, weights, intercepts, frozenset(counts), common)

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Return every label with its probability, best first; the probabilities sum to 1."""
        return self.ranks([text])[0]

    def ranks(self, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        """Return the ranking of each text; two together cost much less than one after the other."""
        spelt = [plain(text) for text in texts]
        # As the weights are: with doubles, every weight would be converted at each message (18 ms).
        features = sparse.hstack([v.transform(spelt) for v in self.vectorizers], format="csr", dtype=np.float32)
        return [self._ranking(scores) for scores in np.asarray(features @ self.weights) + self.intercepts]

    def _ranking(self, scores: np.ndarray) -> list[tuple[str, float]]:
        odds = np.exp(TEMPERATURE * (scores - scores.max()))
        odds /= odds.sum()
        return [(self.labels[i], float(odds[i])) for i in np.argsort(-odds)]

    def mended(self, text: str, french: Collection[str] = ()) -> str:
        """Return `text`, its unknown words read as the common word that they are one slip away from; the words of `french` (folded)
        are spared."""

        def mend(match: re.Match) -> str:
            word = fold(match[0])
            if word in self.words or word in french:
                return match[0]
            near = process.extractOne(word, self.common, scorer=OSA.distance, score_cutoff=1)
            return near[0] if near else match[0]

        return _SLIP.sub(mend, text)

    def save(self, path: Path) -> None:
        """Write the model to `path` (NumPy archive without pickle)."""
        vocabularies = [{k: int(i) for k, i in v.vocabulary_.items()} for v in self.vectorizers]
        text = json.dumps({"labels": self.labels, "vocabularies": vocabularies, "words": sorted(self.words), "common": self.common})
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
            return cls(said["labels"], vectorizers, weights, stored["intercepts"], frozenset(said["words"]), said["common"])


def _archive(file: BinaryIO) -> NpzFile:
    try:
        return np.load(file, allow_pickle=False)
    except zipfile.BadZipFile as error:
        raise ValueError("the file is cut, or is not an archive") from error


def _with_noise(texts: Sequence[str], labels: Sequence[str], copies: int, chance: random.Random) -> tuple[list[str], list[str]]:
    spelt, owners = [], []
    for text, label in zip(texts, labels, strict=True):
        versions = [text, *(noisy(text, chance) for _ in range(copies))]
        spelt += [plain(version) for version in versions]
        owners += [label] * len(versions)
    return spelt, owners
