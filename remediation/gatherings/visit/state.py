"""Where a verification visit stands: its day, its agenda, and what was found so far."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from remediation.gatherings.gathering import Gathering
from remediation.gatherings.visit.facts import Item, OutcomeRecorded, Outcomes, VisitPlanned
from remediation.obligations import Obligation
from remediation.words import Duty, FindingId, Lateness, PersonId, Role, Verdict, VisitStage


class Delivery(StrEnum):
    """How far an outcome has come on its way to its finding."""

    ON_ITS_WAY = "on_its_way"
    TAKEN = "taken"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An outcome with what became of it at the finding; `code` says why it was refused."""

    found: OutcomeRecorded
    at: datetime
    delivery: Delivery = Delivery.ON_ITS_WAY
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the checklist: a finding, and the outcomes recorded for it, the latest last."""

    item: Item
    outcomes: tuple[Outcome, ...] = ()

    @property
    def outcome(self) -> Outcome | None:
        """The one that counts; None where none was recorded, or the finding refused it."""
        latest = self.outcomes[-1] if self.outcomes else None
        return latest if latest is not None and latest.delivery is not Delivery.REFUSED else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(Gathering):
    """A visit's state. `on` is the local day it is planned for; `begun_on` the one it began on."""

    planned: VisitPlanned
    on: date
    set_at: datetime
    """When its day was last set."""
    lines: tuple[Line, ...]
    postponed: int = 0
    begun_on: date | None = None
    begun_at: datetime | None = None
    report_by: datetime | None = None
    cancelled_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def opening(self) -> VisitPlanned:
        """What it began with."""
        return self.planned

    @property
    def verifier(self) -> PersonId:
        """Who goes."""
        return self.planned.verifier

    @property
    def stage(self) -> VisitStage:
        """Where it stands."""
        if self.cancelled_at is not None:
            return VisitStage.CANCELLED
        if self.ended_at is not None:
            return VisitStage.ENDED
        return VisitStage.PLANNED if self.begun_at is None else VisitStage.UNDER_WAY

    @property
    def restricted(self) -> bool:
        """Whether the factory must not know of it: unannounced, and not begun."""
        return not self.planned.announced and self.begun_at is None

    @property
    def ended(self) -> bool:
        """Whether its life is over: cancelled, or ended with every outcome known to its finding."""
        over = self.stage in {VisitStage.ENDED, VisitStage.CANCELLED}
        return over and not self.on_their_way

    @property
    def on_their_way(self) -> tuple[Outcome, ...]:
        """The outcomes of which nobody knows yet what their findings say to them."""
        every = (outcome for line in self.lines for outcome in line.outcomes)
        return tuple(each for each in every if each.delivery is Delivery.ON_ITS_WAY)

    @property
    def looks_at(self) -> datetime | None:
        """From its planning on: what it calls for at findings, and findings at it, is looked for always."""
        return None if self.ended else self.opened_at

    @property
    def totals(self) -> Outcomes:
        """What it adds up to so far."""
        verdicts = [line.outcome.found.verdict for line in self.lines if line.outcome is not None]
        return Outcomes(
            passed=verdicts.count(Verdict.PASS),
            partial=verdicts.count(Verdict.PARTIAL),
            failed=verdicts.count(Verdict.FAIL),
            open=sum(1 for line in self.lines if not line.outcomes),
            refused=sum(1 for line in self.lines if line.outcomes and line.outcome is None),
        )

    def line(self, finding: FindingId) -> Line | None:
        """Give a finding's line of the checklist, if it has one."""
        return next((each for each in self.lines if each.item.finding == finding), None)

    def with_line(self, line: Line) -> "Visit":
        """Give the visit with a line in place of its finding's, or below the others."""
        known = self.line(line.item.finding)
        if known is None:
            return replace(self, lines=(*self.lines, line))
        return replace(self, lines=tuple(line if each is known else each for each in self.lines))

    def owed(self) -> tuple[Obligation, ...]:
        """Give what the visit asks of its verifier: to be held on its day, then to be ended."""
        if self.stage is VisitStage.PLANNED:
            return (self._owed(Duty.HOLD_VISIT, self.set_at, self.calendar.end_of(self.on)),)
        if self.stage is VisitStage.UNDER_WAY and self.begun_at is not None and self.report_by is not None:
            return (self._owed(Duty.END_VISIT, self.begun_at, self.report_by),)
        return ()

    def _owed(self, duty: Duty, since: datetime, due: datetime) -> Obligation:
        return Obligation(
            key=duty,
            duty=duty,
            owner=Role.ADVISOR,
            person=self.verifier,
            since=since,
            due=due,
            lateness=Lateness.STAFF,
        )
