"""The territories above a place, by level, as the journal keeps them."""

from collections.abc import Mapping

from sqlalchemy.orm import sessionmaker

from directory.errors import UnknownTerritory
from directory.queries import territory_path

COUNTRY = "country"


class Territories:
    """The levels of the places of a directory, each read once."""

    def __init__(self, sessions: sessionmaker) -> None:
        self._sessions = sessions
        self._known: dict[str, Mapping[str, str]] = {}

    def levels(self, code: str) -> Mapping[str, str]:
        """Return the codes of a place and of those above it by level, Québec aside; empty when no territory has this code.

        Raises:
            SQLAlchemyError: the directory does not answer.
        """
        if code not in self._known:
            self._known[code] = self._read(code)
        return self._known[code]

    def _read(self, code: str) -> Mapping[str, str]:
        try:
            with self._sessions() as session:
                return {each.level: each.code for each in territory_path(session, code) if each.level != COUNTRY}
        except UnknownTerritory:
            return {}
