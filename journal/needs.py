"""What people needed and what they got, counted over a period: the figures of the needs map, before any is hidden.

A conversation belongs to the day of Québec on which it began. Those that were purged are counted by what is left of them. `held` counts
the conversations that the inbox opens, `gone` those that were purged.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import case, func, or_, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement, Select

from journal.kept_models import Count, PastProposal, PastQuestion
from journal.models import ABANDONED, NO_ANSWER, Conversation, Proposal, Turn
from journal.results import MET, UNMET, Table, is_result, result_of, theme_of


@dataclass(frozen=True)
class Period:
    """Days of Québec, both included."""

    since: date
    until: date


class Tally(NamedTuple):
    """How many conversations can be opened, and how many were purged."""

    held: int = 0
    gone: int = 0

    @property
    def all(self) -> int:
        """How many there were."""
        return self.held + self.gone


class Spot(NamedTuple):
    """Where a need was told, by the codes of territories (None where it was not said), and which; `result` is MET or UNMET."""

    region: str | None
    mrc: str | None
    theme: str | None
    result: str


class Day(NamedTuple):
    """The day on which a conversation began, and whether a need was MET or UNMET in it."""

    day: date
    result: str


class Ending(NamedTuple):
    """What came of a conversation; `waited` is what the search had asked when it was left."""

    channel: str
    result: str
    waited: str | None
    rating: str | None


Tallies = dict[Hashable, Tally]


def spots(session: Session, period: Period) -> dict[Spot, Tally]:
    """Return how many needs were met and not, by place and theme."""

    def asked(table: Table) -> Select:
        told = or_(is_result(table, MET), is_result(table, UNMET))
        return _grouped(table, period, table.region, table.mrc, theme_of(table), result_of(table)).where(told)

    return _tallied(session, Spot, asked(Conversation), asked(Count))


def days(session: Session, period: Period) -> dict[Day, Tally]:
    """Return how many needs were met and not, by day."""

    def asked(table: Table) -> Select:
        told = or_(is_result(table, MET), is_result(table, UNMET))
        return _grouped(table, period, _day(table), result_of(table)).where(told)

    return _tallied(session, Day, asked(Conversation), asked(Count))


def endings(session: Session, period: Period) -> tuple[dict[Ending, Tally], dict[str, Tally]]:
    """Return what came of the conversations; and how many of those held got a thumb « up », and « down », for one answer at least, which
    one reading of them gives."""

    def asked(table: Table) -> Select:
        waited = case((is_result(table, ABANDONED), table.waited_for))
        return _grouped(table, period, table.channel, result_of(table), waited, table.rating)

    thumbs = [func.count(case((column > 0, 1))) for column in (Conversation.thumbs_up, Conversation.thumbs_down)]
    found = session.execute(asked(Conversation).add_columns(*thumbs)).all()
    up, down = (sum(row[place] for row in found) for place in (-2, -1))
    held = [row[:-2] for row in found]
    return _told(Ending, held, session.execute(asked(Count))), {"up": Tally(up), "down": Tally(down)}


def referrals(session: Session, period: Period) -> dict[str, Tally]:
    """Return in how many conversations each actor was proposed."""
    held = select(Proposal.actor, func.count()).where(_within(Proposal.day, period)).group_by(Proposal.actor)
    gone = select(PastProposal.actor, func.sum(PastProposal.conversations)).where(_within(PastProposal.day, period))
    return _tallied(session, _first, held, gone.group_by(PastProposal.actor))


def questions(session: Session, period: Period) -> dict[str, Tally]:
    """Return how many conversations held a question without answer, by what it was read as; `gone` counts the questions themselves."""
    gone = select(PastQuestion.label, func.sum(PastQuestion.turns)).where(_within(PastQuestion.day, period))
    held = _unanswered(Turn.label, period, text(f"({NO_ANSWER})"))
    return _tallied(session, _first, held, gone.group_by(PastQuestion.label))


def matters(session: Session, period: Period) -> dict[str, Tally]:
    """Return in how many conversations something was asked that the directory does not hold, by what it was; of those held only."""
    return {matter: Tally(held) for matter, held in session.execute(_unanswered(Turn.unheld, period))}


def summed(tallies: Iterable[tuple[Hashable, Tally]]) -> Tallies:
    """Return the sums of what has the same key."""
    found: dict[Hashable, list[int]] = defaultdict(lambda: [0, 0])
    for key, tally in tallies:
        found[key][0] += tally.held
        found[key][1] += tally.gone
    return {key: Tally(*sums) for key, sums in found.items()}


def _day(table: Table) -> ColumnElement:
    return table.day if table is Count else table.begun_on


def _within(day: ColumnElement, period: Period) -> ColumnElement:
    return day.between(period.since, period.until)


def _grouped(table: Table, period: Period, *columns: ColumnElement) -> Select:
    number = func.sum(Count.conversations) if table is Count else func.count()
    named = [column.label(f"c{place}") for place, column in enumerate(columns)]
    return select(*named, number).where(_within(_day(table), period)).group_by(*(column.name for column in named))


def _unanswered(what: ColumnElement, period: Period, *missed: ColumnElement) -> Select:
    """Select how many conversations held a turn without answer, by `what` of the turn."""
    told = select(what, func.count(Turn.conversation_id.distinct())).where(*missed, what.is_not(None), _within(Turn.day, period))
    return told.group_by(what)


def _first(value: object) -> object:
    return value


def _tallied(session: Session, key: type, held: Select, gone: Select) -> dict:
    return _told(key, session.execute(held), session.execute(gone))


def _told(key: type, held: Iterable[Sequence[Any]], gone: Iterable[Sequence[Any]]) -> dict:
    found: dict[Hashable, list[int]] = defaultdict(lambda: [0, 0])
    for place, rows in enumerate((held, gone)):
        for *values, number in rows:
            found[key(*values)][place] += int(number)
    return {known: Tally(*sums) for known, sums in found.items()}
