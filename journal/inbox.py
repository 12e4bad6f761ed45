"""The inbox: the conversations that filters ask for, page by page, their number, and the one before or after another."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from sqlalchemy import exists, func, literal, or_, select, text, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement, Select

from directory.base import UtcDateTime
from directory.text import QUEBEC
from journal.filters import ANY, DOWN, ME, NOBODY, OLDEST, UP, Filters
from journal.finding import holding
from journal.models import NO_ANSWER, BigId, Conversation, Proposal, Turn
from journal.results import NONE, is_result, is_theme
from journal.review_models import Mention, Note, Seen, Tag

PAGE = 50
# A number above is told as « plus de 1 000 ».
MOST_COUNTED = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Mark:
    """Where a conversation stands in the order of last activity."""

    active_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.active_at - _EPOCH) // _MICROSECOND}.{self.id}"


def mark_of(conversation: Conversation) -> Mark:
    """Return where a conversation stands."""
    return Mark(conversation.active_at, conversation.id)


def read_mark(text: str) -> Mark | None:
    """Return the mark that `str` wrote, or None."""
    found = re.fullmatch(r"([0-9]{1,16})\.([0-9]{1,15})", text)
    return Mark(_EPOCH + int(found[1]) * _MICROSECOND, int(found[2])) if found else None


@dataclass(frozen=True)
class Page:
    """At most PAGE conversations, and the marks from which go on, where there are more on that side."""

    rows: Sequence[Conversation]
    before: Mark | None
    after: Mark | None


def conditions(filters: Filters, me: str) -> list[ColumnElement]:
    """Return what a conversation must be, for the account `me`."""
    asked = filters.asked
    return [_CONDITIONS[name](value, me) for name, value in asked.items()]


def conversations_query(filters: Filters, me: str) -> Select:
    """Select the conversations that `filters` ask for, without order."""
    return select(Conversation).where(*conditions(filters, me))


def page(session: Session, filters: Filters, me: str, after: Mark | None = None, before: Mark | None = None, size: int = PAGE) -> Page:
    """Return a page in the order of `filters`: what follows `after`, what precedes `before`, or the beginning."""
    if before is not None:
        rows = _next_to(session, filters, me, before, size + 1, backwards=True)[::-1]
        if len(rows) > size:
            rows = rows[1:]
            return Page(rows, mark_of(rows[0]), mark_of(rows[-1]))
    # The beginning, when less than a page precedes.
    rows = _next_to(session, filters, me, after, size + 1)
    shown = rows[:size]
    newer = mark_of(shown[0]) if shown else after
    return Page(shown, newer if after else None, mark_of(shown[-1]) if len(rows) > size else None)


def neighbours(session: Session, filters: Filters, me: str, mark: Mark) -> tuple[int | None, int | None]:
    """Return the ids of the conversations before and after `mark` in the order of `filters`, None at an end."""
    (before, after) = (_next_to(session, filters, me, mark, 1, backwards) for backwards in (True, False))
    return before[0].id if before else None, after[0].id if after else None


def count(session: Session, filters: Filters, me: str, most: int = MOST_COUNTED) -> int:
    """Return how many conversations `filters` ask for: `most` + 1 when there are more than `most`."""
    some = select(Conversation.id).where(*conditions(filters, me)).limit(most + 1).subquery()
    return session.scalar(select(func.count()).select_from(some))


def number_of(session: Session, filters: Filters, me: str, shown: Page, most: int = MOST_COUNTED) -> int:
    """Return `count`, without reading again when all is on the page that is shown."""
    return count(session, filters, me, most) if shown.before or shown.after else len(shown.rows)


def first_words(session: Session, conversations: Collection[int], most: int = 200) -> dict[int, str]:
    """Return the beginning of what was said first in each conversation, at most `most` signs; those where nothing was are left out."""
    said = (Turn.conversation_id.in_(conversations), Turn.text != "")
    first = select(Turn.conversation_id, func.min(Turn.seq).label("seq")).where(*said).group_by(Turn.conversation_id).subquery()
    query = select(Turn.conversation_id, func.substr(Turn.text, 1, most))
    found = query.join(first, (first.c.conversation_id == Turn.conversation_id) & (first.c.seq == Turn.seq))
    return dict(session.execute(found).all())


def _next_to(session: Session, filters: Filters, me: str, mark: Mark | None, size: int, backwards: bool = False) -> list[Conversation]:
    rising = (filters.order == OLDEST) != backwards
    query, key = conversations_query(filters, me), tuple_(Conversation.active_at, Conversation.id)
    if mark is not None:
        there = tuple_(literal(mark.active_at, UtcDateTime), literal(mark.id, BigId))
        query = query.where(key > there if rising else key < there)
    order = (Conversation.active_at, Conversation.id)
    return list(session.scalars(query.order_by(*(order if rising else (each.desc() for each in order))).limit(size)))


def day_begins(day: date) -> datetime:
    """Return the moment when a day begins in Québec."""
    return datetime.combine(day, time.min, QUEBEC).astimezone(timezone.utc)


def _has(table: type, *where: ColumnElement) -> ColumnElement:
    # By IN: SQLite then looks up what is asked once, where EXISTS would read something of each conversation.
    return Conversation.id.in_(select(table.conversation_id).where(*where))


def _is(column: ColumnElement, value: str) -> ColumnElement:
    return column.is_(None) if value == NONE else column == value


def _intent(value: str, _me: str) -> ColumnElement:
    return _has(Turn, Turn.label == value if "/" in value else Turn.intent == value)


def _thumbs(value: str, _me: str) -> ColumnElement:
    down, up = Conversation.thumbs_down > 0, Conversation.thumbs_up > 0
    return {DOWN: down, UP: up, ANY: or_(down, up)}[value]


def _assignee(value: str, me: str) -> ColumnElement:
    if value == NOBODY:
        return Conversation.assignee.is_(None)
    return Conversation.assignee == (me if value == ME else value)


def _unread(_value: bool, me: str) -> ColumnElement:
    return ~exists().where(Seen.conversation_id == Conversation.id, Seen.account == me, Seen.seen_at >= Conversation.active_at)


def _named(_value: bool, me: str) -> ColumnElement:
    return _has(Note, Mention.note_id == Note.id, Mention.account == me, Mention.read_at.is_(None))


_CONDITIONS = {
    "status": lambda value, _me: Conversation.status == value,
    "words": lambda value, _me: holding(value),
    "since": lambda value, _me: Conversation.active_at >= day_begins(value),
    "until": lambda value, _me: Conversation.active_at < day_begins(value + timedelta(days=1)),
    "place": lambda value, _me: _is(getattr(Conversation, value.level), value.code),
    "need": lambda value, _me: Conversation.need == value,
    "outcome": lambda value, _me: Conversation.outcome == value,
    "unmet": lambda value, _me: Conversation.unmet_need.is_not(None) if value == ANY else Conversation.unmet_need == value,
    "actor": lambda value, _me: _has(Proposal, Proposal.actor == value),
    "channel": lambda value, _me: Conversation.channel == value,
    "intent": _intent,
    "below": lambda value, _me: Conversation.least_confidence < value / 100,
    "fallback": lambda _value, _me: Conversation.fallbacks > 0,
    "unheld": lambda _value, _me: Conversation.unheld > 0,
    "thumbs": _thumbs,
    "tag": lambda value, _me: _has(Tag, Tag.name == value),
    "assignee": _assignee,
    "unread": _unread,
    "named": _named,
    "flagged": lambda _value, _me: Conversation.flags > 0,
    "min_messages": lambda value, _me: Conversation.messages >= value,
    "max_messages": lambda value, _me: Conversation.messages <= value,
    "lot": lambda value, _me: Conversation.lot < value,
    "begun_since": lambda value, _me: Conversation.begun_on >= value,
    "begun_until": lambda value, _me: Conversation.begun_on <= value,
    "result": lambda value, _me: is_result(Conversation, value),
    "theme": lambda value, _me: is_theme(Conversation, value),
    "waited": lambda value, _me: _is(Conversation.waited_for, value),
    "rating": lambda value, _me: _is(Conversation.rating, value),
    "unanswered": lambda value, _me: _has(Turn, text(f"({NO_ANSWER})"), Turn.label == value),
    "matter": lambda value, _me: _has(Turn, Turn.unheld == value),
    "no_mrc": lambda _value, _me: Conversation.mrc.is_(None),
}
