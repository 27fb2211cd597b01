"""Factories' escalation levels over time. The reconciler fills in those of before."""

import sqlalchemy as sa
from alembic import op

revision = "0003_factory_levels"
down_revision = "0002_absences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "factory_levels",
        sa.Column("factory", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("factory", "number", name="pk_factory_levels"),
    )
