"""The migrations of the conversations’ tables, run by Alembic."""
