"""Know what the journal was not told yet, and conversations by their digest."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "20261130_journal_due"
down_revision = "20261129_messenger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "journal_due",
        sa.Column("conversation_id", sa.String(length=80), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_journal_due_conversation_id_conversation"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_journal_due")),
    )
    op.add_column("conversation", sa.Column("digest", sa.String(length=64), nullable=True))
    op.add_column("erasure", sa.Column("journaled", sa.Boolean(), nullable=False, server_default=sa.false()))
    _fill()
    # A constraint would make SQLite copy the table, and take away all that hangs from it.
    op.create_index(op.f("ix_conversation_digest"), "conversation", ["digest"], unique=True)
    op.create_index(op.f("ix_erasure_journaled"), "erasure", ["journaled"])


def _fill() -> None:
    """Give each conversation its digest; the journal, which is new, is told of all of them."""
    connection = op.get_bind()
    conversation = sa.table("conversation", sa.column("id"), sa.column("digest"))
    due = sa.table("journal_due", sa.column("conversation_id"), sa.column("since"), sa.column("mark"))
    for (name,) in connection.execute(sa.select(conversation.c.id)).all():
        digest = hashlib.sha256(name.encode()).hexdigest()
        connection.execute(sa.update(conversation).where(conversation.c.id == name).values(digest=digest))
        connection.execute(sa.insert(due).values(conversation_id=name, since=0, mark=1))


def downgrade() -> None:
    """Undo it."""
    op.drop_index(op.f("ix_erasure_journaled"), table_name="erasure")
    op.drop_column("erasure", "journaled")
    op.drop_index(op.f("ix_conversation_digest"), table_name="conversation")
    op.drop_column("conversation", "digest")
    op.drop_table("journal_due")
