"""Say of a service which special situation it needs."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_service_requires"
down_revision = "20261124_directory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("service", sa.Column("requires", sa.Text()))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("service", "requires")
