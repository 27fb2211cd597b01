"""What goes in and out of the finding workflow: plain data, no texts, no names."""

from dataclasses import dataclass
from datetime import datetime

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
class FindingStart:
    """Go on with a case whose entries stand in SQL: newly issued, in a new run, reopened or rebuilt.

    `receipts` answer orders that are given again after the server forgot their update ids.
    """

    case: Case
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a workflow stands: its last entry, what of it stands in SQL, and its next notice (aware)."""

    seq: int
    digest: str
    stored: int
    wakes_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The last entry of a finding that its workflow knows to stand in SQL."""

    finding: FindingId
    seq: int
    digest: str


def workflow_id(finding: FindingId) -> str:
    """Give the id of a finding's workflow; the finding's id is opaque already."""
    return f"finding:{finding}"
