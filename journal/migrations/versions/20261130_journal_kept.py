"""Make the tables of what outlives the conversations."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_journal_kept"
down_revision = "20261130_journal_staff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "journal_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("region", sa.String(length=32), nullable=True),
        sa.Column("mrc", sa.String(length=64), nullable=True),
        sa.Column("need", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("unmet_need", sa.String(length=32), nullable=True),
        sa.Column("waited_for", sa.String(length=16), nullable=True),
        sa.Column("rating", sa.String(length=8), nullable=True),
        sa.Column("conversations", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_count")),
    )
    op.create_index(op.f("ix_journal_count_day"), "journal_count", ["day"], unique=False)
    op.create_table(
        "journal_incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.String(length=64), nullable=False),
        sa.Column("discovered_on", sa.Date(), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("circumstances", sa.Text(), nullable=False),
        sa.Column("people", sa.String(length=64), nullable=False),
        sa.Column("serious_risk", sa.Boolean(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("commission_told_on", sa.Date(), nullable=True),
        sa.Column("people_told_on", sa.Date(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("earlier", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_incident")),
    )
    op.create_table(
        "journal_past_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("actor", sa.String(length=96), nullable=False),
        sa.Column("conversations", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_past_proposal")),
    )
    op.create_index(op.f("ix_journal_past_proposal_day"), "journal_past_proposal", ["day"], unique=False)
    op.create_table(
        "journal_past_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("label", sa.String(length=96), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_past_question")),
    )
    op.create_index(op.f("ix_journal_past_question_day"), "journal_past_question", ["day"], unique=False)
    op.create_table(
        "journal_purge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("proof", sa.String(length=16), nullable=True),
        sa.Column("conversations", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_purge")),
    )
    op.create_index(op.f("ix_journal_purge_at"), "journal_purge", ["at"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("journal_purge")
    op.drop_table("journal_past_question")
    op.drop_table("journal_past_proposal")
    op.drop_table("journal_incident")
    op.drop_table("journal_count")
