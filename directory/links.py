"""The web addresses of the directory: where each is used, and what the last visit of each found.

What a visit found is kept apart from the records, and written without moving the directory's version: the assistant reads none of it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from directory.models import LinkCheck
from directory.overdue import name_of
from directory.records import Record, Records

# What staff should look at, the worst first.
BROKEN = ("dead", "failing", "moved")


@dataclass(frozen=True)
class Use:
    """Where an address is: the record, its name, the field."""

    entity: str
    key: str
    name: str
    field: str


@dataclass(frozen=True)
class LinkResult:
    """What a visit found; `problem` is told in French, `final_url` is where the address leads now, when it is elsewhere.

    `answered` is not kept: a server answered, whatever it said; when none ever does, it is our own network that is down.
    """

    url: str
    checked_at: datetime
    status: str
    problem: str | None = None
    final_url: str | None = None
    answered: bool = True


def links_of(record: Record) -> Iterator[tuple[str, str]]:
    """Yield (field, address) for each web address of a record."""
    contact = record.get("contact")
    website = contact.get("website") if isinstance(contact, dict) else record.get("website")
    singles = (("contact.website" if contact is not None else "website", website), ("source", record.get("source")))
    yield from ((field, url) for field, url in singles if is_link(url))
    for field in ("other_sources", "sources"):
        listed = record.get(field)
        yield from ((field, url) for url in (listed if isinstance(listed, list) else ()) if is_link(url))


def is_link(text: object) -> bool:
    """Return whether a text is a web address that can be followed."""
    return isinstance(text, str) and text.lower().startswith(("http://", "https://"))


def uses(records: Records) -> dict[str, list[Use]]:
    """Return by address where it is used: the sites of organisations and of MRC first, since people are sent there."""
    found: dict[str, list[Use]] = defaultdict(list)
    named = [
        (entity, key, record, field, url)
        for entity in ("actor", "territory", "service", "answer")
        for key, record in records[entity].items()
        for field, url in links_of(record)
    ]
    for entity, key, record, field, url in sorted(named, key=lambda each: not each[3].endswith("website")):
        found[url].append(Use(entity, key, name_of(record), field))
    return dict(found)


def due(connection: Connection, addresses: Sequence[str], most: int) -> list[str]:
    """Return at most `most` of the addresses to visit: those never visited first, in their order, then the longest ago."""
    visited = dict(connection.execute(select(LinkCheck.url, LinkCheck.checked_at)).all())
    never = [url for url in addresses if url not in visited]
    before = sorted((url for url in addresses if url in visited), key=visited.__getitem__)
    return [*never, *before][:most]


def keep(connection: Connection, result: LinkResult) -> None:
    """Keep what a visit found, in place of what the visit before found."""
    table = LinkCheck.__table__
    connection.execute(delete(table).where(table.c.url == result.url))
    values = {name: value for name, value in vars(result).items() if name in table.c}
    connection.execute(insert(table).values(**values))


def forget_unused(connection: Connection, addresses: Sequence[str]) -> None:
    """Forget the visits of addresses that no record holds any more."""
    table, used = LinkCheck.__table__, {*addresses}
    gone = [url for url in connection.scalars(select(table.c.url)) if url not in used]
    for url in gone:
        connection.execute(delete(table).where(table.c.url == url))


def last_visits(session: Session, addresses: Sequence[str] | None = None) -> dict[str, LinkResult]:
    """Return by address what its last visit found: of these, or of all."""
    columns = (LinkCheck.url, LinkCheck.checked_at, LinkCheck.status, LinkCheck.problem, LinkCheck.final_url)
    query = select(*columns) if addresses is None else select(*columns).where(LinkCheck.url.in_(list(addresses)))
    return {row.url: LinkResult(*row) for row in session.execute(query)}
