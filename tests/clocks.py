"""The clocks that tests set: one that stands still, one that runs beside the machine's."""

from datetime import datetime, timedelta, timezone


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 28, 15, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        """Return its time."""
        return self.time

    def move(self, **how: float) -> None:
        """Move the clock forward, or back."""
        self.time += timedelta(**how)


class ShiftedClock:
    """The time of now, shifted."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def __call__(self) -> datetime:
        """Return the shifted time."""
        return datetime.now(timezone.utc) + self.shift
