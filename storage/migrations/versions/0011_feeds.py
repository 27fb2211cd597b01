"""Calendar feeds: secret addresses under which people subscribe to what waits for them."""

import sqlalchemy as sa
from alembic import op

revision = "0011_feeds"
down_revision = "0010_accounts"
branch_labels = None
depends_on = None

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("factory", sa.String(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("read_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_feeds_person"),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("sha256", name="uq_feeds_sha256"),
    )
    op.create_index("ix_feeds_person", "feeds", ["person"])


def downgrade() -> None:
    op.drop_table("feeds")
