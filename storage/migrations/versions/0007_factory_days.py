"""Factories' own holidays, shutdowns and make-up workdays."""

import sqlalchemy as sa
from alembic import op

revision = "0007_factory_days"
down_revision = "0006_waits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "factory_days",
        sa.Column("factory", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("kind IN ('holiday', 'shutdown', 'workday')", name="ck_factory_days_kind"),
        sa.CheckConstraint("last >= first", name="ck_factory_days_days"),
        sa.ForeignKeyConstraint(["factory"], ["factories.id"], name="fk_factory_days_factory"),
        sa.PrimaryKeyConstraint("factory", "kind", "first", name="pk_factory_days"),
    )


def downgrade() -> None:
    op.drop_table("factory_days")
