"""The tables of findings: ledger, read model, texts, commands, letters and messages.

JSON is kept as text, because digests are taken over the very text. The tables of the hot path have no
foreign keys: what was acknowledged must be recorded even where the directory lags behind.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from storage.columns import Identity, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Partial indices serve only queries that repeat their condition to the letter.
UNSETTLED = text("NOT settled")
WAITING = text("state = 'waiting'")
OPEN = text("state IN ('waiting', 'claimed')")

ledger = Table(
    "ledger",
    metadata,
    Column("finding", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("command", String),
    Column("kind", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("digest", String(64), nullable=False),
)
"""What happened, for ever. Triggers refuse every change of a row."""
Index(
    "ix_ledger_command",
    ledger.c.command,
    sqlite_where=text("command IS NOT NULL"),
    postgresql_where=text("command IS NOT NULL"),
)

findings = Table(
    "findings",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", String, nullable=False),
    Column("factory", String, nullable=False),
    Column("plan", String, nullable=False),
    Column("point", String, nullable=False),
    Column("question", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("level", Integer, nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("next_due", Instant, nullable=False),
    Column("next_due_day", Date),
    Column("next_duty", String),
    Column("assessor", String, nullable=False),
    Column("policy", String, nullable=False),
    Column("calendar", String, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
)
"""The read model: a case in one row. `next_due` is `NEVER` where nothing is owed. `state` comes last, so
that lists need not read past it."""
Index("ix_findings_factory_next_due_id", findings.c.factory, findings.c.next_due, findings.c.id)
# Those that follow carry all that pages count. SQLite would else read past each row's state to its columns.
Index(
    "ix_findings_current",
    findings.c.id,
    findings.c.seq,
    findings.c.attempt,
    findings.c.programme,
    findings.c.factory,
    findings.c.restricted,
    findings.c.stage,
    findings.c.next_due,
)
Index(
    "ix_findings_by_factory",
    findings.c.factory,
    findings.c.programme,
    findings.c.stage,
    findings.c.plan,
    findings.c.restricted,
    findings.c.severity,
    findings.c.level,
    findings.c.next_due,
)
Index(
    "ix_findings_by_plan",
    findings.c.plan,
    findings.c.programme,
    findings.c.factory,
    findings.c.stage,
    findings.c.restricted,
    findings.c.level,
    findings.c.next_due,
    findings.c.issued_at,
    findings.c.id,
)
Index(
    # Carries all that lists filter by: SQLite then skips rows without reading them.
    "ix_findings_list",
    findings.c.next_due,
    findings.c.id,
    findings.c.programme,
    findings.c.factory,
    findings.c.plan,
    findings.c.point,
    findings.c.severity,
    findings.c.stage,
    findings.c.level,
    findings.c.restricted,
)

gatherings = Table(
    "gatherings",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("own", String, nullable=False),
    Column("programme", String, nullable=False),
    Column("factory", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("level", Integer, nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("next_due", Instant, nullable=False),
    Column("next_due_day", Date),
    Column("next_duty", String),
    Column("looks_at", Instant, nullable=False),
    Column("policy", String, nullable=False),
    Column("calendar", String, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
)
"""The read model: a gathering in one row. `next_due` and `looks_at` are `NEVER` where there is none."""
Index("ix_gatherings_ended_kind_own", gatherings.c.ended, gatherings.c.kind, gatherings.c.own)
Index("ix_gatherings_factory_next_due", gatherings.c.factory, gatherings.c.next_due)

factory_levels = Table(
    "factory_levels",
    metadata,
    Column("factory", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("level", Integer, nullable=False),
    Column("known", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("finding", String, nullable=False),
    Column("seq", Integer, nullable=False),
)
"""A factory's escalation level over time: `known` leaves out what the factory is not told of. The cause is an
entry of a finding's ledger. A factory without rows has never climbed."""

