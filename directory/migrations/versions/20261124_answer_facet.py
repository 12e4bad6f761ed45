"""Say of an answer what it is about and which fact it tells."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_answer_facet"
down_revision = "20261124_service_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("answer", sa.Column("subject", sa.String()))
    op.add_column("answer", sa.Column("facet", sa.String()))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("answer", "facet")
    op.drop_column("answer", "subject")
