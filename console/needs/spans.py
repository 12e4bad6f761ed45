"""The weeks (from Monday) and the months that a period is cut into, none of them going out of it."""

from datetime import date, timedelta

from console.filters import MONTHS
from console.needs.asked import BY_MONTH
from journal.needs import Period

_SHORT = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.")


def spans(period: Period, step: str) -> list[Period]:
    """Return the weeks or the months of a period, in order."""
    found, first = [], period.since
    while first <= period.until:
        following = _next_month(first) if step == BY_MONTH else first + timedelta(days=7 - first.weekday())
        found.append(Period(first, min(period.until, following - timedelta(days=1))))
        first = following
    return found


def span_of(day: date, step: str, period: Period) -> date:
    """Return the first day of the span where a day of the period is."""
    first = day.replace(day=1) if step == BY_MONTH else day - timedelta(days=day.weekday())
    return max(first, period.since)


def told(span: Period, step: str) -> str:
    """Return what a span is called: « novembre 2026 », « 2 au 8 novembre 2026 »; a part of a month by its days."""
    since, until = span.since, span.until
    whole = since.day == 1 and _next_month(since) == until + timedelta(days=1)
    if step == BY_MONTH and whole:
        return f"{MONTHS[since.month - 1]} {since.year}"
    end = f"{_number(until)}\u00a0{MONTHS[until.month - 1]} {until.year}"
    if since == until:
        return end
    if (since.month, since.year) == (until.month, until.year):
        return f"{_number(since)} au {end}"
    year = f" {since.year}" if since.year != until.year else ""
    return f"{_number(since)}\u00a0{MONTHS[since.month - 1]}{year} au {end}"


def short(span: Period, step: str) -> str:
    """Return what a span is called under a drawing: « 2 nov. », « nov. 2026 »."""
    month = _SHORT[span.since.month - 1]
    return f"{month} {span.since.year}" if step == BY_MONTH else f"{_number(span.since)} {month}"


def _number(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
