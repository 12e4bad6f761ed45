"""What the rivals of ours read a sentence by: the same n-grams as ours, in the same spelling, and spaCy's vector of the whole."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.spelling import plain

_CHARACTERS = {"analyzer": "char_wb", "ngram_range": (3, 4), "min_df": 3}
_WORDS = {"analyzer": "word", "ngram_range": (1, 2), "min_df": 2, "token_pattern": r"[a-z0-9$%]+"}


class Grams:
    """TF-IDF of character and word n-grams, the two halves of one weight and each row of norm 1 (0 when nothing is known)."""

    def __init__(self, texts: Sequence[str]) -> None:
        spelt = [plain(text) for text in texts]
        self._vectorizers = [
            TfidfVectorizer(dtype=np.float32, lowercase=False, sublinear_tf=True, **options).fit(spelt) for options in (_CHARACTERS, _WORDS)
        ]

    def __call__(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return texts × features."""
        spelt = [plain(text) for text in texts]
        return sparse.hstack([v.transform(spelt) for v in self._vectorizers], format="csr", dtype=np.float32) / np.float32(np.sqrt(2))


class Vectors:
    """The mean of the spaCy vectors of the words, of norm 1 (0 when no word is known)."""

    def __init__(self, model: str = "fr_core_news_md") -> None:
        import spacy

        disabled = ["tok2vec", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "ner", "senter"]
        self._language = spacy.load(model, exclude=disabled)

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Return texts × 300."""
        found = np.vstack([self._language.make_doc(text).vector for text in texts])
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


def numbered(labels: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Return the labels, sorted, each once, and the number of the label of each sentence."""
    known = sorted(set(labels))
    numbers = {label: number for number, label in enumerate(known)}
    return known, np.array([numbers[label] for label in labels])


def rankings(labels: Sequence[str], scores: np.ndarray, temperature: float = 1.0) -> list[list[tuple[str, float]]]:
    """Return the labels with their probabilities, best first, for each row of `scores` (texts × labels)."""
    odds = np.exp(temperature * (scores - scores.max(axis=1, keepdims=True)))
    odds /= odds.sum(axis=1, keepdims=True)
    return [[(labels[i], float(row[i])) for i in np.argsort(-row)] for row in odds]
