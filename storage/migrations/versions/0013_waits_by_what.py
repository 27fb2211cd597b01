"""An index by which the board finds what waits for the programme's staff."""

from alembic import op

revision = "0013_waits_by_what"
down_revision = "0012_comments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_waits_what_due", "waits", ["what", "due"])


def downgrade() -> None:
    op.drop_index("ix_waits_what_due", "waits")
