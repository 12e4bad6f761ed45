"""The migrations of the journal’s tables, run by Alembic."""
