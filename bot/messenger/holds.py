"""Who answers someone on Messenger: us, or a person of the page. Known with or without a conversation of ours.

Each function runs within the transaction of its caller. News of it may come twice, late or out of order: times only go forward.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.models import Hold
from bot.conversations.unique import add_once
from bot.messenger.events import Held


def note(session: Session, page_id: str, event: Held, now: datetime) -> None:
    """Keep what is heard of who answers a thread."""
    digest = _digest(page_id, event.psid)
    add_once(session, Hold, digest=digest, changed_at=now)
    hold = session.execute(select(Hold).where(Hold.digest == digest).with_for_update()).scalar_one()
    hold.changed_at = now
    if not event.by_human:
        hold.bot_at = max(event.at, hold.bot_at or event.at)
    elif hold.bot_at is None or event.at > hold.bot_at:
        hold.human_at = max(event.at, hold.human_at or event.at)


def hold_of(session: Session, page_id: str, psid: str) -> Hold | None:
    """Return what is known of who answers a thread."""
    return session.get(Hold, _digest(page_id, psid))


def is_humans(hold: Hold | None, human: timedelta, now: datetime) -> bool:
    """A person of the page answers: they did less than `human` ago, and did not give the thread back."""
    if hold is None or hold.human_at is None or (hold.bot_at is not None and hold.bot_at >= hold.human_at):
        return False
    return now - hold.human_at < human


def is_back(hold: Hold | None) -> bool:
    """The thread is ours again, and its person was not told yet."""
    return hold is not None and hold.human_at is not None


def take_back(hold: Hold) -> None:
    """Note that whoever wrote is told that the thread is ours again."""
    # What a person of the page wrote until now is over, whenever we hear of it.
    hold.human_at, hold.bot_at = None, max(hold.human_at, hold.bot_at or hold.human_at)


def _digest(page_id: str, psid: str) -> str:
    return hashlib.sha256(f"{page_id}\n{psid}".encode()).hexdigest()
