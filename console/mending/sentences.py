"""The sentences of `data/nlu/` and of the tests, as the pages of mending need them: read once, and again when a file changes.

A file of sentences is a list of blocks, a label each, one sentence a line. bot/nlu/sentences.py reads the same files for the training.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

from console.errors import ConsoleError
from console.mending.likeness import Nearest
from console.mending.names import small_words
from journal.corrections import sentence_key

TRAINING, TESTS = Path("data/nlu"), Path("tests")
REGISTRY = "intents.yml"
# A sentence of the conversations of the tests is free to train too when it is as short as what everybody says (« oui », « un mentor »).
SHORT = 4
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BAD = (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError, json.JSONDecodeError)


class UnreadableSentences(ConsoleError):
    """A file of sentences cannot be read; the message names it."""


@dataclass(frozen=True)
class Sentences:
    """What trains the assistant, as (sentence, label) pairs, and the keys of what examines it, each with its file."""

    pairs: tuple[tuple[str, str], ...]
    examined: Mapping[str, str]
    registry: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    @cached_property
    def owners(self) -> dict[str, tuple[str, str]]:
        """The pair of each sentence, by its key."""
        return {sentence_key(text): (text, label) for text, label in self.pairs}

    @cached_property
    def labels(self) -> dict[str, int]:
        """How many sentences each label has."""
        counted: dict[str, int] = {}
        for _, label in self.pairs:
            counted[label] = counted.get(label, 0) + 1
        return counted

    @cached_property
    def examples(self) -> dict[str, str]:
        """The first sentence of each label."""
        return {label: text for text, label in reversed(self.pairs)}

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the sentences that are in French, folded."""
        return frozenset(word for key, (_, label) in self.owners.items() if label != "speak_english" for word in key.split())

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """The words, folded, that are somewhere written in small letters; it takes a second to gather them."""
        return small_words(text for text, _ in self.pairs)

    @cached_property
    def nearest(self) -> Nearest:
        """Finds the sentences that are most like another one; it takes a second to make."""
        return Nearest(list(self.owners))


class Shelf:
    """The sentences of a project, read again when one of their files has changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._state: tuple[tuple[str, int, int], ...] | None = None
        self._held: Sentences | None = None

    def sentences(self) -> Sentences:
        """Return what the files hold now.

        Raises:
            UnreadableSentences: there are none, or one is not a file of sentences.
        """
        with self._lock:
            state = self._now()
            if self._held is None or state != self._state:
                self._held, self._state = self._read(), state
            return self._held

    def _now(self) -> tuple[tuple[str, int, int], ...]:
        files = [*_training_files(self.root), *_test_files(self.root)]
        return tuple((str(file), (stat := file.stat()).st_mtime_ns, stat.st_size) for file in files)

    def _read(self) -> Sentences:
        pairs = tuple(pair for file in _training_files(self.root) for pair in read_file(file))
        if not pairs:
            raise UnreadableSentences(f"{self.root / TRAINING}\u00a0: aucune phrase d’entraînement.")
        examined = {key: file.relative_to(self.root).as_posix() for file in _test_files(self.root) for key in _examined(self.root, file)}
        registry = self.root / TRAINING / REGISTRY
        return Sentences(pairs, examined, _yaml(registry) if registry.is_file() else {})


def _training_files(root: Path) -> list[Path]:
    return sorted(file for file in (root / TRAINING).rglob("*.yml") if file.parent != root / TRAINING)


def _test_files(root: Path) -> list[Path]:
    tests = root / TESTS
    return sorted([*tests.glob("nlu/*/*.yml"), *tests.glob("practice/*.jsonl"), *tests.glob("conversations/**/*.yml")])


def read_file(file: Path) -> Iterator[tuple[str, str]]:
    """Yield (sentence, label) of a file, in its order.

    Raises:
        UnreadableSentences: it is not a file of sentences.
    """
    content = _yaml(file)
    try:
        for block in content.get("nlu") or []:
            for line in block["examples"].splitlines():
                if sentence := line.strip().removeprefix("- ").strip():
                    yield sentence, block["intent"]
    except _BAD as error:
        raise _unreadable(file, error) from None


def _examined(root: Path, file: Path) -> Iterator[str]:
    """Yield the keys of the sentences by which a file of tests examines the assistant."""
    part = file.relative_to(root / TESTS).parts
    try:
        if part[0] == "nlu":
            yield from (sentence_key(text) for text, _ in read_file(file))
        elif part[0] == "practice":
            yield from map(sentence_key, _said_in_practice(file))
        elif part[1] == "unheld":
            yield from (sentence_key(case["text"]) for case in _yaml(file))
        else:
            said = (turn["say"] for conversation in _yaml(file) for turn in conversation["turns"] if "say" in turn)
            yield from (key for key in map(sentence_key, said) if len(key.split()) > SHORT)
    except _BAD as error:
        raise _unreadable(file, error) from None


def _said_in_practice(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        yield from filter(None, (case.get("text"), case.get("opening"), *(turn["say"] for turn in case.get("turns", []))))


def _yaml(file: Path) -> object:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
    except _BAD as error:
        raise _unreadable(file, error) from None


def _unreadable(file: Path, error: Exception) -> UnreadableSentences:
    return UnreadableSentences(f"{file}\u00a0: ce n’est pas un fichier de phrases ({type(error).__name__}); corrigez-le.")
