"""Tell Alembic which database and which tables; run by Alembic, never imported."""

from alembic import context

from bot.conversations.models import Base
from bot.conversations.schema import VERSION_TABLE
from directory.migrating import run_migrations
from settings import load_settings

run_migrations(context, Base.metadata, VERSION_TABLE, load_settings().conversations_url)
