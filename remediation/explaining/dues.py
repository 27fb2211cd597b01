"""Why something is owed by its date: one rule for each duty, from the state and the ledger's story."""

# ruff: noqa: ARG001 - every rule has the same signature, and not each needs all of it

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from remediation import facts
from remediation.calendar import ONE_DAY, Calendar
from remediation.explaining.lines import (
    AddedAgain,
    Began,
    Cause,
    Counted,
    DisputeAdded,
    Extended,
    LeftStanding,
    Line,
    Lines,
    Moved,
    NotBeforePromise,
    Promised,
    SetAnew,
    Skipped,
    SuspensionAdded,
    TakenBack,
    recount,
    skipped,
    standing,
)
from remediation.facts import Fact
from remediation.finding import Finding, Standstill
from remediation.moves import COUNTED_FROM_ITS_ISSUE, FIX, Held
from remediation.obligations import Obligation, action_key
from remediation.spans import Span, Unit
from remediation.words import ActionId, Duty, Severity, Statement

Story = Sequence[tuple[datetime, Fact]]
"""What has happened to a finding, in order: the facts of its ledger, each with its instant."""

_GRADING = facts.Issued | facts.Amended | facts.DisputeDecided | facts.AlarmDecided | facts.Reopened
_SINCE = {
    facts.Committed: Cause.COMMITTED,
    facts.ProgressRecorded: Cause.PROGRESS,
    facts.Verified: Cause.SEEN_UNDONE,
}


def why_due(owed: Obligation, finding: Finding, story: Story) -> Lines:
    """Explain by when something is owed. `story` is all that has happened so far."""
    since = finding.attempt_began if owed.duty in COUNTED_FROM_ITS_ISSUE else owed.since
    lines = tuple(_RULES[owed.duty](owed, finding, story))
    return (*lines, *_reprojected(owed.key, since, finding, story))


def why_fix_by(finding: Finding, story: Story) -> Lines:
    """Explain the last day that the policy allows a fix; no lines where it sets none."""
    span = finding.terms.fix
    if span is None:
        return ()
    moved = _reprojected(FIX, finding.attempt_began, finding, story)
    return (*_since_its_issue(finding, story, "fix", span), *moved)


def _reprojected(key: str, since: datetime, finding: Finding, story: Story) -> Iterator[Line]:
    """Give what re-projections did to a date since its time began; the last one says where it stands."""
    latest = since
    for at, fact in story:
        if isinstance(fact, facts.Reprojected) and at >= since:
            latest = at
            for move in fact.moves:
                if move.key == key and move.old is not None:
                    yield Moved(old=move.old, moved_at=at, why=move.why)
    held = finding.held_at(key, since)
    if held is not None and key not in COUNTED_FROM_ITS_ISSUE and held.due != held.reckoned:
        yield LeftStanding(reckoned=held.reckoned, due=held.due, held_at=latest)


@dataclass
class _Since:
    """What has moved a date that is counted from the issue since the latest re-projection."""

    calendar: Calendar
    lines: Lines
    began: datetime | None = None
    last: date = date.min
    """When the latest suspension began, and its last day while it lasts."""

    def read(self, at: datetime, fact: Fact, *, counts: bool) -> None:
        """Take in what happened; it `counts` where it came after the re-projection."""
        match fact:
            case facts.DisputeDecided() | facts.TakenBack() if counts and fact.days_added:
                self.lines = (*self.lines, DisputeAdded(days=fact.days_added))
            case facts.Suspended():
                if counts and recount(self.lines, self.calendar) > at:
                    said = {"cause": fact.cause, "first": fact.first, "last": fact.last, "days": fact.days}
                    self.lines = (*self.lines, SuspensionAdded(**said))  # type: ignore[arg-type]
                self.began, self.last = at, fact.last
            case facts.SuspensionEnded():
                self._ends_on(fact.last, counts=counts)
            case facts.FixReported() | facts.Ended():
                self._ends_on(self.calendar.today(at), counts=counts)

    def _ends_on(self, last: date, *, counts: bool) -> None:
        days = (self.last - last).days
        if days > 0 and counts and self.began and recount(self.lines, self.calendar) > self.began:
            self.lines = (*self.lines, TakenBack(last=last, days=days))
        self.last = min(self.last, last)


