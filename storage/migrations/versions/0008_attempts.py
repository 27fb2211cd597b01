"""Attempts of findings, for figures to count. The reconciler fills in those of before."""

import sqlalchemy as sa
from alembic import op

revision = "0008_attempts"
down_revision = "0007_factory_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("factory", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("point", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("commit_by", sa.Date(), nullable=False),
        sa.Column("committed_on", sa.Date()),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("promised_for", sa.Date()),
        sa.Column("first_promised_for", sa.Date()),
        sa.Column("late_from", sa.DateTime(timezone=True)),
        sa.Column("reported_on", sa.Date()),
        sa.Column("objected", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("ended_on", sa.Date()),
        sa.Column("ending", sa.String()),
        sa.Column("reopened_on", sa.Date()),
        sa.PrimaryKeyConstraint("finding", "number", name="pk_attempts"),
    )
    op.create_index("ix_attempts_plan", "attempts", ["plan"])
    op.create_index("ix_attempts_factory", "attempts", ["factory"])
    op.create_index("ix_findings_plan", "findings", ["plan"])


def downgrade() -> None:
    op.drop_index("ix_findings_plan", "findings")
    op.drop_table("attempts")
