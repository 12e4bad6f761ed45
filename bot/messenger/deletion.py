"""Requests to delete someone's data, which Meta passes on: what was done of each, under a code that cannot be guessed.

Source: developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback. Each function runs within the
transaction of its caller.
"""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.conversations.erasing import PROOF_KEPT, erase
from bot.conversations.models import Deletion, Thread


def is_known(session: Session, request: str) -> bool:
    """This very request came before."""
    return session.execute(select(Deletion.code).where(Deletion.digest == _digest(request))).first() is not None


def carry_out(session: Session, request: str, user_id: str, now: datetime) -> tuple[str, bool]:
    """Erase the conversations of whoever Meta names, and return the code of the request, and whether anything was erased.

    Meta names people here by an id of the application, in its threads by one of the page: most often they cannot be matched.
    """
    found = session.execute(select(Thread.conversation_id).where(Thread.psid == user_id)).scalars().all()
    proofs = [erase(session, conversation, now) for conversation in found]
    made = Deletion(code=secrets.token_urlsafe(16), digest=_digest(request), asked_at=now, proof=next(iter(proofs), None))
    session.execute(delete(Deletion).where(Deletion.asked_at < now - PROOF_KEPT).execution_options(synchronize_session=False))
    session.add(made)
    session.flush()
    return made.code, bool(proofs)


def state_of(session: Session, code: str) -> tuple[datetime, str | None] | None:
    """Return when a deletion was asked and the proof of its erasure, if anything could be matched; None when there is no such request."""
    found = session.get(Deletion, code)
    return (found.asked_at, found.proof) if found is not None else None


def _digest(request: str) -> str:
    """Return the digest of what is signed: the signature itself can be written in several ways."""
    return hashlib.sha256(request.partition(".")[2].rstrip("=").encode("utf-8", "replace")).hexdigest()
