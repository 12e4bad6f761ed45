"""Tell Alembic which database and which tables; run by Alembic, never imported."""

from alembic import context

from directory.migrating import run_migrations
from directory.models import Base
from directory.schema import VERSION_TABLE
from settings import load_settings

run_migrations(context, Base.metadata, VERSION_TABLE, load_settings().database_url)
