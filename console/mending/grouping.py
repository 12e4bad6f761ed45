"""Groups of sentences that are alike, the most said first, with how they were read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy.orm import Session

from console.mending.asked import Asked
from console.mending.likeness import groups
from journal.corrections import sentence_key
from journal.misunderstood import Heard, misunderstood

# The most said are gathered, so that a page comes in a few seconds at most.
MOST_GATHERED = 5_000


@dataclass(frozen=True)
class Group:
    """Sentences that are alike, the most said first."""

    heard: tuple[Heard, ...]

    @property
    def head(self) -> Heard:
        """The sentence that was said most."""
        return self.heard[0]

    @property
    def times(self) -> int:
        """How often its sentences were said."""
        return sum(each.times for each in self.heard)

    @property
    def labels(self) -> list[tuple[str, int]]:
        """How often its sentences were read as which label, the most often first."""
        counted: Counter[str] = Counter()
        for each in self.heard:
            counted.update(each.labels)
        return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))

    @property
    def signs(self) -> Counter[str]:
        """How many times its sentences bear each sign."""
        return sum((each.signs for each in self.heard), Counter())


class Gathered(NamedTuple):
    """The groups of what is to mend, the most said first, and how many sentences, those said least, wait for others to be decided of."""

    groups: list[Group]
    left: int


def gather(session: Session, asked: Asked, most: int = MOST_GATHERED) -> Gathered:
    """Return the groups of the `most` sentences said most among those that are asked for."""
    heard = misunderstood(session, *asked.moments, asked.signs)
    kept = heard[:most]
    found = [Group(tuple(kept[number] for number in members)) for members in _gathered(tuple(sentence_key(each.text) for each in kept))]
    return Gathered(sorted(found, key=lambda group: (-group.times, group.head.digest)), len(heard) - len(kept))


@lru_cache(maxsize=8)
def _gathered(keys: tuple[str, ...]) -> Sequence[Sequence[int]]:
    """Return the groups of `keys`: the pages of one list, and the decisions on it, ask for the same ones again."""
    return groups(keys)


def group_of(found: Sequence[Group], digest: str) -> Group | None:
    """Return the group that holds a sentence, or None."""
    return next((group for group in found if any(each.digest == digest for each in group.heard)), None)
