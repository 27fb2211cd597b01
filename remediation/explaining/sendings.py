"""Why a reminder or a step of the ladder comes when it comes."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count, takewhile

from remediation.answers import standstills_of
from remediation.calendar import ONE_DAY, Calendar
from remediation.explaining.dues import uncounted, with_suspensions
from remediation.explaining.ladder_lines import CountedAnew, HoldsUntil, PutOff, RanOut, Unanswered
from remediation.explaining.lines import (
    AtClock,
    Counted,
    DaysAway,
    LateFrom,
    LeftOut,
    Line,
    Lines,
    MovedEarlier,
    MovedLater,
    NotBeforeStep,
    NotWhileSuspended,
    Resumes,
    WorkingDaysAway,
    recount,
    skipped,
    stands,
)
from remediation.facts import AcknowledgementEnding, DecisionDue, Escalated, Reminded, Resumed, Scheduled
from remediation.finding import Finding, Notice, Standstill
from remediation.ladder import STRAIGHT_TO, Step, ladder_ahead, ladder_start, unanswered_at
from remediation.notices import notice_of
from remediation.obligations import Obligation, obligations
from remediation.policy import Reminders
from remediation.spans import Span, Unit
from remediation.standstills import left_out


def why_sent(fact: Scheduled | Resumed, before: Finding) -> Lines:
    """Explain the instant a notice is scheduled for. `before` is the finding when the notice came due."""
    if isinstance(fact, Resumed):
        late = _later(before.calendar, fact.last + ONE_DAY)
        return Resumes(cause=fact.cause, last=fact.last), *late, _clock(before)
    if isinstance(fact, Reminded):
        return _why_reminded(fact, before)
    if isinstance(fact, AcknowledgementEnding):
        return _why_ending(fact, before)
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


def _why_ending(fact: AcknowledgementEnding, finding: Finding) -> Lines:
    calendar, last = finding.calendar, finding.calendar.last_day(fact.until)
    day = calendar.working_day_on_or_before(last)
    moved = (MovedEarlier(skipped=skipped(calendar, day + ONE_DAY, last)),) if day != last else ()
    return HoldsUntil(level=fact.level, until=fact.until), *moved, _clock(finding)


def _why_escalated(fact: Escalated | DecisionDue, owed: Obligation, finding: Finding) -> Lines:
    steps = ladder_ahead(finding, owed)
    below = [step.at for step in takewhile(lambda step: step.rung.level < fact.level, steps)]
    step = next(step for step in steps if step.rung.level == fact.level)
    lines, until = _why_step(step, owed, finding), notice_of(finding, owed).answer.snoozed_until
    reckoned = recount(lines, finding.calendar)
    if below:
        return lines if reckoned >= below[-1] else (*lines, NotBeforeStep(at=below[-1]))
    if until is None or reckoned >= step.at:
        return lines
    awake = _awake(finding.calendar.today(until), owed, finding)
    return (*lines, PutOff(until=until), *awake, *((_clock(finding),) if awake else ()))


def _why_step(step: Step, owed: Obligation, finding: Finding) -> Lines:
    rung, policy, notice = step.rung, finding.policy.version, notice_of(finding, owed)
    late = _late_from(owed, notice, finding)
    if owed.urgent or rung.after.unit is Unit.HOURS:
        hours = rung.urgent_after if owed.urgent else rung.after
        off = uncounted(finding.calendar, ladder_start(finding, owed, notice), hours)
        counted = Counted(span=hours, rule=f"level_{rung.level}", policy=policy, skipped=off)
        return with_suspensions((late[-1], counted), finding, standstills_of(finding, owed))
    usual = (*late, *_so_late(rung.after, late, owed, finding), _clock(finding))
    early = _early(step, owed, finding)
    return min(usual, early or usual, key=lambda lines: recount(lines, finding.calendar))


def _late_from(owed: Obligation, notice: Notice, finding: Finding) -> Lines:
    late = LateFrom(due=owed.due)
    if notice.counted_from is None:
        return (late,)
    return late, CountedAnew(until=finding.calendar.last_day(ladder_start(finding, owed, notice)))


def _so_late(span: Span, late: Lines, owed: Obligation, finding: Finding) -> Lines:
    calendar = finding.calendar
    late_day = stands(late, calendar).day
    away: Line = DaysAway(days=span.amount)
    if span.unit is Unit.WORKING_DAYS:
        until = calendar.add_working_days(late_day, span.amount)
        away = WorkingDaysAway(days=span.amount, skipped=skipped(calendar, late_day + ONE_DAY, until))
    stood = left_out(calendar, standstills_of(finding, owed), late_day, span)
    lines = (away, *(_left_out(still, days, span.unit) for still, days in stood))
    return *lines, *_awake(stands((*late, *lines), calendar).day, owed, finding)


def _left_out(still: Standstill, days: int, unit: Unit = Unit.DAYS) -> LeftOut:
    working = unit is Unit.WORKING_DAYS
    return LeftOut(cause=still.cause, first=still.first, last=still.last, days=days, working=working)


def _early(step: Step, owed: Obligation, finding: Finding) -> Lines:
    """Explain level 3 where it may come early, because nobody answered level 2, or only with words."""
    notice, calendar = notice_of(finding, owed), finding.calendar
    expired = unanswered_at(finding, owed, step.rung, notice)
    if expired is None or notice.escalated_at is None:
        return ()
    lines: Lines = (LateFrom(due=notice.due), RanOut(level=STRAIGHT_TO, until=expired))
    if notice.answer.until is None:
        lines = _unanswered(notice.escalated_at, owed, finding)
    return *lines, *_awake(stands(lines, calendar).day, owed, finding), _clock(finding)


def _unanswered(told_at: datetime, owed: Obligation, finding: Finding) -> Lines:
    calendar, window = finding.calendar, finding.policy.windows.acknowledge
    off = uncounted(calendar, told_at, window)
    unanswered = Unanswered(level=STRAIGHT_TO, told_at=told_at, window=window, skipped=off)
    lines: Lines = (LateFrom(due=owed.due), unanswered)
    for still in standstills_of(finding, owed):
        if recount(lines, calendar) > still.began and (days := still.days_from(calendar.today(told_at))):
            lines = (*lines, _left_out(still, days))
    return lines


def _awake(meant: date, owed: Obligation, finding: Finding) -> Lines:
    """Move a step off rest days and holidays, and off the days of a suspension."""
    calendar, lines = finding.calendar, _later(finding.calendar, meant)
    on = calendar.working_day_on_or_after(meant)
    for still in standstills_of(finding, owed):
        if still.first <= on <= still.last:
            again = still.last + ONE_DAY
            off = NotWhileSuspended(cause=still.cause, last=still.last)
            lines = (*lines, off, *_later(calendar, again))
            on = calendar.working_day_on_or_after(again)
    return lines


def _later(calendar: Calendar, meant: date) -> Lines:
    day = calendar.working_day_on_or_after(meant)
    return (MovedLater(skipped=skipped(calendar, meant, day - ONE_DAY)),) if day != meant else ()


def _clock(finding: Finding) -> AtClock:
    return AtClock(clock=finding.policy.reminders.at, zone=finding.calendar.zone)
