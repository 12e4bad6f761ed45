"""The day in Québec, by the console's clock."""

from datetime import date

from console import clock
from directory.text import QUEBEC


def today() -> date:
    """Return the day of now, in Québec."""
    return clock.now().astimezone(QUEBEC).date()
