"""Who changed what in the directory."""

import sqlalchemy as sa
from alembic import op

revision = "0005_directory_changes"
down_revision = "0004_sign_in"
branch_labels = None
depends_on = None

identity = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "directory_changes",
        sa.Column("id", identity, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directory_changes"),
    )
    op.create_index("ix_directory_changes_subject", "directory_changes", ["subject"])
