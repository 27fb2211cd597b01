"""What waits for whom. The reconciler fills in what waits on findings of before."""

import sqlalchemy as sa
from alembic import op

revision = "0006_waits"
down_revision = "0005_directory_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waits",
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("obligation", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("factory", sa.String(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "finding", "seq", "what", "obligation", "role", "person", name="pk_waits"
        ),
    )
    op.create_index("ix_waits_role_factory_due", "waits", ["role", "factory", "due"])
    op.create_index("ix_waits_person_due", "waits", ["person", "due"])
