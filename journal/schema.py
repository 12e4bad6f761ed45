"""The migrations of the journal's tables, and all of their models."""

from pathlib import Path

from directory.migrating import Migrations
from journal import kept_models, models, review_models  # noqa: F401 - each adds its tables to the one metadata

METADATA = models.Base.metadata
VERSION_TABLE = "alembic_version_journal"
TABLES = Migrations(Path(__file__).parent / "migrations", VERSION_TABLE, lock=20261130)
