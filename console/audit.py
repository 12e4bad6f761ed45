"""The audit trail: who did what, when, to which object, in rows that are only added, each sealed with the one before.

`note` is for views. What is noted is written with the transaction of the session, as its very last statement, so that those who wait for
the trail wait briefly; what a GET notes is written before its answer leaves (console/sessions.py). Never any text of people.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from flask import g, request
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, sessionmaker

from console import clock
from console.models import AuditRow

DONE, REFUSED, FAILED = "done", "refused", "failed"
FIRST = "0" * 64
LOCK = 20261132
BATCH = 1000


class Entry(NamedTuple):
    """What is to be noted."""

    at: datetime
    account: str
    action: str
    subject: str
    detail: str
    result: str
    ip: str


class Broken(NamedTuple):
    """The first row of the trail that is not as it was written."""

    id: int
    reason: str


def note(session: Session, action: str, subject: str = "", detail: str = "", result: str = DONE, account: str | None = None) -> None:
    """Note that the account of the request did `action` to `subject`; written when `session` is committed, or when a GET is answered."""
    known = g.get("account")
    who = account if account is not None else known.username if known else ""
    enter(session, Entry(clock.now(), who, action, str(subject)[:200], detail, result, (request.remote_addr or "")[:45]))


def enter(session: Session, entry: Entry) -> None:
    """Note `entry`, outside a request too."""
    session.info.setdefault("notes", []).append(entry)


def take_notes(session: Session) -> list[Entry]:
    """Return what was noted in `session` and is not written, which it then forgets."""
    return session.info.pop("notes", [])


def write_notes_of(factory: sessionmaker) -> None:
    """Make the sessions of `factory` write what they noted, at the end of their transactions."""
    event.listen(factory, "before_commit", _write_notes)


def _write_notes(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.get("notes"):
        return
    session.flush()
    _one_at_a_time(session)
    last = session.execute(select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)).first()
    number, previous = last or (0, FIRST)
    for number, entry in enumerate(take_notes(session), number + 1):  # noqa: B020 - the first number is read once
        seal = seal_of(number, entry, previous)
        session.add(AuditRow(id=number, **entry._asdict(), previous=previous, hash=seal))
        previous = seal
    session.flush()


def _one_at_a_time(session: Session) -> None:
    """SQLite's writers wait for one another from their beginning; PostgreSQL's do from here."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def seal_of(number: int, entry: Entry, previous: str) -> str:
    """Return the SHA-256 of a row and of the hash before it."""
    content = [number, entry.at.isoformat(), *entry[1:], previous]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def first_broken(session: Session) -> Broken | None:
    """Return the first row that was changed, removed, moved or slipped in; None when the trail is whole."""
    expected, previous = 1, FIRST
    for row in _rows(session):
        if row.id != expected:
            return Broken(expected, "la ligne manque")
        if row.previous != previous:
            return Broken(row.id, "elle ne suit pas la ligne d’avant")
        entry = Entry(*(getattr(row, field) for field in Entry._fields))
        if seal_of(row.id, entry, previous) != row.hash:
            return Broken(row.id, "son contenu a changé")
        expected, previous = row.id + 1, row.hash
    return None


def _rows(session: Session) -> Iterator[AuditRow]:
    return session.execute(select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=BATCH)).scalars()
