"""Keep who changed what, and know whether a record is still as the last import left it."""

import hashlib
import json
from datetime import datetime, timezone

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from directory.models import Revision
from directory.queries import services_of
from directory.records import Record, load_record
from directory.writing import delete_record, write_record


def digest(record: Record) -> str:
    """Return the SHA-256 of what a record says; empty fields count for nothing, so a new field changes no digest."""
    said = {name: value for name, value in record.items() if value not in (None, "", [], {})}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def revise(session: Session, author: str, entity: str, key: str, record: Record | None) -> Revision | None:
    """Write `record` (None takes it away) and its revision, in the caller's transaction; None if nothing changes.

    `author` is a person's account, or the name of the command.
    """
    before = load_record(session, entity, key)
    if before == record:
        return None
    if record is None:
        _delete(session, author, entity, key)
    else:
        write_record(session, entity, key, record)
    return note_revision(session, author, entity, key, before, record)


def _delete(session: Session, author: str, entity: str, key: str) -> None:
    # An actor takes its services along: each gets its own revision, so each can come back.
    if entity == "actor":
        for service in services_of(session, key):
            revise(session, author, "service", service.slug, None)
    delete_record(session, entity, key)


def note_revision(
    session: Session,
    author: str,
    entity: str,
    key: str,
    before: Record | None,
    after: Record | None,
    seed_digest: str | None = None,
) -> Revision:
    """Add the revision of a change that the caller makes."""
    now = datetime.now(timezone.utc)
    revision = Revision(at=now, author=author, entity=entity, key=key, before=before, after=after, seed_digest=seed_digest)
    session.add(revision)
    return revision


def undo(session: Session, author: str, revision: Revision) -> Revision | None:
    """Bring back what the record said before `revision`; undoing is a revision too."""
    return revise(session, author, revision.entity, revision.key, revision.before)


def revisions_query(entity: str, key: str) -> Select:
    """Select the revisions of one record, newest first."""
    return select(Revision).where(Revision.entity == entity, Revision.key == key).order_by(Revision.id.desc())


def seed_digests(session: Session) -> dict[tuple[str, str], str]:
    """Return by (entity, key) the digest of each record as the last import that wrote it found it in the seed."""
    newest = select(func.max(Revision.id)).where(Revision.seed_digest.isnot(None))
    newest = newest.group_by(Revision.entity, Revision.key)
    rows = select(Revision.entity, Revision.key, Revision.seed_digest).where(Revision.id.in_(newest))
    return {(entity, key): found for entity, key, found in session.execute(rows)}
