"""Our messages and theirs as the widget's protocol writes them (docs/widget-protocol.md)."""

from datetime import datetime
from typing import Any

from bot.conversations.models import RECEIVED, RESTART, Inbound, Outbound
from journal.masked import KINDS, MARK

# What is told of a reading; the rest is for the journal.
READ = ("intent", "entities", "latency_ms")


def moment(when: datetime) -> str:
    """Return a UTC time in ISO 8601, to the second."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def theirs(message: Inbound, reading: bool = False) -> dict[str, Any]:
    """Return a message of the visitor, its personal data masked; with `reading`, what was understood of it."""
    shown = {
        "seq": message.seq,
        "from": "user",
        "id": message.channel_id,
        "at": moment(message.received_at),
        "text": _readable(message.text),
        "choice": message.choice_id,
        "restart": message.kind == RESTART,
    }
    if reading and message.status != RECEIVED:
        shown["reading"] = {name: message.reading[name] for name in READ if name in message.reading}
    return shown


def _readable(text: str) -> str:
    """Return a masked text as people read it: « [courriel masqué] », where the door writes [COURRIEL_1]."""
    return MARK.sub(lambda mark: f"[{KINDS[mark[1]]}]", text)


def ours(message: Outbound, rating: str | None = None) -> dict[str, Any]:
    """Return a message of ours, with the thumb that it was given; its buttons are ids and titles."""
    return {
        "seq": message.seq,
        "from": "bot",
        "at": moment(message.sent_at),
        "answers": message.answers,
        **message.content,
        "feedback": rating,
        "last": message.last,
    }


def rendered(said: list[tuple[Inbound | Outbound, str | None]], reading: bool = False) -> list[dict[str, Any]]:
    """Return what both sides said, in the order given."""
    return [theirs(message, reading) if isinstance(message, Inbound) else ours(message, rating) for message, rating in said]
