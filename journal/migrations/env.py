"""Tell Alembic which database and which tables; run by Alembic, never imported."""

from alembic import context

from directory.migrating import run_migrations
from journal.schema import METADATA, VERSION_TABLE
from settings import load_settings

run_migrations(context, METADATA, VERSION_TABLE, load_settings().journal_url)
