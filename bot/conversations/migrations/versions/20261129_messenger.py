"""Make the tables of the messages that are pushed, and of Messenger's threads; a message may be one that cannot be read."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "20261129_messenger"
down_revision = "20261128_conversations"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('text', 'choice', 'restart')"
_KINDS_NOW = "kind IN ('text', 'choice', 'restart', 'media')"


def _alter_inbox(kinds: str, change: Callable[[BatchOperations], None]) -> None:
    """Change the kinds that a message may have, and do `change`; SQLite makes the table again."""
    with op.batch_alter_table("inbox") as inbox:
        change(inbox)
        inbox.drop_constraint(op.f("ck_inbox_kind"), type_="check")
        inbox.create_check_constraint(op.f("ck_inbox_kind"), kinds)


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"], ["conversation.id"], name=op.f(f"fk_{table}_conversation_id_conversation"), ondelete="CASCADE"
    )


def upgrade() -> None:
    """Make the change."""
    _alter_inbox(_KINDS_NOW, lambda inbox: inbox.add_column(sa.Column("reintroduce", sa.String(length=8), nullable=True)))

    op.create_table(
        "delivery",
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sa.Column("doubtful", sa.Integer(), nullable=False),
        sa.Column("trying_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('due', 'sent', 'stopped')", name=op.f("ck_delivery_state")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_delivery_outbox_id_outbox"), ondelete="CASCADE"),
        _of_conversation("delivery"),
        sa.PrimaryKeyConstraint("outbox_id", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_conversation_id_seq"), "delivery", ["conversation_id", "seq"])
    op.create_index(op.f("ix_delivery_state_next_at"), "delivery", ["state", "next_at"])

    op.create_table(
        "messenger_thread",
        sa.Column("conversation_id", sa.String(length=80), nullable=False),
        sa.Column("page_id", sa.String(length=32), nullable=False),
        sa.Column("psid", sa.String(length=32), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        _of_conversation("messenger_thread"),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_messenger_thread")),
        sa.UniqueConstraint("page_id", "psid", name=op.f("uq_messenger_thread_page_id_psid")),
    )
    op.create_table(
        "messenger_hold",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("human_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bot_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_messenger_hold")),
    )
    op.create_index(op.f("ix_messenger_hold_changed_at"), "messenger_hold", ["changed_at"])
    op.create_table(
        "messenger_event",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_messenger_event")),
    )
    op.create_index(op.f("ix_messenger_event_taken_at"), "messenger_event", ["taken_at"])
    op.create_table(
        "messenger_deletion",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proof", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_messenger_deletion")),
        sa.UniqueConstraint("digest", name=op.f("uq_messenger_deletion_digest")),
    )
    op.create_index(op.f("ix_messenger_deletion_asked_at"), "messenger_deletion", ["asked_at"])


def downgrade() -> None:
    """Take the change back; what cannot be told without it goes."""
    op.drop_index(op.f("ix_messenger_deletion_asked_at"), "messenger_deletion")

    op.drop_table("messenger_deletion")
    op.drop_index(op.f("ix_messenger_event_taken_at"), "messenger_event")

    op.drop_table("messenger_event")
    op.drop_index(op.f("ix_messenger_hold_changed_at"), "messenger_hold")

    op.drop_table("messenger_hold")
    op.drop_table("messenger_thread")
    op.drop_index(op.f("ix_delivery_state_next_at"), "delivery")
    op.drop_index(op.f("ix_delivery_conversation_id_seq"), "delivery")

    op.drop_table("delivery")
    op.execute("UPDATE inbox SET kind = 'text' WHERE kind = 'media'")
    _alter_inbox(_KINDS, lambda inbox: inbox.drop_column("reintroduce"))
