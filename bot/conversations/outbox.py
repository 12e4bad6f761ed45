"""The outbox: answers wait here for their channel to take them; with the inbox, they are the history of a conversation.

Each function runs within the transaction of its caller.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.conversations.inbox import LOCKED, Claimed, held, waiting
from bot.conversations.models import ANSWERED, FAILED, RECEIVED, Choice, Conversation, Delivery, Feedback, Inbound, Outbound
from bot.conversations.telling import note_due

Reply = Mapping[str, Any]
# The channels that our messages are sent to; the others fetch them.
PUSHED = ("messenger",)
# Made once, as those of the inbox.
_THEIRS = (
    select(Inbound)
    .where(Inbound.conversation_id == bindparam("name"), Inbound.seq > bindparam("after"))
    .order_by(Inbound.seq)
    .limit(bindparam("limit"))
)
_OURS = (
    select(Outbound, Feedback.rating)
    .outerjoin(Feedback, (Feedback.conversation_id == Outbound.conversation_id) & (Feedback.seq == Outbound.seq))
    .where(Outbound.conversation_id == bindparam("name"), Outbound.seq > bindparam("after"))
    .order_by(Outbound.seq)
    .limit(bindparam("limit"))
)


def greet(session: Session, conversation: str, replies: Sequence[Reply], now: datetime) -> None:
    """Write words of ours that answer nothing: the first ones of a conversation, or what is said beside its turns."""
    row = held(session, conversation)
    note_due(session, conversation, row.last_seq + 1)
    _write(session, row, None, replies, now)


def settle(
    session: Session, claimed: Claimed, replies: Sequence[Reply], state: Mapping[str, Any] | None, reading: Mapping[str, Any], now: datetime
) -> int | None:
    """Close the turn of `claimed`: its replies, the new state, and the message answered, all or nothing. `reading` is what was
    understood of it; without one, the turn had failed.

    Returns how many messages still wait; None, having written nothing, when the conversation is gone or somebody else closed the turn.
    """
    row = session.execute(LOCKED, {"name": claimed.conversation}).scalar_one_or_none()
    message = session.get(Inbound, claimed.inbound_id)
    if row is None or row.turns != claimed.turns or message is None or message.status != RECEIVED:
        return None
    row.turns, row.state, row.active_at = row.turns + 1, state, now
    message.status, message.reading = ANSWERED if reading else FAILED, dict(reading)
    _write(session, row, claimed.seq, replies, now)
    # What was said before the first message is told with it.
    note_due(session, row.id, claimed.seq if row.turns > 1 else 0)
    return waiting(session, claimed.conversation)


def _write(session: Session, row: Conversation, answers: int | None, replies: Sequence[Reply], now: datetime) -> None:
    for place, reply in enumerate(replies, start=1):
        row.last_seq += 1
        content = {
            "text": reply["text"],
            "buttons": [{"id": issue(session, row.id, button), "title": button["title"]} for button in reply["buttons"]],
            "cards": reply["cards"],
        }
        last = place == len(replies)
        ours = Outbound(conversation_id=row.id, seq=row.last_seq, answers=answers, last=last, content=content, sent_at=now)
        session.add(ours)
        if row.channel in PUSHED:
            session.flush()
            session.add(Delivery(outbox_id=ours.id, conversation_id=row.id, seq=ours.seq, next_at=now))
    session.flush()


def issue(session: Session, conversation: str, button: Mapping[str, str]) -> str:
    """Give a conversation a button (`title`, `payload`) and return the id by which it is pressed."""
    choice = Choice(id=secrets.token_urlsafe(9), conversation_id=conversation, title=button["title"], payload=button["payload"])
    session.add(choice)
    return choice.id


def said_since(session: Session, conversation: str, after: int, limit: int) -> list[tuple[Inbound | Outbound, str | None]]:
    """Return what both sides said above the number `after`, in order, with the thumb that each message of ours was given.

    At most `limit` messages.
    """
    asked = {"name": conversation, "after": after, "limit": limit}
    said = [(message, None) for message in session.execute(_THEIRS, asked).scalars()]
    said += [(message, rating) for message, rating in session.execute(_OURS, asked)]
    return sorted(said, key=lambda each: each[0].seq)[:limit]
