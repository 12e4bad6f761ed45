"""Make the tables of the directory."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_directory"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "actor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("successor_slug", sa.String()),
        sa.Column("dedicated", sa.Boolean(), nullable=False),
        sa.Column("website", sa.String()),
        sa.Column("phone", sa.String()),
        sa.Column("email", sa.String()),
        sa.Column("address", sa.String()),
        sa.Column("city", sa.String()),
        sa.Column("verified_on", sa.Date()),
        sa.Column("source", sa.Text()),
        sa.Column("other_sources", sa.JSON(), nullable=False),
        sa.Column("as_of", sa.String()),
        sa.Column("note", sa.Text()),
        sa.Column("summary", sa.Text()),
        sa.CheckConstraint("status IN ('active', 'to_verify', 'closed')", name=op.f("ck_actor_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor")),
        sa.UniqueConstraint("slug", name=op.f("uq_actor_slug")),
    )
    op.create_index(op.f("ix_actor_kind_status"), "actor", ["kind", "status"])

    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("actor_slug", sa.String()),
        sa.Column("service_slug", sa.String()),
        sa.Column("legal_form", sa.String()),
        sa.Column("stage", sa.String()),
        sa.Column("twin", sa.String()),
        sa.Column("next", sa.JSON(), nullable=False),
        sa.Column("see", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("as_of", sa.String()),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'to_verify', 'closed')", name=op.f("ck_answer_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("slug", name=op.f("uq_answer_slug")),
    )
    op.create_index(op.f("ix_answer_actor_slug"), "answer", ["actor_slug"])
    op.create_index(op.f("ix_answer_service_slug"), "answer", ["service_slug"])

    op.create_table(
        "directory_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_directory_version_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_version")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.Column("seed_digest", sa.String()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_index(op.f("ix_revision_at"), "revision", ["at"])
    op.create_index(op.f("ix_revision_entity_key"), "revision", ["entity", "key"])

    op.create_table(
        "territory",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String()),
        sa.Column("parent_code", sa.String()),
        sa.Column("website", sa.String()),
        sa.Column("phone", sa.String()),
        sa.Column("email", sa.String()),
        sa.Column("development_service", sa.Text()),
        sa.Column("source", sa.Text()),
        sa.Column("as_of", sa.String()),
        sa.CheckConstraint("level IN ('country', 'region', 'mrc', 'municipality', 'sector')", name=op.f("ck_territory_level")),
        sa.ForeignKeyConstraint(["parent_code"], ["territory.code"], name=op.f("fk_territory_parent_code_territory")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_territory")),
    )
    op.create_index(op.f("ix_territory_level_name"), "territory", ["level", "name"])
    op.create_index(op.f("ix_territory_parent_code"), "territory", ["parent_code"])

    op.create_table(
        "actor_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_actor_alias_actor_id_actor"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor_alias")),
        sa.UniqueConstraint("actor_id", "name", name=op.f("uq_actor_alias_actor_id_name")),
    )
    op.create_index(op.f("ix_actor_alias_folded"), "actor_alias", ["folded"])

    op.create_table(
        "coverage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("territory_code", sa.String(), nullable=False),
        sa.Column("part", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_coverage_actor_id_actor"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["territory_code"], ["territory.code"], name=op.f("fk_coverage_territory_code_territory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage")),
        sa.UniqueConstraint("territory_code", "actor_id", name=op.f("uq_coverage_territory_code_actor_id")),
    )
    op.create_index(op.f("ix_coverage_actor_id"), "coverage", ["actor_id"])

    op.create_table(
        "postal_area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("territory_code", sa.String(), nullable=False),
        sa.Column("precision", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["territory_code"], ["territory.code"], name=op.f("fk_postal_area_territory_code_territory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postal_area")),
        sa.UniqueConstraint("prefix", "territory_code", name=op.f("uq_postal_area_prefix_territory_code")),
    )
    op.create_index(op.f("ix_postal_area_territory_code"), "postal_area", ["territory_code"])

    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("category", sa.String()),
        sa.Column("summary", sa.Text()),
        sa.Column("amount_min", sa.Integer()),
        sa.Column("amount_max", sa.Integer()),
        sa.Column("share_of_cost_max", sa.Float()),
        sa.Column("cost", sa.Text()),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("uses", sa.JSON(), nullable=False),
        sa.Column("how_to_apply", sa.Text()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("other_sources", sa.JSON(), nullable=False),
        sa.Column("as_of", sa.String()),
        sa.Column("note", sa.Text()),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'to_verify', 'closed')", name=op.f("ck_service_status")),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_service_actor_id_actor"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("slug", name=op.f("uq_service_slug")),
    )
    op.create_index(op.f("ix_service_actor_id"), "service", ["actor_id"])

    op.create_table(
        "territory_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territory_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.ForeignKeyConstraint(
            ["territory_code"],
            ["territory.code"],
            name=op.f("fk_territory_alias_territory_code_territory"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory_alias")),
        sa.UniqueConstraint("territory_code", "name", name=op.f("uq_territory_alias_territory_code_name")),
    )
    op.create_index(op.f("ix_territory_alias_folded"), "territory_alias", ["folded"])

    op.create_table(
        "service_form",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("legal_form", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_form_service_id_service"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("service_id", "legal_form", name=op.f("pk_service_form")),
    )
    op.create_index(op.f("ix_service_form_legal_form_service_id"), "service_form", ["legal_form", "service_id"])

    op.create_table(
        "service_need",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("need", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_need_service_id_service"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("service_id", "need", name=op.f("pk_service_need")),
    )
    op.create_index(op.f("ix_service_need_need_service_id"), "service_need", ["need", "service_id"])

    op.create_table(
        "service_stage",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_stage_service_id_service"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("service_id", "stage", name=op.f("pk_service_stage")),
    )
    op.create_index(op.f("ix_service_stage_stage_service_id"), "service_stage", ["stage", "service_id"])
    op.execute("INSERT INTO directory_version (id, counter) VALUES (1, 0)")


def downgrade() -> None:
    """Undo it."""
    for table in (
        "service_stage",
        "service_need",
        "service_form",
        "territory_alias",
        "service",
        "postal_area",
        "coverage",
        "actor_alias",
        "territory",
        "revision",
        "directory_version",
        "answer",
        "actor",
    ):
        op.drop_table(table)
