"""The tables of the directory: programmes, factories, people, committees, assessments and the catalogue."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from storage.columns import Identity, Instant
from storage.tables import metadata

policies = Table(
    "policies",
    metadata,
    Column("version", String, primary_key=True),
    Column("body", Text, nullable=False),
)

calendars = Table(
    "calendars",
    metadata,
    Column("version", String, primary_key=True),
    Column("body", Text, nullable=False),
)

programmes = Table(
    "programmes",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("policy", String, ForeignKey("policies.version"), nullable=False),
    Column("catalogue", String, nullable=False, server_default=""),
)

factories = Table(
    "factories",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", String, ForeignKey("programmes.id"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("country", String(2), nullable=False),
    Column("zone", String, nullable=False),
    Column("rest_days", String, nullable=False),
    Column("language", String, nullable=False),
    Column("calendar", String, ForeignKey("calendars.version"), nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
)
"""`rest_days` are ISO weekdays joined by commas; `calendar` is the version that new findings begin with."""

factory_days = Table(
    "factory_days",
    metadata,
    Column("factory", String, ForeignKey("factories.id"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("first", Date, primary_key=True),
    Column("last", Date, nullable=False),
    Column("name", String, nullable=False, server_default=""),
    CheckConstraint("kind IN ('holiday', 'shutdown', 'workday')", name="kind"),
    CheckConstraint("last >= first", name="days"),
)
"""A factory's own days: holidays of its own, shutdowns from day to day, and days it works all the same."""

people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("email", String),
    Column("language", String, nullable=False),
    Column("phone", String),
)

grants = Table(
    "grants",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("role", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("scope", String, primary_key=True),
    CheckConstraint("kind IN ('all', 'programme', 'factory')", name="kind"),
)
"""Who holds which role where. `scope` is a programme's or a factory's id; empty for `all`."""
Index("ix_grants_role_kind_scope", grants.c.role, grants.c.kind, grants.c.scope)

seats = Table(
    "seats",
    metadata,
    Column("factory", String, ForeignKey("factories.id"), primary_key=True),
    Column("person", String, ForeignKey("people.id"), primary_key=True, index=True),
    Column("since", Date, primary_key=True),
    Column("until", Date),
    Column("side", String, nullable=False),
    Column("elected", Boolean, nullable=False),
    Column("co_chair", Boolean, nullable=False),
    CheckConstraint("side IN ('worker', 'management')", name="side"),
)
"""Committee seats with their terms in local days; `until` is the last day, or null while the term runs."""

tokens = Table(
    "tokens",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("label", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)
"""Bearer tokens; only their SHA-256 is kept."""

absences = Table(
    "absences",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("deputy", String, ForeignKey("people.id"), index=True),
    Column("reason", String, nullable=False, server_default=""),
    Column("entered_by", String, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("called_off_by", String),
    Column("called_off_at", Instant),
    CheckConstraint("last >= first", name="days"),
    CheckConstraint("deputy <> person", name="deputy"),
)
"""Who is away from which local day to which, and who stands in. What is corrected is called off and entered
anew, so that it can be told who could act for whom at any time."""

stood_in = Table(
    "stood_in",
    metadata,
    Column("absence", Identity, ForeignKey("absences.id"), primary_key=True, autoincrement=False),
    Column("message", Identity, ForeignKey("messages.id"), primary_key=True, autoincrement=False),
    Column("letter", Identity, ForeignKey("letters.id"), primary_key=True, autoincrement=False),
)
"""Letters that somebody else got in the place of who was away."""

directory_changes = Table(
    "directory_changes",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("what", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
)
"""Who changed what in the directory. `before` and `after` are JSON."""

clusters = Table(
    "clusters",
    metadata,
    Column("catalogue", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("position", Integer, nullable=False),
)

points = Table(
    "points",
    metadata,
    Column("catalogue", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("cluster", String, nullable=False),
    Column("name", String, nullable=False),
    Column("position", Integer, nullable=False),
)
"""Compliance points of one version of the catalogue."""

assessments = Table(
    "assessments",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", String, ForeignKey("programmes.id"), nullable=False),
    Column("file", String(64), nullable=False),
    Column("name", String, nullable=False, server_default=""),
    Column("by", String, nullable=False),
    Column("imported_at", Instant, nullable=False),
    Column("released", Date),
    UniqueConstraint("programme", "file"),
)
"""Imported assessment files; `file` is the SHA-256 of the bytes, so that the same file is known again."""

subjects = Table(
    "subjects",
    metadata,
    Column("finding", String, primary_key=True),
    Column("assessment", String, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("plan", String, nullable=False, index=True),
    Column("factory", String, ForeignKey("factories.id"), nullable=False),
    Column("severity", String, nullable=False),
    Column("cycle", String, nullable=False),
    Column("assessed_on", Date),
    Column("cluster", String, nullable=False, index=True),
    Column("point", String, nullable=False),
    Column("question", String, nullable=False),
    Column("question_text", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("suggested_deadline", Date),
    Column("proof_by_interview", Boolean, nullable=False),
    Column("repeat_of", String),
)
"""What each finding is about, in words: the question asked, what was found, and what showed it."""
Index("ix_subjects_factory_question", subjects.c.factory, subjects.c.question)
