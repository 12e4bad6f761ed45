"""What the journal is told of the conversations: what is due is noted in the transaction that changes them, and told after it.

Each function runs within the transaction of its caller.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.conversations.models import FAILED, RECEIVED, TEXT, Conversation, Erasure, Feedback, Inbound, JournalDue, Outbound
from journal.told import Told, ToldConversation

AT_ONCE = 50
# The number under which the whole conversation is judged.
WHOLE = 0
# A message of ours that answers nothing.
GREETING = "greeting"
# What the dialogue keeps when a person does not say.
UNSURE = "unknown"


@dataclass(frozen=True)
class Due:
    """A conversation of which the journal does not know what came `since`, as far as `mark`."""

    conversation: str
    since: int
    mark: int


def note_due(session: Session, conversation: str, since: int) -> None:
    """Note that the journal must be told of a conversation from its message `since` on."""
    insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(JournalDue)
    new = insert.values(conversation_id=conversation, since=since, mark=1)
    least = case((new.excluded.since < JournalDue.since, new.excluded.since), else_=JournalDue.since)
    changes = {"since": least, "mark": JournalDue.mark + 1}
    session.execute(new.on_conflict_do_update(index_elements=[JournalDue.conversation_id], set_=changes))


def note_all_due(session: Session) -> int:
    """Note that the journal must be told of all the conversations again, and return how many there are."""
    names = session.execute(select(Conversation.id)).scalars().all()
    for name in names:
        note_due(session, name, 0)
    return len(names)


def due(session: Session, limit: int = AT_ONCE) -> Sequence[Due]:
    """Return what the journal was not told, `limit` conversations at most."""
    rows = session.execute(select(JournalDue.conversation_id, JournalDue.since, JournalDue.mark).limit(limit))
    return [Due(*row) for row in rows]


def settle_due(session: Session, told: Iterable[Due]) -> None:
    """Note that the journal was told; what came meanwhile stays due."""
    for each in told:
        same = (JournalDue.conversation_id == each.conversation, JournalDue.mark == each.mark)
        session.execute(delete(JournalDue).where(*same).execution_options(synchronize_session=False))


def erased(session: Session, limit: int = AT_ONCE) -> Sequence[tuple[str, str]]:
    """Return the digests and proofs of the erasures that the journal does not know."""
    rows = session.execute(select(Erasure.digest, Erasure.proof).where(Erasure.journaled.is_(False)).limit(limit))
    return [(digest, proof) for digest, proof in rows]


def settle_erased(session: Session, digests: Iterable[str]) -> None:
    """Note that the journal knows of erasures."""
    query = update(Erasure).where(Erasure.digest.in_(list(digests))).values(journaled=True)
    session.execute(query.execution_options(synchronize_session=False))


def named(session: Session, digest: str) -> str | None:
    """Return the name of the conversation of that digest, or None."""
    return session.execute(select(Conversation.id).where(Conversation.digest == digest)).scalar_one_or_none()


def told_of(session: Session, each: Due, levels: Callable[[str], Mapping[str, str]]) -> ToldConversation | None:
    """Return what the journal is told of a conversation, `levels` giving the territories above a code by their level; None when nobody
    has said anything in it yet, or it is gone."""
    row = session.get(Conversation, each.conversation)
    if row is None:
        return None
    of_it = Inbound.conversation_id == row.id
    if session.execute(select(Inbound.id).where(of_it, Inbound.status != RECEIVED).limit(1)).first() is None:
        return None
    theirs = select(Inbound).where(of_it, Inbound.status != RECEIVED, Inbound.seq >= each.since).order_by(Inbound.seq)
    ours = _ours(session, row.id, each.since)
    judged = session.execute(select(Feedback).where(Feedback.conversation_id == row.id, Feedback.seq == WHOLE)).scalar_one_or_none()
    turns = [_turn(message, ours.pop(message.seq, []), levels) for message in session.execute(theirs).scalars()]
    turns += [Told(replies[0]["seq"], at, GREETING, "", replies=replies) for at, replies in _alone(ours)]
    return ToldConversation(
        digest=row.digest,
        channel=row.channel,
        kept=row.keep,
        begun_at=row.begun_at,
        active_at=row.active_at,
        turns=sorted(turns, key=lambda turn: turn.seq),
        rating=judged and judged.rating,
        comment=judged and judged.comment,
    )


def _ours(session: Session, conversation: str, since: int) -> dict[int | None, list[tuple[Any, dict[str, Any]]]]:
    """Return our messages by the number of what they answer, None for those that answer nothing, as (moment, reply)."""
    query = (
        select(Outbound, Feedback)
        .outerjoin(Feedback, (Feedback.conversation_id == Outbound.conversation_id) & (Feedback.seq == Outbound.seq))
        .where(Outbound.conversation_id == conversation, func.coalesce(Outbound.answers, Outbound.seq) >= since)
        .order_by(Outbound.seq)
    )
    found: dict[int | None, list[tuple[Any, dict[str, Any]]]] = defaultdict(list)
    for message, judged in session.execute(query):
        found[message.answers].append((message.sent_at, _reply(message, judged)))
    return found


def _reply(message: Outbound, judged: Feedback | None) -> dict[str, Any]:
    content = message.content
    reply = {
        "seq": message.seq,
        "text": content["text"],
        "buttons": [button["title"] for button in content["buttons"]],
        "cards": content["cards"],
        "rating": judged and judged.rating,
        "reason": judged and judged.reason,
        "comment": judged and judged.comment,
    }
    return {name: value for name, value in reply.items() if value not in (None, [], "")}


def _alone(ours: Mapping[int | None, list[tuple[Any, dict[str, Any]]]]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Return each message that answers nothing as a turn of its own."""
    return [(at, [reply]) for at, reply in ours.get(None, ())]


def _turn(message: Inbound, ours: list[tuple[Any, dict[str, Any]]], levels: Callable[[str], Mapping[str, str]]) -> Told:
    reading = message.reading or {}
    intent, record = reading.get("intent") or {}, reading.get("record") or {}
    came_of = record.get("came_of") or {}
    return Told(
        seq=message.seq,
        at=message.received_at,
        kind=message.kind,
        text=message.text,
        intent=intent.get("name"),
        label=record.get("label") or intent.get("name"),
        confidence=intent.get("confidence") if message.kind == TEXT else None,
        ranking=record.get("ranking") or (),
        entities=[_entity(each, message) for each in reading.get("entities") or ()],
        fact=record.get("fact"),
        profile=_profile(record.get("profile") or {}, levels),
        asked=record.get("asked"),
        came_of=came_of.get("what"),
        matter=came_of.get("matter"),
        failed=message.status == FAILED,
        model=record.get("model"),
        latency_ms=reading.get("latency_ms"),
        replies=[reply for _, reply in ours],
    )


def _entity(entity: Mapping[str, Any], message: Inbound) -> dict[str, Any]:
    start, end = entity.get("start"), entity.get("end")
    words = message.text[start:end] if message.kind == TEXT and start is not None and end else entity.get("surface")
    return {name: value for name, value in (("entity", entity["entity"]), ("value", entity["value"]), ("text", words)) if value}


def _profile(held: Mapping[str, Any], levels: Callable[[str], Mapping[str, str]]) -> dict[str, Any]:
    profile = {name: held[name] for name in ("need", "legal_form", "stage") if held.get(name) not in (None, UNSURE)}
    place = held.get("place")
    return profile | ({"place": dict(levels(place[0]))} if isinstance(place, list) and place else {})
