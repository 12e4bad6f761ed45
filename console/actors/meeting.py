"""Two people met on one record: what the second is told, and what the form keeps of both."""

from typing import NamedTuple

from console.actors.showing import author_told
from directory import fields
from directory.editing import FIELDS, Overtaken
from directory.labels import Names, field_label, told
from directory.merging import Disagreement, merged
from directory.models import Revision
from directory.records import Record
from directory.wellformed import tidied


class Row(NamedTuple):
    """A field that differs: its name, what was read, theirs, yours; `both` changed it; which of the two the form keeps."""

    label: str
    before: list[str]
    theirs: list[str]
    yours: list[str]
    both: bool
    kept: str


class Meeting(NamedTuple):
    """What happened meanwhile: who and when, newest first; the record is gone; the fields that differ."""

    who: list[tuple[str, Revision]]
    taken_away: bool
    rows: list[Row]


def met(entity: str, key: str, gone: Overtaken, given: Record, names: Names) -> tuple[Meeting, Record]:
    """Return what to tell, and the record that the form then shows: yours, with what only they changed."""
    yours = _readable(entity, key, given, gone)
    record, differing = merged(gone.before, gone.theirs, yours)
    rows = [_row(entity, each, names) for each in differing] if gone.theirs is not None else []
    who = [(author_told(each.author), each) for each in gone.revisions]
    return Meeting(who, gone.theirs is None, rows), yours if gone.theirs is None else record


def _readable(entity: str, key: str, given: Record, gone: Overtaken) -> Record:
    """Return yours as the directory would keep it; what cannot be read in it stays as it was read before."""
    record, wrong = fields.read_fields({"slug": key, **tidied(given)}, FIELDS[entity])
    was = gone.before or gone.theirs or {}
    return {name: record[name] if name in record else was.get(name) for name in FIELDS[entity]}


def _row(entity: str, each: Disagreement, names: Names) -> Row:
    values = [told(each.field, value, names) for value in (each.before, each.theirs, each.yours)]
    return Row(field_label(entity, each.field), *values, each.both, "le vôtre" if each.kept == each.yours else "le leur")
