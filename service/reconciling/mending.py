"""Mending from SQL: how a workflow starts again, and a row of the read model that its ledger makes anew."""

from sqlalchemy import Connection, delete, select

from remediation.attempts import attempts
from remediation.summary import summary
from remediation.words import FindingId
from storage import findings as read_model
from storage import waiting
from storage.attempts import replace_attempts
from storage.codec import recording_of
from storage.ledger import refold, steps
from storage.recording import record
from storage.tables import findings
from workflows.finding import RECEIPTS_KEPT
from workflows.messages import FindingStart, Receipt


def start_of(connection: Connection, finding: FindingId) -> FindingStart | None:
    """Give what a finding's workflow starts with from SQL; None where SQL does not know it.

    With receipts of its latest orders, so that one given again is answered and not carried out twice.
    """
    case = read_model.case(connection, finding)
    if case is None:
        return None
    return FindingStart(case=case, receipts=receipts(connection, finding))


def receipts(connection: Connection, finding: FindingId) -> tuple[Receipt, ...]:
    """Give the answers to a finding's latest orders, as the ledger tells them."""
    given: dict[str, Receipt] = {}
    for entry, state in steps(connection, finding):
        if entry.command:
            before = given.get(entry.command)
            given[entry.command] = Receipt(
                command=entry.command,
                finding=finding,
                seq=entry.seq,
                stage=state.stage,
                facts=(*(before.facts if before else ()), entry.kind),
            )
    return tuple(given.values())[-RECEIPTS_KEPT:]


def rebuild_row(connection: Connection, finding: FindingId) -> None:
    """Make a finding's row of the read model anew from its ledger, in a transaction that writes."""
    row = select(findings.c.id).where(findings.c.id == finding)
    connection.execute(row.with_for_update())  # a fact recorded meanwhile waits, and then comes on top
    story = steps(connection, finding)
    last = story[-1][0]
    case = refold(connection, finding)
    connection.execute(delete(findings).where(findings.c.id == finding))
    waiting.forget(connection, finding)
    replace_attempts(connection, summary(case), attempts((entry.at, state) for entry, state in story))
    record(connection, [recording_of(case, (last,))])
