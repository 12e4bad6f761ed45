"""Training: only when the data, the domain, the rules or the pipeline changed; the model is published in one move."""

import hashlib
import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from bot.errors import ModelError
from bot.nlu.sentences import SentencesError
from settings import PROJECT_ROOT

INPUTS = (
    "config.yml",
    "domain.yml",
    "data/nlu",
    "data/rules",
    "directory/text.py",
    "bot/nlu/intent_classifier.py",
    "bot/nlu/machines.py",
    "bot/nlu/noise.py",
    "bot/nlu/sentences.py",
    "bot/nlu/spelling.py",
    "bot/nlu/wordings.py",
)
MODELS = "models"
REASON_CHARACTERS = 400
# Colours of the terminal, then the siren and its like.
_NOT_TEXT = re.compile("\u001b\\[[0-9;]*m|[\U0001f300-\U0001faff]")


def fingerprint(root: Path = PROJECT_ROOT) -> str:
    """Return a short digest of everything that a model is made from."""
    digest = hashlib.sha256()
    for name in INPUTS:
        path = root / name
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in (".yml", ".py"))
        for file in files:
            digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def model_path(root: Path = PROJECT_ROOT) -> Path:
    """Return where the model of the present inputs is, or will be."""
    return root / MODELS / f"aiguilleur-{fingerprint(root)}.tar.gz"


def train(root: Path = PROJECT_ROOT, force: bool = False) -> tuple[Path, bool]:
    """Return the model of the present inputs and whether it was trained now; older models are removed afterwards.

    Raises:
        ModelError: the training failed.
    """
    path = model_path(root)
    if path.is_file() and not force:
        return path, False
    train_into(root, path)
    remove_others(path)
    return path, True


def remove_others(path: Path) -> None:
    """Remove the models beside the one at `path`."""
    for old in path.parent.glob("aiguilleur-*.tar.gz"):
        if old != path:
            old.unlink(missing_ok=True)


def train_into(root: Path, path: Path) -> None:
    """Train a model of the present inputs and put it at `path`, in one move; no other is removed.

    Raises:
        ModelError: the training failed.
    """
    from bot.engine import silent_imports  # first: it quiets Rasa

    with silent_imports():
        from rasa.model_training import train as rasa_train
        from rasa.shared.exceptions import RasaException

    path.parent.mkdir(parents=True, exist_ok=True)
    partial = f"partial-{path.name.removesuffix('.tar.gz')}"
    noise = io.StringIO()
    try:
        with silent_imports(), _said_to(noise):
            result = rasa_train(
                domain=str(root / "domain.yml"),
                config=str(root / "config.yml"),
                training_files=[str(root / "data/rules")],
                output=str(path.parent),
                fixed_model_name=partial,
                force_training=True,
            )
    except SentencesError as error:
        raise ModelError(f"L’entraînement a échoué, le modèle d’avant est gardé\u00a0: {error}.") from error
    except (RasaException, ImportError) as error:  # ImportError: a component of config.yml that does not exist
        raise _failed(str(error)) from error
    except SystemExit:  # what Rasa ends with when it has printed the reason itself
        raise _failed(noise.getvalue()[-REASON_CHARACTERS:]) from None
    if result.code or not result.model:
        raise _failed(noise.getvalue()[-REASON_CHARACTERS:])
    Path(result.model).replace(path)


@contextmanager
def _said_to(noise: io.StringIO) -> Iterator[None]:
    """Keep in `noise` what Rasa prints and logs in English, progress bars included: what is shown is the verb's."""
    logger = logging.getLogger("rasa")
    handler, propagate = logging.StreamHandler(noise), logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        with redirect_stdout(noise), redirect_stderr(noise):
            yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate


def _failed(reason: str) -> ModelError:
    """Return the error of a training that stopped for `reason`, in one line without colours or signs of the terminal."""
    plain = " ".join(_NOT_TEXT.sub("", reason).split())[:REASON_CHARACTERS]
    return ModelError(
        f"L’entraînement a échoué, le modèle d’avant est gardé ({plain})\u00a0: corrigez domain.yml, config.yml, data/nlu ou data/rules,"
        " puis relancez «\u00a0aiguilleur train\u00a0»."
    )
