"""The migrations of the console's tables, which live in the journal's database."""

from pathlib import Path

from directory.database import current_revision_of, reachable
from directory.errors import SchemaMismatch
from directory.migrating import Migrations
from journal.store import SETTING, Journal

VERSION_TABLE = "alembic_version_console"
TABLES = Migrations(Path(__file__).parent / "migrations", VERSION_TABLE, lock=20261131)


def prepare(journal: Journal) -> None:
    """Make the tables of the journal and of the console, or bring them up to date.

    Raises:
        DatabaseUnreachable, SchemaMismatch: as their names say.
    """
    journal.prepare()
    with reachable(journal.engine, SETTING) as connection:
        found = current_revision_of(connection, VERSION_TABLE)
        if found is not None and not TABLES.is_known(found):
            raise SchemaMismatch(f"La console vient d’une version plus récente ({found})\u00a0: mettez le programme à jour.")
        TABLES.upgrade(connection)
