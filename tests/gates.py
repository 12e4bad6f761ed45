"""Gates at which the work of a server waits until the test lets it through, whatever the threads and the event loops of both."""

import asyncio
import threading


class Gate:
    """Open until it is shut."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self.open()

    def shut(self) -> None:
        """Let nobody through."""
        self._open.clear()

    def open(self) -> None:
        """Let through who waits, and who comes."""
        self._open.set()

    async def passed(self) -> None:
        """Return once the gate is open."""
        while not self._open.is_set():
            await asyncio.sleep(0.005)
