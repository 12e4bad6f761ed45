"""The wording model: which label a sentence is closest to, learnt from `data/nlu/`.

Features are character and word n-grams of the text in one spelling (`bot.nlu.spelling`); weights come from linear support vector
machines (`bot.nlu.machines`; `docs/decisions.md` has the comparison). No Rasa here, and no pickle: the stored file
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

from bot.nlu.machines import Machines, fit_machines
from bot.nlu.noise import noisy
from bot.nlu.spelling import plain
from directory.text import fold

# Turns margins into the evidence that context weighs: soft, so that what was said before can turn it.
TEMPERATURE = 4.0
# Turns margins into probabilities that mean what they say (docs/pipelines.md has the plot).
CALIBRATED = 7.0
_CHARACTERS = {"analyzer": "char_wb", "ngram_range": (3, 4), "min_df": 3, "sublinear_tf": True}
_WORDS = {"analyzer": "word", "ngram_range": (1, 2), "min_df": 2, "sublinear_tf": True, "token_pattern": r"[a-z0-9$%]+"}
# A word of five letters that is neither French nor known, one slip away from a word of three sentences, is that word.
_SLIP = re.compile(r"[^\W\d_]{5,}")
_OFTEN = 3


def _vectorizers() -> list[TfidfVectorizer]:
    return [TfidfVectorizer(dtype=np.float32, lowercase=False, **options) for options in (_CHARACTERS, _WORDS)]


@dataclass
class WordingModel:
    """Labels, vectorizers and machines, which `rank` uses; the words of training, the `common` ones by frequency."""

    labels: list[str]
    vectorizers: list[TfidfVectorizer]
    machines: Machines
    words: frozenset[str]
    common: list[str]

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], noise: int = 0, seed: int = 7) -> "WordingModel":
        """Return a model of `texts`, each under its label, with `noise` noisy copies of every sentence."""
        spelt, owners = _with_noise(texts, labels, noise, random.Random(seed))
        vectorizers = _vectorizers()
        features = sparse.hstack([v.fit_transform(spelt) for v in vectorizers], format="csr")
        known = sorted(set(owners))
        numbers = {label: number for number, label in enumerate(known)}
        machines = fit_machines(features, np.array([numbers[owner] for owner in owners]), seed)
        counts = Counter(word for text in texts for word in sorted({*fold(text).replace("'", " ").split()}))
        common = [word for word, times in counts.most_common() if times >= _OFTEN and len(word) >= 4]
        return cls(known, vectorizers, machines, frozenset(counts), common)

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Return every label with its evidence, best first; it sums to 1 (`calibrated` tells how sure the first one is)."""
        return self.ranks([text])[0]

    def ranks(self, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        """Return the ranking of each text; two together cost much less than one after the other."""
        spelt = [plain(text) for text in texts]
        features = sparse.hstack([v.transform(spelt) for v in self.vectorizers], format="csr", dtype=np.float32)
        return [self._ranking(margins) for margins in self.machines.margins(features)]

    def _ranking(self, margins: np.ndarray) -> list[tuple[str, float]]:
        odds = np.exp(TEMPERATURE * (margins - margins.max()))
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
        arrays |= {
            "weights": self.machines.weights.data.astype(np.float16),
            "columns": self.machines.weights.indices.astype(np.uint16),
            "rows": self.machines.weights.indptr.astype(np.uint32),
            "intercepts": self.machines.intercepts,
            "part_of": self.machines.part_of,
        }
        np.savez(path, text=np.frombuffer(text.encode(), np.uint8), **arrays)

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
            values, columns, rows = (
                stored["weights"].astype(np.float32),
                stored["columns"].astype(np.int32),
                stored["rows"].astype(np.int32),
            )
            weights = sparse.csr_matrix((values, columns, rows), shape=(len(rows) - 1, len(stored["intercepts"])))
            machines = Machines(weights, stored["intercepts"], stored["part_of"])
            return cls(said["labels"], vectorizers, machines, frozenset(said["words"]), said["common"])


def calibrated(ranking: Sequence[tuple[str, float]]) -> float:
    """Return the probability (0..1) that the first label of a ranking of evidence is right: about that share of such readings are."""
    powers = np.array([evidence for _, evidence in ranking]) ** (CALIBRATED / TEMPERATURE)
    return float(powers[0] / powers.sum()) if powers[0] else 0.0


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
