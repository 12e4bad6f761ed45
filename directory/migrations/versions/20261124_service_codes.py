"""Keep the needs, legal forms and stages of a service in its own row: a routing reads one table instead of four."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_service_codes"
down_revision = "20261124_service_requires"
branch_labels = None
depends_on = None

# Column of the service, table that held its codes, column of that table.
_MOVED = (("needs", "service_need", "need"), ("legal_forms", "service_form", "legal_form"), ("stages", "service_stage", "stage"))


def upgrade() -> None:
    """Make the change."""
    for column, table, code in _MOVED:
        op.add_column("service", sa.Column(column, sa.String(), nullable=False, server_default=""))
        _fill_column(column, table, code)
        op.drop_table(table)


def downgrade() -> None:
    """Take the change back."""
    for column, table, code in _MOVED:
        _make_table(table, code)
        _fill_table(column, table, code)
        op.drop_column("service", column)


def _fill_column(column: str, table: str, code: str) -> None:
    held: dict[int, list[str]] = {}
    codes = sa.table(table, sa.column("service_id"), sa.column(code))
    for service, value in op.get_bind().execute(sa.select(codes.c.service_id, codes.c[code]).order_by(codes.c[code])):
        held.setdefault(service, []).append(value)
    services = sa.table("service", sa.column("id"), sa.column(column))
    change = services.update().where(services.c.id == sa.bindparam("service")).values({column: sa.bindparam("codes")})
    if held:
        op.get_bind().execute(change, [{"service": service, "codes": f"|{'|'.join(values)}|"} for service, values in held.items()])


def _make_table(table: str, code: str) -> None:
    op.create_table(
        table,
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column(code, sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f(f"fk_{table}_service_id_service"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("service_id", code, name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_{code}_service_id"), table, [code, "service_id"])


def _fill_table(column: str, table: str, code: str) -> None:
    services = sa.table("service", sa.column("id"), sa.column(column))
    rows = op.get_bind().execute(sa.select(services.c.id, services.c[column]).where(services.c[column] != "")).all()
    codes = [{"service_id": service, code: value} for service, held in rows for value in held[1:-1].split("|")]
    if codes:
        op.bulk_insert(sa.table(table, sa.column("service_id"), sa.column(code)), codes)
