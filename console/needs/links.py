"""The address of the conversations that a figure counts: the inbox, with the filters that find them and no other."""

from collections.abc import Callable
from datetime import date

from console.permissions import may_open
from console.review.asked import address_of
from journal.filters import Filters, Place
from journal.needs import Period
from journal.needs_shown import Figure, Row
from journal.results import NONE
from journal.small_counts import ALL

INBOX = "review.inbox"
Link = Callable[[Figure], str | None]


def opens(period: Period, **asked: str | bool | Place | date | None) -> Link:
    """Return what gives the address of a figure; None where nothing may be opened: it is hidden, nothing is left of it, or the account may
    not read conversations."""

    def address(figure: Figure) -> str | None:
        if figure.mark or not figure.tally.held or not may_open(INBOX):
            return None
        return address_of(Filters(**{"begun_since": period.since, "begun_until": period.until, **asked}))

    return address


def place_of(row: Row | str) -> dict[str, Place | bool]:
    """Return the filters of a place: none for Québec."""
    if row == ALL:
        return {}
    if row.mrc == ALL:
        return {"place": Place("region", row.region)}
    if row.mrc == NONE:
        return {"place": Place("region", row.region), "no_mrc": True}
    return {"place": Place("mrc", row.mrc)}
