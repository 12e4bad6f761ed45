"""A conversation as it is told to the journal, whatever channel it took place on."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# What a turn of the dialogue came to, when it came to something that is counted.
FOUND, NOTHING_NEAR, NOT_HELD, NOT_UNDERSTOOD = "found", "nothing_near", "not_held", "not_understood"


@dataclass(frozen=True)
class Told:
    """A turn: what was sent under the number `seq` and what it came to. `profile` is what is known of the project after it ({need,
    legal_form, stage, place: {level: code}}), `asked` what the search waits for, `came_of` one of the words above, `matter` what is not
    held. `replies` are [{seq, text, buttons: [title], cards, rating, reason, comment}]."""

    seq: int
    at: datetime
    kind: str
    text: str
    intent: str | None = None
    label: str | None = None
    confidence: float | None = None
    ranking: Sequence[tuple[str, float]] = ()
    entities: Sequence[Mapping[str, Any]] = ()
    fact: str | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)
    asked: str | None = None
    came_of: str | None = None
    matter: str | None = None
    failed: bool = False
    model: str | None = None
    latency_ms: float | None = None
    replies: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class ToldConversation:
    """A conversation and the turns of it that are new or have changed; `rating` and `comment` judge the whole of it."""

    digest: str
    channel: str
    kept: bool
    begun_at: datetime
    active_at: datetime
    turns: Sequence[Told]
    rating: str | None = None
    comment: str | None = None


def digest_of(name: str) -> str:
    """Return the digest (SHA-256, 64 hexadecimal digits) by which the journal knows the conversation of that name."""
    return hashlib.sha256(name.encode()).hexdigest()
