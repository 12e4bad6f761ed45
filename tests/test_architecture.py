"""The rules of the house (design §3, style): who imports whom, who reads the environment, how long a file may be.

Each check takes a folder, so that one test shows it the project, and another a breach.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
# What each folder may import of ours, beside itself.
MAY_IMPORT = {
    "directory": {"settings"},
    "journal": {"directory", "settings"},
    "actions": {"directory", "settings"},
    "bot": {"directory", "journal", "settings"},
    "console": {"directory", "journal", "settings"},
    "cli": {"actions", "bot", "console", "directory", "journal", "settings"},
    "bench": {"actions", "bot", "cli", "console", "directory", "journal", "settings"},
}
OURS = {*MAY_IMPORT, "settings"}
# How tables are made and texts folded: all that the journal may take of the directory.
FOUNDATION = {"directory.base", "directory.database", "directory.errors", "directory.migrating", "directory.text"}
# The directory and the journal know nothing of these; neither do the pure parts of the understanding.
FRAMEWORKS = {"rasa", "rasa_sdk", "sanic", "flask", "tensorflow"}
WITHOUT_FRAMEWORK = (
    *("directory", "journal", "bot/door.py", "bot/nlu/amounts.py", "bot/nlu/names.py", "bot/nlu/noise.py"),
    *(
        "bot/nlu/profile_patterns.py",
        "bot/nlu/profile_words.py",
        "bot/nlu/reading.py",
        "bot/nlu/sentences.py",
        "bot/nlu/understanding.py",
        "bot/nlu/wordings.py",
    ),
)
MAY_READ_ENVIRONMENT = {
    "settings.py": "it is the one place where settings are read",
    "bot/quiet.py": "Rasa's quiet variables must be there before Rasa is imported",
    "cli/stack.py": "it hands the shared secret to the action server that it starts",
    "cli/actions_process.py": "it receives the shared secret, and is quiet before the libraries are imported",
    "bench/messenger.py": "it gives its environment to the servers that it kills",
    "bench/processes.py": "it gives their environment to the processes that it compares",
    "bench/stock/side.py": "it is one of these processes, and has no settings of ours",
}
LIBRARIES = ("settings.py", "directory", "journal", "actions", "bot", "console")
LONGEST = {"tests": 500, "": 300}
COUNTED = (".py", ".js", ".css", ".html")
NOT_OURS = {"var", "models", "node_modules"}
# « 50 000 $ », « 1,5 M$ », « 35 % »: figures that belong to the directory alone.
FIGURE = re.compile(r"(?<!0-)\d[\d \u00a0\u202f,.]*(?:[kKmM]|millions?)?[ \u00a0\u202f]?(?:\$|%|dollars|piasses|pour cent)")


def _files(root: Path, *parts: str) -> Iterator[Path]:
    for part in parts:
        path = root / part
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imported(path: Path) -> Iterator[str]:
    """Yield the top name of each import of a file, those within functions included."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0] if not node.level else path.parts[-2]


def wrong_imports(root: Path) -> list[str]:
    """Return each import of ours that the table forbids, as « file: imports what »."""
    return [
        f"{path.relative_to(root)}: imports {name}"
        for folder, allowed in MAY_IMPORT.items()
        for path in _files(root, folder)
        for name in dict.fromkeys(_imported(path))
        if name in OURS - allowed - {folder}
    ]


def above_the_foundation(root: Path) -> list[str]:
    """Return what the journal imports of the directory beside its foundation."""
    return [
        f"{path.relative_to(root)}: imports {name}"
        for path in _files(root, "journal")
        for name in _modules(path)
        if name.split(".")[0] == "directory" and name not in FOUNDATION
    ]


