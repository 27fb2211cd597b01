"""What lists and pages need to know of a case: the row that SQL keeps up to date."""

from dataclasses import dataclass
from datetime import date, datetime

from remediation.case import Case
from remediation.notices import level_of
from remediation.obligations import obligations
from remediation.words import (
    Duty,
    FactoryId,
    FindingId,
    PersonId,
    PlanId,
    ProgrammeId,
    Severity,
    Stage,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A case in one row. `next_due` (aware, exclusive) and `next_duty` are the soonest thing owed.

    A finding is overdue when `next_due` has passed. `seq` orders the versions of the row.
    """

    finding: FindingId
    programme: ProgrammeId
    factory: FactoryId
    plan: PlanId
    point: str
    question: str
    severity: Severity
    stage: Stage
    attempt: int
    seq: int
    digest: str
    level: int
    restricted: bool
    issued_at: datetime
    next_due: datetime | None
    next_due_day: date | None
    next_duty: Duty | None
    assessor: PersonId


def summary(case: Case) -> Summary:
    """Give the row of a case."""
    finding = case.finding
    owed = obligations(finding)
    soonest = min(owed, key=lambda each: each.due, default=None)
    return Summary(
        finding=finding.id,
        programme=finding.programme,
        factory=finding.factory,
        plan=finding.plan,
        point=finding.point,
        question=finding.question,
        severity=finding.severity,
        stage=finding.stage,
        attempt=finding.attempt,
        seq=case.seq,
        digest=case.digest,
        level=level_of(finding, owed),
        restricted=finding.restricted,
        issued_at=finding.issued_at,
        next_due=soonest.due if soonest else None,
        next_due_day=finding.calendar.last_day(soonest.due) if soonest else None,
        next_duty=soonest.duty if soonest else None,
        assessor=finding.assessor,
    )
