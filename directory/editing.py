"""Change one record safely: nothing is saved with an error, nor over what somebody else saved meanwhile.

A caller that writes calls `wait_for_writers` first, then reads, then saves, in one transaction that it commits (`writing` does).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from directory import fields
from directory.checking import CHECKS, Check
from directory.importing import IMPORT_LOCK
from directory.models import DirectoryVersion, Revision
from directory.problems import Problem, problems_of, unreadable
from directory.records import Record, Records, load_record, load_records
from directory.revisions import digest, revise, revisions_query
from directory.wellformed import malformed, tidied

FIELDS: dict[str, Mapping[str, fields.Field]] = {
    "actor": fields.ACTOR,
    "service": fields.SERVICE,
    "answer": fields.ANSWER,
    "place_alias": fields.PLACE_ALIAS,
}
# The digest of what is not there.
ABSENT = ""


@dataclass(frozen=True)
class Draft:
    """A record as somebody wants it, with what is wrong with it: `record` is whole only when there is no problem."""

    entity: str
    key: str
    record: Record
    problems: list[Problem]


@contextmanager
def writing(factory: sessionmaker) -> Iterator[Session]:
    """Give a session that waited for the other writers; commit at the end, or take everything back and raise."""
    with factory() as session:
        wait_for_writers(session)
        yield session
        session.commit()


def wait_for_writers(session: Session) -> None:
    """Begin a transaction that no other writer of the directory (console, import) can be in the middle of.

    Whatever the session had read is read again. Nothing may be waiting to be written in it.
    """
    if session.new or session.dirty or session.deleted:
        raise ValueError("the session holds changes that were not written")
    session.rollback()
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(IMPORT_LOCK)))
    else:
        # SQLite's lock of writers is taken by a first statement that writes, even when it changes nothing.
        connection.execute(update(DirectoryVersion.__table__).values(id=1))


def seen(record: Record | None) -> str:
    """Return what a form keeps of the record as it was read, by which `save` knows whether it is still so."""
    return ABSENT if record is None else digest(record)


def examined(session: Session, entity: str, key: str, given: Mapping[str, object], today: date) -> Draft:
    """Return the draft that `given` makes of the record of `key`, with everything that is wrong: fields, forms, and the other records."""
    return examined_among(load_records(session), entity, key, given, today)


def examined_among(held: Records, entity: str, key: str, given: Mapping[str, object], today: date) -> Draft:
    """Return the draft as `examined` does, when everything that the directory holds is at hand."""
    record, wrong = fields.read_fields(tidied(given), FIELDS[entity])
    told = [Problem(name, unreadable(name, problem)) for name, problem in wrong.items()]
    told += [Problem(name, problem) for name, problem in malformed(record, today)]
    bad = {each.field.partition(".")[0] for each in told}
    made = whole(entity, record)
    found = problems_among(held, {(entity, key): made})
    told += [each for each in found.get((entity, key), []) if each.field not in bad]
    return Draft(entity, key, made, told)


def whole(entity: str, record: Record) -> Record:
    """Return the record with nothing in the fields that could not be read, so that the checks may look at the rest."""
    known = FIELDS[entity].items()
    return {name: record[name] if name in record else "" if field.required else deepcopy(field.default) for name, field in known}


Changes = Mapping[tuple[str, str], Record | None]


def problems_among(held: Records, changes: Changes) -> dict[tuple[str, str], list[Problem]]:
    """Return by (entity, key) what would be wrong in the directory once `changes` (None takes a record away) were made.

    What was already wrong with other records is not told; what becomes wrong with them is, beside the change that does it.
    """
    after = changed(held, changes)
    before = {(check.code, line) for check, line in _errors(held)}
    found: dict[tuple[str, str], list[Problem]] = {}
    for check, line in _errors(after):
        for change, problem in problems_of(check, line, after, changes, known=(check.code, line) in before):
            found.setdefault(change, []).append(problem)
    for (entity, key), record in changes.items():
        if entity == "service" and record is not None and record["actor"] and record["actor"] not in after["actor"]:
            problem = Problem("actor", "cet organisme n’est pas dans l’annuaire\u00a0: ajoutez-le d’abord")
            found.setdefault((entity, key), []).append(problem)
    return found


def _errors(records: Records) -> Iterator[tuple[Check, str]]:
    for check in CHECKS:
        if check.is_error:
            yield from ((check, line) for line in check.find(records))


def changed(held: Records, changes: Changes) -> Records:
    """Return what the directory holds once `changes` are made; `held` stays as it is."""
    after = {entity: dict(records) for entity, records in held.items()}
    for (entity, key), record in changes.items():
        if record is None:
            after[entity].pop(key, None)
            if entity == "actor":
                after["service"] = {slug: each for slug, each in after["service"].items() if each["actor"] != key}
        else:
            after[entity][key] = record
    return after


@dataclass(frozen=True)
class Overtaken:
    """Somebody saved the record since it was read: what it said when it was read (None if not known), what it says, and who changed it."""

    before: Record | None
    theirs: Record | None
    revisions: list[Revision]


def overtaken(session: Session, entity: str, key: str, as_read: str) -> Overtaken | None:
    """Return what happened to the record since somebody read it as `as_read` (`seen`); None when it is still so."""
    theirs = load_record(session, entity, key)
    if seen(theirs) == as_read:
        return None
    later: list[Revision] = []
    for revision in session.scalars(revisions_query(entity, key)):
        later.append(revision)
        if seen(revision.before) == as_read:
            return Overtaken(revision.before, theirs, later)
    return Overtaken(None, theirs, later[:1])


def save(session: Session, author: str, draft: Draft, as_read: str) -> Revision | None:
    """Write the draft and its revision, flushed and not committed; None when it says what the record says already.

    Raises:
        ValueError: the draft has problems, or the record is no more as it was read; callers look at both before.
    """
    if draft.problems or overtaken(session, draft.entity, draft.key, as_read):
        raise ValueError(f"{draft.entity} {draft.key} cannot be saved")
    revision = revise(session, author, draft.entity, draft.key, draft.record)
    session.flush()
    return revision