waits = Table(
    "waits",
    metadata,
    Column("finding", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("what", String, primary_key=True),
    Column("obligation", String, primary_key=True),
    Column("role", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("factory", String, nullable=False),
    Column("due", Instant, nullable=False),
)
"""What waits on a finding as of its entry `seq`, for a role at the factory or for a person.
The other is empty. Rows of another `seq` than the finding's do not count."""
Index("ix_waits_role_factory_due", waits.c.role, waits.c.factory, waits.c.due)
Index("ix_waits_person_due", waits.c.person, waits.c.due)
Index("ix_waits_asked", waits.c.what, waits.c.due, waits.c.finding, waits.c.seq)

attempts = Table(
    "attempts",
    metadata,
    Column("finding", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("programme", String, nullable=False),
    Column("factory", String, nullable=False),
    Column("plan", String, nullable=False),
    Column("point", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("began_on", Date, nullable=False),
    Column("commit_by", Date, nullable=False),
    Column("committed_on", Date),
    Column("agreed", Boolean, nullable=False),
    Column("promised_for", Date),
    Column("first_promised_for", Date),
    Column("late_from", Instant),
    Column("reported_on", Date),
    Column("objected", Boolean, nullable=False),
    Column("closed_on", Date),
    Column("ended_on", Date),
    Column("ending", String),
    Column("reopened_on", Date),
)
"""Each attempt of a finding as of the entry `seq` that changed it last, in the factory's local days."""
Index("ix_attempts_by_plan", attempts.c.plan, attempts.c.programme)
Index("ix_attempts_factory", attempts.c.factory)
Index("ix_attempts_objected", attempts.c.objected, attempts.c.finding, attempts.c.number)
Index(
    # Carries all that a programme's figures are counted from.
    "ix_attempts_counted",
    attempts.c.programme,
    attempts.c.factory,
    attempts.c.restricted,
    attempts.c.point,
    attempts.c.number,
    attempts.c.began_on,
    attempts.c.committed_on,
    attempts.c.promised_for,
    attempts.c.late_from,
    attempts.c.reported_on,
    attempts.c.closed_on,
    attempts.c.ended_on,
    attempts.c.ending,
    attempts.c.reopened_on,
)

notes = Table(
    "notes",
    metadata,
    Column("id", String, primary_key=True),
    Column("finding", String, nullable=False, index=True),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("purpose", String, nullable=False),
    Column("text", Text, nullable=False),
)
"""Reasons, remarks and evidence in words."""

revisions = Table(
    "revisions",
    metadata,
    Column("finding", String, primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("author", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("content", Text, nullable=False),
)
"""Proposals as they were written; `digest` is the SHA-256 of `content`."""

commands = Table(
    "commands",
    metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("key", String, nullable=False),
    Column("finding", String, nullable=False),
    Column("verb", String, nullable=False),
    Column("order", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("settled", Boolean, nullable=False, server_default=false()),
    Column("refusal", String),
    Column("detail", String),
    Column("field", String),
    Column("refused_at", Instant),
    UniqueConstraint("person", "key"),
)
"""Orders as they were received, durable before the workflow is asked. `digest` is of the request's body."""
Index(
    "ix_commands_unsettled",
    commands.c.received_at,
    sqlite_where=UNSETTLED,
    postgresql_where=UNSETTLED,
)

letters = Table(
    "letters",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("finding", String, nullable=False),
    Column("obligation", String, nullable=False),
    Column("step", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("due", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("role", String, nullable=False),
    Column("person", String),
    Column("gathered", Boolean, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("state", String, nullable=False, server_default="waiting"),
    Column("reason", String, nullable=False, server_default=""),
    UniqueConstraint("finding", "obligation", "step", "recipient", "due"),
    CheckConstraint("state IN ('waiting', 'addressed', 'skipped')", name="state"),
)
"""Notices owed to a role about a fact (`finding`, `seq`). `due` is the instant in ISO form, or empty: a
null would not count as equal in the key."""
Index(
    "ix_letters_waiting",
    letters.c.not_before,
    sqlite_where=WAITING,
    postgresql_where=WAITING,
)

messages = Table(
    "messages",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("key", String, nullable=False, unique=True),
    Column("person", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("morning", Date),
    Column("urgent", Boolean, nullable=False),
    Column("address", String, nullable=False),
    Column("message_id", String, nullable=False),
    Column("date", Instant, nullable=False),
    Column("subject", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", String, nullable=False, server_default="waiting"),
    Column("reason", String, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("ambiguous", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant, nullable=False),
    Column("claimed_by", String),
    Column("last_reply", String, nullable=False, server_default=""),
    Column("settled_at", Instant),
    CheckConstraint(
        "state IN ('waiting', 'claimed', 'accepted', 'unknown', 'failed', 'skipped')", name="state"
    ),
)
"""One mail to one person, frozen as rendered. From `next_try_at` on it may be claimed: while it is claimed,
that is the end of the lease. `ambiguous` counts tries of which nobody knows the outcome."""
Index(
    "ix_messages_open",
    messages.c.next_try_at,
    sqlite_where=OPEN,
    postgresql_where=OPEN,
)

message_letters = Table(
    "message_letters",
    metadata,
    Column("letter", Identity, ForeignKey("letters.id"), primary_key=True, autoincrement=False),
    Column("message", Identity, ForeignKey("messages.id"), primary_key=True, autoincrement=False, index=True),
)
"""Which letters a message carries; a letter to a role has a message for each holder."""
