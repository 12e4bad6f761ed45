"""Work that is done for one name at a time, and again for a name that was called meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable


class OneEach:
    """Does `work` for the names that it is woken with, side by side, each at most once at a time, until it is stopped."""

    def __init__(self, work: Callable[[str], Awaitable[None]]) -> None:
        self._work = work
        self._at_work: dict[str, asyncio.Task] = {}
        self._again: set[str] = set()
        self.stopping = False

    def __contains__(self, name: str) -> bool:
        """Work is under way for this name."""
        return name in self._at_work

    def __len__(self) -> int:
        """Return for how many names work is under way."""
        return len(self._at_work)

    def wake(self, name: str) -> None:
        """See that the work is done for a name from now on, whatever is under way."""
        if self.stopping:
            return
        if name in self._at_work:
            self._again.add(name)
            return
        task = self._at_work[name] = asyncio.ensure_future(self._work(name))
        task.add_done_callback(lambda _: self._left(name))

    def _left(self, name: str) -> None:
        self._at_work.pop(name, None)
        if name in self._again:
            self._again.discard(name)
            self.wake(name)

    async def stop(self, drain_s: float) -> None:
        """Let the work under way end, `drain_s` seconds at most."""
        self.stopping = True
        tasks = [*self._at_work.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=drain_s)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
