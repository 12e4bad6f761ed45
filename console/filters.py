"""How times and numbers are written in the pages: French of Québec, Québec's time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask

QUEBEC = ZoneInfo("America/Toronto")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
)


def day(value: date | datetime | None) -> str:
    """Return « 29 novembre 2026 »; « 1er » on the first; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(QUEBEC).date()
    number = "1er" if value.day == 1 else str(value.day)
    return f"{number}\u00a0{MONTHS[value.month - 1]}\u00a0{value.year}"


def moment(value: datetime | None) -> str:
    """Return « 29 novembre 2026, 13 h 30 » in Québec's time; nothing for None."""
    if value is None:
        return ""
    there = value.astimezone(QUEBEC)
    return f"{day(there)}, {there.hour}\u00a0h\u00a0{there.minute:02d}"


def count(value: int | None) -> str:
    """Return « 1 234 », with no-break spaces; nothing for None."""
    return "" if value is None else f"{value:,}".replace(",", "\u00a0")


def counted(number: int, word: str) -> str:
    """Return « 1 ligne », « 1 234 lignes »: the plural begins at two."""
    return f"{count(number)}\u00a0{word}{'s' if number > 1 else ''}"


def install(app: Flask) -> None:
    """Give the templates of `app` these filters."""
    for written in (day, moment, count):
        app.add_template_filter(written)
