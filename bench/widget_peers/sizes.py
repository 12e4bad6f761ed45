"""The size of what a page loads, each file packed by gzip -9 alone, as servers send them. Bytes."""

import gzip
import re
from collections.abc import Iterable
from pathlib import Path

from settings import PROJECT_ROOT

WIDGET = PROJECT_ROOT / "widget"
LAUNCHER = "widget.js"
# What the launcher asks for when the visitor opens it, in French; the modules ask for others in their turn.
OPENED = ("panel.js", "texts.js", "widget.css")
_IMPORT = re.compile(r"""^(?:import|export)\b[^"']*?["']\./([\w.-]+)["']""", re.MULTILINE)


def packed(file: Path) -> int:
    """Return the bytes of a file once packed."""
    return len(gzip.compress(file.read_bytes(), 9, mtime=0))


def total(folder: Path, names: Iterable[str]) -> int:
    """Return the bytes of files of a folder, each packed alone."""
    return sum(packed(folder / name) for name in names)


def modules(folder: Path, *names: str) -> list[str]:
    """Return `names` and the modules of the same folder that they import without delay, each once, sorted."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _IMPORT.findall((folder / name).read_text(encoding="utf-8"))
    return sorted(found)


def ours(folder: Path = WIDGET) -> dict[str, list[str]]:
    """Return the names of our files: all of them, those loaded before the visitor opens the widget, and those loaded then, in French."""
    before = modules(folder, LAUNCHER)
    return {
        "all": sorted(path.name for path in folder.iterdir() if path.is_file()),
        "before": before,
        "opened": [name for name in modules(folder, *OPENED) if name not in before],
    }
