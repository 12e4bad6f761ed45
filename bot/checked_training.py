"""A training that is compared before it is published: what understands people less well does not take the place of what is in service."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ModelError
from bot.nlu.comparison import Comparison, compare
from bot.nlu.scores import Reading
from bot.nlu.sentences import read_sentences
from bot.training import MODELS, fingerprint, model_path, remove_others, train_into
from settings import PROJECT_ROOT

UNSEEN = Path("tests/nlu")

Read = Callable[[Path, Sequence[tuple[str, str]]], list[Reading]]
Train = Callable[[Path, Path], None]


@dataclass(frozen=True)
class Checked:
    """What came of a checked training: the model before, the one after, how they compare, whether the latter was published."""

    before: Path
    after: Path
    comparison: Comparison
    published: bool


def last_model(root: Path) -> Path | None:
    """Return the model of the last training; None when there is none."""
    found = sorted((root / MODELS).glob("aiguilleur-*.tar.gz"), key=lambda path: path.stat().st_mtime_ns)
    return found[-1] if found else None


def candidate_path(root: Path) -> Path:
    """Return where a model of the present inputs waits until it is compared."""
    return root / MODELS / f"candidate-{fingerprint(root)}.tar.gz"


def train_checked(read: Read, against: Path | None = None, root: Path = PROJECT_ROOT, train: Train = train_into) -> Checked | None:
    """Train the present data beside the model in service, read the test sentences with both by `read`, and publish the new one unless it is
    worse; None when the model in service is already that of the present data.

    `against` is the model to compare with, the last one by default. A candidate that was refused is kept until the next one, so that the
    comparison is made again without training.

    Raises:
        ModelError: there is no model to compare with, no test sentence, or the training failed.
    """
    path, before = model_path(root), against or last_model(root)
    if before is None or not before.is_file():
        told = f"Aucun modèle à comparer ({before or root / MODELS})\u00a0: entraînez-en un avec «\u00a0aiguilleur train\u00a0»."
        raise ModelError(told)
    if path.is_file() and before.samefile(path):
        return None
    sentences = list(read_sentences(root / UNSEEN))
    if not sentences:
        raise ModelError(f"{root / UNSEEN}\u00a0: aucune phrase d’épreuve, rien à comparer.")
    after = path if path.is_file() else _candidate(root, train)
    comparison = compare(read(before, sentences), read(after, sentences))
    if not comparison.is_worse and after != path:
        after = _publish(after, path)
    return Checked(before, after, comparison, not comparison.is_worse)


def _candidate(root: Path, train: Train) -> Path:
    path = candidate_path(root)
    for other in path.parent.glob("candidate-*.tar.gz"):
        if other != path:
            other.unlink(missing_ok=True)
    if not path.is_file():
        train(root, path)
    return path


def _publish(candidate: Path, path: Path) -> Path:
    """Put the candidate in the place of the model in service, in one move."""
    candidate.replace(path)
    remove_others(path)
    return path
