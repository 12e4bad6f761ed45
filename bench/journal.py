"""Measure the journal and its console over made-up conversations: a million in PostgreSQL, ten thousand in SQLite.

    python -m bench.journal
    python -m bench.journal --write
    python -m bench.journal --quick
    python -m bench.journal postgresql --conversations 200000 --kept var/made

Prints the section « The journal » of docs/bench.md, and writes it there with --write. What was measured, with the plans of the slowest
pages, is kept in var/bench/journal.json. PostgreSQL is a private server, whose data goes away unless a folder is given for it.
"""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, timezone
from datetime import time as time_of_day
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.cluster import FILLING, SERVING, Cluster, NoServer, cluster
from bench.journal_asked import DRAWN, MAPPED, Asked, drawings, first_pages, further, maps
from bench.journal_filled import fill
from bench.journal_made import Made
from bench.journal_section import COMMAND, section
from bench.journal_staff import Staff, staff
from bench.journal_timed import Timed, plans, timed
from bench.journal_world import World, read_world
from bench.journal_written import purging, sizes, telling
from bench.processes import say
from bench.sections import with_section
from bench.sides import WORK
from bench.versions import processor
from directory.database import make_engine
from journal.store import Journal
from settings import PROJECT_ROOT, load_settings

PAGE = PROJECT_ROOT / "docs" / "bench.md"
RAW = WORK / "journal.json"
POSTGRESQL, SQLITE = "postgresql", "sqlite"
SIZES, QUICK = {POSTGRESQL: 1_000_000, SQLITE: 10_000}, 1_000
SEED = 6
# How many conversations are told, and how many of those that are there are purged.
TOLD, AT_ONCE, PURGED = 100, 50, 0.1
EXPLAINED = 12


def measure(journal_url: str, world: World, made: Made, times: int) -> dict[str, Any]:
    """Return what is measured of a journal that is full."""
    now = datetime.combine(made.until, time_of_day(22), timezone.utc)
    journal = Journal(journal_url)
    found: dict[str, Any] = {"sizes": sizes(journal)}
    with staff(journal_url, load_settings().database_url, now) as people:
        rows = timed(people, _pages(journal, world, made, people), times)
        found["pages"] = [{**asdict(row.asked), "times": row.times} for row in rows]
        found["plans"] = _plans(people, rows)
    say("  writing")
    one = telling(journal, world, TOLD, 1, SEED)
    many = telling(journal, world, TOLD * 5, AT_ONCE, SEED + 1)
    found["writing"] = {"one": one, "many": {**many, "at_once": AT_ONCE}}
    found["purge"] = purging(journal, int(made.conversations * PURGED))
    journal.close()
    return found


def _pages(journal: Journal, world: World, made: Made, people: dict[str, Staff]) -> list[Asked]:
    with journal.reading() as session:
        beyond = [*further(session, world, made.until)]
    mapped = [*maps(made.until)]
    drawn = drawings(people[mapped[0].who].get(mapped[2].address))
    told = [Asked(DRAWN, f"{number} of {mapped[2].name}", address) for number, address in enumerate(drawn, start=1)]
    return [*first_pages(world, made.until), *beyond, *mapped, *told]


def _plans(people: dict[str, Staff], rows: list[Timed]) -> list[dict[str, Any]]:
    """Return the longest statement of each of the slowest pages, with its plan."""
    made = []
    for row in sorted((row for row in rows if row.asked.group != DRAWN), key=lambda row: -row.p95)[:EXPLAINED]:
        made.append({"page": f"{row.asked.group}: {row.asked.name}", **asdict(plans(people[row.asked.who], row.asked.address)[0])})
    mapped = next(row.asked for row in rows if row.asked.group == MAPPED and row.asked.name == "90 days")
    return [*made, *({"page": f"needs map: {mapped.name}", **asdict(plan)} for plan in plans(people[mapped.who], mapped.address)[:6])]


