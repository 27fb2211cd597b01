"""Repeats of former cycles' findings, and crosswalks of question ids."""

import sqlalchemy as sa
from alembic import op

revision = "0040_repeats"
down_revision = "0019_webhooks"
branch_labels = None
depends_on = None

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "repeats",
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("former", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("factory", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("crosswalk", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("followed", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", instant, nullable=True),
        sa.CheckConstraint("basis IN ('question', 'crosswalk', 'point')", name="basis"),
        sa.CheckConstraint("standing IN ('certain', 'proposed', 'confirmed', 'rejected')", name="standing"),
        sa.PrimaryKeyConstraint("finding", name="pk_repeats"),
    )
    op.create_index("ix_repeats_former", "repeats", ["former"])
    op.create_index("ix_repeats_plan_finding", "repeats", ["plan", "finding"])
    op.create_table(
        "crosswalks",
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("loaded_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("programme", "version", "old", name="pk_crosswalks"),
    )


def downgrade() -> None:
    op.drop_table("crosswalks")
    op.drop_table("repeats")
