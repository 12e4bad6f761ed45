"""Measure the routing queries of the directory among 100,000 made-up actors in the real places.

    python -m bench.directory_queries
    python -m bench.directory_queries --database postgresql://user@host/an_empty_database

Target (design, §11): 95 queries of 100 within 20 ms. Made-up actors cover mostly towns and MRC; each question
draws a town, a need, a legal form and a stage, and opens its own session, as the action server does.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date

import typer
from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session, sessionmaker

from directory import schema
from directory.database import current_revision, make_engine, reachable, session_factory
from directory.importing import import_seed
from directory.models import Actor, Coverage, Service, Territory
from directory.routing import Profile, ranked, services_for
from directory.vocabulary import ACTOR_KINDS, LEGAL_FORMS, NEEDS, STAGES
from settings import load_settings

TARGET_MS = 20
ROWS_A_BATCH = 20_000
# How wide a made-up actor works: 300 in all of Québec among 100,000, ten times what the real seed has.
SHARE_BY_LEVEL = {"country": 0.003, "region": 0.067, "mrc": 0.23, "municipality": 0.7}

Question = tuple[str, str, str, str]
Ask = Callable[[Session, Question], object]


def ask_ranked(session: Session, question: Question) -> object:
    """Return every fitting service, ranked, before a few are chosen and loaded."""
    return ranked(session, _profile(question), date.today())


def ask_routing(session: Session, question: Question) -> object:
    """Return what the bot would propose."""
    return services_for(session, _profile(question), date.today())


def _profile(question: Question) -> Profile:
    place, need, legal_form, stage = question
    return Profile(need=need, places=(place,), legal_form=legal_form, stage=stage)


def fill(connection: Connection, actors: int, draw: random.Random) -> None:
    """Add made-up actors, each with one coverage and one or two services."""
    by_level = {level: _codes(connection, level) for level in SHARE_BY_LEVEL}
    first = (connection.execute(select(Actor.id).order_by(Actor.id.desc())).scalar() or 0) + 1
    first_service = (connection.execute(select(Service.id).order_by(Service.id.desc())).scalar() or 0) + 1
    places = draw.choices(list(SHARE_BY_LEVEL), list(SHARE_BY_LEVEL.values()), k=actors)
    numbers = range(first, first + actors)
    owners = [number for number in numbers for _ in range(draw.choice((1, 2)))]
    services = list(enumerate(owners, first_service))
    _insert(connection, Actor, (_actor(number, draw) for number in numbers))
    covers = zip(numbers, places, strict=True)
    _insert(
        connection,
        Coverage,
        ({"actor_id": n, "territory_code": draw.choice(by_level[level]), "part": False} for n, level in covers),
    )
    _insert(connection, Service, (_service(number, owner, draw) for number, owner in services))


def _codes(connection: Connection, level: str) -> list[str]:
    return connection.execute(select(Territory.code).where(Territory.level == level)).scalars().all()


def _some(codes: Iterable[str], most: int, draw: random.Random) -> list[str]:
    return draw.sample(list(codes), draw.randint(1, most))


def _actor(number: int, draw: random.Random) -> dict[str, object]:
    kind = draw.choice(list(ACTOR_KINDS))
    names = {"slug": f"bench-{number}", "name": f"Organisme {number}", "short_name": f"O{number}"}
    return {"id": number, "kind": kind, "status": "active", "dedicated": draw.random() < 0.3, **names}


def _service(number: int, owner: int, draw: random.Random) -> dict[str, object]:
    admits = {"needs": _some(NEEDS, 2, draw), "legal_forms": _some(LEGAL_FORMS, 3, draw), "stages": _some(STAGES, 4, draw)}
    said = {"name": f"Service {number}", "summary": "Accompagne les entreprises collectives de son territoire."}
    return {"id": number, "slug": f"bench-service-{number}", "actor_id": owner, "status": "active", **admits, **said}


def _insert(connection: Connection, model: type, rows: Iterable[dict[str, object]]) -> None:
    batch: list[dict[str, object]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_A_BATCH:
            connection.execute(insert(model.__table__), batch)
            batch = []
    if batch:
        connection.execute(insert(model.__table__), batch)


def questions(session: Session, number: int, draw: random.Random) -> list[Question]:
    """Return questions that people could ask, each from a town."""
    towns = session.scalars(select(Territory.code).where(Territory.level == "municipality")).all()
    lists = (towns, list(NEEDS), list(LEGAL_FORMS), list(STAGES))
    return [tuple(draw.choice(codes) for codes in lists) for _ in range(number)]


def measure(factory: sessionmaker, ask: Ask, asked: list[Question]) -> list[float]:
    """Return how long each question took, in milliseconds; the first tenth is asked once before, to warm up."""
    for question in asked[: len(asked) // 10]:
        _timed(factory, ask, question)
    return [_timed(factory, ask, question) for question in asked]


def _timed(factory: sessionmaker, ask: Ask, question: Question) -> float:
    start = time.perf_counter()
    with factory() as session:
        ask(session, question)
    return (time.perf_counter() - start) * 1000


@contextmanager
def a_database(given: str | None) -> Iterator[str]:
    """Give the address of a database: the one that was given, or a SQLite file that goes away."""
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/directory.db"


def main(database: str | None = None, actors: int = 100_000, asked: int = 500, seed: int = 20261124) -> None:
    """Fill a database, ask, and print the times. An address that is given must be of an empty database."""
    draw = random.Random(seed)
    with a_database(database) as url:
        engine = make_engine(url)
        with reachable(engine) as connection:
            if current_revision(connection) is not None:
                raise typer.BadParameter("this database holds a directory already: give an empty one")
            schema.upgrade(connection)
        try:
            _run(session_factory(engine), actors, asked, draw)
        finally:
            with reachable(engine) as connection:
                schema.downgrade(connection, "base")
            engine.dispose()


def _run(factory: sessionmaker, actors: int, asked: int, draw: random.Random) -> None:
    with factory.begin() as session:
        import_seed(session, load_settings().seed_dir)
        fill(session.connection(), actors, draw)
    _settle(factory.kw["bind"])
    with factory.begin() as session:
        drawn = questions(session, asked, draw)
    print(f"{actors} actors, {asked} questions, {factory.kw['bind'].dialect.name}")
    for name, ask in (("ranked", ask_ranked), ("services_for", ask_routing)):
        times = measure(factory, ask, drawn)
        centiles = statistics.quantiles(times, n=100)
        verdict = "ok" if centiles[94] <= TARGET_MS else f"above {TARGET_MS} ms"
        told = "   ".join(f"{label} {centiles[n - 1]:6.2f} ms" for label, n in (("median", 50), ("p95", 95), ("p99", 99)))
        print(f"{name:14} {told}   {verdict}")


def _settle(engine: Engine) -> None:
    """Tidy up after so many inserts, as PostgreSQL does by itself; SQLite never does, and is measured so."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


if __name__ == "__main__":
    typer.run(main)
