"""Finding the word of a place name that a misspelt word stands for.

Two ways meet: words that share a deletion (one or two letters wrong, missing, added or swapped) and
words that sound alike in French (« chibougamo », « rimousky »).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from rapidfuzz.distance import OSA

PREFIX = 7
SHORTEST = 3
LONG = 8
AUDIBLE = 5
_ENDING = "ville"
HEARD = 0.1
MOST_CACHED = 20_000

_SOUNDS = (
    ("ph", "f"), ("th", "t"), ("sch", "ch"), ("ch", "S"), ("qu", "k"), ("gue", "ge"), ("gui", "gi"),
    ("ce", "se"), ("ci", "si"), ("cy", "si"), ("ck", "k"), ("c", "k"), ("q", "k"),
    ("eau", "o"), ("au", "o"), ("ay", "e"), ("ai", "e"), ("ei", "e"), ("ey", "e"), ("oe", "e"),
    ("y", "i"), ("w", "v"), ("z", "s"), ("h", ""),
)  # fmt: skip


class Spelling:
    """The words of all place names, searchable from a misspelling."""

    def __init__(self, vocabulary: Iterable[str], glued: Iterable[str] = ()) -> None:
        """`vocabulary`: words; `glued`: whole names written as one word, which bear one error at most."""
        self._by_deletion: dict[str, list[str]] = defaultdict(list)
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        self._cache: dict[str, tuple[tuple[str, float], ...]] = {}
        self._words = frozenset(vocabulary)
        self._glued = frozenset(glued) - self._words
        for word in self._words:
            self._add(word, _errors_allowed(word))
        for word in self._glued:
            self._add(word, 1)

    def near(self, word: str) -> tuple[tuple[str, float], ...]:
        """Return the known words that `word` may stand for, with the cost of each, the likeliest first.

        Cost 0 is the word itself, 1 or 2 the letters to change; a little less when it sounds the same.
        """
        if word not in self._cache:
            if len(self._cache) >= MOST_CACHED:
                self._cache.clear()
            self._cache[word] = self._search(word)
        return self._cache[word]

    def _add(self, word: str, errors: int) -> None:
        if len(word) < SHORTEST:
            return
        for deletion in deletions(word[:PREFIX], errors):
            self._by_deletion[deletion].append(word)
        if len(word) >= AUDIBLE:
            self._by_sound[sound(word)].append(word)

    def _search(self, word: str) -> tuple[tuple[str, float], ...]:
        costs = {word: 0.0} if word in self._words or word in self._glued else {}
        if len(word) >= SHORTEST:
            for candidate in self._candidates(word):
                cost = self._cost(word, candidate)
                if cost is not None:
                    costs.setdefault(candidate, cost)
        return tuple(sorted(costs.items(), key=lambda found: (found[1], found[0])))

    def _candidates(self, word: str) -> set[str]:
        found: set[str] = set(self._by_sound.get(sound(word), ()))
        for deletion in deletions(word[:PREFIX], _errors_allowed(word)):
            found.update(self._by_deletion.get(deletion, ()))
        return found

    def _cost(self, word: str, candidate: str) -> float | None:
        allowed = 1 if candidate in self._glued else min(_errors_allowed(word), _errors_allowed(candidate))
        distance = OSA.distance(word, candidate, score_cutoff=allowed)
        heard = len(word) >= AUDIBLE and word[0] == candidate[0] and sound(word) == sound(candidate)
        if distance <= allowed and not (distance > 1 and _only_ends_alike(word, candidate)):
            return distance - HEARD if heard else float(distance)
        return 1.0 if heard else None


def deletions(word: str, errors: int) -> Iterator[str]:
    """Yield `word` and what is left of it when one letter up to `errors` letters are taken out."""
    yield word
    for count in range(1, errors + 1):
        for kept in combinations(word, len(word) - count):
            yield "".join(kept)


def sound(word: str) -> str:
    """Return a rough French pronunciation of a folded word: equal for words that sound alike."""
    for letters, heard in _SOUNDS:
        word = word.replace(letters, heard)
    heard = "".join(a for a, b in zip(word, word[1:] + " ", strict=True) if a != b)
    bare = heard.rstrip("estxd")
    return bare if len(bare) >= 3 else heard


def _only_ends_alike(word: str, candidate: str) -> bool:
    """Return whether the two have little in common but « ville » (« Machinville », « Martinville »)."""
    stem = candidate.removesuffix(_ENDING)
    return stem != candidate and OSA.distance(word[: len(stem)], stem, score_cutoff=1) > 1


def _errors_allowed(word: str) -> int:
    return 2 if len(word) >= LONG else 1
