"""What goes in and out of the finding workflow: plain data, no texts, no names."""

from dataclasses import dataclass

from remediation.beginning import Begin
from remediation.case import Case
from remediation.words import CommandId, FindingId, Stage

TASK_QUEUE = "mendwork"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to an order: what it led to, and where the finding stands after it."""

    command: CommandId
    finding: FindingId
    seq: int
    stage: Stage
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Go on with a case: in a new run, after a reopening, or rebuilt from SQL.

    `receipts` answer orders that are given again after the server forgot their update ids.
    """

    case: Case
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingStart:
    """How a finding's workflow starts: exactly one of the two is given."""

    begin: Begin | None = None
    carried: Carried | None = None


def workflow_id(finding: FindingId) -> str:
    """Give the id of a finding's workflow; the finding's id is opaque already."""
    return f"finding:{finding}"
