"""What of the directory waits for somebody: to be verified, verified too long ago, closed, incomplete."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from directory.checking import check
from directory.records import Records

VERIFIED_FOR = timedelta(days=365)


@dataclass(frozen=True)
class Waiting:
    """A record that waits: its entity and key, and since when it was verified (None: never)."""

    entity: str
    key: str
    name: str
    since: str | None


@dataclass(frozen=True)
class Gaps:
    """What one check finds missing: the records, each with what the check adds (« stade »; nothing for most)."""

    code: str
    title: str
    records: list[tuple[str, str, str, str]]


def limit(today: date) -> date:
    """Return the day before which a verification is too old."""
    return today - VERIFIED_FOR


def is_overdue(verified_on: date | str | None, today: date) -> bool:
    """Return whether a record was never verified, or more than a year ago."""
    day = date.fromisoformat(verified_on) if isinstance(verified_on, str) and verified_on else verified_on
    return not day or day < limit(today)


def overdue(records: Records, today: date) -> list[Waiting]:
    """Return the open organisations to verify again: those verified longest ago first, then those never verified, by name."""
    found = [
        Waiting("actor", key, str(actor["name"]), actor["verified_on"])
        for key, actor in records["actor"].items()
        if actor["status"] != "closed" and is_overdue(actor["verified_on"], today)
    ]
    return sorted(found, key=lambda each: (each.since is None, each.since or "", each.name))


def doubtful(records: Records) -> list[Waiting]:
    """Return the records of which somebody said « à vérifier »: organisations, services, answers, by name."""
    return _of_status(records, "to_verify")


def closed(records: Records) -> list[Waiting]:
    """Return the closed records, by name."""
    return _of_status(records, "closed")


def _of_status(records: Records, status: str) -> list[Waiting]:
    found = [
        Waiting(entity, key, name_of(record), record.get("verified_on") or record["as_of"])
        for entity in ("actor", "service", "answer")
        for key, record in records[entity].items()
        if record["status"] == status
    ]
    return sorted(found, key=lambda each: (("actor", "service", "answer").index(each.entity), each.name))


def name_of(record: dict[str, object]) -> str:
    """Return what a record is called."""
    return str(record.get("label") or record.get("name") or "")


def gaps(records: Records) -> list[Gaps]:
    """Return what the checks find missing, each with its records as (entity, key, name, what is missing); « à vérifier » is apart."""
    report = check(records)
    return [
        Gaps(each.code, each.title, list(_located(records, lines)))
        for each, lines in report.found.items()
        if not each.is_error and each.code != "to_verify"
    ]


def _located(records: Records, lines: list[str]) -> Iterator[tuple[str, str, str, str]]:
    for line in lines:
        key, _, more = line.partition("\u00a0: ")
        for entity in ("actor", "service", "answer", "territory"):
            if key in records[entity]:
                yield entity, key, name_of(records[entity][key]), "" if entity == "territory" else more
                break
