"""The console's clock, which tests move."""

from datetime import date, datetime

from flask import current_app

from directory.text import QUEBEC


def now() -> datetime:
    """Return the time, UTC."""
    return current_app.extensions["console_clock"]()


def today() -> date:
    """Return the day of now, in Québec."""
    return now().astimezone(QUEBEC).date()
