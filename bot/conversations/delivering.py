"""Our messages on their way to a channel that they are pushed to: each part in order, each once as far as can be known.

A part is announced (`trying_at`) before its request and noted after it. What was announced and never noted may have arrived: it is made
again, and counted as doubtful. Each function runs within the transaction of its caller.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from bot.conversations.models import DUE, SENT, STOPPED, Delivery, Outbound

# Longer than a request may take: one that was announced before is in nobody's hands.
LEASE = timedelta(seconds=20)


@dataclass(frozen=True)
class Parcel:
    """A message to deliver, from its part of number `part` on. `attempts` were made of that part, this one included, `unknown` of them
    with an outcome that nobody knows; `plain` when it was refused as it was. `doubtful` is of the whole message."""

    conversation: str
    outbox_id: int
    content: Mapping[str, Any]
    part: int
    attempts: int
    unknown: int
    plain: bool
    doubtful: int
    trying_at: datetime


def take(session: Session, conversation: str, now: datetime) -> Parcel | datetime | None:
    """Announce the next part of the first message that a conversation is due, and return it; the moment before which there is
    nothing to do, when it must wait; None when nothing is due.
    """
    found = session.execute(_first_due(conversation)).scalar_one_or_none()
    if found is None:
        return None
    if found.trying_at is not None and found.trying_at > now - LEASE:
        return found.trying_at + LEASE
    if found.next_at > now:
        return found.next_at
    # What was announced and never noted.
    lost = int(found.trying_at is not None)
    unknown, doubtful = found.unknown + lost, found.doubtful + lost
    # Two processes that read the same row: one of them announces.
    announced = session.execute(
        update(Delivery)
        .where(Delivery.outbox_id == found.outbox_id, Delivery.state == DUE, _same(Delivery.trying_at, found.trying_at))
        .values(trying_at=now, attempts=found.attempts + 1, unknown=unknown, doubtful=doubtful)
        .execution_options(synchronize_session=False)
    )
    if announced.rowcount == 0:
        return now + LEASE
    content = session.execute(select(Outbound.content).where(Outbound.id == found.outbox_id)).scalar_one()
    return Parcel(conversation, found.outbox_id, content, found.parts, found.attempts + 1, unknown, found.plain, doubtful, now)


def _first_due(conversation: str):
    return select(Delivery).where(Delivery.conversation_id == conversation, Delivery.state == DUE).order_by(Delivery.seq).limit(1)


def _same(column, value):
    return column.is_(None) if value is None else column == value


def arrived(session: Session, parcel: Parcel, last: bool, reason: str | None = None) -> None:
    """Note that a part is done with, the `last` of its message or not; for a `reason`, when it did not arrive."""
    more: dict[str, object] = {"reason": reason} if reason else {}
    if last:
        more["state"] = STOPPED if reason else case((Delivery.reason.is_(None), SENT), else_=STOPPED)
    _note(session, parcel, parts=parcel.part + 1, attempts=0, unknown=0, plain=False, **more)


def put_off(session: Session, parcel: Parcel, until: datetime, doubtful: bool) -> None:
    """Note that a part did not arrive, or that nobody knows (`doubtful`), and is sent again from `until` on."""
    again = int(doubtful)
    _note(session, parcel, next_at=until, unknown=Delivery.unknown + again, doubtful=Delivery.doubtful + again)


def make_plain(session: Session, parcel: Parcel, now: datetime) -> None:
    """Note that a part was refused as it was, and is sent in plain text."""
    _note(session, parcel, next_at=now, plain=True)


def _note(session: Session, parcel: Parcel, **values: object) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.outbox_id == parcel.outbox_id, Delivery.trying_at == parcel.trying_at)
        .values(trying_at=None, **values)
        .execution_options(synchronize_session=False)
    )


def stop(session: Session, conversation: str, reason: str, outbox_id: int | None = None) -> int:
    """Give up what a conversation is due (or one message of it) for a `reason` that is kept; return how many messages that was."""
    query = update(Delivery).where(Delivery.conversation_id == conversation, Delivery.state == DUE)
    if outbox_id is not None:
        query = query.where(Delivery.outbox_id == outbox_id)
    stopped = session.execute(query.values(state=STOPPED, reason=reason, trying_at=None).execution_options(synchronize_session=False))
    return stopped.rowcount


def due(session: Session, now: datetime) -> Sequence[str]:
    """Return the conversations where something can be sent now, the longest waiting first."""
    firsts = select(Delivery.conversation_id, func.min(Delivery.seq).label("seq")).where(Delivery.state == DUE)
    first = firsts.group_by(Delivery.conversation_id).subquery()
    free = or_(Delivery.trying_at.is_(None), Delivery.trying_at <= now - LEASE)
    query = select(Delivery.conversation_id).join(
        first, (first.c.conversation_id == Delivery.conversation_id) & (first.c.seq == Delivery.seq)
    )
    return session.execute(query.where(Delivery.next_at <= now, free).order_by(Delivery.outbox_id)).scalars().all()
