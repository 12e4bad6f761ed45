"""Load the seed into the database, as often as wanted, without undoing what staff changed.

Each record is compared three ways: what the seed says, what the database says, and what the seed said
when an import last wrote it (kept in `Revision.seed_digest`).
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.records import ENTITIES, Record, Records, load_records
from directory.revisions import digest, note_revision, seed_digests
from directory.seed import read_seed
from directory.writing import write_record

AUTHOR = "directory import"
# Any fixed number: imports into one PostgreSQL database wait for one another.
IMPORT_LOCK = 20261124

KIND_LABELS = {
    "country": "pays",
    "region": "régions",
    "mrc": "MRC",
    "municipality": "municipalités",
    "sector": "secteurs",
    "place_alias": "autres noms de lieux",
    "postal_area": "zones postales",
    "actor": "organismes",
    "service": "services",
    "answer": "réponses",
}


@dataclass
class ImportReport:
    """What an import did, by kind (the keys of `KIND_LABELS`); conflicts and vanished are `kind key` texts."""

    new: Counter = field(default_factory=Counter)
    changed: Counter = field(default_factory=Counter)
    unchanged: Counter = field(default_factory=Counter)
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    vanished: list[tuple[str, str]] = field(default_factory=list)

    @property
    def wrote(self) -> bool:
        """At least one record was written."""
        return bool(self.new or self.changed)

    def lines(self) -> list[str]:
        """Return the report in French, a line a kind, then what staff should look at."""
        conflicts = Counter(kind for kind, _ in self.conflicts)
        columns = (self.new, self.changed, self.unchanged, conflicts)
        found = [f"{'':22}nouveaux  changés  inchangés  conflits"]
        for kind, label in KIND_LABELS.items():
            counts = [counter[kind] for counter in columns]
            found.append("{:<22}{:>8}{:>9}{:>11}{:>10}".format(label, *counts))
        if not self.wrote and not self.conflicts:
            found.append("Rien à changer\u00a0: le répertoire dit déjà ce que disent les données de départ.")
        found += _listed("Gardés tels que modifiés depuis le dernier import (--overwrite les remplace)", self.conflicts)
        return found + _listed("Absents des données de départ, gardés dans le répertoire", self.vanished)


def _listed(title: str, found: list[tuple[str, str]]) -> list[str]:
    return [f"{title}\u00a0:", *(f"  {KIND_LABELS[kind]}\u00a0: {key}" for kind, key in found)] if found else []


def import_seed(session: Session, seed_dir: Path, overwrite: bool = False) -> ImportReport:
    """Return what changed once the session holds what the seed says; the caller commits.

    A record that staff changed or took away since the last import is kept and listed as a conflict;
    `overwrite` takes the seed's instead. A record that left the seed is listed and kept.

    Raises:
        SeedError: the seed cannot be read whole; nothing was written.
    """
    seed = read_seed(seed_dir)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})
    return _Import(session, overwrite).run(seed)


class _Import:
    """One import under way."""

    def __init__(self, session: Session, overwrite: bool) -> None:
        self._session = session
        self._overwrite = overwrite
        self._digests = seed_digests(session)
        self._held = load_records(session)
        self._report = ImportReport()
        self._kept_away: set[object] = set()

    def run(self, seed: Records) -> ImportReport:
        for entity in ENTITIES:
            for key, record in seed[entity].items():
                self._one(entity, key, record)
            self._session.flush()
        self._note_vanished(seed)
        return self._report

    def _one(self, entity: str, key: str, record: Record) -> None:
        held = self._held[entity].get(key)
        kind = _kind(entity, record)
        if held == record:
            self._adopt(entity, key, record)
            self._report.unchanged[kind] += 1
        elif self._is_conflict(entity, key, held) or record.get("actor") in self._kept_away:
            self._report.conflicts.append((kind, key))
            # The services of an actor that staff took away have nowhere to hang.
            self._kept_away.update([key] if entity == "actor" and held is None else [])
        else:
            write_record(self._session, entity, key, record, exists=held is not None)
            self._note(entity, key, held, record)
            (self._report.changed if held else self._report.new)[kind] += 1

    def _is_conflict(self, entity: str, key: str, held: Record | None) -> bool:
        """Somebody else wrote, changed or took away this record: its digest is not the one of the last import."""
        if self._overwrite:
            return False
        return self._digests.get((entity, key)) != (digest(held) if held else None)

    def _adopt(self, entity: str, key: str, record: Record) -> None:
        # Staff and seed came to say the same: from now on the seed leads again.
        if self._digests.get((entity, key)) != digest(record):
            self._note(entity, key, record, record)

    def _note(self, entity: str, key: str, held: Record | None, record: Record) -> None:
        note_revision(self._session, AUTHOR, entity, key, held, record, digest(record))

    def _note_vanished(self, seed: Records) -> None:
        for entity in ENTITIES:
            for key, record in self._held[entity].items():
                if key not in seed[entity] and (entity, key) in self._digests:
                    self._report.vanished.append((_kind(entity, record), key))


def _kind(entity: str, record: Record) -> str:
    return record["level"] if entity == "territory" else entity
