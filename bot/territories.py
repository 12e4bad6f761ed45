"""The territories above a place, by level, as the journal keeps them."""

import time
from collections.abc import Mapping

from sqlalchemy.orm import sessionmaker

from directory.errors import UnknownTerritory
from directory.queries import territory_path

COUNTRY = "country"
# What staff change of the places is seen after as long.
KEPT_S = 600


class Territories:
    """The levels of the places of a directory, each read every ten minutes at most."""

    def __init__(self, sessions: sessionmaker) -> None:
        self._sessions = sessions
        self._known: dict[str, Mapping[str, str]] = {}
        self._since = time.monotonic()

    def levels(self, code: str) -> Mapping[str, str]:
        """Return the codes of a place and of those above it by level, Québec aside; empty when no territory has this code.

        Raises:
            SQLAlchemyError: the directory does not answer.
        """
        if time.monotonic() - self._since > KEPT_S:
            self._known, self._since = {}, time.monotonic()
        if code not in self._known:
            self._known[code] = self._read(code)
        return self._known[code]

    def _read(self, code: str) -> Mapping[str, str]:
        try:
            with self._sessions() as session:
                return {each.level: each.code for each in territory_path(session, code) if each.level != COUNTRY}
        except UnknownTerritory:
            return {}
