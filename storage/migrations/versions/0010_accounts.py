"""Accounts at providers, and sign-ins that came back from one."""

import sqlalchemy as sa
from alembic import op

revision = "0010_accounts"
down_revision = "0009_evidence"
branch_labels = None
depends_on = None

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("linked_at", instant, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_accounts_person"),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_accounts"),
        sa.UniqueConstraint("issuer", "person", name="uq_accounts_issuer_person"),
    )
    op.create_index("ix_accounts_person", "accounts", ["person"])
    op.create_table(
        "account_returns",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_account_returns"),
    )
    op.create_index("ix_account_returns_at", "account_returns", ["at"])


def downgrade() -> None:
    op.drop_table("account_returns")
    op.drop_table("accounts")
