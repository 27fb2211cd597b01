"""Files that were uploaded in the pages."""

import sqlalchemy as sa
from alembic import op

revision = "0016_uploads"
down_revision = "0015_passkeys"
branch_labels = None
depends_on = None

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("confirmed_at", instant, nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("skip_bad", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("taken_at", instant, nullable=True),
        sa.Column("done_at", instant, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('assessment', 'plan')", name="ck_uploads_kind"),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
    )
    op.create_index("ix_uploads_about", "uploads", ["about"])


def downgrade() -> None:
    op.drop_table("uploads")
