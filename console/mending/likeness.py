"""Sentences that are alike: gathered in groups, or found beside one.

Sentences are compared by their groups of letters, weighed by how rare they are. Pure: texts in, numbers of texts out; the same texts always
give the same groups.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

# How alike the sentences of a group are on average (cosine, 0..1). On 1,673 sentences and their rewordings (slips, words more or less),
# 5,000 in all: 0.93 of the pairs that are put together are of one sentence, and 0.98 of such pairs are put together.
ALIKE = 0.55
# Two sentences as alike as that (0..100, by the letters that they share in order) say the same.
SAME = 90
AT_ONCE = 500


def _features(texts: Sequence[str], letters: tuple[int, int]) -> "tuple[TfidfVectorizer, sparse.csr_matrix]":
    # Seconds to import, which the other pages of the console need not wait for.
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=letters, lowercase=False, sublinear_tf=True, dtype=np.float32)
    return vectorizer, vectorizer.fit_transform(texts)


def groups(keys: Sequence[str], alike: float = ALIKE) -> list[list[int]]:
    """Return the numbers of the `keys` (sentences without case, accents and punctuation), alike ones together, each group in order, those
    of one too; the groups are in the order of their first.

    Two groups are joined while their sentences are alike on average. None can be whose sentences are in no way linked: the linked ones are
    parted first, which gives the same groups without comparing all with all.
    """
    if not any(keys):
        return [[number] for number in range(len(keys))]
    _, features = _features(keys, (3, 4))
    linked = _linked(features, alike)
    _, islands = connected_components(linked, directed=False)
    found: list[list[int]] = []
    for members in _members(islands):
        found += [members] if len(members) < 3 else [[members[each] for each in part] for part in _joined(features[members], alike)]
    return sorted(found)


def _linked(features: sparse.csr_matrix, alike: float) -> sparse.csr_matrix:
    rows = []
    for start in range(0, features.shape[0], AT_ONCE):
        likeness = features[start : start + AT_ONCE] @ features.T
        likeness.data[likeness.data < alike] = 0
        likeness.eliminate_zeros()
        rows.append(likeness)
    return sparse.vstack(rows, format="csr")


def _members(owners: np.ndarray) -> list[list[int]]:
    gathered: dict[int, list[int]] = {}
    for number, owner in enumerate(owners):
        gathered.setdefault(int(owner), []).append(number)
    return list(gathered.values())


def _joined(features: sparse.csr_matrix, alike: float) -> list[list[int]]:
    distances = np.clip(1 - (features @ features.T).toarray(), 0, None).astype(np.float64)
    tree = linkage(squareform(distances, checks=False), method="average")
    return _members(fcluster(tree, 1 - alike, criterion="distance"))


def sameness(key: str, other: str) -> float:
    """Return how far two sentences are the same (0..100), by their letters in order, or by their words in any order."""
    return max(fuzz.ratio(key, other), fuzz.token_sort_ratio(key, other))


class Nearest:
    """Finds, among many sentences, those that are most like others."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._vectorizer, features = _features(keys, (3, 3))
        self._columns = features.T.tocsr()

    def __call__(self, keys: Sequence[str], most: int) -> list[list[tuple[int, float]]]:
        """Return, for each of `keys`, the numbers of the `most` sentences that are most like it, with their likeness (0..1), best first."""
        likeness = (self._vectorizer.transform(keys) @ self._columns).tocsr()
        found = []
        for row in range(len(keys)):
            start, stop = likeness.indptr[row : row + 2]
            numbers, values = likeness.indices[start:stop], likeness.data[start:stop]
            best = np.lexsort((numbers, -values))[:most]
            found.append([(int(numbers[each]), float(values[each])) for each in best])
        return found
