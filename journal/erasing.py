"""Erase one conversation, at its person's word; purge those whose time is over, and keep counts without text.

Each deletion leaves a report. What SQLite wrote ahead is emptied by `Journal.forget`, after the transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from journal.corrections import forget
from journal.kept_models import Count, PastProposal, PastQuestion, Purge
from journal.models import NO_ANSWER, Conversation, Erased, Proposal, Request, Turn
from journal.writing import lock

# A conversation that its person did not agree to keep lasts as long after its last message.
UNKEPT = timedelta(hours=24)
# What was said last may not have been told yet.
LATE = timedelta(minutes=10)
# In one transaction, so that nobody waits long for the database.
AT_ONCE = 500
# Longer than a late copy of a conversation may be on its way.
ERASED_KEPT = timedelta(days=30)
ERASURE, RETENTION = "erasure", "retention"
_KEPT = ("channel", "region", "mrc", "need", "outcome", "unmet_need", "waited_for", "rating")


def erase(session: Session, digest: str, proof: str | None, by: str, now: datetime) -> int:
    """Delete a conversation and all that hangs from it, and return how many turns went; it is not written again. The report is written
    once, however often it is asked. The caller commits.
    """
    lock(session)
    known = session.get(Erased, digest) is not None
    if not known:
        session.add(Erased(digest=digest, erased_at=now))
    ids = session.execute(select(Conversation.id).where(Conversation.digest == digest)).scalars().all()
    turns = _delete(session, ids)
    if ids or not known:
        session.add(Purge(at=now, by=by, reason=ERASURE, proof=proof, conversations=len(ids), turns=turns))
    done = update(Request).where(Request.digest == digest, Request.done_at.is_(None)).values(done_at=now, proof=proof)
    session.execute(done.execution_options(synchronize_session=False))
    session.flush()
    return turns


def over(retention: timedelta, now: datetime) -> Select:
    """Select the ids of the conversations whose time is over: `retention` after they began, `UNKEPT` after the last message of those that
    were not to be kept."""
    unkept = Conversation.kept.is_(False) & (Conversation.active_at < now - UNKEPT - LATE)
    return select(Conversation.id).where(or_(Conversation.begun_at < now - retention, unkept)).order_by(Conversation.id)


def purge(
    session: Session, retention: timedelta, by: str, now: datetime, report: int | None = None, at_once: int = AT_ONCE
) -> Purge | None:
    """Delete conversations whose time is over, `at_once` at most, keep their counts, and return the report, to be given again for the next
    ones; None when there was nothing to delete. The caller commits.
    """
    lock(session)
    session.execute(delete(Erased).where(Erased.erased_at < now - ERASED_KEPT).execution_options(synchronize_session=False))
    ids = session.execute(over(retention, now).limit(at_once)).scalars().all()
    if not ids:
        return None
    _count(session, ids)
    turns = _delete(session, ids)
    made = session.get(Purge, report) if report else None
    if made is None:
        made = Purge(at=now, by=by, reason=RETENTION, conversations=0, turns=0, before=now - retention)
        session.add(made)
    made.conversations += len(ids)
    made.turns += turns
    session.flush()
    return made


def _delete(session: Session, ids: Iterable[int]) -> int:
    ids = list(ids)
    forget(session, ids)
    turns = session.execute(select(func.count()).select_from(Turn).where(Turn.conversation_id.in_(ids))).scalar_one()
    session.execute(delete(Conversation).where(Conversation.id.in_(ids)).execution_options(synchronize_session=False))
    return turns


def _count(session: Session, ids: Sequence[int]) -> None:
    """Keep how many conversations of `ids` say the same, how often each actor was proposed, and what had no answer, day by day."""
    same = [getattr(Conversation, name) for name in _KEPT]
    of_them = select(Conversation.begun_on, *same, func.count()).where(Conversation.id.in_(ids)).group_by(Conversation.begun_on, *same)
    _add(session, Count, ("day", *_KEPT), "conversations", session.execute(of_them).all())
    shown = select(Proposal.day, Proposal.actor, func.count()).where(Proposal.conversation_id.in_(ids))
    _add(session, PastProposal, ("day", "actor"), "conversations", session.execute(shown.group_by(Proposal.day, Proposal.actor)).all())
    missed = select(Turn.day, Turn.label, func.count()).where(Turn.conversation_id.in_(ids), text(f"({NO_ANSWER})"), Turn.label.isnot(None))
    _add(session, PastQuestion, ("day", "label"), "turns", session.execute(missed.group_by(Turn.day, Turn.label)).all())
    session.flush()


def _add(session: Session, table: type, names: Sequence[str], number: str, found: Iterable[Row]) -> None:
    """Add what was found (the values of `names`, then how many) to the rows that say the same: a day leaves as few of them as if all of it
    had gone at once."""
    days = {day for day, *_ in found}
    held = {tuple(getattr(row, name) for name in names): row for row in session.scalars(select(table).where(table.day.in_(days)))}
    for *values, more in found:
        row = held.get(tuple(values))
        if row is None:
            session.add(table(**dict(zip(names, values, strict=True)), **{number: more}))
        else:
            setattr(row, number, getattr(row, number) + more)
