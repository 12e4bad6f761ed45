"""Reads the training sentences of `data/nlu/`, quickly: one file a label, one sentence a line."""

from collections.abc import Iterator
from pathlib import Path

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class SentencesError(Exception):
    """A file of sentences cannot be read; the message names the file and what is wrong."""


def read_sentences(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (sentence, label) from every file below `folder`, files in order of name.

    Raises:
        SentencesError: a file is not YAML, or not a list of labels with examples.
    """
    for path in sorted(folder.rglob("*.yml")):
        yield from _read_file(path)


def _read_file(path: Path) -> Iterator[tuple[str, str]]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
        for entry in content.get("nlu") or []:
            for line in entry["examples"].splitlines():
                if sentence := line.strip().removeprefix("- ").strip():
                    yield sentence, entry["intent"]
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise SentencesError(
            f"{path}\u00a0: ce n’est pas un fichier de phrases ({type(error).__name__}); corrigez-le et relancez"
        ) from None
