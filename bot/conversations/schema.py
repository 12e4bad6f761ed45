"""The migrations of the conversations' tables; the server runs them when it starts."""

from pathlib import Path

from directory.migrating import Migrations

VERSION_TABLE = "alembic_version_conversations"
TABLES = Migrations(Path(__file__).parent / "migrations", VERSION_TABLE, lock=20261128)
