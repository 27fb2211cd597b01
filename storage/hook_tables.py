"""The tables of webhooks: who outside is told, what they are told, and how each try went."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from storage.columns import Instant
from storage.tables import WAITING, metadata

hooks = Table(
    "hooks",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", String, ForeignKey("programmes.id"), nullable=False),
    Column("factory", String, nullable=False),
    Column("sees", String, nullable=False),
    Column("url", String, nullable=False),
    Column("description", String, nullable=False),
    Column("topics", String, nullable=False),
    Column("state", String, nullable=False),
    Column("why", String, nullable=False),
    Column("secret", String, nullable=False),
    Column("former_secret", String, nullable=False),
    Column("former_until", Instant),
    Column("by", String, ForeignKey("people.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("rests_until", Instant),
    CheckConstraint("state IN ('active', 'paused', 'stopped', 'ended')", name="state"),
)
"""Webhooks. `factory` is empty for a whole programme, `topics` for all. `failures` counts those in a row."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String, primary_key=True),
    Column("hook", String, nullable=False),
    Column("finding", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String, nullable=False, server_default="waiting"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant, nullable=False),
    CheckConstraint("state IN ('waiting', 'delivered', 'given_up')", name="state"),
)
"""Entries of the ledger that a webhook is to hear of; the message itself is made when it is sent."""
Index("ix_deliveries_hook_at", deliveries.c.hook, deliveries.c.at)
Index(
    "ix_deliveries_waiting",
    *(deliveries.c.hook, deliveries.c.finding, deliveries.c.seq),
    sqlite_where=WAITING,
    postgresql_where=WAITING,
)

delivery_tries = Table(
    "delivery_tries",
    metadata,
    Column("delivery", String, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("status", Integer),
    Column("milliseconds", Integer, nullable=False),
    Column("fault", String, nullable=False),
)
"""How each try went: the status that was answered, or what was wrong. Answers are not kept."""
