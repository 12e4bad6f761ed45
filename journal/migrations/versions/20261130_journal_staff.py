"""Make the tables of what staff make of the conversations."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_journal_staff"
down_revision = "20261130_journal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "journal_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_view")),
        sa.UniqueConstraint("author", "name", name=op.f("uq_journal_view_author_name")),
    )
    op.create_table(
        "journal_flag",
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["journal_conversation.id"],
            name=op.f("fk_journal_flag_conversation_id_journal_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_journal_flag")),
    )
    op.create_table(
        "journal_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["journal_conversation.id"],
            name=op.f("fk_journal_note_conversation_id_journal_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_note")),
    )
    op.create_index(op.f("ix_journal_note_conversation_id"), "journal_note", ["conversation_id"], unique=False)
    op.create_table(
        "journal_seen",
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["journal_conversation.id"],
            name=op.f("fk_journal_seen_conversation_id_journal_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "account", name=op.f("pk_journal_seen")),
    )
    op.create_table(
        "journal_tag",
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["journal_conversation.id"],
            name=op.f("fk_journal_tag_conversation_id_journal_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "name", name=op.f("pk_journal_tag")),
    )
    op.create_index(op.f("ix_journal_tag_name_conversation_id"), "journal_tag", ["name", "conversation_id"], unique=False)
    op.create_table(
        "journal_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("heard", sa.String(length=64), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("label", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turn_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("state IN ('accepted', 'ignored', 'exported')", name=op.f("ck_journal_correction_state")),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["journal_turn.id"], name=op.f("fk_journal_correction_turn_id_journal_turn"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_correction")),
        sa.UniqueConstraint("heard", name=op.f("uq_journal_correction_heard")),
    )
    op.create_index(op.f("ix_journal_correction_decided_at"), "journal_correction", ["decided_at"], unique=False)
    op.create_index(op.f("ix_journal_correction_state"), "journal_correction", ["state"], unique=False)
    op.create_index(op.f("ix_journal_correction_turn_id"), "journal_correction", ["turn_id"], unique=False)
    op.create_table(
        "journal_mention",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["journal_note.id"], name=op.f("fk_journal_mention_note_id_journal_note"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("note_id", "account", name=op.f("pk_journal_mention")),
    )
    op.create_index(op.f("ix_journal_mention_account_read_at"), "journal_mention", ["account", "read_at"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("journal_mention")
    op.drop_table("journal_correction")
    op.drop_table("journal_tag")
    op.drop_table("journal_seen")
    op.drop_table("journal_note")
    op.drop_table("journal_flag")
    op.drop_table("journal_view")
