"""The ledger's entries and their chain: each entry seals the one before it.

An entry's digest is SHA-256 over the previous digest and the entry's own canonical text, so that a
changed, dropped, inserted or reordered entry shows.
"""

import json
from collections.abc import Iterable
from dataclasses import Field, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from hashlib import sha256
from typing import Any

from remediation.facts import Fact, kind
from remediation.words import CommandId, PersonId, SubjectId

GENESIS = "0" * 64
"""What the first entry of a ledger seals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of a ledger, a finding's or a gathering's. `body` is canonical JSON; `at` is aware (UTC)."""

    finding: SubjectId
    seq: int
    at: datetime
    by: PersonId
    command: CommandId | None
    kind: str
    body: str
    digest: str


def enter(  # noqa: PLR0913 - these are an entry's columns
    fact: Fact,
    *,
    finding: SubjectId,
    seq: int,
    at: datetime,
    by: PersonId,
    command: CommandId | None,
    previous: str,
) -> Entry:
    """Give the entry of a fact, sealed to the digest of the entry before it."""
    name, body = kind(type(fact)), canonical(fact)
    digest = seal(previous, finding, seq, at, by, command, name, body)
    return Entry(finding=finding, seq=seq, at=at, by=by, command=command, kind=name, body=body, digest=digest)


def chain(  # noqa: PLR0913 - these are the entries' columns
    facts: Iterable[Fact],
    *,
    finding: SubjectId,
    seq: int,
    digest: str,
    at: datetime,
    by: PersonId,
    command: CommandId | None,
) -> tuple[Entry, ...]:
    """Give the entries of facts that happened together, sealed on from the entry `seq` of that digest."""
    entries: list[Entry] = []
    for fact in facts:
        seq += 1
        entry = enter(fact, finding=finding, seq=seq, at=at, by=by, command=command, previous=digest)
        entries.append(entry)
        digest = entry.digest
    return tuple(entries)


def seal(  # noqa: PLR0913 - these are an entry's columns
    previous: str,
    finding: str,
    seq: int,
    at: datetime,
    by: str,
    command: str | None,
    name: str,
    body: str,
) -> str:
    """Give the SHA-256 (hexadecimal) that seals an entry to the one before it."""
    # A JSON array, so that no text can pass for two columns; in UTC, because databases return other offsets.
    columns = [previous, finding, seq, at.astimezone(UTC).isoformat(), by, command, name, body]
    return sha256(json.dumps(columns).encode()).hexdigest()


def first_broken(entries: Iterable[Entry]) -> int | None:
    """Give the sequence number at which one finding's chain breaks or has a gap; None if it holds.

    What was cut off at the end shows only against the finding's last known digest (`Case.digest`).
    """
    previous, finding = GENESIS, None
    for expected, entry in enumerate(entries, start=1):
        finding = finding or entry.finding
        sealed = seal(previous, finding, expected, entry.at, entry.by, entry.command, entry.kind, entry.body)
        if (entry.finding, entry.seq, entry.digest) != (finding, expected, sealed):
            return expected
        previous = entry.digest
    return None


def canonical(fact: Fact) -> str:
    """Give a fact as JSON with sorted keys and no spaces: the same fact always gives the same text."""
    return json.dumps(plain(fact), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plain(value: Any) -> Any:  # noqa: ANN401 - any field of a fact
    """Give dataclasses, dates and enumerations as JSON knows them. Instants keep their offset."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value) if _said(value, each)}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {plain(key): plain(each) for key, each in value.items()}
    return value


def _said(value: Any, field: Field[Any]) -> bool:  # noqa: ANN401 - any dataclass
    """Whether a field is written: one that came later only where it says something."""
    return "later" not in field.metadata or getattr(value, field.name) != field.default
