"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

identity = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Code never changes the ledger; these hold where somebody reaches for the database itself.
SQLITE_TRIGGERS = (
    """
    CREATE TRIGGER ledger_keeps_rows BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
    """,
    """
    CREATE TRIGGER ledger_keeps_words BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
    """,
)
POSTGRESQL_TRIGGERS = (
    """
    CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation'; END $$
    """,
    """
    CREATE TRIGGER ledger_keeps_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()
    """,
)


def upgrade() -> None:
    op.create_table(
        "calendars",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_calendars"),
    )
    op.create_table(
        "clusters",
        sa.Column("catalogue", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("catalogue", "id", name="pk_clusters"),
    )
    op.create_table(
        "commands",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_commands"),
        sa.UniqueConstraint("person", "key", name="uq_commands_person_key"),
    )
    op.create_index(
        "ix_commands_unsettled",
        "commands",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("NOT settled"),
        postgresql_where=sa.text("NOT settled"),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("factory", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("point", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due_day", sa.Date(), nullable=True),
        sa.Column("next_duty", sa.String(), nullable=True),
        sa.Column("assessor", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
    )
    op.create_index(
        "ix_findings_factory_next_due_id", "findings", ["factory", "next_due", "id"], unique=False
    )
    op.create_index(
        "ix_findings_list",
        "findings",
        [
            "next_due",
            "id",
            "programme",
            "factory",
            "plan",
            "point",
            "severity",
            "stage",
            "level",
            "restricted",
        ],
        unique=False,
    )
    op.create_table(
        "ledger",
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("finding", "seq", name="pk_ledger"),
    )
    op.create_index(
        "ix_ledger_command",
        "ledger",
        ["command"],
        unique=False,
        sqlite_where=sa.text("command IS NOT NULL"),
        postgresql_where=sa.text("command IS NOT NULL"),
    )
    op.create_table(
        "letters",
        sa.Column("id", identity, autoincrement=True, nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("obligation", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("due", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("gathered", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'addressed', 'skipped')", name="ck_letters_state"),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sa.UniqueConstraint(
            "finding",
            "obligation",
            "step",
            "recipient",
            "due",
            name="uq_letters_finding_obligation_step_recipient_due",
        ),
    )
    op.create_index(
        "ix_letters_waiting",
        "letters",
        ["not_before"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "messages",
        sa.Column("id", identity, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("morning", sa.Date(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ambiguous", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("last_reply", sa.String(), server_default="", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'claimed', 'accepted', 'unknown', 'failed', 'skipped')",
            name="ck_messages_state",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("key", name="uq_messages_key"),
    )
    op.create_index(
        "ix_messages_open",
        "messages",
        ["next_try_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'claimed')"),
        postgresql_where=sa.text("state IN ('waiting', 'claimed')"),
    )
    op.create_index("ix_messages_person", "messages", ["person"], unique=False)
    op.create_table(
        "notes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
    )
    op.create_index("ix_notes_finding", "notes", ["finding"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "points",
        sa.Column("catalogue", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("cluster", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("catalogue", "id", name="pk_points"),
    )
    op.create_table(
        "policies",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_policies"),
    )
    op.create_table(
        "revisions",
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("finding", "digest", name="pk_revisions"),
    )
    op.create_table(
        "grants",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('all', 'programme', 'factory')", name="ck_grants_kind"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_grants_person"),
        sa.PrimaryKeyConstraint("person", "role", "kind", "scope", name="pk_grants"),
    )
    op.create_index("ix_grants_role_kind_scope", "grants", ["role", "kind", "scope"], unique=False)
    op.create_table(
        "message_letters",
        sa.Column("letter", identity, autoincrement=False, nullable=False),
        sa.Column("message", identity, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["letter"], ["letters.id"], name="fk_message_letters_letter"),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name="fk_message_letters_message"),
        sa.PrimaryKeyConstraint("letter", "message", name="pk_message_letters"),
    )
    op.create_index("ix_message_letters_message", "message_letters", ["message"], unique=False)
    op.create_table(
        "programmes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("catalogue", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["policy"], ["policies.version"], name="fk_programmes_policy"),
        sa.PrimaryKeyConstraint("id", name="pk_programmes"),
    )
    op.create_table(
        "tokens",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_tokens_person"),
        sa.PrimaryKeyConstraint("sha256", name="pk_tokens"),
    )
    op.create_index("ix_tokens_person", "tokens", ["person"], unique=False)
    op.create_table(
        "assessments",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name="fk_assessments_programme"),
        sa.PrimaryKeyConstraint("id", name="pk_assessments"),
        sa.UniqueConstraint("programme", "file", name="uq_assessments_programme_file"),
    )
    op.create_table(
        "factories",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("rest_days", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["calendar"], ["calendars.version"], name="fk_factories_calendar"),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name="fk_factories_programme"),
        sa.PrimaryKeyConstraint("id", name="pk_factories"),
    )
    op.create_index("ix_factories_programme", "factories", ["programme"], unique=False)
    op.create_table(
        "seats",
        sa.Column("factory", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("elected", sa.Boolean(), nullable=False),
        sa.Column("co_chair", sa.Boolean(), nullable=False),
        sa.CheckConstraint("side IN ('worker', 'management')", name="ck_seats_side"),
        sa.ForeignKeyConstraint(["factory"], ["factories.id"], name="fk_seats_factory"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_seats_person"),
        sa.PrimaryKeyConstraint("factory", "person", "since", name="pk_seats"),
    )
    op.create_index("ix_seats_person", "seats", ["person"], unique=False)
    op.create_table(
        "subjects",
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("assessment", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("factory", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("cluster", sa.String(), nullable=False),
        sa.Column("point", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("question_text", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("suggested_deadline", sa.Date(), nullable=True),
        sa.Column("proof_by_interview", sa.Boolean(), nullable=False),
        sa.Column("repeat_of", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name="fk_subjects_assessment"),
        sa.ForeignKeyConstraint(["factory"], ["factories.id"], name="fk_subjects_factory"),
        sa.PrimaryKeyConstraint("finding", name="pk_subjects"),
    )
    op.create_index("ix_subjects_assessment", "subjects", ["assessment"], unique=False)
    op.create_index("ix_subjects_cluster", "subjects", ["cluster"], unique=False)
    op.create_index("ix_subjects_factory_question", "subjects", ["factory", "question"], unique=False)
    op.create_index("ix_subjects_plan", "subjects", ["plan"], unique=False)
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in SQLITE_TRIGGERS if on_sqlite else POSTGRESQL_TRIGGERS:
        op.execute(trigger)
