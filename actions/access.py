"""What every handler needs to read the directory: a session, the place index, today's date, intent labels."""

import threading
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy.orm import Session, sessionmaker

from directory.database import make_engine, session_factory
from directory.places import PlaceIndex
from directory.queries import directory_version
from settings import PROJECT_ROOT, load_settings

_REGISTRY = PROJECT_ROOT / "data" / "nlu" / "intents.yml"
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Access:
    """The directory during one turn. `today` is the date in Québec."""

    session: Session
    places: PlaceIndex
    today: date


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
        return Access(session, self._places, datetime.now(ZoneInfo("America/Toronto")).date())


@lru_cache(maxsize=1)
def intent_labels(path: Path = _REGISTRY) -> dict[str, str]:
    """Return the button titles of intents, by label; a label without one is not offered."""
    registry = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {name: said["label"] for name, said in registry.items() if isinstance(said, dict) and said.get("label")}
