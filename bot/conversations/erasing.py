"""Erasing a conversation, at its person's word or when its time is over.

All that is held of it hangs from one row, and goes with it. What is left is a proof: a number, a digest of a random name, a count.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from bot.conversations.models import Conversation, Erasure, Inbound, Outbound, Share
from journal.told import digest_of

UNKEPT = timedelta(hours=24)
# In one transaction, so that nobody waits long for the database.
AT_ONCE = 500
# Longer than any token lives.
PROOF_KEPT = timedelta(days=365)
# Without letters and digits that are taken for one another when a number is read aloud.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def erase(session: Session, conversation: str, now: datetime) -> str | None:
    """Delete all that is held of a conversation and return the proof's number; None when nothing is held."""
    if session.get(Conversation, conversation) is None:
        return None
    messages = sum(
        session.execute(select(func.count()).select_from(table).where(table.conversation_id == conversation)).scalar_one()
        for table in (Inbound, Outbound)
    )
    session.execute(delete(Conversation).where(Conversation.id == conversation).execution_options(synchronize_session=False))
    proof = "EF-" + "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(2))
    session.add(Erasure(digest=digest_of(conversation), proof=proof, erased_at=now, messages=messages))
    return proof


def proof_of(session: Session, conversation: str) -> str | None:
    """Return the number of the proof that a conversation was erased, or None."""
    return proof_of_digest(session, digest_of(conversation))


def proof_of_digest(session: Session, digest: str) -> str | None:
    """Return what `proof_of` does, of a conversation that is known by its digest."""
    return session.execute(select(Erasure.proof).where(Erasure.digest == digest)).scalar_one_or_none()


def expire(session: Session, retention: timedelta, now: datetime, at_once: int = AT_ONCE) -> int:
    """Delete conversations whose time is over, `at_once` at most, and shares and proofs; return how many conversations went.

    A conversation that its person agreed to keep lasts `retention` from its beginning, any other one `UNKEPT` after its last message.
    """
    over = or_(Conversation.begun_at < now - retention, Conversation.keep.is_(False) & (Conversation.active_at < now - UNKEPT))
    names = session.execute(select(Conversation.id).where(over).limit(at_once)).scalars().all()
    session.execute(delete(Conversation).where(Conversation.id.in_(names)).execution_options(synchronize_session=False))
    session.execute(delete(Share).where(Share.expires_at < now).execution_options(synchronize_session=False))
    session.execute(delete(Erasure).where(Erasure.erased_at < now - PROOF_KEPT).execution_options(synchronize_session=False))
    return len(names)
