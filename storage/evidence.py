"""Photos and documents: what is known of each. The files themselves lie in the evidence store.

A record is written after its file. Orders and facts carry its id with the file's SHA-256.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    func,
    select,
    update,
)

from remediation.words import ActionId, Digest, EvidenceId, FactoryId, PersonId, Role, SubjectId
from storage.columns import Instant
from storage.commands import by_key
from storage.statements import Stored, add_new, by_finding
from storage.tables import metadata

evidence = Table(
    "evidence",
    metadata,
    Column("id", String, primary_key=True),
    Column("finding", String, nullable=False, index=True),
    Column("factory", String, nullable=False),
    Column("by", String, nullable=False),
    Column("acting", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("asked", String(64), nullable=False),
    Column("kind", String, nullable=False),
    Column("shows", Text, nullable=False),
    Column("action", String),
    Column("before", String),
    Column("confidential", Boolean, nullable=False),
    Column("media_type", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("original", String(64), nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("file", String, nullable=False),
    Column("likeness", String(16)),
    Column("state", String, nullable=False, server_default="kept"),
    CheckConstraint("kind IN ('photo', 'document')", name="kind"),
    CheckConstraint("state IN ('kept', 'named', 'withdrawn')", name="state"),
)
"""Photos and documents of findings. `asked` is the SHA-256 of the request that brought one in."""

likenesses = Table(
    "likenesses",
    metadata,
    Column("part", String(5), primary_key=True),
    Column("evidence", String, primary_key=True),
)
"""The four parts of a photo's likeness: photos that look alike share one of them."""


class Kind(StrEnum):
    """What a file is."""

    PHOTO = "photo"
    DOCUMENT = "document"


class State(StrEnum):
    """What became of a photo or document."""

    KEPT = "kept"
    """Handed in; nobody has named it in a report yet."""
    NAMED = "named"
    """Named in a report: it stays for ever."""
    WITHDRAWN = "withdrawn"
    """Taken back before anybody named it. The file is deleted; that it was there stays known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A photo or document of a finding, or of a signing sheet of the meeting that `finding` names.

    `original` is the SHA-256 of the file as sent, `digest` of the one that is kept. `size` is in bytes,
    `width` and `height` in pixels. `before` is the photo of the same place before.
    `confidential` ones are for staff only. `likeness` is a photo's perceptual hash in hexadecimal.
    """

    id: EvidenceId
    finding: SubjectId
    factory: FactoryId
    by: PersonId
    acting: Role
    at: datetime
    asked: str
    kind: Kind
    shows: str
    action: ActionId | None
    before: EvidenceId | None
    confidential: bool
    media_type: str
    size: int
    width: int | None
    height: int | None
    original: Digest
    digest: Digest
    file: str
    likeness: str | None
    state: State = State.KEPT


def evidence_id(person: str, key: str) -> EvidenceId:
    """Give the id of what a person hands in under an idempotency key: the same for every try."""
    return EvidenceId(f"e-{by_key(person, key)}")


def keep(connection: Connection, new: Evidence) -> Evidence:
    """Store a record, and give it as it stands: on a repetition the one first stored."""
    row = {name: getattr(new, name) for name in Evidence.__slots__}
    if add_new(connection, evidence, [row]):
        add_new(connection, likenesses, [{"part": each, "evidence": new.id} for each in parts(new.likeness)])
        return new
    stored = find(connection, new.id)
    assert stored is not None  # noqa: S101 - rows are never deleted
    return stored


def parts(likeness: str | None) -> list[str]:
    """Give the four parts of a likeness, each with its place."""
    return [f"{place}{likeness[place * 4 : place * 4 + 4]}" for place in range(4)] if likeness else []


def find(connection: Connection, piece: str) -> Evidence | None:
    """Give a photo or document by its id, or None."""
    row = connection.execute(select(evidence).where(evidence.c.id == piece)).one_or_none()
    return _evidence(row) if row else None


def of_finding(connection: Connection, finding: str) -> tuple[Evidence, ...]:
    """Give all that was handed in for a finding and not taken back, the oldest first."""
    return tuple(of_each(connection, [finding]).get(finding, ()))


def of_each(connection: Connection, findings: Sequence[str]) -> dict[str, list[Evidence]]:
    """Give the same for each of these findings; those without are left out."""
    return by_finding(map(_evidence, connection.execute(_OF_FINDINGS, {"findings": findings})))


_OF_FINDINGS = (
    select(evidence)
    .where(evidence.c.finding.in_(bindparam("findings", expanding=True)))
    .where(evidence.c.state != State.WITHDRAWN)
    .order_by(evidence.c.at, evidence.c.id)
)


def count(connection: Connection, finding: str) -> int:
    """Give how many photos and documents were ever handed in for a finding."""
    mine = select(func.count()).select_from(evidence).where(evidence.c.finding == finding)
    return connection.execute(mine).scalar_one()


def mark_named(connection: Connection, finding: str, pieces: Collection[str]) -> dict[EvidenceId, Digest]:
    """Note that a report names these, and give the digest of each that the finding has and none took back."""
    there = (evidence.c.finding == finding) & (evidence.c.state != State.WITHDRAWN)
    those = there & evidence.c.id.in_(sorted(pieces))
    named = update(evidence).where(those).values(state=State.NAMED)
    rows = connection.execute(named.returning(evidence.c.id, evidence.c.digest))
    return {EvidenceId(row.id): Digest(row.digest) for row in rows}


def withdraw(connection: Connection, piece: str) -> bool:
    """Take back what nobody has named, and tell whether that was possible."""
    free = (evidence.c.id == piece) & (evidence.c.state == State.KEPT)
    return connection.execute(update(evidence).where(free).values(state=State.WITHDRAWN)).rowcount == 1


def alike(connection: Connection, pieces: Collection[Evidence]) -> tuple[Evidence, ...]:
    """Give what is the same as one of these, or may look like it, in any finding, the oldest first.

    Photos of which at most three bits of the likeness differ share one of its four parts, and are found.
    """
    shared = {part for each in pieces for part in parts(each.likeness)}
    looks = select(likenesses.c.evidence).where(likenesses.c.part.in_(sorted(shared)))
    same = evidence.c.original.in_(sorted({each.original for each in pieces}))
    there = (evidence.c.state != State.WITHDRAWN) & (same | evidence.c.id.in_(looks))
    rows = connection.execute(select(evidence).where(there).order_by(evidence.c.at, evidence.c.id))
    return tuple(map(_evidence, rows))


def all_kept(connection: Connection) -> Iterator[Evidence]:
    """Give every photo and document of which the file must be there."""
    there = evidence.c.state != State.WITHDRAWN
    yield from map(_evidence, connection.execute(select(evidence).where(there).order_by(evidence.c.id)))


def _evidence(row: Stored) -> Evidence:
    values = {name: getattr(row, name) for name in Evidence.__slots__}
    words = {"acting": Role(row.acting), "kind": Kind(row.kind), "state": State(row.state)}
    return Evidence(**values | words)
