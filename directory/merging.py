"""What differs between two states of a record, and what two people who changed one record come to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from directory.records import Record

NOTHING = (None, "", [], {})


@dataclass(frozen=True)
class Difference:
    """A field (`contact.phone` for a part of the contact) that says something else: its value before and after, None for nothing."""

    field: str
    before: object
    after: object


@dataclass(frozen=True)
class Disagreement:
    """A field that others changed since it was read, or that both changed: what it said, theirs, yours, and what the merge keeps."""

    field: str
    before: object
    theirs: object
    yours: object
    kept: object

    @property
    def both(self) -> bool:
        """Both changed it, and not to the same."""
        return self.theirs != self.yours and self.before not in (self.theirs, self.yours)


def differences(before: Record | None, after: Record | None) -> list[Difference]:
    """Return the fields that say something else, in the order of the record; empty and absent are the same."""
    first, last = flat(before), flat(after)
    return [Difference(field, first.get(field), last.get(field)) for field in _fields(first, last) if first.get(field) != last.get(field)]


def flat(record: Record | None) -> dict[str, object]:
    """Return the fields that say something, the contact's parts apart, under `contact.phone`."""
    found: dict[str, object] = {}
    for field, value in (record or {}).items():
        if field == "contact" and isinstance(value, Mapping):
            found |= {f"contact.{way}": text for way, text in value.items() if text not in NOTHING}
        elif value not in NOTHING and value is not False:
            found[field] = value
    return found


def _fields(*records: Mapping[str, object]) -> Iterable[str]:
    return dict.fromkeys(field for record in records for field in record)


def merged(before: Record | None, theirs: Record | None, yours: Record) -> tuple[Record, list[Disagreement]]:
    """Return yours with what only they changed, and each field in which they differ from what was read, or from yours.

    Without `before` (not known, or a record that was not there), all that differs is yours.
    """
    read, other, own = flat(before), flat(theirs), flat(yours)
    told, kept = [], dict(own)
    for field in _fields(read, other, own):
        was, their, mine = read.get(field), other.get(field), own.get(field)
        only_theirs = before is not None and mine == was != their
        if only_theirs:
            kept[field] = their
        if their != mine and (their != was or before is None):
            told.append(Disagreement(field, was, their, mine, kept.get(field)))
    return _deep(yours, kept), told


def _deep(like: Record, found: Mapping[str, object]) -> Record:
    """Return the record of `like`'s fields that says what `found` says."""
    record: Record = {}
    for field, value in like.items():
        if field == "contact":
            ways = {name.removeprefix("contact."): text for name, text in found.items() if name.startswith("contact.")}
            record[field] = {way: text for way, text in ways.items() if text is not None}
        else:
            record[field] = found[field] if found.get(field) is not None else _empty(value)
    return record


def _empty(value: object) -> object:
    """Return the nothing of a value's kind."""
    if isinstance(value, bool):
        return False
    return type(value)() if isinstance(value, (list, dict)) else None
