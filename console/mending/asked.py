"""What the address of a page of mending asks: a period, a sign, a page."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from flask import request

from console import clock
from console.filters import QUEBEC
from console.mending.words import SIGNS

DAYS = 30


@dataclass(frozen=True)
class Asked:
    """A period, whose days are Québec's, both included; a sign, "" for any; a page, from 1."""

    since: date
    until: date
    sign: str = ""
    page: int = 1

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The period as moments: the first one included, the last one not."""
        return _midnight(self.since), _midnight(self.until + timedelta(days=1))

    @property
    def signs(self) -> tuple[str, ...]:
        """The signs that are wanted."""
        return (self.sign,) if self.sign else tuple(SIGNS)

    @property
    def query(self) -> str:
        """What is asked as an address says it, the first page left out."""
        said = {"du": self.since.isoformat(), "au": self.until.isoformat(), "signe": self.sign, "page": self.page if self.page > 1 else ""}
        return urlencode({name: value for name, value in said.items() if value})

    def on_page(self, page: int) -> "Asked":
        """The same, on another page."""
        return replace(self, page=page)


def asked() -> Asked:
    """Return what the address of the request asks; what is not understood is as if it was not said."""
    today = clock.today()
    until = _day(request.args.get("au", "")) or today
    since = _day(request.args.get("du", "")) or until - timedelta(days=DAYS - 1)
    sign, page = request.args.get("signe", ""), request.args.get("page", "")
    return Asked(min(since, until), until, sign if sign in SIGNS else "", _number(page))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # A day after the last of the calendar is not one.
    return found if date(2000, 1, 1) <= found <= date(2999, 12, 31) else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 6 and int(text) else 1


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), QUEBEC)
