"""The console's clock, which tests move."""

from datetime import datetime

from flask import current_app


def now() -> datetime:
    """Return the time, UTC."""
    return current_app.extensions["console_clock"]()
