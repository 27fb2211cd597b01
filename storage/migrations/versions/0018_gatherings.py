"""Gatherings around findings: improvement plans, later meetings and visits."""

import sqlalchemy as sa
from alembic import op

revision = "0018_gatherings"
down_revision = "0016_uploads"
branch_labels = None
depends_on = None

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "gatherings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("own", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("factory", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("opened_at", instant, nullable=False),
        sa.Column("next_due", instant, nullable=False),
        sa.Column("next_due_day", sa.Date(), nullable=True),
        sa.Column("next_duty", sa.String(), nullable=True),
        sa.Column("looks_at", instant, nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_gatherings"),
    )
    op.create_index("ix_gatherings_ended_kind_own", "gatherings", ["ended", "kind", "own"])
    op.create_index("ix_gatherings_factory_next_due", "gatherings", ["factory", "next_due"])


def downgrade() -> None:
    op.drop_table("gatherings")
