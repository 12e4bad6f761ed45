"""The sessions of those who are logged in, kept in the database: only the digest of the id that the browser holds is there.

A session ends by itself half an hour after its last page, and half a day after its login.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from console.models import Account, StoredSession

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# How old the time of the last page may be: it is not written at each one.
SEEN_EVERY = timedelta(minutes=1)


class Source(NamedTuple):
    """Where a session comes from: an address, and what the browser says that it is."""

    ip: str
    browser: str


class Known(NamedTuple):
    """The account of a request, as it was when the request came in."""

    id: int
    username: str
    name: str
    roles: tuple[str, ...]
    has_totp: bool


class Found(NamedTuple):
    """A session that is going on."""

    id: int
    digest: str
    begun_at: datetime
    seen_at: datetime
    content: dict[str, Any]
    account: Known

    def is_due(self, now: datetime) -> bool:
        """The time of the last page is to be written."""
        return now - self.seen_at >= SEEN_EVERY


def digest_of(held: str) -> str:
    """Return what is stored of an id."""
    return hashlib.sha256(held.encode()).hexdigest()


def find(session: Session, held: str, now: datetime) -> Found | None:
    """Return the session whose id the browser holds; None when there is none, or when it or its account has ended."""
    query = select(StoredSession, Account).join(Account, Account.id == StoredSession.account_id)
    row = session.execute(query.where(StoredSession.digest == digest_of(held), Account.active)).first()
    if row is None or _has_ended(row.StoredSession, now):
        return None
    stored, account = row
    known = Known(account.id, account.username, account.name, tuple(account.roles), account.totp_secret is not None)
    return Found(stored.id, stored.digest, stored.begun_at, stored.seen_at, stored.content, known)


def _has_ended(stored: StoredSession, now: datetime) -> bool:
    return now - stored.seen_at >= IDLE or now - stored.begun_at >= ABSOLUTE


def begin(session: Session, account_id: int, source: Source, now: datetime, replaced: Found | None = None) -> str:
    """Return the id of a new session, to be held by the browser; one that it replaces ends, and gives the time of its login.

    Sessions that have ended by themselves go.
    """
    held = secrets.token_urlsafe(32)
    session.execute(
        delete(StoredSession)
        .where(or_(StoredSession.seen_at <= now - IDLE, StoredSession.begun_at <= now - ABSOLUTE))
        .execution_options(synchronize_session=False)
    )
    same = replaced is not None and replaced.account.id == account_id
    begun_at = replaced.begun_at if same else now
    if replaced is not None:
        end(session, replaced.id)
    session.add(
        StoredSession(
            digest=digest_of(held), account_id=account_id, begun_at=begun_at, seen_at=now, content={}, ip=source.ip, browser=source.browser
        )
    )
    session.flush()
    return held


def keep(session: Session, digest: str, content: dict[str, Any] | None, now: datetime) -> None:
    """Write that a session was seen, and what it carries unless that is None: unchanged. One that ended meanwhile stays so."""
    values = {"seen_at": now} if content is None else {"seen_at": now, "content": content}
    session.execute(update(StoredSession).where(StoredSession.digest == digest).values(**values))


def of_account(session: Session, account_id: int, now: datetime) -> list[StoredSession]:
    """Return the sessions of an account that are going on, the last seen first."""
    query = select(StoredSession).where(StoredSession.account_id == account_id).order_by(StoredSession.seen_at.desc(), StoredSession.id)
    return [each for each in session.execute(query).scalars() if not _has_ended(each, now)]


def end(session: Session, session_id: int, account_id: int | None = None) -> int:
    """End a session, of that account alone when it is given; return how many there were."""
    query = delete(StoredSession).where(StoredSession.id == session_id)
    if account_id is not None:
        query = query.where(StoredSession.account_id == account_id)
    return session.execute(query.execution_options(synchronize_session=False)).rowcount


def end_all(session: Session, account_id: int, but: str = "") -> int:
    """End every session of an account, but the one of that digest; return how many there were."""
    query = delete(StoredSession).where(StoredSession.account_id == account_id, StoredSession.digest != but)
    return session.execute(query.execution_options(synchronize_session=False)).rowcount
