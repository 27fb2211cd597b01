"""Passkeys, and the challenges that their devices answer."""

import sqlalchemy as sa
from alembic import op

revision = "0015_passkeys"
down_revision = "0014_covering_indices"
branch_labels = None
depends_on = None

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "passkeys",
        sa.Column("credential", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("added_at", instant, nullable=False),
        sa.Column("used_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_passkeys_person"),
        sa.PrimaryKeyConstraint("credential", name="pk_passkeys"),
        sa.UniqueConstraint("id", name="uq_passkeys_id"),
    )
    op.create_index("ix_passkeys_person", "passkeys", ["person"])
    op.create_table(
        "passkey_challenges",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("asked_at", instant, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_passkey_challenges_person"),
        sa.PrimaryKeyConstraint("sha256", name="pk_passkey_challenges"),
    )
    op.create_index("ix_passkey_challenges_asked_at", "passkey_challenges", ["asked_at"])


def downgrade() -> None:
    op.drop_table("passkey_challenges")
    op.drop_table("passkeys")
