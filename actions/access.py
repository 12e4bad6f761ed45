"""What every handler needs to read the directory: a session, the place index, today's date, intent labels."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import yaml
from sqlalchemy.orm import Session, sessionmaker

from directory.database import make_engine, session_factory
from directory.models import Answer
from directory.places import PlaceIndex
from directory.queries import answers_query, directory_version
from directory.text import QUEBEC
from settings import PROJECT_ROOT, load_settings

_REGISTRY = PROJECT_ROOT / "data" / "nlu" / "intents.yml"
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Access:
    """The directory during one turn. `today` is the date in Québec."""

    session: Session
    places: PlaceIndex
    today: date
    _answers: dict[str, Answer | None] = field(default_factory=dict, repr=False)

    def answers(self, slugs: Sequence[str]) -> dict[str, Answer]:
        """Return by slug the answers of those topics that exist; each is read once a turn, the missing ones together."""
        if missing := [slug for slug in slugs if slug not in self._answers]:
            found = {answer.slug: answer for answer in self.session.scalars(answers_query().where(Answer.slug.in_(missing)))}
            self._answers.update({slug: found.get(slug) for slug in missing})
        return {slug: answer for slug in slugs if (answer := self._answers[slug])}


@dataclass
class Directory:
    """The directory of one process; the place index is read again when the directory changes."""

    sessions: sessionmaker
    _version: int = -1
    _places: PlaceIndex | None = field(default=None, repr=False)

    @classmethod
    def from_settings(cls) -> "Directory":
        """Return the directory that the settings name; nothing is opened yet."""
        return cls(session_factory(make_engine(load_settings().database_url)))

    def access(self, session: Session) -> Access:
        """Return what handlers need, over `session`."""
        version = directory_version(session)
        with _LOCK:
            if self._places is None or version != self._version:
                self._version, self._places = version, PlaceIndex.load(session)
        return Access(session, self._places, datetime.now(QUEBEC).date())


@lru_cache(maxsize=1)
def intent_labels(path: Path = _REGISTRY) -> dict[str, str]:
    """Return the button titles of intents, by label; a label without one is not offered."""
    registry = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {name: said["label"] for name, said in registry.items() if isinstance(said, dict) and said.get("label")}
