"""Make the tables of the journal: what follows from the conversations."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261130_journal"
down_revision = None
branch_labels = None
depends_on = None


RARE = {
    "flagged": "flags > 0",
    "thumbs_down": "thumbs_down > 0",
    "thumbs_up": "thumbs_up > 0",
    "unheld": "unheld > 0",
    "unmet": "unmet_need IS NOT NULL",
}
COUNTED = ["begun_on", "outcome", "unmet_need", "need", "region", "mrc", "channel", "waited_for", "rating", "thumbs_down", "thumbs_up"]


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "journal_conversation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("least_confidence", sa.Float(), nullable=True),
        sa.Column("fallbacks", sa.SmallInteger(), nullable=False),
        sa.Column("unheld", sa.SmallInteger(), nullable=False),
        sa.Column("failures", sa.SmallInteger(), nullable=False),
        sa.Column("thumbs_up", sa.SmallInteger(), nullable=False),
        sa.Column("thumbs_down", sa.SmallInteger(), nullable=False),
        sa.Column("rating", sa.String(length=8), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("need", sa.String(length=32), nullable=True),
        sa.Column("legal_form", sa.String(length=32), nullable=True),
        sa.Column("stage", sa.String(length=32), nullable=True),
        sa.Column("region", sa.String(length=32), nullable=True),
        sa.Column("mrc", sa.String(length=64), nullable=True),
        sa.Column("municipality", sa.String(length=64), nullable=True),
        sa.Column("sector", sa.String(length=96), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("unmet_need", sa.String(length=32), nullable=True),
        sa.Column("waited_for", sa.String(length=16), nullable=True),
        sa.Column("lot", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("assignee", sa.String(length=64), nullable=True),
        sa.Column("flags", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('proposed', 'nothing_found', 'abandoned', 'answered', 'unanswered', 'greeted')",
            name=op.f("ck_journal_conversation_outcome"),
        ),
        sa.CheckConstraint("status IN ('to_review', 'done', 'later')", name=op.f("ck_journal_conversation_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_conversation")),
        sa.UniqueConstraint("digest", name=op.f("uq_journal_conversation_digest")),
    )
    op.create_index(op.f("ix_journal_conversation_active_at_id"), "journal_conversation", ["active_at", "id"], unique=False)
    op.create_index(op.f("ix_journal_conversation_assignee_active_at"), "journal_conversation", ["assignee", "active_at"], unique=False)
    for column in ("begun_at", "least_confidence", "lot", "messages"):
        op.create_index(op.f(f"ix_journal_conversation_{column}"), "journal_conversation", [column], unique=False)
    for name, condition in RARE.items():
        op.create_index(f"ix_journal_conversation_{name}", "journal_conversation", ["active_at", "id"], unique=False, **_where(condition))
    op.create_index("ix_journal_conversation_counted", "journal_conversation", COUNTED, unique=False)
    op.create_index(op.f("ix_journal_conversation_channel_active_at"), "journal_conversation", ["channel", "active_at"], unique=False)
    op.create_index(op.f("ix_journal_conversation_kept_active_at"), "journal_conversation", ["kept", "active_at"], unique=False)
    op.create_index(op.f("ix_journal_conversation_mrc_active_at"), "journal_conversation", ["mrc", "active_at"], unique=False)
    op.create_index(
        op.f("ix_journal_conversation_municipality_active_at"), "journal_conversation", ["municipality", "active_at"], unique=False
    )
    op.create_index(op.f("ix_journal_conversation_need_active_at"), "journal_conversation", ["need", "active_at"], unique=False)
    op.create_index(op.f("ix_journal_conversation_outcome_active_at"), "journal_conversation", ["outcome", "active_at"], unique=False)
    op.create_index(op.f("ix_journal_conversation_region_active_at"), "journal_conversation", ["region", "active_at"], unique=False)
    op.create_index(op.f("ix_journal_conversation_sector_active_at"), "journal_conversation", ["sector", "active_at"], unique=False)
    op.create_index(op.f("ix_journal_conversation_status_active_at"), "journal_conversation", ["status", "active_at"], unique=False)
    op.create_table(
        "journal_erased",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_journal_erased")),
    )
    op.create_index(op.f("ix_journal_erased_erased_at"), "journal_erased", ["erased_at"], unique=False)
    op.create_table(
        "journal_request",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proof", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_journal_request")),
    )
    op.create_index(op.f("ix_journal_request_done_at"), "journal_request", ["done_at"], unique=False)
    op.create_table(
        "journal_proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor", sa.String(length=96), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["journal_conversation.id"],
            name=op.f("fk_journal_proposal_conversation_id_journal_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_proposal")),
        sa.UniqueConstraint("conversation_id", "actor", name=op.f("uq_journal_proposal_conversation_id_actor")),
    )
    op.create_index(op.f("ix_journal_proposal_actor_day"), "journal_proposal", ["actor", "day"], unique=False)
    op.create_table(
        "journal_turn",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=True),
        sa.Column("label", sa.String(length=96), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("fallback", sa.Boolean(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("rephrased", sa.Boolean(), nullable=False),
        sa.Column("unheld", sa.String(length=64), nullable=True),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("rating", sa.String(length=8), nullable=True),
        sa.Column("model", sa.String(length=32), nullable=True),
        sa.Column("latency_ms", sa.Integer(), nullable=True),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("replies", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["journal_conversation.id"],
            name=op.f("fk_journal_turn_conversation_id_journal_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_turn")),
        sa.UniqueConstraint("conversation_id", "seq", name=op.f("uq_journal_turn_conversation_id_seq")),
    )
    op.create_index(op.f("ix_journal_turn_intent_conversation_id"), "journal_turn", ["intent", "conversation_id"], unique=False)
    op.create_index(op.f("ix_journal_turn_label_conversation_id"), "journal_turn", ["label", "conversation_id"], unique=False)
    for name, columns, condition in (
        ("to_mend", ["at"], "doubtful OR rephrased OR rating = 'down'"),
        ("unanswered", ["label", "day", "conversation_id"], "fallback OR unheld IS NOT NULL"),
        ("unheld", ["unheld", "day", "conversation_id"], "unheld IS NOT NULL"),
    ):
        op.create_index(f"ix_journal_turn_{name}", "journal_turn", columns, unique=False, **_where(condition))
    if op.get_bind().dialect.name == "postgresql":
        # It keeps a hundred labels by default, and would believe any other, even one of no turn, to be in thousands.
        op.execute("ALTER TABLE journal_turn ALTER COLUMN label SET STATISTICS 500")
    op.create_table(
        "journal_words",
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["journal_conversation.id"],
            name=op.f("fk_journal_words_conversation_id_journal_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_journal_words")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("journal_words")
    op.drop_table("journal_turn")
    op.drop_table("journal_proposal")
    op.drop_table("journal_request")
    op.drop_table("journal_erased")
    op.drop_table("journal_conversation")
