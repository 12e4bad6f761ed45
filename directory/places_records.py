"""The plain records of place recognition: what is read from the tables, and what is given back.

Nothing here knows the database: `places.PlaceIndex.load` turns rows into these records.
"""

from dataclasses import dataclass

# What `PlaceMention.level_hint` may hold besides a level of the directory.
AREA = "area"
SEVERAL = "several"
POSTAL = "postal"
OUTSIDE = "outside_quebec"

QUEBEC = "QC"
NAME = "name"


@dataclass(frozen=True, slots=True)
class Place:
    """One territory: `level` is country, region, mrc, municipality or sector."""

    code: str
    level: str
    name: str
    kind: str | None
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class PlaceAlias:
    """Another name of one or several territories.

    `kind`: name (of one code: that place; of several: one of them, ask which), area (all the codes
    together), outside_quebec, or mask (the phrase contains the name of a place and is none).
    """

    name: str
    codes: tuple[str, ...]
    kind: str = NAME


@dataclass(frozen=True, slots=True)
class PostalPrefix:
    """The first three characters of a postal code, and one territory that they may mean."""

    prefix: str
    code: str
    precision: str


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named in a text, at `text[start:end]`.

    `level_hint` is the level of the only code; or `area`: all the codes together are the place;
    `several`: one of them, ask which; `postal`: a postal code (no codes: an unknown one);
    `outside_quebec`: no codes. `exact` is false when the spelling had to be mended. `negated`: « pas
    à Matane »; `near`: « près de Matane ».
    """

    start: int
    end: int
    surface: str
    codes: tuple[str, ...]
    level_hint: str
    exact: bool
    negated: bool = False
    near: bool = False


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the places of one message come to.

    `kind`: none, one (the place is `codes`: one territory, or all those of an area) or several (one
    of `codes`: ask which). `surface` is what the person wrote, `others` the surfaces of the other
    places that they affirmed, `negated` of those that they ruled out, `outside` of those beyond Québec.
    """

    kind: str
    codes: tuple[str, ...] = ()
    surface: str = ""
    others: tuple[str, ...] = ()
    negated: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