def _since_reprojected(lines: Lines, held: Held, finding: Finding, story: Story) -> Lines:
    places = [place for place, (_, fact) in enumerate(story) if isinstance(fact, facts.Reprojected)]
    at, calendar = story[places[-1]][0], finding.calendar
    if held.reckoned != held.base:
        days = calendar.gap(held.reckoned, held.base).days
        lines = (*lines, AddedAgain(days=days, added_at=at))
    if held.due != held.reckoned:
        lines = (*lines, LeftStanding(reckoned=held.reckoned, due=held.due, held_at=at))
    since = _Since(calendar, lines)
    for place, (happened_at, fact) in enumerate(story):
        since.read(happened_at, fact, counts=place > places[-1])
    return since.lines


@dataclass(frozen=True, slots=True)
class _Dated:
    """What the dates of an attempt are counted from, and the days that a dispute added to them.

    `suspended` is how many suspensions there had been when it was decided.
    """

    began: Began
    disputed: int = 0
    suspended: int = 0


def _dated(story: Story) -> _Dated:
    dates, suspended = _Dated(Began(cause=Cause.ISSUED, at=story[0][0])), 0
    for at, fact in story:
        match fact:
            case facts.Suspended():
                suspended += 1
            case facts.Amended():
                dates = _Dated(Began(cause=Cause.AMENDED, at=at))
                suspended *= fact.severity is not Severity.ZERO_TOLERANCE
            case facts.AlarmDecided(first_told=True):
                dates = _Dated(Began(cause=Cause.FACTORY_TOLD, at=at))
            case facts.Reopened():
                dates, suspended = _Dated(Began(cause=Cause.REOPENED, at=at)), 0
            case facts.DisputeDecided() | facts.TakenBack(what=Statement.DISPUTE):
                dates = _Dated(dates.began, fact.days_added, suspended)
    return dates


def _since_its_issue(finding: Finding, story: Story, rule: str, span: Span) -> Lines:
    dates, stills = _dated(story), finding.standstills
    lines: Lines = (dates.began, _terms(finding, rule, span, finding.severity, dates.began.at))
    held = finding.held_at(rule, finding.attempt_began)
    if held is not None:
        return _since_reprojected(lines, held, finding, story)
    lines = with_suspensions(lines, finding, stills[: dates.suspended])
    if dates.disputed:
        lines = (*lines, DisputeAdded(days=dates.disputed))
    return with_suspensions(lines, finding, stills[dates.suspended :])


def with_suspensions(lines: Lines, finding: Finding, stills: Iterable[Standstill]) -> Lines:
    """Add each suspension that moved the date: that lasted after its start, and began before the date."""
    calendar = finding.calendar
    started = calendar.today(next(standing(lines, calendar))[1].at)
    for still in stills:
        days = still.days_from(started)
        if days and recount(lines, calendar) > still.began:
            added = SuspensionAdded(cause=still.cause, first=still.first, last=still.last, days=days)
            lines = (*lines, added)
    return lines


def _review(owed: Obligation, finding: Finding, story: Story) -> Lines:
    return _since_its_issue(finding, story, "review", finding.terms.review)


def _commit(owed: Obligation, finding: Finding, story: Story) -> Lines:
    return _since_its_issue(finding, story, "commit", finding.terms.commit)


def _contain(owed: Obligation, finding: Finding, story: Story) -> Lines:
    # The factory's hours run from the attempt's start on, and none is added for a dispute.
    return _dated(story).began, _terms(
        finding, "contain", finding.terms.contain, finding.severity, owed.since
    )


def _window(cause: Cause, rule: str) -> "_Rule":
    def lines(owed: Obligation, finding: Finding, story: Story) -> Lines:
        span = getattr(finding.policy.windows, rule)
        return Began(cause=cause, at=owed.since), _counted(finding, rule, span, owed.since)

    return lines