def _modules(path: Path) -> Iterator[str]:
    """Yield the whole name of each module that a file imports."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from [node.module] if node.module != "directory" else [f"directory.{alias.name}" for alias in node.names]


def wrong_frameworks(root: Path) -> list[str]:
    """Return each import of a framework in a file that must know none."""
    files = _files(root, *WITHOUT_FRAMEWORK)
    return [f"{path.relative_to(root)}: imports {name}" for path in files for name in _imported(path) if name in FRAMEWORKS]


def environment_readers(root: Path) -> set[str]:
    """Return the files that read the variables of the environment."""
    return {path.relative_to(root).as_posix() for path in _files(root, *OURS, "settings.py") if _reads_environment(path)}


def _reads_environment(path: Path) -> bool:
    names = {"environ", "environb", "getenv", "getenvb"}
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in names and isinstance(node.value, ast.Name) and node.value.id == "os":
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "os" and names & {alias.name for alias in node.names}:
            return True
    return False


def long_files(root: Path) -> list[str]:
    """Return the files of ours that are too long, with their lines."""
    found = []
    for path in _our_files(root):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        name = path.relative_to(root).as_posix()
        if lines > LONGEST.get(name.partition("/")[0], LONGEST[""]):
            found.append(f"{name}: {lines} lines")
    return found


def _our_files(root: Path) -> Iterator[Path]:
    for entry in sorted(root.iterdir()):
        if entry.name in NOT_OURS or entry.name.startswith("."):
            continue
        found = sorted(entry.rglob("*")) if entry.is_dir() else [entry]
        yield from (path for path in found if path.suffix in COUNTED and not NOT_OURS & {*path.relative_to(root).parts})


def printing(root: Path) -> list[str]:
    """Return each call of print in the libraries; only the command line and the benchmarks speak to a terminal."""
    return [
        f"{path.relative_to(root)}:{node.lineno}"
        for path in _files(root, *LIBRARIES)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


def figures_in_code(root: Path) -> list[str]:
    """Return each amount or rate written in a text of actions/ or bot/ (docstrings aside)."""
    return [
        f"{path.relative_to(root)}:{node.lineno}: {node.value.strip()[:60]}"
        for path in _files(root, "actions", "bot")
        for node in _texts(_tree(path))
        if FIGURE.search(node.value)
    ]


def _texts(tree: ast.Module) -> Iterator[ast.Constant]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def figures_in_domain(root: Path) -> list[str]:
    """Return each amount or rate written in the domain."""
    responses = yaml.safe_load((root / "domain.yml").read_text(encoding="utf-8"))["responses"]
    return [f"{name}: {found[0]}" for name, told in responses.items() if (found := FIGURE.search(yaml.safe_dump(told, allow_unicode=True)))]


def test_no_folder_imports_what_it_may_not() -> None:
    assert wrong_imports(ROOT) == []


def test_the_journal_knows_no_table_of_the_directory() -> None:
    assert above_the_foundation(ROOT) == []


def test_the_ground_floor_and_the_pure_parts_know_no_framework() -> None:
    assert wrong_frameworks(ROOT) == []


def test_only_the_settings_read_the_environment() -> None:
    assert environment_readers(ROOT) == {*MAY_READ_ENVIRONMENT}


def test_every_file_fits_in_the_head() -> None:
    assert long_files(ROOT) == []


def test_no_library_prints() -> None:
    assert printing(ROOT) == []


def test_amounts_and_rates_live_in_the_directory_only() -> None:
    assert figures_in_code(ROOT) == []
    assert figures_in_domain(ROOT) == []


# The same checks, shown a breach each.


def _write(root: Path, file: str, text: str) -> Path:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("directory/a.py", "from bot.nlu import names"),
        ("directory/a.py", "def f():\n    import actions.reply"),
        ("actions/a.py", "from bot.door import mask"),
        ("actions/a.py", "from cli.main import main"),
        ("bot/nlu/a.py", "from actions.reply import say"),
        ("bot/a.py", "import cli"),
    ],
)
def test_a_forbidden_import_is_seen(tmp_path: Path, file: str, line: str) -> None:
    assert len(wrong_imports(_write(tmp_path, file, line))) == 1


@pytest.mark.parametrize("line", ["from directory.models import Actor", "from directory import queries", "import directory.routing"])
def test_a_journal_that_knows_the_directory_is_seen(tmp_path: Path, line: str) -> None:
    assert len(above_the_foundation(_write(tmp_path, "journal/a.py", line))) == 1


@pytest.mark.parametrize("file", ["cli/a.py", "bench/a.py"])
def test_the_command_line_and_the_benchmarks_may_import_all(tmp_path: Path, file: str) -> None:
    assert wrong_imports(_write(tmp_path, file, "import actions, bot.door, directory, settings")) == []


@pytest.mark.parametrize("file", ["directory/sub/a.py", "bot/nlu/amounts.py"])
def test_a_framework_below_is_seen(tmp_path: Path, file: str) -> None:
    assert wrong_frameworks(_write(tmp_path, file, "from rasa.core.agent import Agent")) == [f"{file}: imports rasa"]


@pytest.mark.parametrize("line", ["import os\nos.environ['A']", "import os\nos.getenv('A')", "from os import environ"])
def test_a_reader_of_the_environment_is_seen(tmp_path: Path, line: str) -> None:
    assert environment_readers(_write(tmp_path, "actions/a.py", line)) == {"actions/a.py"}


def test_a_long_file_is_seen(tmp_path: Path) -> None:
    _write(tmp_path, "bot/fits.py", "a = 1\n" * 300)
    _write(tmp_path, "tests/fits.py", "a = 1\n" * 500)
    assert long_files(_write(tmp_path, "bot/long.py", "a = 1\n" * 301)) == ["bot/long.py: 301 lines"]


def test_a_print_is_seen(tmp_path: Path) -> None:
    _write(tmp_path, "cli/a.py", "print('ok')")
    assert printing(_write(tmp_path, "bot/a.py", "x = 1\nprint(x)")) == ["bot/a.py:2"]


@pytest.mark.parametrize(
    "text", ["jusqu’à 50 000 $", "50\u00a0000\u00a0$", "2,5 M$", "10k$", "un taux de 7,5 %", "35\u00a0%", "40 pour cent", "500 dollars"]
)
def test_a_figure_in_a_text_is_seen(tmp_path: Path, text: str) -> None:
    assert len(figures_in_code(_write(tmp_path, "actions/a.py", f'TEXT = "{text}"'))) == 1
    assert len(figures_in_domain(_write(tmp_path, "domain.yml", f"responses:\n  utter_x:\n  - text: {text!r}"))) == 1


@pytest.mark.parametrize("text", ["1 866 APPELLE", "le 811", "1 500 caractères", "24 mois", "le 19 décembre 2025", "9-8-8"])
def test_a_number_that_is_no_figure_may_be_said(tmp_path: Path, text: str) -> None:
    assert figures_in_code(_write(tmp_path, "actions/a.py", f'TEXT = "{text}"')) == []
