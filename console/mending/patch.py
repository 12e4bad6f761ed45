"""The accepted sentences written into `data/nlu/`, as new texts of its files and as a patch that `git apply` takes.

A sentence goes to the end of the block of its label, in the file that bears the label's name; a fact that the directory does not hold, to a
file of its own. Nothing is written here but by `write`, which writes all or nothing.
"""

import difflib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from console.errors import ConsoleError
from console.mending.labels import TOPIC, UNHELD
from console.mending.sentences import TRAINING, read_file
from journal.corrections import sentence_key

INDENT = "      - "
UNHELD_FILE = TRAINING / "unheld" / "entendues.yml"
UNHELD_HEAD = f"""# Facts that the directory does not hold, as people asked them; staff sorted them from the journal.
version: "3.1"
nlu:
  - intent: {UNHELD}
    examples: |
"""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LABEL = re.compile(r"[a-z0-9_]+(?:/[a-z0-9_]+)?")


class DoesNotApply(ConsoleError):
    """A file is no longer such that the sentences can be added to it; the message names it, and the remedy."""


def file_of(label: str) -> Path:
    """Return the file of a label, from the project's folder.

    Raises:
        DoesNotApply: it is no label.
    """
    if not _LABEL.fullmatch(label):
        raise DoesNotApply(f"«\u00a0{label}\u00a0» n’est pas une étiquette\u00a0: reprenez la décision dans la console.")
    if label == UNHELD:
        return UNHELD_FILE
    if label.startswith(TOPIC):
        return TRAINING / "topics" / f"{label.removeprefix(TOPIC)}.yml"
    return TRAINING / "intents" / f"{label.replace('/', '_')}.yml"


def changes(root: Path, added: Iterable[tuple[str, str]]) -> dict[Path, tuple[str, str]]:
    """Return what the files become with the `added` (sentence, label): before and after, by path from `root`; "" before is no file.

    What is there already, however spelt, is not added again.

    Raises:
        DoesNotApply: a file is missing, or does not hold its label as a last block.
    """
    by_file: dict[Path, list[tuple[str, str]]] = {}
    for sentence, label in added:
        by_file.setdefault(file_of(label), []).append((sentence, label))
    found = {}
    for path, pairs in sorted(by_file.items()):
        before = _text_of(root, path)
        after = _with(before or UNHELD_HEAD, root / path, pairs)
        if after != (before or UNHELD_HEAD):
            found[path] = (before, after)
    return found


def _text_of(root: Path, path: Path) -> str:
    try:
        # As it is: a file whose lines end otherwise keeps its ends.
        return (root / path).read_bytes().decode("utf-8")
    except FileNotFoundError:
        if path == UNHELD_FILE:
            return ""
        raise DoesNotApply(f"{path}\u00a0: le fichier n’existe plus; reprenez les décisions de cette étiquette.") from None
    except UnicodeDecodeError:
        raise DoesNotApply(f"{path}\u00a0: le fichier n’est pas en UTF-8; corrigez-le.") from None


def _with(text: str, file: Path, pairs: Sequence[tuple[str, str]]) -> str:
    """Return `text` with the sentences of `pairs` that it does not hold, in order, at the end of its last block."""
    label = pairs[0][1]
    blocks = re.findall(r"^  - intent: (\S+)[ \t]*\r?\n    examples: \|[ \t]*\r?$", text, re.MULTILINE)
    lines = _LINE.findall(text)
    if not blocks or blocks[-1] != label or (text != UNHELD_HEAD and not lines[-1].startswith(INDENT)):
        raise DoesNotApply(
            f"{file}\u00a0: le fichier ne finit plus par des phrases de «\u00a0{label}\u00a0»; remettez-le dans cette forme."
        )
    held = {sentence_key(line.strip().removeprefix("- ")) for line in lines if line.startswith(INDENT)}
    end = "\r\n" if lines[-1].endswith("\r\n") else "\n"
    new = {sentence_key(sentence): sentence for sentence, _ in pairs if sentence_key(sentence) not in held}
    told = [f"{INDENT}{sentence}{end}" for _, sentence in sorted(new.items())]
    if told and not lines[-1].endswith("\n"):
        lines[-1] += end
    return "".join([*lines, *told])


def patch_of(changed: Mapping[Path, tuple[str, str]]) -> str:
    """Return `changes` as one patch that `git apply` takes from the project's folder; "" when nothing changes."""
    return "".join(_patch_of_file(path, before, after) for path, (before, after) in sorted(changed.items()))


def _patch_of_file(path: Path, before: str, after: str) -> str:
    name = path.as_posix()
    head = [f"diff --git a/{name} b/{name}\n", *([] if before else ["new file mode 100644\n"])]
    old = f"a/{name}" if before else "/dev/null"
    lines = difflib.unified_diff(_LINE.findall(before), _LINE.findall(after), old, f"b/{name}")
    return "".join([*head, *(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)])


def write(root: Path, changed: Mapping[Path, tuple[str, str]]) -> None:
    """Write `changes` into the files below `root`: all of them, or none.

    Raises:
        DoesNotApply: a file is no longer what it was when the changes were made, or would not be read back.
    """
    for path, (before, _) in changed.items():
        if _text_of(root, path) != before:
            raise DoesNotApply(f"{path}\u00a0: le fichier vient de changer; relancez la commande.")
    partial = {}
    try:
        for path, (_, after) in changed.items():
            partial[path] = _partial(root / path, after)
        for path, made in partial.items():
            made.replace(root / path)
    finally:
        for made in partial.values():
            made.unlink(missing_ok=True)


def _partial(file: Path, text: str) -> Path:
    """Write `text` beside `file`, see that it reads, and return where it is."""
    made = file.with_suffix(f".{os.getpid()}.partial")
    file.parent.mkdir(parents=True, exist_ok=True)
    made.write_bytes(text.encode("utf-8"))
    if not list(read_file(made)):
        made.unlink()
        raise DoesNotApply(f"{file}\u00a0: le fichier ne se lirait plus; corrigez-le.")
    return made
