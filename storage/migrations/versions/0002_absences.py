"""Absences, and the letters that deputies read."""

import sqlalchemy as sa
from alembic import op

revision = "0002_absences"
down_revision = "0001"
branch_labels = None
depends_on = None

identity = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", identity, autoincrement=True, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("deputy", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_off_by", sa.String(), nullable=True),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last >= first", name="ck_absences_days"),
        sa.CheckConstraint("deputy <> person", name="ck_absences_deputy"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_absences_person"),
        sa.ForeignKeyConstraint(["deputy"], ["people.id"], name="fk_absences_deputy"),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
    )
    op.create_index("ix_absences_person", "absences", ["person"])
    op.create_index("ix_absences_deputy", "absences", ["deputy"])
    op.create_table(
        "stood_in",
        sa.Column("absence", identity, autoincrement=False, nullable=False),
        sa.Column("message", identity, autoincrement=False, nullable=False),
        sa.Column("letter", identity, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["absence"], ["absences.id"], name="fk_stood_in_absence"),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name="fk_stood_in_message"),
        sa.ForeignKeyConstraint(["letter"], ["letters.id"], name="fk_stood_in_letter"),
        sa.PrimaryKeyConstraint("absence", "message", "letter", name="pk_stood_in"),
    )
