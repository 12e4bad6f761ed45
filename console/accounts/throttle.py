"""Who tries too often to come in waits, longer each time: by account, and by address.

A try is counted before it is checked, so that a hundred at the same moment are a hundred. Names that nobody has are counted like the
others. The counts are in the database: a restart forgets none of them.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from console.models import Tries

FORGOTTEN_AFTER = timedelta(hours=24)
LONGEST_WAIT = timedelta(minutes=15)
FIRST_WAIT = timedelta(seconds=15)
LOCK = 20261133
# How many tries make no one wait, and how many sound the alarm: of one account, from one address (an office may share one).
FREE = {"account": 5, "ip": 20}
ALARM = {"account": 10, "ip": 40}


def wait_after(kind: str, count: int) -> timedelta:
    """Return how long the door stays closed after that many tries without success: none at first, then twice as long each time."""
    beyond = count - FREE[kind]
    return min(FIRST_WAIT * 2 ** min(beyond, 16), LONGEST_WAIT) if beyond >= 0 else timedelta()


def key_of(kind: str, value: str) -> str:
    """Return the digest under which a name or an address is counted: what was typed as a name may be a password."""
    return hashlib.sha256(f"{kind} {value.strip().casefold()}".encode()).hexdigest()


def one_at_a_time(session: Session) -> None:
    """Make the tries of PostgreSQL's sessions wait for one another, as SQLite's do: none slips between a look and a count."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def closed_until(session: Session, keys: dict[str, str], now: datetime) -> datetime | None:
    """Return until when the door is closed to those keys; None when it is open."""
    closed = [row.closed_until for row in _held(session, keys).values() if row.closed_until and row.closed_until > now]
    return max(closed, default=None)


def _held(session: Session, keys: dict[str, str]) -> dict[str, Tries]:
    """Return the counts of those keys; nobody else changes or removes them before the transaction ends."""
    query = select(Tries).where(Tries.key.in_(keys.values())).order_by(Tries.key).with_for_update()
    return {row.key: row for row in session.execute(query).scalars()}


def count_try(session: Session, keys: dict[str, str], now: datetime) -> list[str]:
    """Count a try, and return the kinds whose alarm it sounds. The counts of yesterday go."""
    session.execute(delete(Tries).where(Tries.last_at <= now - FORGOTTEN_AFTER).execution_options(synchronize_session=False))
    alarms = []
    for kind, key in sorted(keys.items()):
        row = session.get(Tries, key) or Tries(key=key, count=0)
        row.count, row.last_at = row.count + 1, now
        row.closed_until = now + wait_after(kind, row.count)
        session.add(row)
        if row.count >= ALARM[kind] and row.count % ALARM[kind] == 0:
            alarms.append(kind)
    session.flush()
    return alarms


def forgive(session: Session, keys: dict[str, str]) -> None:
    """Take back what a success counted: all of the account, one of the address, whose other tries were not those of this person."""
    held = _held(session, keys)
    session.execute(delete(Tries).where(Tries.key == keys["account"]).execution_options(synchronize_session=False))
    row = held.get(keys["ip"])
    if row is not None:
        row.count, row.closed_until = max(0, row.count - 1), None
