"""The tables of signing in: sessions, codes, events at the door, invitations, PINs, accounts, passkeys."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from storage.columns import Identity, Instant
from storage.tables import metadata

sessions = Table(
    "sessions",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("device", String, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("means", String, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("idle_until", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
"""Browsers that are signed in. `sha256` is of the cookie's value; `id` names the session to its owner."""

sign_in_codes = Table(
    "sign_in_codes",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("ask", String(64), nullable=False, index=True),
    Column("person", String, ForeignKey("people.id")),
    Column("code", String(64), nullable=False),
    Column("link", String(64), nullable=False, unique=True),
    Column("leads_to", String, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("used_at", Instant),
)
"""Codes and links that were mailed, as SHA-256. `person` is null where nobody has the address asked for."""

sign_in_events = Table(
    "sign_in_events",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    Column("person", String),
    Column("by", String),
    Column("session", String),
    Column("means", String, nullable=False, server_default=""),
    Column("address", String(64)),
    Column("network", String(64)),
)
"""What happened at the door, for ever. `address` and `network` are digests: they are compared, not read."""
Index("ix_sign_in_events_person", sign_in_events.c.person, sign_in_events.c.id)
Index("ix_sign_in_events_address", sign_in_events.c.address, sign_in_events.c.kind, sign_in_events.c.at)
Index("ix_sign_in_events_network", sign_in_events.c.network, sign_in_events.c.kind, sign_in_events.c.at)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("by", String, ForeignKey("people.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("accepted_at", Instant),
)
"""Who invited whom. Accepted when the person first signs in after it."""

pins = Table(
    "pins",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("digest", String, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("wrong", Integer, nullable=False, server_default="0"),
)
"""PINs for shared devices, as salted scrypt digests; `wrong` counts the tries since the last right one."""

feeds = Table(
    "feeds",
    metadata,
    Column("id", String, primary_key=True),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("factory", String, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("read_at", Instant),
)
"""Addresses under which people's calendars are read; of each only the hash of its secret part."""

accounts = Table(
    "accounts",
    metadata,
    Column("issuer", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("linked_at", Instant, nullable=False),
    UniqueConstraint("issuer", "person"),
)
"""Accounts at providers (OpenID Connect) and whose they are. `subject` is the provider's own name for it."""

account_returns = Table(
    "account_returns",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)
"""Sign-ins that came back from a provider, by the digest of what the browser kept: each comes back once."""

passkeys = Table(
    "passkeys",
    metadata,
    Column("credential", String, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("public_key", String, nullable=False),
    Column("uses", BigInteger, nullable=False),
    Column("name", String, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("used_at", Instant),
)
"""Public halves of passkeys (WebAuthn). `credential` is the device's name for it, `id` names it to its owner.

`uses` is the device's own count, of which a copied key would fall behind; 0 for those that do not count.
"""

passkey_challenges = Table(
    "passkey_challenges",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("person", String, ForeignKey("people.id")),
    Column("asked_at", Instant, nullable=False, index=True),
)
"""What devices are asked to sign, once. `person` is who adds a passkey; null for somebody who signs in."""
