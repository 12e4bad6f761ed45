"""The regions and their MRC, as the directory names them, and where the tile of each region lies on the map."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Territory
from directory.text import fold_key, typographic
from journal.needs_shown import Row
from journal.results import NONE
from journal.small_counts import ALL

# Columns from the west, rows from the north.
REGION_TILES = {
    "R10": (2, 0),
    "R08": (0, 1),
    "R02": (4, 1),
    "R09": (5, 1),
    "R07": (0, 2),
    "R15": (1, 2),
    "R14": (2, 2),
    "R04": (3, 2),
    "R03": (4, 2),
    "R11": (6, 2),
    "R13": (1, 3),
    "R06": (2, 3),
    "R17": (3, 3),
    "R12": (4, 3),
    "R01": (5, 3),
    "R16": (2, 4),
    "R05": (3, 4),
}
# Where a territory that has no place on the map lies; those of a region have four columns.
_ASIDE, _COLUMNS = (6, 4), 4


@dataclass(frozen=True)
class Land:
    """The MRC of each region, by code, in the order of their names; and the names."""

    mrcs: dict[str, list[str]]
    names: dict[str, str]

    @classmethod
    def load(cls, session: Session) -> "Land":
        """Return the territories of the directory."""
        columns = (Territory.code, Territory.name, Territory.level, Territory.parent_code)
        rows = session.execute(select(*columns).where(Territory.level.in_(("region", "mrc")))).all()
        rows.sort(key=lambda row: fold_key(row.name))
        mrcs = {row.code: [] for row in rows if row.level == "region"}
        for row in rows:
            if row.level == "mrc" and row.parent_code in mrcs:
                mrcs[row.parent_code].append(row.code)
        return cls(mrcs, {row.code: typographic(row.name) for row in rows})

    def name(self, row: Row) -> str:
        """Return the name of a region, or of an MRC."""
        code = row.region if row.mrc == ALL else row.mrc
        if code == NONE:
            return "région non précisée" if row.mrc == ALL else "MRC non précisée"
        return self.names.get(code) or f"territoire inconnu ({code})"


def tiles(rows: list[Row]) -> list[tuple[Row, tuple[int, int]]]:
    """Return where each row lies (column, row): regions as on the map, where those of no place are left out; MRC as one reads."""
    if rows and rows[0].mrc != ALL:
        return [(row, (place % _COLUMNS, place // _COLUMNS)) for place, row in enumerate(rows)]
    places = {**REGION_TILES, NONE: _ASIDE}
    return [(row, places[row.region]) for row in rows if row.region in places]
