"""Read the CSV and YAML files of the seed; what is wrong is gathered as `path:line: what is wrong`."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

# Lists the files of the folder, so that one that is lost is noticed.
MANIFEST = "manifest.yml"


@dataclass
class Problems:
    """What is wrong in a folder of files, in the order in which it was found."""

    folder: Path
    found: list[str] = field(default_factory=list)

    def add(self, where: "Where", what: str) -> None:
        """Note one problem."""
        self.found.append(f"{self.folder / where.file}{f':{where.line}' if where.line else ''}: {what}")


@dataclass(frozen=True)
class Where:
    """A place in a file of the seed; line 0 stands for the whole file."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Located(dict):
    """A YAML mapping that knows on which line it starts."""

    line = 0


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """A safe loader whose mappings are `Located` and may not give a key twice."""


def _located(loader: _Loader, node: yaml.MappingNode) -> Iterator[Located]:
    found = Located()
    found.line = node.start_mark.line + 1
    yield found
    keys = [key.value for key, _ in node.value]
    for key in keys:
        if keys.count(key) > 1:
            raise yaml.constructor.ConstructorError(None, None, f"champ répété\u00a0: {key}", node.start_mark)
    found.update(loader.construct_mapping(node))


_Loader.add_constructor("tag:yaml.org,2002:map", _located)


def read_text(file: str, problems: Problems) -> str | None:
    """Return the text of a file, or None when it is missing or not UTF-8."""
    path = problems.folder / file
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problems.add(Where(file), "fichier introuvable; remettez-le, ou donnez un autre dossier avec --seed")
    except UnicodeDecodeError:
        problems.add(Where(file), "n’est pas en UTF-8; enregistrez-le en UTF-8")
    except OSError as error:
        problems.add(Where(file), f"illisible ({error.strerror}); vérifiez les droits du fichier")
    return None


def read_csv(file: str, columns: tuple[str, ...], problems: Problems) -> list[tuple[Where, dict[str, str]]]:
    """Return the rows, texts stripped, each with its place; empty when the file cannot be used.

    Every one of `columns` must be there; other columns are kept.
    """
    content = read_text(file, problems)
    if content is None:
        return []
    reader = csv.DictReader(content.splitlines(keepends=True))
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        problems.add(Where(file, 1), f"colonne manquante\u00a0: {', '.join(missing)}")
        return []
    rows = []
    for row in reader:
        where = Where(file, reader.line_num)
        if None in row or None in row.values():
            problems.add(where, "la ligne n’a pas le même nombre de colonnes que l’en-tête; vérifiez les guillemets")
            continue
        rows.append((where, {name: value.strip() for name, value in row.items()}))
    return rows


def read_yaml(file: str, problems: Problems) -> list[tuple[Where, object]]:
    """Return the items of a file that is one list, each with its place; empty when the file cannot be used."""
    content = read_text(file, problems)
    if content is None:
        return []
    try:
        items = yaml.load(content, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.add(Where(file, mark.line + 1 if mark else 0), f"YAML illisible\u00a0: {error.problem}")
        return []
    except (yaml.YAMLError, ValueError) as error:
        problems.add(Where(file), f"YAML illisible\u00a0: {' '.join(str(error).split())}")
        return []
    if not isinstance(items, list):
        problems.add(Where(file), "une liste de fiches («\u00a0- slug: …\u00a0») est attendue")
        return []
    return [(Where(file, getattr(item, "line", 0)), item) for item in items]


def yaml_files(folder: str, problems: Problems) -> list[str]:
    """Return the YAML files of a sub-folder, in alphabetical order; a missing sub-folder is a problem."""
    path = problems.folder / folder
    if not path.is_dir():
        problems.add(Where(folder), "dossier introuvable; remettez-le, ou donnez un autre dossier avec --seed")
        return []
    return sorted(f"{folder}/{each.name}" for each in path.glob("*.yml"))
