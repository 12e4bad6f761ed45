"""What a conversation came to, and what it was about: the same conditions for the figures of the needs map and for the inbox.

A need is met when something was proposed and nothing was missed on the way; it is unmet when nothing was found, near or at all. Each
conversation has one result. `table` is `Conversation`, or `Count` for those that were purged.
"""

from sqlalchemy import and_, case, func, or_
from sqlalchemy.sql import ColumnElement

from journal.kept_models import Count
from journal.models import ABANDONED, ANSWERED, GREETED, NOTHING_FOUND, PROPOSED, UNANSWERED, Conversation

MET, UNMET = "met", "unmet"
RESULTS = (MET, UNMET, ABANDONED, ANSWERED, UNANSWERED, GREETED)
# In an address: what was not said.
NONE = "@none"

Table = type[Conversation] | type[Count]


def is_result(table: Table, result: str) -> ColumnElement:
    """Return whether a conversation came to `result`, one of RESULTS."""
    if result == UNMET:
        return or_(table.outcome == NOTHING_FOUND, table.unmet_need.is_not(None))
    return and_(table.outcome == (PROPOSED if result == MET else result), table.unmet_need.is_(None))


def result_of(table: Table) -> ColumnElement:
    """Return what a conversation came to, one of RESULTS."""
    return case((is_result(table, UNMET), UNMET), (table.outcome == PROPOSED, MET), else_=table.outcome)


def theme_of(table: Table) -> ColumnElement:
    """Return the need that was not met, else the need; None when none was said."""
    return func.coalesce(table.unmet_need, table.need)


def is_theme(table: Table, theme: str) -> ColumnElement:
    """Return whether a conversation is about the need `theme`; about none that was said, for NONE."""
    return theme_of(table).is_(None) if theme == NONE else theme_of(table) == theme
