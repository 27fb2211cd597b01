"""The improvement plan: due after the report, filed as one, reported on by the calendar, complete."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from remediation.calendar import Calendar
from remediation.facts import Fact
from remediation.gatherings.gathering import Gathering, Kind, Opening, Rules, gathering_id
from remediation.obligations import Obligation
from remediation.orders import Order
from remediation.policy import Policy
from remediation.refusals import AlreadyDone, NotAtThisStage
from remediation.rules import watching
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as
from remediation.words import (
    ENDINGS,
    Duty,
    FactoryId,
    GatheringId,
    Lateness,
    PersonId,
    PlanId,
    PlanStage,
    ProgrammeId,
    Role,
    Stage,
)

MONTHS = 12
FILERS = (
    Role.MANAGER,
    Role.WORKER_CO_CHAIR,
    Role.MANAGEMENT_CO_CHAIR,
    Role.WORKER_MEMBER,
    Role.MANAGEMENT_MEMBER,
    Role.SYSTEM,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A plan's findings in numbers, as pages count them: by stage, and how many are overdue.

    Findings that the factory is not told of are left out.
    """

    stages: dict[Stage, int]
    overdue: int = 0

    @property
    def findings(self) -> int:
        """How many there are."""
        return sum(self.stages.values())

    @property
    def ended(self) -> int:
        """How many of them have ended."""
        return sum(number for stage, number in self.stages.items() if stage in ENDINGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOpened(Opening):
    """An assessment's findings at one factory were issued. `released` is the report's local day."""

    plan: PlanId
    assessment: str
    released: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFiled(Fact):
    """The plan was filed by hand, or counts as filed since every finding has its commitment."""

    by_commitments: bool
    days_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReported(Fact):
    """A progress report of the period that ended before the local day `on`, with its numbers."""

    number: int
    on: date
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCompleted(Fact):
    """All of the plan's findings have ended; the numbers are its closing summary."""

    on: date
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlan(Order):
    """File the improvement plan: the manager, a committee member, or the system where all is committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportProgress(Order):
    """Issue a progress report with what the findings add up to: the system, by the calendar."""

    number: int
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletePlan(Order):
    """Complete the plan with what its findings add up to: the system, once all have ended."""

    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Gathering):
    """A plan's state. `file_by` is an exclusive end; `report_on` the first local day after a period."""

    opened: PlanOpened
    file_by: datetime
    report_on: date
    reports: int = 0
    filed_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def opening(self) -> PlanOpened:
        """What it began with."""
        return self.opened

    @property
    def stage(self) -> PlanStage:
        """Where it stands."""
        if self.completed_at is not None:
            return PlanStage.COMPLETED
        return PlanStage.FILED if self.filed_at is not None else PlanStage.AWAITED

    @property
    def ended(self) -> bool:
        """Whether all of its findings have ended."""
        return self.stage is PlanStage.COMPLETED

    @property
    def looks_at(self) -> datetime | None:
        """The morning of its next progress report."""
        return None if self.ended else report_due(self)

    def owed(self) -> tuple[Obligation, ...]:
        """Give what the plan asks of the factory: to be filed."""
        if self.stage is not PlanStage.AWAITED:
            return ()
        filing = Obligation(
            key=Duty.FILE_PLAN,
            duty=Duty.FILE_PLAN,
            owner=Role.MANAGER,
            since=self.opened_at,
            due=self.file_by,
            lateness=Lateness.NO_COOPERATION,
            by_plan=False,
        )
        return (filing,)


def plan_opened(  # noqa: PLR0913 - the opening's fields
    plan: PlanId,
    programme: ProgrammeId,
    factory: FactoryId,
    assessment: str,
    released: date | None,
    policy: str,
    calendar: str,
) -> PlanOpened:
    """Give the opening of an assessment's plan."""
    return PlanOpened(
        gathering=plan_gathering(plan),
        programme=programme,
        factory=factory,
        policy=policy,
        calendar=calendar,
        plan=plan,
        assessment=assessment,
        released=released,
    )


def plan_gathering(plan: PlanId | str) -> GatheringId:
    """Give the id of a plan as a gathering."""
    return gathering_id(Kind.PLAN, plan)


def begin(opened: PlanOpened, policy: Policy, calendar: Calendar, at: datetime, by: PersonId) -> Plan:
    """Give a plan's first state. A report released so long ago that it would be late counts from now."""
    released = calendar.instant(opened.released) if opened.released else at
    by_release = calendar.due(released, policy.plans.file)
    return Plan(
        opened=opened,
        policy=policy,
        calendar=calendar,
        opened_at=at,
        opened_by=by,
        file_by=by_release if by_release > at else calendar.due(at, policy.plans.file),
        report_on=next_period(calendar.today(at), policy.plans.report_months),
    )


def next_period(day: date, months: int) -> date:
    """Give the first day after `day` of a period of so many months; periods are counted from January."""
    month = day.year * MONTHS + day.month - 1
    year, place = divmod((month // months + 1) * months, MONTHS)
    return date(year, place + 1, 1)


def report_due(plan: Plan) -> datetime:
    """Give the morning on which the next progress report is issued: one on which people work."""
    calendar = plan.calendar
    return calendar.instant(calendar.working_day_on_or_after(plan.report_on), plan.policy.reminders.at)


def file_plan(order: FilePlan, plan: Plan, now: datetime) -> Facts:
    """Give the fact that the plan is filed."""
    acting_as(order, *FILERS, to="file the improvement plan")
    if plan.filed_at is not None:
        message = "The improvement plan is filed already."
        raise AlreadyDone(message)
    late = (plan.calendar.today(now) - plan.calendar.last_day(plan.file_by)).days
    return (PlanFiled(by_commitments=order.acting is Role.SYSTEM, days_late=max(late, 0)),)


def plan_filed(fact: PlanFiled, plan: Plan, stamp: Stamp) -> Plan:
    """Give the plan with nothing owed any more."""
    return replace(plan, filed_at=stamp.at, notices=())


def report_progress(order: ReportProgress, plan: Plan, now: datetime) -> Facts:
    """Give the fact of a progress report, once, on or after its day."""
    acting_as(order, Role.SYSTEM, to="issue a progress report")
    if order.number <= plan.reports:
        message = "This progress report is issued already."
        raise AlreadyDone(message)
    if now < report_due(plan):
        message = "The period of this progress report has not ended yet."
        raise NotAtThisStage(message)
    return (ProgressReported(number=plan.reports + 1, on=plan.report_on, tally=order.tally),)


def progress_reported(fact: ProgressReported, plan: Plan, stamp: Stamp) -> Plan:
    """Give the plan with its next report ahead: reports missed in an outage are one."""
    day = max(fact.on, plan.calendar.today(stamp.at))
    return replace(plan, reports=fact.number, report_on=next_period(day, plan.policy.plans.report_months))


def complete_plan(order: CompletePlan, plan: Plan, now: datetime) -> Facts:
    """Give the fact that the plan is complete."""
    acting_as(order, Role.SYSTEM, to="complete the improvement plan")
    if order.tally.ended < order.tally.findings:
        message = "The plan has findings that have not ended."
        raise NotAtThisStage(message)
    return (PlanCompleted(on=plan.calendar.today(now), tally=order.tally),)


def plan_completed(fact: PlanCompleted, plan: Plan, stamp: Stamp) -> Plan:
    """Give the plan at its end."""
    return replace(plan, completed_at=stamp.at, notices=())


DECISIONS: Mapping[type[Order], Callable[[Any, Plan, datetime], Facts]] = MappingProxyType(
    {
        FilePlan: file_plan,
        ReportProgress: report_progress,
        CompletePlan: complete_plan,
        **watching.DECISIONS,
    }
)
EFFECTS: Mapping[type[Fact], Callable[[Any, Plan, Stamp], Plan]] = MappingProxyType(
    {
        PlanFiled: plan_filed,
        ProgressReported: progress_reported,
        PlanCompleted: plan_completed,
        **watching.EFFECTS,
    }
)
RULES = Rules(opening=PlanOpened, begin=begin, decisions=DECISIONS, effects=EFFECTS)