def _decide_extension(owed: Obligation, finding: Finding, story: Story) -> Lines:
    span = finding.policy.extensions.decide
    return Began(cause=Cause.COSIGNED, at=owed.since), _counted(finding, "decide", span, owed.since)


def _decide_suspension(owed: Obligation, finding: Finding, story: Story) -> Lines:
    span = finding.policy.suspensions.decide
    began = Began(cause=Cause.SUSPENSION_ASKED, at=owed.since)
    return began, _counted(finding, "decide", span, owed.since)


def _action(owed: Obligation, finding: Finding, story: Story) -> Lines:
    (action,) = (each for each in finding.actions if action_key(each.id) == owed.key)
    committed = max(number for number, (_, fact) in enumerate(story) if isinstance(fact, facts.Committed))
    promised = Promised(day=action.original_due, committed_at=story[committed][0])
    moves = _Moves(action.id, finding.calendar, action.original_due)
    for at, fact in story[committed + 1 :]:
        moves.read(at, fact)
    return promised, *moves.lines


@dataclass
class _Moves:
    """Each move of an action's day. What is done already is neither extended nor suspended."""

    action: ActionId
    calendar: Calendar
    day: date
    done: bool = False
    lines: list[Line] = field(default_factory=list)
    suspended: SuspensionAdded | None = None
    """The last line, while the suspension that it tells of may still end early."""

    def read(self, at: datetime, fact: Fact) -> None:
        match fact:
            case facts.ProgressRecorded() if fact.action == self.action:
                self.done = fact.percent == 100  # noqa: PLR2004 - a percentage
            case facts.ExtensionDecided(granted=True) if self._extended(fact):
                days = (fact.until - self.day).days
                self._to(fact.until, Extended(days=days, to=fact.until, granted_at=at))
            case facts.Verified() if (again := _remaining(fact, self.action)) is not None:
                self._to(again, SetAnew(to=again, seen_at=at))
                self.done = False
            case facts.Suspended() if not self.done and at < self.calendar.end_of(self.day):
                self._suspend(fact)
            case facts.SuspensionEnded():
                self._ends_on(fact.last)
            case facts.FixReported():
                self._ends_on(self.calendar.today(at))
            case facts.Resumed():
                self.suspended = None

    def _extended(self, fact: facts.ExtensionDecided) -> bool:
        return self.action in fact.actions and not self.done and self.day < fact.until

    def _to(self, day: date, line: Line) -> None:
        self.day, self.suspended = day, None
        self.lines.append(line)

    def _suspend(self, fact: facts.Suspended) -> None:
        line = SuspensionAdded(cause=fact.cause, first=fact.first, last=fact.last, days=fact.days)
        self._to(self.day + timedelta(days=fact.days), line)
        self.suspended = line

    def _ends_on(self, last: date) -> None:
        """Take back what was not used of the suspension."""
        line = self.suspended
        if line is not None:
            unused = (line.last - last).days
            self.day -= timedelta(days=unused)
            self.suspended = replace(line, last=last, days=line.days - unused)
            self.lines[-1] = self.suspended


def _remaining(fact: facts.Verified, action: ActionId) -> date | None:
    return next((each.due for each in fact.remaining if each.id == action), None)


def _progress_review(owed: Obligation, finding: Finding, story: Story) -> Lines:
    span = finding.terms.progress_review
    counted = _terms(finding, "progress_review", span, finding.severity, owed.since)
    return with_suspensions((_seen(owed, story), counted), finding, finding.standstills)


def _report_fix(owed: Obligation, finding: Finding, story: Story) -> Lines:
    counted = _counted(finding, "report_fix", finding.policy.windows.report_fix, owed.since)
    promised = [action.due for action in finding.actions]
    lines = with_suspensions((_seen(owed, story), counted), finding, finding.standstills)
    end = recount(lines, finding.calendar)
    if not promised or finding.calendar.end_of(max(promised)) <= end:
        return lines
    return (*lines, NotBeforePromise(day=max(promised)))


