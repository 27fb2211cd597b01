"""Findings and gatherings alike: what differs between them in SQL, by the kind that an id tells."""

from collections.abc import Iterator

from sqlalchemy import Connection

from remediation.case import Case
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.gathering import kind_of
from remediation.ledger import Entry
from remediation.watched import Watched
from remediation.words import AnyStage, SubjectId
from storage import findings, gatherings, ledger
from storage.versions import Shelf


def case(
    connection: Connection, subject: SubjectId, shelf: Shelf | None = None
) -> Case | GatheringCase | None:
    """Give the case of a finding or gathering as the read model has it, or None. Raises VersionMissing."""
    if kind_of(subject) is None:
        return findings.case(connection, subject, shelf)
    return gatherings.case(connection, subject, shelf)


def state_of(case: Case | GatheringCase) -> Watched:
    """Give what a case's clock watches."""
    return case.finding if isinstance(case, Case) else case.state


def seq_of(connection: Connection, subject: SubjectId) -> int:
    """Give how many entries a subject has in the read model; 0 for none."""
    if kind_of(subject) is None:
        listed = findings.find(connection, subject)
        return listed.summary.seq if listed else 0
    row = gatherings.find(connection, subject)
    return row.seq if row else 0


def stages(connection: Connection, subject: SubjectId) -> Iterator[tuple[Entry, AnyStage]]:
    """Give each entry with the stage it led to, in order. Raises LedgerUnreadable."""
    if kind_of(subject) is None:
        return ((entry, state.stage) for entry, state in ledger.steps(connection, subject))
    return ((entry, state.stage) for entry, state in gatherings.steps(connection, subject))


def refold(connection: Connection, subject: SubjectId) -> Case | GatheringCase:
    """Give the case that a ledger adds up to. Raises LedgerUnreadable, VersionMissing, UnknownKind."""
    if kind_of(subject) is None:
        return ledger.refold(connection, subject)
    return gatherings.refold(connection, subject)


def stage_at(connection: Connection, subject: SubjectId, seq: int) -> AnyStage:
    """Give where a subject stood after an entry. Raises LedgerUnreadable."""
    if kind_of(subject) is None:
        return ledger.refold(connection, subject, until=seq).finding.stage
    return gatherings.refold(connection, subject, until=seq).state.stage
