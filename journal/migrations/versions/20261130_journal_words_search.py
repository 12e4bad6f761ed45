"""Index the words of conversations where the database can (PostgreSQL)."""

from alembic import op

revision = "20261130_journal_words_search"
down_revision = "20261130_journal_kept"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "ALTER TABLE journal_words ADD COLUMN vector tsvector GENERATED ALWAYS AS (to_tsvector('simple', left(words, 200000))) STORED"
    )
    # PostgreSQL knows a thousand words by default, the rarest of which is in thousands of conversations: it would believe so of all others.
    op.execute("ALTER TABLE journal_words ALTER COLUMN vector SET STATISTICS 500")
    op.create_index("ix_journal_words_vector", "journal_words", ["vector"], postgresql_using="gin")


def downgrade() -> None:
    """Undo it."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_index("ix_journal_words_vector", "journal_words")
    op.drop_column("journal_words", "vector")
