"""Conversations made for the tests of the needs map, as the journal sums them up."""

import itertools
from datetime import date, datetime, time, timezone
from typing import Any

from sqlalchemy.orm import Session

from journal.models import Conversation, Proposal, Turn

DAY = date(2026, 11, 10)
_numbers = itertools.count(1)


def keep(session: Session, outcome: str, day: date = DAY, *turns: dict[str, Any], **more: Any) -> Conversation:
    """Keep a conversation that came to `outcome`, with its turns and the `actors` that it was shown."""
    actors = more.pop("actors", ())
    at = datetime.combine(day, time(17), timezone.utc)
    number = next(_numbers)
    facts = {"channel": "web", "kept": True, "begun_at": at, "begun_on": day, "active_at": at, "lot": number % 1000, **more}
    row = Conversation(digest=f"{number:064}", outcome=outcome, **facts)
    row.fallbacks = sum(bool(turn.get("fallback")) for turn in turns)
    row.unheld = sum("unheld" in turn for turn in turns)
    session.add(row)
    session.flush()
    session.add_all(Turn(conversation_id=row.id, seq=seq, at=at, day=day, kind="text", **turn) for seq, turn in enumerate(turns))
    session.add_all(Proposal(conversation_id=row.id, actor=actor, seq=0, rank=1, day=day) for actor in actors)
    session.flush()
    return row
