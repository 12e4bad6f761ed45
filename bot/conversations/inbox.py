"""The inbox: what people send is stored first, then acknowledged, then answered, one at a time and in order.

Each function runs within the transaction of its caller. A turn is answered once: `settle` (see `outbox`) closes it in the
transaction that stores its answer, or finds that somebody else did.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from bot.conversations.erasing import proof_of
from bot.conversations.errors import Erased, NoConversation, StaleChoice, TooManyWaiting
from bot.conversations.models import RECEIVED, Choice, Conversation, Inbound
from bot.door import Entered

MAX_WAITING = 5
# A message at which the process died as often is not tried again: it is answered with an apology.
MAX_ATTEMPTS = 3

# Made once: building a statement costs as much as running it, and each turn runs these.
_ROW = select(Conversation).where(Conversation.id == bindparam("name"))
LOCKED = _ROW.with_for_update()
_OF_IT = Inbound.conversation_id == bindparam("name")
_SAME = select(Inbound).where(_OF_IT, Inbound.channel_id == bindparam("channel_id"))
_WAITING = select(func.count()).select_from(Inbound).where(Inbound.status == RECEIVED, _OF_IT)
_FIRST = select(Inbound).where(Inbound.status == RECEIVED, _OF_IT).order_by(Inbound.seq).limit(1)


@dataclass(frozen=True)
class Begun:
    """How a conversation begins: whether the person agreed that it be kept, under which notice, on which channel."""

    channel: str
    keep: bool
    notice: str


@dataclass(frozen=True)
class Incoming:
    """A message past the door, under the id that its channel gave it.

    `reintroduce` says why its person is told again that a robot answers (`LAPSE`, `HUMAN`). A choice without an id is a button that
    is not ours, with the title that was seen.
    """

    channel_id: str
    kind: str
    entered: Entered = Entered("")
    choice_id: str | None = None
    reintroduce: str | None = None


@dataclass(frozen=True)
class Claimed:
    """A message to answer, with the state of its conversation; `payload` is that of the pressed button."""

    conversation: str
    inbound_id: int
    seq: int
    kind: str
    entered: Entered
    payload: str | None
    state: Mapping[str, Any] | None
    turns: int
    channel: str
    worn: bool
    reintroduce: str | None


def begin(session: Session, begun: Begun, state: Mapping[str, Any] | None, now: datetime) -> str:
    """Write a new conversation and return its name, which nobody can guess."""
    name = f"{begun.channel}:{secrets.token_urlsafe(24)}"
    session.add(
        Conversation(id=name, channel=begun.channel, begun_at=now, active_at=now, keep=begun.keep, notice=begun.notice, state=state)
    )
    session.flush()
    return name


def held(session: Session, conversation: str, lock: bool = True) -> Conversation:
    """Return the row of a conversation, locked until the end of the transaction unless it is only looked at.

    Raises:
        Erased, NoConversation: nothing is held under this name.
    """
    found = session.execute(LOCKED if lock else _ROW, {"name": conversation}).scalar_one_or_none()
    if found is not None:
        return found
    if proof := proof_of(session, conversation):
        raise Erased(proof)
    raise NoConversation(conversation)


def receive(session: Session, conversation: str, incoming: Incoming, now: datetime, most: int = MAX_WAITING) -> tuple[Inbound, bool]:
    """Store a message and return it, with whether it is new: the same id is the same message.

    Raises:
        Erased, NoConversation: nothing is held under this name.
        StaleChoice: the button is none of this conversation's.
        TooManyWaiting: `most` messages have no answer yet.
    """
    row = held(session, conversation)
    same = {"name": conversation, "channel_id": incoming.channel_id}
    if (known := session.execute(_SAME, same).scalar_one_or_none()) is not None:
        return known, False
    text = _title(session, conversation, incoming.choice_id) if incoming.choice_id is not None else incoming.entered.text
    if waiting(session, conversation) >= most:
        raise TooManyWaiting(conversation)
    row.last_seq, row.active_at = row.last_seq + 1, now
    stored = Inbound(
        conversation_id=conversation,
        seq=row.last_seq,
        channel_id=incoming.channel_id,
        kind=incoming.kind,
        text=text,
        choice_id=incoming.choice_id,
        masked=list(incoming.entered.masked),
        shortened=incoming.entered.shortened,
        received_at=now,
        status=RECEIVED,
        reintroduce=incoming.reintroduce,
    )
    session.add(stored)
    session.flush()
    return stored, True


def _title(session: Session, conversation: str, choice_id: str | None) -> str:
    choice = session.get(Choice, choice_id)
    if choice is None or choice.conversation_id != conversation:
        raise StaleChoice(conversation)
    return choice.title


def waiting(session: Session, conversation: str) -> int:
    """Return how many messages of a conversation have no answer yet."""
    return session.execute(_WAITING, {"name": conversation}).scalar_one()


def unanswered(session: Session, before: datetime | None = None) -> Sequence[str]:
    """Return the conversations where a message (received before `before`) waits for its answer, the longest waiting first."""
    query = select(Inbound.conversation_id).where(Inbound.status == RECEIVED).group_by(Inbound.conversation_id)
    if before is not None:
        query = query.where(Inbound.received_at < before)
    return session.execute(query.order_by(func.min(Inbound.id))).scalars().all()


def claim(session: Session, conversation: str) -> Claimed | None:
    """Return the first message of a conversation that waits, one attempt later; None when there is none."""
    # The row first: a turn that another process closes between two reads would be taken for one to do again.
    row = session.execute(LOCKED, {"name": conversation}).scalar_one_or_none()
    message = session.execute(_FIRST, {"name": conversation}).scalar_one_or_none()
    if message is None or row is None:
        return None
    message.attempts += 1
    choice = session.get(Choice, message.choice_id) if message.choice_id else None
    return Claimed(
        conversation=conversation,
        inbound_id=message.id,
        seq=message.seq,
        kind=message.kind,
        entered=Entered(message.text, tuple(message.masked), message.shortened),
        payload=choice and choice.payload,
        state=row.state,
        turns=row.turns,
        channel=row.channel,
        worn=message.attempts > MAX_ATTEMPTS,
        reintroduce=message.reintroduce,
    )
