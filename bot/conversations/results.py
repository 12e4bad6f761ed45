"""What a person does with an answer: judge it, share its cards. Each function runs within the transaction of its caller."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.erasing import UNKEPT
from bot.conversations.errors import NoSuchMessage
from bot.conversations.inbox import held
from bot.conversations.models import Feedback, Outbound, Share
from bot.conversations.telling import WHOLE, note_due

SHARED = timedelta(days=30)


def judge(session: Session, conversation: str, seq: int, judged: Mapping[str, str | None], now: datetime) -> None:
    """Keep what is thought (`rating`, `reason`, `comment`) of our message `seq`, or of the conversation (`WHOLE`); the last one stands.

    Raises:
        Erased, NoConversation: nothing is held under this name.
        NoSuchMessage: it is no message of ours.
    """
    row = held(session, conversation)
    since = row.last_seq if seq == WHOLE else _ours(session, conversation, seq).answers or seq
    given = session.execute(select(Feedback).where(Feedback.conversation_id == conversation, Feedback.seq == seq)).scalar_one_or_none()
    if given is None:
        given = Feedback(conversation_id=conversation, seq=seq)
        session.add(given)
    for name, value in judged.items():
        setattr(given, name, value)
    given.given_at = now
    session.flush()
    note_due(session, conversation, since)


def share(session: Session, conversation: str, seq: int, retention: timedelta, now: datetime) -> tuple[str, datetime]:
    """Return the unguessable name of a page with the cards of our message `seq`, and when it expires: with its conversation at the latest.

    Raises:
        Erased, NoConversation: nothing is held under this name.
        NoSuchMessage: it is no message of ours, or has no card.
    """
    row = held(session, conversation)
    # Without the reasons, which tell of the person's place and amount.
    cards = [{name: value for name, value in card.items() if name != "why"} for card in _ours(session, conversation, seq).content["cards"]]
    if not cards:
        raise NoSuchMessage(seq)
    expires = min(now + SHARED, row.begun_at + retention if row.keep else row.active_at + UNKEPT)
    made = Share(id=secrets.token_urlsafe(16), conversation_id=conversation, cards=cards, shared_at=now, expires_at=expires)
    session.add(made)
    return made.id, made.expires_at


def shared(session: Session, name: str, now: datetime) -> tuple[Sequence[Mapping[str, Any]], datetime] | None:
    """Return the cards of a shared page and when it expires; None when there is none, or no longer."""
    found = session.get(Share, name)
    return (found.cards, found.expires_at) if found is not None and found.expires_at > now else None


def _ours(session: Session, conversation: str, seq: int) -> Outbound:
    found = session.execute(select(Outbound).where(Outbound.conversation_id == conversation, Outbound.seq == seq)).scalar_one_or_none()
    if found is None:
        raise NoSuchMessage(seq)
    return found
