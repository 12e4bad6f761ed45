"""The migrations of the directory's tables."""

from pathlib import Path

from directory.migrating import Migrations

MIGRATIONS = Path(__file__).parent / "migrations"
# Our own name, so that another set of tables can live in the same database.
VERSION_TABLE = "alembic_version_directory"

_tables = Migrations(MIGRATIONS, VERSION_TABLE, lock=20261125)
expected_revision, is_known = _tables.expected_revision, _tables.is_known
upgrade, downgrade = _tables.upgrade, _tables.downgrade
