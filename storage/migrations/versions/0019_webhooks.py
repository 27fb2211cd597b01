"""Webhooks: who outside is told of what happens, what they are told, and how each try went."""

import sqlalchemy as sa
from alembic import op

revision = "0019_webhooks"
down_revision = "0018_gatherings"
branch_labels = None
depends_on = None

instant = sa.DateTime(timezone=True)
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "hooks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("factory", sa.String(), nullable=False),
        sa.Column("sees", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("topics", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("former_secret", sa.String(), nullable=False),
        sa.Column("former_until", instant, nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", instant, nullable=True),
        sa.Column("rests_until", instant, nullable=True),
        sa.CheckConstraint("state IN ('active', 'paused', 'stopped', 'ended')", name="ck_hooks_state"),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name="fk_hooks_by"),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name="fk_hooks_programme"),
        sa.PrimaryKeyConstraint("id", name="pk_hooks"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("hook", sa.String(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", instant, nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'delivered', 'given_up')", name="ck_deliveries_state"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_hook_at", "deliveries", ["hook", "at"])
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        ["hook", "finding", "seq"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_table(
        "delivery_tries",
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("delivery", "at", name="pk_delivery_tries"),
    )


def downgrade() -> None:
    op.drop_table("delivery_tries")
    op.drop_table("deliveries")
    op.drop_table("hooks")
