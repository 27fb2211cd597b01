"""Why something is owed by its date: one rule for each duty, from the state and the ledger's story."""

# ruff: noqa: ARG001 - every rule has the same signature, and not each needs all of it

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from remediation import facts
from remediation.calendar import ONE_DAY, Calendar
from remediation.explaining.lines import (
    Began,
    Cause,
    Counted,
    DisputeAdded,
    Extended,
    Line,
    Lines,
    NotBeforePromise,
    Promised,
    SetAnew,
    Skipped,
    skipped,
)
from remediation.facts import Fact
from remediation.finding import Finding
from remediation.obligations import Obligation, action_key
from remediation.spans import Span, Unit
from remediation.words import ActionId, Duty, Severity

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
    return tuple(_RULES[owed.duty](owed, finding, story))


def why_fix_by(finding: Finding, story: Story) -> Lines:
    """Explain the last day that the policy allows a fix; no lines where it sets none."""
    span = finding.terms.fix
    return _since_its_issue(finding, story, "fix", span) if span else ()


@dataclass(frozen=True, slots=True)
class _Dated:
    """What the dates of an attempt are counted from, and the days that a dispute added to them."""

    began: Began
    disputed: int = 0


def _dated(story: Story) -> _Dated:
    dates = _Dated(Began(cause=Cause.ISSUED, at=story[0][0]))
    for at, fact in story:
        match fact:
            case facts.Amended():
                dates = _Dated(Began(cause=Cause.AMENDED, at=at))
            case facts.AlarmDecided(first_told=True):
                dates = _Dated(Began(cause=Cause.FACTORY_TOLD, at=at))
            case facts.Reopened():
                dates = _Dated(Began(cause=Cause.REOPENED, at=at))
            case facts.DisputeDecided():
                dates = _Dated(dates.began, fact.days_added)
    return dates


def _since_its_issue(finding: Finding, story: Story, rule: str, span: Span) -> Lines:
    dates = _dated(story)
    lines: Lines = (dates.began, _terms(finding, rule, span, finding.severity, dates.began.at))
    return (*lines, DisputeAdded(days=dates.disputed)) if dates.disputed else lines


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


def _action(owed: Obligation, finding: Finding, story: Story) -> Lines:
    (action,) = (each for each in finding.actions if action_key(each.id) == owed.key)
    committed = max(number for number, (_, fact) in enumerate(story) if isinstance(fact, facts.Committed))
    promised = Promised(day=action.original_due, committed_at=story[committed][0])
    return promised, *_moves(action.id, action.original_due, story[committed + 1 :], done=False)


def _moves(action: ActionId, day: date, story: Story, *, done: bool) -> Lines:
    """Give each move of an action's day. What is done already is not extended."""
    moves: list[Line] = []
    for at, fact in story:
        match fact:
            case facts.ProgressRecorded() if fact.action == action:
                done = fact.percent == 100  # noqa: PLR2004 - a percentage
            case facts.ExtensionDecided(granted=True) if action in fact.actions and not done:
                moves.append(Extended(days=(fact.until - day).days, to=fact.until, granted_at=at))
                day = fact.until
            case facts.Verified() if (again := _remaining(fact, action)) is not None:
                moves.append(SetAnew(to=again, seen_at=at))
                day, done = again, False
    return tuple(moves)


def _remaining(fact: facts.Verified, action: ActionId) -> date | None:
    return next((each.due for each in fact.remaining if each.id == action), None)


def _progress_review(owed: Obligation, finding: Finding, story: Story) -> Lines:
    span = finding.terms.progress_review
    return _seen(owed, story), _terms(finding, "progress_review", span, finding.severity, owed.since)


def _report_fix(owed: Obligation, finding: Finding, story: Story) -> Lines:
    counted = _counted(finding, "report_fix", finding.policy.windows.report_fix, owed.since)
    promised = [action.due for action in finding.actions]
    lines: Lines = (_seen(owed, story), counted)
    end = finding.calendar.due(owed.since, counted.span)
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
    Duty.REPORT_FIX: _report_fix,
    Duty.VERIFY: _verify,
    Duty.CHECK_EFFECTIVENESS: _check_effectiveness,
}
