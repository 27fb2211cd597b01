"""What goes in and out of workflows with a ledger: plain data, no texts, no names."""

from dataclasses import dataclass
from datetime import datetime

from remediation.case import Case
from remediation.gatherings.case import GatheringCase
from remediation.words import AnyStage, CommandId, SubjectId

TASK_QUEUE = "mendwork"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to an order: what it led to, and where its subject stands after it."""

    command: CommandId
    finding: SubjectId
    seq: int
    stage: AnyStage
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingStart:
    """Go on with a case whose entries stand in SQL: newly issued, in a new run, reopened or rebuilt.

    `receipts` answer orders that are given again after the server forgot their update ids.
    """

    case: Case
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringStart:
    """Go on with a gathering whose entries stand in SQL; otherwise as `FindingStart`."""

    case: GatheringCase
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
    """The last entry of a ledger that its workflow knows to stand in SQL."""

    finding: SubjectId
    seq: int
    digest: str


def workflow_id(subject: SubjectId) -> str:
    """Give the id of a subject's workflow: a gathering's own id, or a finding's after its kind."""
    return subject if ":" in subject else f"finding:{subject}"
