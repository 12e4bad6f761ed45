"""How long pages take, and how the database answers what they ask it."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.journal_asked import Asked
from bench.journal_staff import Staff
from bench.measures import p95
from bench.processes import say

# A page that is this slow is asked for fewer times.
SLOW_MS, SLOW_TIMES = 5_000, 3


@dataclass(frozen=True)
class Timed:
    """A page and the milliseconds of each time that it was asked for."""

    asked: Asked
    times: list[float]

    @property
    def p95(self) -> float:
        """The 95th centile, in milliseconds."""
        return p95(self.times)


def timed(people: Mapping[str, Staff], asked: Iterable[Asked], times: int, every: int = 50) -> list[Timed]:
    """Ask for each page twice to warm up, then `times` times."""
    made = []
    for number, each in enumerate(asked, start=1):
        warm = max(once(people[each.who], each.address) for _ in range(2))
        made.append(Timed(each, [once(people[each.who], each.address) for _ in range(times if warm < SLOW_MS else SLOW_TIMES)]))
        if not number % every:
            say(f"    {number} pages asked for")
    return made


def once(who: Staff, address: str) -> float:
    """Return how long a page takes, in milliseconds."""
    started = time.perf_counter()
    who.get(address)
    return 1000 * (time.perf_counter() - started)


@dataclass(frozen=True)
class Plan:
    """How the database answers a statement of a page, and in how many milliseconds."""

    ms: float
    statement: str
    plan: str


def plans(who: Staff, address: str) -> list[Plan]:
    """Return the plan of each statement of a page on the journal, the longest first."""
    with _statements(who.engine) as heard:
        who.get(address)
    is_sqlite = who.engine.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN (ANALYZE, BUFFERS) "
    made = []
    with who.engine.connect() as connection:
        for statement, parameters in heard:
            cursor, started = connection.connection.cursor(), time.perf_counter()
            cursor.execute(explain + statement, parameters)
            lines = [str(row[-1]) for row in cursor.fetchall()]
            made.append(Plan(1000 * (time.perf_counter() - started), statement, "\n".join(lines)))
    return sorted(made, key=lambda each: -each.ms)


@contextmanager
def _statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Give the statements that are asked meanwhile, with their parameters."""
    heard: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, _context: object, _many: bool) -> None:
        if statement.lstrip().startswith("SELECT"):
            heard.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", note)