def filled(journal_url: str, world: World, made: Made) -> float:
    """Fill an empty journal, and return the seconds that it took."""
    started = time.perf_counter()
    journal = Journal(journal_url)
    journal.prepare()
    fill(journal, world, made)
    journal.close()
    return time.perf_counter() - started


def in_sqlite(world: World, made: Made, times: int) -> dict[str, Any]:
    """Return what is measured in a SQLite file."""
    with tempfile.TemporaryDirectory(prefix="aiguilleur-bench-") as folder:
        url = f"sqlite:///{folder}/journal.db"
        seconds = filled(url, world, made)
        return {"filled_s": seconds, "configuration": "", **measure(url, world, made, times)}


def in_postgresql(world: World, made: Made, times: int, kept: Path | None) -> dict[str, Any]:
    """Return what is measured in a private PostgreSQL; one that was `kept` full is not filled again, but is smaller by what was purged.

    Raises:
        NoServer: PostgreSQL is not installed.
    """
    with cluster(kept) as server:
        took = server.folder / "filled_s"
        if not server.made:
            server.make()
            with _running(server, FILLING):
                took.write_text(str(filled(server.url, world, made)), encoding="ascii")
        with _running(server, SERVING):
            version = _version(server.url)
            told = ", ".join(f"{name} {value}" for name, value in SERVING.items())
            measured = measure(server.url, world, made, times)
            seconds = float(took.read_text(encoding="ascii"))
    return {"filled_s": seconds, "configuration": f"PostgreSQL {version} as it is installed, but for {told}.", **measured}


@contextmanager
def _running(server: Cluster, options: dict[str, str]) -> Iterator[None]:
    server.start(options)
    try:
        yield
    finally:
        server.stop()


def _version(url: str) -> str:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SHOW server_version")).scalar_one()
    engine.dispose()
    return found.split()[0]


def _world() -> World:
    engine = make_engine(load_settings().database_url)
    with Session(engine, future=True) as session:
        world = read_world(session, PROJECT_ROOT / "data" / "nlu", SEED)
    engine.dispose()
    return world


def main(
    databases: Annotated[list[str] | None, typer.Argument(help="postgresql, sqlite; both when none is named.")] = None,
    write: bool = False,
    quick: bool = False,
    conversations: Annotated[int | None, typer.Option(help="How many, instead of 1,000,000 and 10,000.")] = None,
    times: Annotated[int, typer.Option(help="How often each page is asked for.")] = 20,
    kept: Annotated[Path | None, typer.Option(help="An empty folder that keeps the data of PostgreSQL, or one that has it.")] = None,
    others: Annotated[str, typer.Option(help="What else ran on the machine, to be told on the page.")] = "",
) -> None:
    """Measure the journal.

    --quick tries all of it with a few conversations, and keeps nothing.
    """
    wanted = databases or [SQLITE, POSTGRESQL]
    if unknown := {*wanted} - {*SIZES}:
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: no such database; there are {', '.join(SIZES)}")
    world, load = _world(), f"Load of the machine at the beginning: {os.getloadavg()[0]:.1f}."
    measured = json.loads(RAW.read_text(encoding="utf-8")) if RAW.is_file() and not quick else {}
    measured |= {"versions": {"processor": processor()}, "on": date.today().isoformat(), "others": others or load}
    for kind in wanted:
        made = Made(conversations or (QUICK if quick else SIZES[kind]), date.today(), seed=SEED)
        say(f"{kind}: {made.conversations:,} conversations")
        try:
            asked = 2 if quick else times
            measured[kind] = in_sqlite(world, made, asked) if kind == SQLITE else in_postgresql(world, made, asked, kept)
        except NoServer as error:
            say(str(error))
    if not quick:
        WORK.mkdir(parents=True, exist_ok=True)
        RAW.write_text(json.dumps(measured, ensure_ascii=False, indent=1), encoding="utf-8")
    page = section(measured)
    print(page)
    if write:
        PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), COMMAND, page), encoding="utf-8")
        say(f"written: {os.path.relpath(PAGE)}")


if __name__ == "__main__":
    typer.run(main)
