"""The migrations of the directory's tables, run from code so that no working folder matters."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text
from sqlalchemy.engine import Connection

from directory.errors import UnknownRevision

MIGRATIONS = Path(__file__).parent / "migrations"
# Our own name, so that another set of tables can live in the same database.
VERSION_TABLE = "alembic_version_directory"
# Any fixed number: upgrades of one PostgreSQL database wait for one another.
MIGRATION_LOCK = 20261125


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def expected_revision() -> str:
    """Return the revision that this version of the program needs: the newest migration."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_known(revision: str) -> bool:
    """This version of the program has the migration called `revision`."""
    return any(each.revision == revision for each in ScriptDirectory.from_config(_config()).walk_revisions())


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables up to `revision`, in the connection's transaction.

    Raises:
        UnknownRevision: no migration leads there.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    with _known(revision):
        command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str = "-1") -> None:
    """Bring the tables back to `revision` ("base" takes them all away), in the connection's transaction.

    Raises:
        UnknownRevision: no migration leads there.
    """
    with _known(revision):
        command.downgrade(_config(connection), revision)


@contextmanager
def _known(revision: str) -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        raise UnknownRevision(revision, expected_revision()) from error
