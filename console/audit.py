"""The audit trail: who did what, when, to which object, in rows that are only added, each sealed with the one before.

`note` is for views. What is noted is written with the transaction of the session, as its very last statement, so that those who wait for
the trail wait briefly; what a GET notes is written before its answer leaves (console/sessions.py). Never any text of people.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from flask import g, request
from sqlalchemy import event, func, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session, sessionmaker

from console import clock
from console.errors import ConsoleError
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
    session.info.setdefault("notes", []).append(Entry(entry.at, *(_storable(each) for each in entry[1:])))


def _storable(text: str) -> str:
    """Return `text` without what a database or UTF-8 refuses."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def take_notes(session: Session) -> list[Entry]:
    """Return what was noted in `session` and is not written, which it then forgets."""
    return session.info.pop("notes", [])


def write_notes_of(factory: sessionmaker) -> None:
    """Make the sessions of `factory` write what they noted, at the end of their transactions; what was not done is forgotten with them."""
    event.listen(factory, "before_commit", write_notes)
    event.listen(factory, "after_soft_rollback", _forget_undone)


def write_notes(session: Session) -> None:
    """Write what `session` noted, in its transaction; those who write to the trail wait until it ends."""
    if session.in_nested_transaction() or not session.info.get("notes"):
        return
    session.flush()
    _one_at_a_time(session)
    last, previous = state_of(session)
    for number, entry in enumerate(take_notes(session), last + 1):
        seal = seal_of(number, entry, previous)
        session.add(AuditRow(id=number, **entry._asdict(), previous=previous, hash=seal))
        previous = seal
    session.flush()


def _forget_undone(session: Session, _previous: object) -> None:
    if not session.in_transaction() and "notes" in session.info:
        session.info["notes"] = [each for each in session.info["notes"] if each.result != DONE]


def _one_at_a_time(session: Session) -> None:
    """SQLite's writers wait for one another from their beginning; PostgreSQL's do from here."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def seal_of(number: int, entry: Entry, previous: str) -> str:
    """Return the SHA-256 of a row and of the hash before it."""
    content = [number, entry.at.isoformat(), *entry[1:], previous]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


class State(NamedTuple):
    """Where the trail is: its last row. Noted elsewhere, it shows later that the end of the trail was not cut off or written anew."""

    id: int
    hash: str

    def __str__(self) -> str:
        return f"{self.id}:{self.hash}"


def state_of(session: Session) -> State:
    """Return the last row; 0 and zeros before the first."""
    last = session.execute(select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)).first()
    return State(*(last or (0, FIRST)))


def read_state(text: str | None) -> State | None:
    """Return the state that was noted as `text`; None for none.

    Raises:
        ConsoleError: it is none.
    """
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,9}):([0-9a-f]{64})", text.strip())
    if not found:
        raise ConsoleError(
            f"«\u00a0{text}\u00a0» n’est pas un état du registre\u00a0: donnez NUMÉRO:EMPREINTE, tel que la commande l’a écrit."
        )
    return State(int(found[1]), found[2])


def first_broken(session: Session, noted: State | None = None) -> Broken | None:
    """Return the first row that was changed, removed, moved or slipped in; None when the trail is whole.

    With a state that was `noted` elsewhere, what was cut off at the end or written anew is seen too.
    """
    last = State(0, FIRST)
    for row in _rows(session):
        if row.id != last.id + 1:
            return Broken(last.id + 1, "elle manque")
        if row.previous != last.hash:
            return Broken(row.id, "elle ne suit pas celle d’avant")
        if seal_of(row.id, Entry(*(getattr(row, field) for field in Entry._fields)), last.hash) != row.hash:
            return Broken(row.id, "son contenu a changé")
        last = State(row.id, row.hash)
        if noted and noted.id == last.id and noted != last:
            return Broken(row.id, "elle n’est pas celle qui avait été notée")
    if noted and noted.id > last.id:
        return Broken(last.id + 1, "elle manque, et celles d’après")
    return None


def _rows(session: Session) -> Iterator[Row]:
    # Columns, not objects: there are as many rows as pages that were looked at.
    return session.execute(select(*AuditRow.__table__.columns).order_by(AuditRow.id).execution_options(yield_per=BATCH))
