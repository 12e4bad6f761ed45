"""A spreadsheet of records, back into the directory: every line is looked at first, then all of it is written, or nothing.

The columns are those of the export, in any order; those that are not there leave their field as it is, an empty cell empties it.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from directory import fields
from directory.csv_cells import value_of
from directory.editing import FIELDS, problems_among, whole
from directory.labels import ENTITY_LABELS
from directory.problems import unreadable
from directory.records import Record, Records, load_records
from directory.revisions import digest, revise
from directory.wellformed import malformed, tidied

MOST_BYTES = 2 * 1024 * 1024
MOST_LINES = 5000
LONGEST_CELL = 100_000
IMPORTED = ("actor", "service", "answer")
_SEPARATORS = (",", ";", "\t")
_PLURALS = {"actor": "organismes", "service": "services", "answer": "réponses"}


@dataclass(frozen=True)
class CellProblem:
    """What is wrong on a line of the file (the header is line 1); `column` is empty for the whole line, `line` 0 for the file."""

    line: int
    column: str
    told: str

    def __str__(self) -> str:
        where = f"Ligne {self.line}, colonne {self.column}" if self.column else f"Ligne {self.line}"
        return f"{where}\u00a0: {self.told}" if self.line else self.told[:1].upper() + self.told[1:]


@dataclass(frozen=True)
class RowChange:
    """What a line changes: the record as it is (None for a new one), and as it would be."""

    line: int
    key: str
    before: Record | None
    after: Record


@dataclass
class Plan:
    """What a file would do. It is written only when `problems` is empty; else `changes` are not whole."""

    entity: str = ""
    changes: list[RowChange] = field(default_factory=list)
    unchanged: int = 0
    problems: list[CellProblem] = field(default_factory=list)

    @property
    def new(self) -> list[RowChange]:
        """The lines that add a record."""
        return [each for each in self.changes if each.before is None]

    @property
    def changed(self) -> list[RowChange]:
        """The lines that change a record."""
        return [each for each in self.changes if each.before is not None]

    def digest(self) -> str:
        """Return what tells this plan from another: the same file on a directory that changed meanwhile is another plan."""
        told = [(each.key, each.before and digest(each.before), digest(each.after)) for each in self.changes]
        return hashlib.sha256(json.dumps([self.entity, *told]).encode()).hexdigest()

    def summary(self) -> str:
        """Return in French how many records the file adds, changes and leaves as they are."""
        counts = f"nouveaux\u00a0: {len(self.new)}, changés\u00a0: {len(self.changed)}, inchangés\u00a0: {self.unchanged}"
        return f"{_PLURALS.get(self.entity, 'fiches').capitalize()} {counts}"


@dataclass(frozen=True)
class _Row:
    line: int
    cells: Mapping[str, str]


class _Refused(Exception):
    """The file cannot be read as a table."""

    def __init__(self, line: int, told: str, column: str = "") -> None:
        super().__init__(told)
        self.problem = CellProblem(line, column, told)


def plan(session: Session, content: bytes, today: date, entity: str | None = None) -> Plan:
    """Return what a file would do, with everything that is wrong in it, in the order of its lines. Nothing is written.

    `entity` is `actor`, `service` or `answer`; without it, the columns tell.
    """
    try:
        columns, rows = _read_table(content)
        found = Plan(entity or _entity_of(columns))
        _check_columns(columns, found.entity)
    except _Refused as refused:
        return Plan(entity or "", problems=[refused.problem])
    held = load_records(session)
    _read_rows(rows, held, found, today)
    lines = {(found.entity, each.key): each.line for each in found.changes}
    told = problems_among(held, {(found.entity, each.key): each.after for each in found.changes})
    bad = {(each.line, each.column) for each in found.problems}
    for change, problems in told.items():
        cells = [CellProblem(lines[change], each.field.partition(".")[0], each.told) for each in problems]
        found.problems += [each for each in cells if (each.line, each.column) not in bad]
    found.problems.sort(key=lambda each: (each.line, columns.index(each.column) if each.column in columns else -1))
    return found


def write(session: Session, author: str, planned: Plan) -> int:
    """Write every change of a plan without problems, each with its revision, and return how many; the caller commits.

    Raises:
        ValueError: the plan has problems.
    """
    if planned.problems:
        raise ValueError("a file with problems is not imported")
    for each in planned.changes:
        revise(session, author, planned.entity, each.key, each.after)
    session.flush()
    return len(planned.changes)


def _read_table(content: bytes) -> tuple[list[str], list[_Row]]:
    text = _decoded(content)
    separator = max(_SEPARATORS, key=lambda each: len(_known(_header(text, each))))
    lines = list(_lines(text, separator))
    if not lines:
        raise _Refused(0, "le fichier est vide\u00a0: il faut une ligne de titres de colonnes, puis une ligne par fiche")
    columns = [name.strip() for name in lines[0][1]]
    while columns and not columns[-1]:
        columns.pop()
    rows = [_row(number, columns, cells) for number, cells in lines[1:] if any(each.strip() for each in cells)]
    if len(rows) > MOST_LINES:
        raise _Refused(0, f"le fichier a {len(rows)} fiches\u00a0: coupez-le en fichiers de {MOST_LINES} au plus")
    return columns, rows


def _header(text: str, separator: str) -> list[str]:
    return next((cells for _, cells in _lines(text.partition("\n")[0], separator, strict=False)), [])


def _known(columns: list[str]) -> set[str]:
    return {name.strip() for name in columns} & {name for entity in IMPORTED for name in FIELDS[entity]}


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise _Refused(0, f"le fichier dépasse {MOST_BYTES // 1024 // 1024}\u00a0Mo\u00a0: coupez-le en plusieurs")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        told = "le fichier n’est pas en UTF-8\u00a0: dans le tableur, enregistrez-le au format «\u00a0CSV UTF-8\u00a0»"
        raise _Refused(line, told) from error


def _lines(text: str, separator: str, strict: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Yield each line of the table with the number of its first line in the file."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    first = 1
    try:
        for cells in reader:
            yield first, cells
            first = reader.line_num + 1
    except csv.Error as error:
        told = {True: f"une cellule dépasse {LONGEST_CELL} caractères\u00a0: raccourcissez-la"}.get("field larger" in str(error))
        raise _Refused(
            first, told or "la ligne ne se lit pas\u00a0: vérifiez les guillemets (chacun se double dans une cellule)"
        ) from error


def _row(number: int, columns: list[str], cells: list[str]) -> _Row:
    extra = [each for each in cells[len(columns) :] if each.strip()]
    if extra or len(cells) < len(columns):
        told = f"{len(cells)} cellules, et {len(columns)} titres de colonnes\u00a0: vérifiez les séparateurs et les guillemets"
        raise _Refused(number, told)
    return _Row(number, dict(zip(columns, cells, strict=False)))


def _entity_of(columns: list[str]) -> str:
    """Return what the columns are those of: only one kind of record has some of them."""
    own = {entity: {*FIELDS[entity]} - {name for other in IMPORTED if other != entity for name in FIELDS[other]} for entity in IMPORTED}
    found = [entity for entity in IMPORTED if own[entity] & {*columns}]
    if len(found) != 1:
        raise _Refused(1, "les colonnes ne disent pas s’il s’agit d’organismes, de services ou de réponses\u00a0: précisez-le")
    return found[0]


def _check_columns(columns: list[str], entity: str) -> None:
    known = FIELDS[entity]
    wrong = [name for name in columns if name not in known]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if wrong:
        told = ", ".join(name or "(sans titre)" for name in wrong)
        raise _Refused(1, f"colonne inconnue\u00a0: {told}. Celles d’un fichier de {_PLURALS[entity]}\u00a0: {', '.join(known)}")
    if twice:
        raise _Refused(1, f"colonne répétée\u00a0: {', '.join(twice)}")
    if "slug" not in columns:
        raise _Refused(1, f"la colonne slug manque\u00a0: c’est elle qui dit de quelle fiche ({ENTITY_LABELS[entity]}) il s’agit")


def _read_rows(rows: list[_Row], held: Records, found: Plan, today: date) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        key = row.cells["slug"].strip()
        first = seen.setdefault(key, row.line)
        if not key:
            found.problems.append(CellProblem(row.line, "slug", "l’identifiant manque\u00a0: donnez-en un, par exemple cdc-de-la-vallee"))
        elif first != row.line:
            found.problems.append(
                CellProblem(row.line, "slug", f"cette fiche est déjà à la ligne {first}\u00a0: gardez une seule des deux")
            )
        else:
            _read_row(row, key, held, found, today)


def _read_row(row: _Row, key: str, held: Records, found: Plan, today: date) -> None:
    before = held[found.entity].get(key)
    given, problems = _given(row, before)
    record, wrong = fields.read_fields(given, FIELDS[found.entity])
    if not problems and record == before:
        found.unchanged += 1
        return
    record, wrong = fields.read_fields(tidied(given), FIELDS[found.entity])
    told = {name: CellProblem(row.line, name, unreadable(name, problem)) for name, problem in wrong.items()}
    for name, problem in malformed(record, today):
        column = name.partition(".")[0]
        told.setdefault(column, CellProblem(row.line, column, problem))
    found.problems += [*problems.values(), *(each for name, each in told.items() if name not in problems)]
    # The checks look at what can be read of a wrong line too: every error is told at once.
    found.changes.append(RowChange(row.line, key, before, whole(found.entity, record)))


def _given(row: _Row, before: Record | None) -> tuple[dict[str, object], dict[str, CellProblem]]:
    """Return what the line says over what is held, and by column what is wrong with its cells."""
    given: dict[str, object] = dict(before or {})
    problems: dict[str, CellProblem] = {}
    for column, text in row.cells.items():
        try:
            given[column] = value_of(column, text)
        except ValueError as error:
            problems[column] = CellProblem(row.line, column, str(error))
    return given, problems