def _seen(owed: Obligation, story: Story) -> Began:
    cause = next(_SINCE[type(fact)] for _, fact in reversed(story) if type(fact) in _SINCE)
    return Began(cause=cause, at=owed.since)


def _verify(owed: Obligation, finding: Finding, story: Story) -> Lines:
    severity = _graded_before(story, facts.FixReported)
    span = finding.policy.terms[severity].verify
    began = Began(cause=Cause.FIX_REPORTED, at=owed.since)
    return began, _terms(finding, "verify", span, severity, owed.since)


def _check_effectiveness(owed: Obligation, finding: Finding, story: Story) -> Lines:
    severity = _graded_before(story, facts.Verified)
    span = finding.policy.terms[severity].effectiveness
    began = Began(cause=Cause.VERIFIED, at=owed.since)
    return began, _terms(finding, "effectiveness", span, severity, owed.since)


def _recovery_plan(owed: Obligation, finding: Finding, story: Story) -> Lines:
    returned = any(isinstance(fact, facts.RecoveryPlanReturned) and at == owed.since for at, fact in story)
    cause = Cause.PLAN_RETURNED if returned else Cause.LEVEL_REACHED
    lines = _window(cause, "recovery_plan")(owed, finding, story)
    return with_suspensions(lines, finding, finding.standstills)


def _graded_before(story: Story, kind: type[Fact]) -> Severity:
    """Give the severity that held when a fact of the kind last happened: a dispute may have changed it."""
    last = max(number for number, (_, fact) in enumerate(story) if isinstance(fact, kind))
    return next(fact.severity for _, fact in reversed(story[:last]) if isinstance(fact, _GRADING))


def _terms(finding: Finding, rule: str, span: Span | None, severity: Severity, start: datetime) -> Counted:
    assert span is not None  # noqa: S101 - without it nothing is owed
    return _counted(finding, rule, span, start, severity)


def _counted(
    finding: Finding, rule: str, span: Span, start: datetime, severity: Severity | None = None
) -> Counted:
    off = uncounted(finding.calendar, start, span)
    return Counted(span=span, rule=rule, policy=finding.policy.version, severity=severity, skipped=off)


def uncounted(calendar: Calendar, start: datetime, span: Span) -> tuple[Skipped, ...]:
    """Give the days that a span of working days from an aware instant on does not count."""
    if span.unit is not Unit.WORKING_DAYS:
        return ()
    return skipped(calendar, calendar.today(start) + ONE_DAY, calendar.last_day(calendar.due(start, span)))


_Rule = Callable[[Obligation, Finding, Story], Lines]

_RULES: dict[Duty, _Rule] = {
    Duty.CONFIRM_ALARM: _window(Cause.ALARM_RAISED, "confirm_alarm"),
    Duty.NOTIFY_AUTHORITY: _window(Cause.ALARM_RAISED, "notify_authority"),
    Duty.CONTAIN: _contain,
    Duty.REVIEW: _review,
    Duty.COMMIT: _commit,
    Duty.DECIDE_DISPUTE: _window(Cause.DISPUTED, "decide_dispute"),
    Duty.MEDIATE: _window(Cause.DEADLOCKED, "mediate"),
    Duty.ACTION: _action,
    Duty.PROGRESS_REVIEW: _progress_review,
    Duty.DECIDE_EXTENSION: _decide_extension,
    Duty.DECIDE_SUSPENSION: _decide_suspension,
    Duty.REPORT_FIX: _report_fix,
    Duty.VERIFY: _verify,
    Duty.CHECK_EFFECTIVENESS: _check_effectiveness,
    Duty.RECOVERY_PLAN: _recovery_plan,
    Duty.DECIDE_RECOVERY_PLAN: _window(Cause.PLAN_FILED, "decide_recovery_plan"),
    Duty.DECIDE_CONSEQUENCE: _window(Cause.DECISION_DUE, "decide_consequence"),
}
