"""Comments on findings, and whom they mention."""

import sqlalchemy as sa
from alembic import op

revision = "0012_comments"
down_revision = "0011_feeds"
branch_labels = None
depends_on = None

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("acting", sa.String(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("asked", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("retracted_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
    )
    op.create_index("ix_comments_finding", "comments", ["finding"])
    op.create_table(
        "mentions",
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["comment"], ["comments.id"], name="fk_mentions_comment"),
        sa.PrimaryKeyConstraint("comment", "person", name="pk_mentions"),
    )


def downgrade() -> None:
    op.drop_table("mentions")
    op.drop_table("comments")
