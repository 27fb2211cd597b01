"""Photos and documents as evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0009_evidence"
down_revision = "0008_attempts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("factory", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("acting", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("shows", sa.Text(), nullable=False),
        sa.Column("action", sa.String()),
        sa.Column("before", sa.String()),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("original", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("likeness", sa.String(16)),
        sa.Column("state", sa.String(), server_default="kept", nullable=False),
        sa.CheckConstraint("kind IN ('photo', 'document')", name="ck_evidence_kind"),
        sa.CheckConstraint("state IN ('kept', 'named', 'withdrawn')", name="ck_evidence_state"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_finding", "evidence", ["finding"])
    op.create_index("ix_evidence_original", "evidence", ["original"])
    op.create_table(
        "likenesses",
        sa.Column("part", sa.String(5), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("part", "evidence", name="pk_likenesses"),
    )


def downgrade() -> None:
    op.drop_table("likenesses")
    op.drop_table("evidence")
