"""How much one conversation, and one address, may ask of the widget's channel in a minute."""

import time
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from bot.channels.refusals import Refused


@dataclass(frozen=True)
class Rates:
    """Requests a minute: what a conversation writes, what it fetches, conversations begun by an address, all of an address."""

    write: int = 30
    fetch: int = 240
    begin: int = 60
    address: int = 1200


class Limits:
    """Counts the requests of this process in memory."""

    def __init__(self, rates: Rates) -> None:
        # The limiter itself holds its storage weakly.
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)
        self._items = {name: RateLimitItemPerMinute(most) for name, most in vars(rates).items()}

    def count(self, kind: str, who: str) -> None:
        """Count one request of a `kind` (a field of `Rates`) by `who`.

        Raises:
            Refused: it is one too many; it says after how many seconds it would not be.
        """
        item = self._items[kind]
        if not self._limiter.hit(item, kind, who):
            reset, _ = self._limiter.get_window_stats(item, kind, who)
            raise Refused("too_many", retry_after_s=max(1, round(reset - time.time())))
