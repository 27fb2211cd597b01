"""Why a reminder or a step of the ladder comes when it comes."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count, takewhile

from remediation.calendar import ONE_DAY, Calendar
from remediation.explaining.dues import uncounted
from remediation.explaining.lines import (
    AtClock,
    Counted,
    DaysAway,
    LateFrom,
    Line,
    Lines,
    MovedEarlier,
    MovedLater,
    NotBeforeStep,
    Unanswered,
    WorkingDaysAway,
    recount,
    skipped,
)
from remediation.facts import Escalated, Reminded
from remediation.finding import Finding, Notice
from remediation.notices import STRAIGHT_TO, Step, ladder_ahead, notice_of
from remediation.obligations import Obligation, obligations
from remediation.policy import Reminders
from remediation.spans import Unit


def why_sent(fact: Reminded | Escalated, before: Finding) -> Lines:
    """Explain the instant a notice is scheduled for. `before` is the finding when the notice came due."""
    if isinstance(fact, Reminded):
        return _why_reminded(fact, before)
    owed = next(each for each in obligations(before) if each.key == fact.obligation)
    return _why_escalated(fact, owed, before)


def _why_reminded(fact: Reminded, finding: Finding) -> Lines:
    calendar = finding.calendar
    day = calendar.today(fact.scheduled)
    away = next(
        away
        for away in _offsets(finding.policy.reminders, day - fact.due_day)
        if calendar.working_day_on_or_before(fact.due_day + timedelta(days=away)) == day
    )
    meant = fact.due_day + timedelta(days=away)
    moved = (MovedEarlier(skipped=skipped(calendar, day + ONE_DAY, meant)),) if meant != day else ()
    return (LateFrom(due=fact.due), DaysAway(days=away), *moved, _clock(finding))


def _offsets(rule: Reminders, actual: timedelta) -> Iterator[int]:
    """Give the days from the due day on which the policy reminds, the earliest first."""
    yield from (-days for days in sorted(rule.before, reverse=True))
    yield from count(max(1, actual.days // rule.every) * rule.every, rule.every)


def _why_escalated(fact: Escalated, owed: Obligation, finding: Finding) -> Lines:
    steps = ladder_ahead(finding, owed)
    below = max(
        (step.at for step in takewhile(lambda step: step.rung.level < fact.level, steps)), default=owed.due
    )
    step = next(step for step in steps if step.rung.level == fact.level)
    lines = _why_step(step, owed, finding)
    return lines if recount(lines, finding.calendar) >= below else (*lines, NotBeforeStep(at=below))


def _why_step(step: Step, owed: Obligation, finding: Finding) -> Lines:
    rung, policy, late = step.rung, finding.policy.version, LateFrom(due=owed.due)
    if owed.urgent or rung.after.unit is Unit.HOURS:
        hours = rung.urgent_after if owed.urgent else rung.after
        off = uncounted(finding.calendar, owed.due, hours)
        return late, Counted(span=hours, rule=f"level_{rung.level}", policy=policy, skipped=off)
    usual = (late, *_so_late(step, owed.due, finding), _clock(finding))
    early = _early(step, notice_of(finding, owed), finding)
    return min(usual, early or usual, key=lambda lines: recount(lines, finding.calendar))


def _so_late(step: Step, due: datetime, finding: Finding) -> Lines:
    calendar, span = finding.calendar, step.rung.after
    late_day = calendar.last_day(due)
    if span.unit is Unit.WORKING_DAYS:
        until = calendar.add_working_days(late_day, span.amount)
        return (WorkingDaysAway(days=span.amount, skipped=skipped(calendar, late_day + ONE_DAY, until)),)
    away = DaysAway(days=span.amount)
    return away, *_later(calendar, late_day + timedelta(days=span.amount))


def _early(step: Step, notice: Notice, finding: Finding) -> Lines:
    """Explain level 3 where it may come early, because nobody acknowledged level 2."""
    levels = notice.level, step.rung.level
    if notice.escalated_at is None or notice.acknowledged or levels != (STRAIGHT_TO, STRAIGHT_TO + 1):
        return ()
    calendar, window, told_at = finding.calendar, finding.policy.windows.acknowledge, notice.escalated_at
    off = uncounted(calendar, told_at, window)
    unanswered = Unanswered(level=STRAIGHT_TO, told_at=told_at, window=window, skipped=off)
    expired = calendar.today(calendar.due(told_at, window))
    return LateFrom(due=notice.due), unanswered, *_later(calendar, expired), _clock(finding)


def _later(calendar: Calendar, meant: date) -> tuple[Line, ...]:
    day = calendar.working_day_on_or_after(meant)
    return (MovedLater(skipped=skipped(calendar, meant, day - ONE_DAY)),) if day != meant else ()


def _clock(finding: Finding) -> AtClock:
    return AtClock(clock=finding.policy.reminders.at, zone=finding.calendar.zone)
