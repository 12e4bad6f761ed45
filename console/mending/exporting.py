"""What was accepted, looked at once more and made a patch of the training data as they are now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from console.mending.advice import Desk, advise
from console.mending.patch import INDENT, changes, patch_of
from journal.review_models import Correction

# Of a sentence that is in the training data already: it is left out of the patch, and nothing is wrong.
THERE = "there"


@dataclass(frozen=True)
class Refused:
    """A sentence that can no longer be learnt, and why."""

    correction: Correction
    told: str


@dataclass(frozen=True)
class Prepared:
    """The changes of files and their patch ("" when all is there already), or what must be taken back first."""

    changed: Mapping[Path, tuple[str, str]]
    patch: str
    refused: Sequence[Refused]

    @property
    def added(self) -> int:
        """How many sentences the files gain."""
        return sum(after.count(f"\n{INDENT}") - before.count(f"\n{INDENT}") for before, after in self.changed.values())


def prepare(root: Path, desk: Desk, rows: Sequence[Correction]) -> Prepared:
    """Return what exporting `rows` into the project at `root` comes to.

    Raises:
        DoesNotApply: a file of the training data is no longer in the form that sentences are added to.
    """
    alone = replace(desk, accepted=())
    refused = []
    for row in rows:
        forbids = [each for each in advise(alone, row.sentence, row.label) if each.forbids and each.code != THERE]
        refused += [Refused(row, forbids[0].told)] if forbids else []
    if refused:
        return Prepared({}, "", refused)
    changed = changes(root, [(row.sentence, row.label) for row in rows])
    return Prepared(changed, patch_of(changed), [])
