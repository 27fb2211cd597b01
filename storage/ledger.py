"""Reading the ledger: entries, the outcome of commands, and two independent checks of what is stored."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TypeVar

from sqlalchemy import Connection, Select, bindparam, select

from remediation.attempts import Attempt, attempts
from remediation.case import Case
from remediation.facts import Issued
from remediation.finding import Finding
from remediation.ledger import Entry, first_broken
from remediation.rules import Stamp, apply, begin
from remediation.words import CommandId, FindingId, PersonId, SubjectId, subject_of
from storage.attempts import kept_attempts
from storage.codec import case_of, fact_of
from storage.statements import Stored, by_finding
from storage.tables import findings, ledger
from storage.versions import Shelf, VersionMissing
from storage.waiting import Kept, expected, kept

_AT_ONCE = 1000
_FINDINGS_AT_ONCE = 200
_IN_ORDER = select(ledger).order_by(ledger.c.finding, ledger.c.seq)
_OF_FINDINGS = _IN_ORDER.where(ledger.c.finding.in_(bindparam("findings", expanding=True)))


class LedgerUnreadable(Exception):
    """A ledger is missing, or does not begin with the issue or opening of its subject."""

    def __init__(self, finding: str) -> None:
        self.finding = finding
        super().__init__(f"finding {finding}: the ledger does not begin with its issue")


def entries(connection: Connection, finding: str) -> tuple[Entry, ...]:
    """Give all that happened to a finding, in order; empty where there is no such finding."""
    return tuple(entries_of_each(connection, [finding]).get(finding, ()))


def entries_of_each(connection: Connection, findings: Sequence[str]) -> dict[str, list[Entry]]:
    """Give all that happened to each of these findings, in order; unknown ones are left out."""
    return by_finding(map(_entry, connection.execute(_OF_FINDINGS, {"findings": findings})))


def entries_of_command(connection: Connection, command: str) -> tuple[Entry, ...]:
    """Give what a command led to, in order; empty while it is not carried out."""
    return _entries(connection, _IN_ORDER.where(ledger.c.command == command))


def steps(connection: Connection, finding: str) -> tuple[tuple[Entry, Finding], ...]:
    """Give each entry with the state it led to, in order. Raises as `refold` does."""
    story = entries(connection, finding)
    return tuple(zip(story, _states(Shelf(connection), finding, story), strict=True))


def refold(connection: Connection, finding: str, until: int | None = None) -> Case:
    """Give the case that the ledger adds up to, without a look at the stored state.

    With `until` only up to that sequence number: as it was then. Raises LedgerUnreadable, VersionMissing
    or UnknownKind.
    """
    story = entries(connection, finding)
    kept = tuple(each for each in story if until is None or each.seq <= until)
    return _fold(Shelf(connection), finding, kept)


def _begun(shelf: Shelf, finding: str, story: Sequence[Entry]) -> Finding:
    first = fact_of(story[0].kind, story[0].body) if story else None
    if not isinstance(first, Issued):
        raise LedgerUnreadable(finding)
    return begin(first, shelf.policy(first.policy), shelf.calendar(first.calendar), story[0].at)


def _fold(shelf: Shelf, finding: str, story: Sequence[Entry]) -> Case:
    return Case(finding=_states(shelf, finding, story)[-1], seq=story[-1].seq, digest=story[-1].digest)


def _states(shelf: Shelf, finding: str, story: Sequence[Entry]) -> list[Finding]:
    states = [_begun(shelf, finding, story)]
    for entry in story[1:]:
        states.append(_after(states[-1], entry))
    return states


def _after(state: Finding, entry: Entry) -> Finding:
    return apply(fact_of(entry.kind, entry.body), state, Stamp(entry.at, entry.by))


def broken_chains(connection: Connection, among: Collection[str] | None = None) -> dict[SubjectId, int]:
    """Give the subjects whose chain does not hold, each with the sequence number where it breaks.

    `among` narrows the look to some findings; None looks at all.
    """
    if among is None:
        return _broken(connection, _IN_ORDER)
    broken: dict[SubjectId, int] = {}
    for part in _parts(sorted(among)):
        broken |= _broken(connection, _IN_ORDER.where(ledger.c.finding.in_(part)))
    return broken


def _broken(connection: Connection, query: Select[*tuple[object, ...]]) -> dict[SubjectId, int]:
    broken: dict[SubjectId, int] = {}
    for finding, rows in groupby(_stream(connection, query), key=lambda row: str(row.finding)):
        seq = first_broken(_entry(row) for row in rows)
        if seq is not None:
            broken[subject_of(finding)] = seq
    return broken


T = TypeVar("T")


def _parts(every: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(every), _FINDINGS_AT_ONCE):
        yield every[start : start + _FINDINGS_AT_ONCE]


def astray(connection: Connection, among: Collection[str] | None = None) -> tuple[FindingId, ...]:
    """Give the findings whose ledger does not add up to what is stored: state, what waits, and attempts.

    `among` narrows the look to some findings; None looks at all.
    """
    shelf = Shelf(connection)
    stored = select(findings.c.id, findings.c.seq, findings.c.state, findings.c.policy, findings.c.calendar)
    rows = list(connection.execute(stored.order_by(findings.c.id))) if among is None else []
    for part in _parts(sorted(among or ())):
        rows += connection.execute(stored.where(findings.c.id.in_(part)).order_by(findings.c.id))
    return tuple(finding for part in _parts(rows) for finding in _astray(shelf, part))


def _astray(shelf: Shelf, rows: Sequence[Stored]) -> Iterator[FindingId]:
    stories: dict[str, list[Entry]] = {row.id: [] for row in rows}
    for entry in _entries(shelf.connection, _IN_ORDER.where(ledger.c.finding.in_(stories))):
        stories[entry.finding].append(entry)
    waiting = kept(shelf.connection, stories)
    tried = kept_attempts(shelf.connection, stories)
    for row in rows:
        if not _agrees(shelf, row, stories[row.id], waiting, tried.get(row.id, ())):
            yield FindingId(row.id)


def _agrees(
    shelf: Shelf,
    row: Stored,
    story: Sequence[Entry],
    waiting: Mapping[tuple[str, int], Kept],
    tried: tuple[Attempt, ...],
) -> bool:
    try:
        stored = case_of(row.state, shelf.policy(row.policy), shelf.calendar(row.calendar))
        should = expected(stored.finding)
        states = _states(shelf, row.id, story)
    except (LedgerUnreadable, VersionMissing, ValueError):
        return False
    if (states[-1], story[-1].seq, story[-1].digest) != (stored.finding, stored.seq, stored.digest):
        return False
    # Of a finding that has moved on since its row was read, nothing is said.
    if (row.id, row.seq) not in waiting:
        return True
    return waiting[row.id, row.seq] == should and tried == attempts(_at(story, states))


def _at(story: Sequence[Entry], states: Sequence[Finding]) -> Iterator[tuple[datetime, Finding]]:
    return ((entry.at, state) for entry, state in zip(story, states, strict=True))


def _entries(connection: Connection, query: Select[*tuple[object, ...]], **named: str) -> tuple[Entry, ...]:
    return tuple(_entry(row) for row in connection.execute(query, named))


def _stream(connection: Connection, query: Select[*tuple[object, ...]]) -> Iterator[Stored]:
    yield from connection.execute(query, execution_options={"yield_per": _AT_ONCE})


def _entry(row: Stored) -> Entry:
    return Entry(
        finding=subject_of(row.finding),
        seq=row.seq,
        at=row.at,
        by=PersonId(row.by),
        command=CommandId(row.command) if row.command else None,
        kind=row.kind,
        body=row.body,
        digest=row.digest,
    )
