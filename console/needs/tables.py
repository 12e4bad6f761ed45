"""The tables of the needs map: what a page shows and what a file holds, which are the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from console.filters import count
from console.needs.drawings import Drawing
from console.needs.links import Link
from console.needs.words import MARKS
from journal.needs_shown import Figure

NOT_TOLD = "–"


@dataclass(frozen=True)
class Cell:
    """What a cell says: `text` on the page, `value` in a file, and where it leads: a figure, to its conversations."""

    text: str
    value: object
    url: str | None = None


@dataclass(frozen=True)
class Column:
    """A column: its name, and whether it holds numbers."""

    name: str
    is_number: bool = True


@dataclass(frozen=True)
class Table:
    """Rows of cells, the first of which names the row."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Section:
    """A part of the page: `code` names it in addresses, `file` in the names of files; `alt` says in words what is drawn."""

    code: str
    file: str
    title: str
    table: Table
    intro: str = ""
    drawing: Drawing | None = None
    alt: str = ""


def words(text: str, url: str | None = None) -> Cell:
    """Return a cell of words, which may lead to another page."""
    return Cell(text, text, url)


def figure_cell(figure: Figure, link: Link | None = None) -> Cell:
    """Return a cell with a figure, or with its mark."""
    if figure.mark:
        return words(MARKS[figure.mark])
    return Cell(count(figure.tally.all), figure.tally.all, link(figure) if link else None)


def share_cell(part: Figure, rest: Figure) -> Cell:
    """Return the share of `part` in both, told only when both are."""
    both = (part.count or 0) + (rest.count or 0)
    return words(NOT_TOLD if part.mark or rest.mark or not both else f"{round(100 * part.tally.all / both)}\u00a0%")


@dataclass(frozen=True)
class Purged:
    """How the purged conversations of figures are told: not at all when there are none, by number when none of the parts is few."""

    any: bool
    by_number: bool

    @classmethod
    def among(cls, figures: Iterable[Figure]) -> "Purged":
        """Return how to tell those of figures that stand together."""
        figures = list(figures)
        return cls(any(figure.tally.gone for figure in figures), all(figure.tells_what_is_gone for figure in figures))

    @property
    def columns(self) -> list[Column]:
        """The column that follows each column of figures."""
        return [Column("dont purgées")] if self.any else []

    def cells(self, figure: Figure) -> list[Cell]:
        """Return what follows a figure."""
        if not self.any:
            return []
        held, gone = figure.tally
        if figure.mark:
            return [words(NOT_TOLD)]
        if self.by_number:
            return [Cell(count(gone), gone)]
        return [words("aucune" if not gone else "une partie" if held else "toutes")]


def gone_cell(whole: Figure, gone: Figure) -> Cell:
    """Return how many of a whole were purged, not told where the whole is not."""
    return words(NOT_TOLD) if whole.mark else figure_cell(gone)
