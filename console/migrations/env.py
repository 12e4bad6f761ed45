"""Tell Alembic which database and which tables; run by Alembic, never imported."""

from alembic import context

from console.models import Base
from console.schema import VERSION_TABLE
from directory.migrating import run_migrations
from settings import load_settings

run_migrations(context, Base.metadata, VERSION_TABLE, load_settings().journal_url)
