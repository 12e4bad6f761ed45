"""Keep what the last visit of each web address found, and the files of records that wait to be confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_links_and_imports"
down_revision = "20261124_answer_facet"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "link_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("problem", sa.Text()),
        sa.Column("final_url", sa.Text()),
        sa.CheckConstraint(
            "status IN ('ok', 'moved', 'guarded', 'failing', 'dead', 'refused')",
            name=op.f("ck_link_check_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_check")),
        sa.UniqueConstraint("url", name=op.f("uq_link_check_url")),
    )
    op.create_index(op.f("ix_link_check_checked_at"), "link_check", ["checked_at"])
    op.create_table(
        "import_draft",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_draft")),
    )
    op.create_index(op.f("ix_import_draft_at"), "import_draft", ["at"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("import_draft")
    op.drop_table("link_check")
