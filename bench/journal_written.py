"""What writing costs a journal that is full already: turns told as they come, and the purge of those whose time is over."""

import json
import random
import time
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import func, select, text

from bench.journal_made import CHANNELS, TURNS
from bench.journal_world import World
from bench.processes import say
from journal.erasing import purge
from journal.models import Conversation, Turn
from journal.schema import METADATA
from journal.store import Journal
from journal.told import FOUND, Told, ToldConversation, digest_of
from journal.writing import write

RETENTION = timedelta(days=90)
LEVELS = ("region", "mrc", "municipality", "sector")


def telling(journal: Journal, world: World, conversations: int, at_once: int, seed: int) -> dict[str, float]:
    """Tell new conversations a turn at a time, as service does, `at_once` conversations a transaction; return what it took."""
    draw, now = random.Random(seed), datetime.now(timezone.utc)
    people = [_person(world, draw, f"bench {seed} {number}", now) for number in range(conversations)]
    spent = []
    for first in range(0, conversations, at_once):
        together = people[first : first + at_once]
        for seq in range(TURNS):
            said = [ToldConversation(**told, turns=[turns[seq]]) for told, turns in together]
            started = time.perf_counter()
            with journal.writing.begin() as session:
                write(session, said)
            spent.append(time.perf_counter() - started)
    return {
        "turns": conversations * TURNS,
        "seconds": sum(spent),
        "turns_a_second": conversations * TURNS / sum(spent),
        "longest_ms": 1000 * max(spent),
    }


def _person(world: World, draw: random.Random, name: str, now: datetime) -> tuple[dict[str, Any], list[Told]]:
    place = {level: code for level, code in zip(LEVELS, draw.choice(world.places), strict=True) if code}
    told = {"digest": digest_of(name), "channel": next(iter(CHANNELS)), "kept": True, "begun_at": now, "active_at": now}
    return told, [_turn(world, draw, seq, now, place) for seq in range(1, TURNS + 1)]


def _turn(world: World, draw: random.Random, seq: int, now: datetime, place: dict[str, str]) -> Told:
    said, label = draw.choice(world.sentences)
    replies = json.loads(draw.choice(world.replies))
    shown = any(reply["cards"] for reply in replies)
    return Told(
        seq=seq,
        at=now + timedelta(seconds=45 * seq),
        kind="text",
        text=said,
        intent=label.partition("/")[0],
        label=label,
        confidence=round(draw.random(), 4),
        ranking=[(label, 0.9), (draw.choice(world.labels), 0.05), (draw.choice(world.labels), 0.01)],
        profile={"need": "financement", "legal_form": "obnl", "place": place},
        came_of=FOUND if shown else None,
        model="0f3a",
        latency_ms=30,
        replies=replies,
    )


def purging(journal: Journal, conversations: int) -> dict[str, float]:
    """Purge the oldest conversations, as many as asked at least, as the assistant does: some a transaction. Return what it took."""
    with journal.reading() as session:
        last = session.scalar(select(Conversation.begun_at).order_by(Conversation.begun_at).offset(conversations).limit(1))
    spent, gone, report = [], 0, None
    # A little later than the last of them, so that all of its day's batch goes.
    now = last + RETENTION
    while True:
        started = time.perf_counter()
        with journal.writing.begin() as session:
            made = purge(session, RETENTION, "bench", now, report)
            report = made and made.id
        spent.append(time.perf_counter() - started)
        if made is None:
            break
        gone = made.conversations
        if len(spent) % 20 == 0:
            say(f"    {gone:,} conversations purged")
    started = time.perf_counter()
    journal.forget()
    return {
        "conversations": gone,
        "seconds": sum(spent),
        "longest_ms": 1000 * max(spent),
        "transactions": len(spent),
        "forget_s": time.perf_counter() - started,
    }


def sizes(journal: Journal) -> dict[str, float]:
    """Return how many conversations and turns are held, and the kilobytes on disk of a conversation, its indexes included."""
    with journal.reading() as session:
        conversations, turns = (session.scalar(select(func.count()).select_from(table)) for table in (Conversation, Turn))
        if journal.is_sqlite:
            pages, size = (session.execute(text(f"PRAGMA {name}")).scalar() for name in ("page_count", "page_size"))
            held = {"in all": pages * size}
        else:
            of = text("SELECT pg_total_relation_size(:name), pg_indexes_size(:name)")
            found = {name: session.execute(of, {"name": name}).one() for name in METADATA.tables}
            held = {"in all": sum(total for total, _ in found.values()), "indexes": sum(indexes for _, indexes in found.values())}
            held |= {name: total for name, (total, _) in found.items()}
    return {"conversations": conversations, "turns": turns, "kb_each": held["in all"] / conversations / 1000, **held}
