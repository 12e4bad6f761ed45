"""The webhook events as Meta documents them: one element of `messaging` or `standby`, and the body around them."""

import uuid
from dataclasses import dataclass
from typing import Any

_LIKE = 369239263222822
_PLACE = {"lat": 46.8139, "long": -71.208}
_CDN = "https://scontent.xx.fbcdn.net/v"
KINDS = ("image", "audio", "video", "file", "location", "sticker", "like", "template", "fallback", "link")


@dataclass(frozen=True)
class Event:
    """One element, with the webhook field that it belongs to and the entry list that carries it."""

    psid: str
    field: str
    element: dict[str, Any]
    at_ms: int
    standby: bool = False


FIELDS = frozenset(
    (
        "messages",
        "messaging_postbacks",
        "message_echoes",
        "message_deliveries",
        "message_reads",
        "message_reactions",
        "message_edits",
        "messaging_handovers",
        "messaging_referrals",
        "messaging_optins",
        "standby",
    )
)


def new_mid() -> str:
    """Return a message id that no other message has."""
    return "m_" + uuid.uuid4().hex


def attachments(kind: str) -> list[dict[str, Any]]:
    """Return the attachments of what a person sends otherwise than by writing.

    Raises:
        ValueError: no such kind; `KINDS` lists them.
    """
    if kind in ("image", "audio", "video", "file"):
        return [{"type": kind, "payload": {"url": f"{_CDN}/{kind}-{uuid.uuid4().hex[:8]}"}}]
    if kind in ("sticker", "like"):
        return [{"type": "image", "payload": {"url": f"{_CDN}/sticker.png", "sticker_id": _LIKE if kind == "like" else 144884852352448}}]
    if kind == "location":
        where = {"coordinates": _PLACE}
        return [{"type": "location", "title": "Pinned Location", "url": "https://www.bing.com/maps", "payload": where}]
    if kind == "template":
        element = {"id": "1", "title": "Article", "subtitle": "12 $"}
        return [{"type": "template", "payload": {"product": {"elements": [element]}}}]
    if kind in ("fallback", "link"):
        return [{"type": "fallback", "title": "Exemple", "url": "https://example.org/", "payload": {"url": "https://example.org/"}}]
    raise ValueError(f"{kind!r} is not one of {', '.join(KINDS)}")


def body_of(page_id: str, events: list[Event], split: bool = False) -> dict[str, Any]:
    """Return the body that carries these events; `split` makes an entry of each rather than one for those that follow."""
    entries: list[dict[str, Any]] = []
    for event in events:
        name = "standby" if event.standby else "messaging"
        if split or not entries or name not in entries[-1]:
            entries.append({"id": page_id, "time": event.at_ms, name: []})
        entries[-1][name].append(event.element)
    return {"object": "page", "entry": entries}
