"""Conversations made for tests, written into the journal as the assistant writes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journal.models import Conversation
from journal.told import Told, ToldConversation, digest_of
from journal.writing import write

NOON = datetime(2026, 11, 20, 17, 0, tzinfo=timezone.utc)
LOUISEVILLE = {"region": "R04", "mrc": "mrc-maskinonge", "municipality": "51015"}


def turn(text: str = "", intent: str | None = None, **more: Any) -> dict[str, Any]:
    """Return what is told of a turn, without its number nor its moment; the label is the intent unless `label` says otherwise."""
    label = more.get("label", intent)
    told = {"kind": "text", "text": text, "label": label, "intent": label and label.split("/")[0], "confidence": 0.9 if label else None}
    return told | more


def make(session: Session, name: str, *turns: Mapping[str, Any], at: datetime = NOON, **more: Any) -> int:
    """Write a conversation whose last turn is at `at`, a turn a minute, and return its id."""
    told = [Told(seq=2 * number, at=at - timedelta(minutes=len(turns) - number), **each) for number, each in enumerate(turns, start=1)]
    facts = {"channel": "widget", "kept": True, "begun_at": at - timedelta(minutes=len(turns)), "active_at": at, **more}
    write(session, [ToldConversation(digest=digest_of(name), turns=told, **facts)])
    return session.scalar(select(Conversation.id).where(Conversation.digest == digest_of(name)))


def card(actor: str, name: str = "", why: Sequence[str] = ()) -> dict[str, Any]:
    """Return a card as a reply holds it."""
    return {"name": name or actor, "does": "Aide.", "why": list(why), "actor": actor, "source": "exemple.org", "as_of": "2026"}


def reply(seq: int, text: str = "Voici.", *cards: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return a message of ours."""
    return {"seq": seq, "text": text, "cards": list(cards), **more}
