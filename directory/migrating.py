"""The migrations of a set of tables, run from code so that no working folder matters.

Sets of tables may share one database: each has a version table of its own.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.engine import Connection

from directory.errors import UnknownRevision

# Alembic keeps the migration that runs in its module: a process runs one at a time.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Migrations:
    """The migrations of `folder`. `lock` is any fixed number: upgrades of one PostgreSQL database wait for one another."""

    folder: Path
    version_table: str
    lock: int

    def _config(self, connection: Connection | None = None) -> Config:
        config = Config()
        config.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        return config

    def expected_revision(self) -> str:
        """Return the revision that this version of the program needs: the newest migration."""
        return _newest(self)

    def is_known(self, revision: str) -> bool:
        """This version of the program has the migration called `revision`."""
        return any(each.revision == revision for each in ScriptDirectory.from_config(self._config()).walk_revisions())

    def upgrade(self, connection: Connection, revision: str = "head") -> None:
        """Bring the tables up to `revision`, in the connection's transaction.

        Raises:
            UnknownRevision: no migration leads there.
        """
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": self.lock})
        with self._known(revision), _ONE_AT_A_TIME:
            command.upgrade(self._config(connection), revision)

    def downgrade(self, connection: Connection, revision: str = "-1") -> None:
        """Bring the tables back to `revision` ("base" takes them all away), in the connection's transaction.

        Raises:
            UnknownRevision: no migration leads there.
        """
        with self._known(revision), _ONE_AT_A_TIME:
            command.downgrade(self._config(connection), revision)

    @contextmanager
    def _known(self, revision: str) -> Iterator[None]:
        try:
            yield
        except CommandError as error:
            raise UnknownRevision(revision, self.expected_revision()) from error


@cache
def _newest(migrations: Migrations) -> str:
    return ScriptDirectory.from_config(migrations._config()).get_current_head()


def run_migrations(context: Any, metadata: MetaData, version_table: str, database_url: str) -> None:
    """Run the asked migrations, in an Alembic environment: on the connection that the program gave, else on `database_url`."""
    given = context.config.attributes.get("connection")
    if given is None:
        # People who run Alembic itself, to write a migration.
        with create_engine(database_url, future=True).begin() as connection:
            _migrate(context, connection, metadata, version_table)
    else:
        _migrate(context, given, metadata, version_table)


def _migrate(context: Any, connection: Connection, metadata: MetaData, version_table: str) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=version_table,
        # SQLite cannot alter a column: Alembic then copies the table.
        render_as_batch=connection.dialect.name == "sqlite",
        # Tables of other parts of the program may share the database.
        include_name=lambda name, kind, _parents: kind != "table" or name in metadata.tables,
    )
    with context.begin_transaction():
        context.run_migrations()
