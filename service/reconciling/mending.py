"""Mending from SQL: how a workflow starts again, and a row of the read model that its ledger makes anew."""

from sqlalchemy import Connection, delete, select

from remediation.attempts import attempts
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.gathering import kind_of
from remediation.summary import summary
from remediation.words import FindingId, SubjectId
from storage import gatherings as read_gatherings
from storage import subjects, waiting
from storage.attempts import replace_attempts
from storage.codec import gathering_recording_of, recording_of
from storage.ledger import entries, refold, steps
from storage.recording import record
from storage.tables import findings, gatherings
from workflows.life import RECEIPTS_KEPT
from workflows.messages import FindingStart, GatheringStart, Receipt


def start_of(connection: Connection, subject: SubjectId) -> FindingStart | GatheringStart | None:
    """Give what a workflow starts with from SQL; None where SQL does not know its subject.

    With receipts of its latest orders, so that one given again is answered and not carried out twice.
    """
    case = subjects.case(connection, subject)
    if case is None:
        return None
    answers = receipts(connection, subject)
    if isinstance(case, GatheringCase):
        return GatheringStart(case=case, receipts=answers)
    return FindingStart(case=case, receipts=answers)


def receipts(connection: Connection, subject: SubjectId) -> tuple[Receipt, ...]:
    """Give the answers to a subject's latest orders, as the ledger tells them."""
    given: dict[str, Receipt] = {}
    for entry, stage in subjects.stages(connection, subject):
        if entry.command:
            before = given.get(entry.command)
            given[entry.command] = Receipt(
                command=entry.command,
                finding=subject,
                seq=entry.seq,
                stage=stage,
                facts=(*(before.facts if before else ()), entry.kind),
            )
    return tuple(given.values())[-RECEIPTS_KEPT:]


def rebuild_row(connection: Connection, subject: SubjectId) -> None:
    """Make a subject's row of the read model anew from its ledger, in a transaction that writes."""
    if kind_of(subject) is None:
        _rebuild_finding(connection, FindingId(subject))
    else:
        _rebuild_gathering(connection, subject)


def _rebuild_gathering(connection: Connection, gathering: SubjectId) -> None:
    row = select(gatherings.c.id).where(gatherings.c.id == gathering)
    connection.execute(row.with_for_update())
    case = read_gatherings.refold(connection, gathering)
    last = entries(connection, gathering)[-1]
    connection.execute(delete(gatherings).where(gatherings.c.id == gathering))
    waiting.forget(connection, gathering)
    read_gatherings.record_gatherings(connection, [gathering_recording_of(case, (last,))])


def _rebuild_finding(connection: Connection, finding: FindingId) -> None:
    row = select(findings.c.id).where(findings.c.id == finding)
    connection.execute(row.with_for_update())  # a fact recorded meanwhile waits, and then comes on top
    story = steps(connection, finding)
    last = story[-1][0]
    case = refold(connection, finding)
    connection.execute(delete(findings).where(findings.c.id == finding))
    waiting.forget(connection, finding)
    replace_attempts(connection, summary(case), attempts((entry.at, state) for entry, state in story))
    record(connection, [recording_of(case, (last,))])
