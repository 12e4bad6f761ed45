"""What is drawn: the figures of a table, with nothing that the table does not show. The address of a drawing holds it whole and signed, so
that a drawing needs no database and cannot say anything else than its table."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from console.signing import signed, unsigned
from journal.needs_shown import Figure

PURPOSE = "needs drawing"
MAX_AGE_S = 24 * 3600
BARS, LINES, TILES = "bars", "lines", "tiles"
# A count, or the mark that is shown in its place.
Value = int | str


class Drawing(NamedTuple):
    """A kind of drawing; what its values are, by series; and what is drawn: [label, values], and of a tile its [column, row] too."""

    kind: str
    series: Sequence[str]
    items: Sequence[Sequence[Any]]

    @property
    def is_empty(self) -> bool:
        """Nothing would be seen."""
        return not any(value for item in self.items for value in item[1])


def value_of(figure: Figure) -> Value:
    """Return what a drawing shows of a figure."""
    return figure.mark or figure.tally.all


def written(drawing: Drawing) -> str:
    """Return a drawing as an address holds it."""
    return signed(list(drawing), PURPOSE)


def read(text: str) -> Drawing:
    """Return the drawing that an address holds.

    Raises:
        BadSignature: this console did not write it, or not lately.
    """
    return Drawing(*unsigned(text, PURPOSE, MAX_AGE_S)[0])
