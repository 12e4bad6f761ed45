"""Measure how long it takes to find the places of a message, with the project's own places.

    python -m bench.places_speed

Targets: about a millisecond for a message of 200 characters, ten for a long one, 200 for a hostile one.
Each time is the best of ten: what the code costs, whatever else the machine does.
"""

import tempfile
import time

import typer

from directory import schema
from directory.database import make_engine, reachable, session_factory, session_scope
from directory.importing import import_seed
from directory.places import PlaceIndex
from settings import load_settings

REPEATS = 10
MESSAGE = (
    "Bonjour, on est un groupe de citoyens de Saint-Élie-de-Caxton, en Mauricie, pis on veut partir une coop de"
    " solidarité pour reprendre l'épicerie du village avant que le propriétaire ferme au printemps prochain. "
)
HOSTILE = ("saint de la sainte des lac du ", "st-", "de la ", "saint saint saint ", "notre dame de ", "G9A ")
# What is read, and its target in milliseconds.
READ: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("200 characters", (MESSAGE[:200],), 2),
    ("2,000 characters", ((MESSAGE * 10)[:2000],), 10),
    ("2,000 hostile characters", tuple((piece * 2000)[:2000] for piece in HOSTILE), 200),
)


def load_places() -> PlaceIndex:
    """Return the index of the seed's places, read from a database that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/directory.db")
        with reachable(engine) as connection:
            schema.upgrade(connection)
        with session_scope(session_factory(engine)) as session:
            import_seed(session, load_settings().seed_dir)
            index = PlaceIndex.load(session)
        engine.dispose()
    return index


def best_ms(index: PlaceIndex, text: str) -> float:
    """Return the best time of ten, in milliseconds; the text is read once before, to warm up."""
    index.find(text)
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        index.find(text)
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def main() -> None:
    """Print the times."""
    index = load_places()
    for name, texts, target_ms in READ:
        slowest = max(best_ms(index, text) for text in texts)
        print(f"{name:26} {slowest:7.2f} ms   {'ok' if slowest <= target_ms else f'above {target_ms} ms'}")


if __name__ == "__main__":
    typer.run(main)
