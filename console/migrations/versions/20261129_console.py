"""Make the tables of the console; the audit trail refuses whatever is no addition."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_console"
down_revision = None
branch_labels = None
depends_on = None

_REFUSE_SQLITE = (
    "CREATE TRIGGER console_audit_no_update BEFORE UPDATE ON console_audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END",
    "CREATE TRIGGER console_audit_no_delete BEFORE DELETE ON console_audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END",
)
_REFUSE_POSTGRESQL = (
    "CREATE FUNCTION console_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit trail is only added to'; END $$",
    "CREATE TRIGGER console_audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON console_audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION console_audit_refuse()",
)


def upgrade() -> None:
    """Make the change."""
    _accounts()
    _sessions()
    _audit()
    refuse = _REFUSE_SQLITE if op.get_bind().dialect.name == "sqlite" else _REFUSE_POSTGRESQL
    for statement in refuse:
        op.execute(statement)


def _accounts() -> None:
    op.create_table(
        "console_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("recovery_codes", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("oidc_subject", sa.String(length=255), nullable=True),
        sa.Column("link_nonce", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_console_account")),
        sa.UniqueConstraint("username", name=op.f("uq_console_account_username")),
        sa.UniqueConstraint("email", name=op.f("uq_console_account_email")),
        sa.UniqueConstraint("oidc_subject", name=op.f("uq_console_account_oidc_subject")),
    )


def _sessions() -> None:
    op.create_table(
        "console_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["console_account.id"], name=op.f("fk_console_session_account_id_console_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_console_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_console_session_digest")),
    )
    op.create_index(op.f("ix_console_session_account_id"), "console_session", ["account_id"])
    op.create_index(op.f("ix_console_session_seen_at"), "console_session", ["seen_at"])
    op.create_table(
        "console_tries",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_console_tries")),
    )
    op.create_index(op.f("ix_console_tries_last_at"), "console_tries", ["last_at"])


def _audit() -> None:
    op.create_table(
        "console_audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_console_audit")),
    )
    for column in ("at", "account", "action", "subject"):
        op.create_index(op.f(f"ix_console_audit_{column}"), "console_audit", [column])


def downgrade() -> None:
    """Take the change back."""
    for table in ("console_audit", "console_tries", "console_session", "console_account"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION console_audit_refuse()")
