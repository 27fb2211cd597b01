"""Reminders and the ladder: which notices an obligation calls for, when, and what comes next.

Reminders missed in an outage collapse into one. Steps of the ladder are never skipped or merged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count, takewhile

from remediation.calendar import ONE_DAY
from remediation.facts import Escalated, Fact, Reminded
from remediation.finding import Finding, Notice, Standstill
from remediation.obligations import Obligation, obligations
from remediation.policy import Reminders, Rung
from remediation.spans import Span, Unit
from remediation.standstills import awake_on, counted_on, put_off, resumption
from remediation.words import FACTORY_ROLES, Lateness, Role

STRAIGHT_TO = 2
"""The level at which a missing review or commitment enters the ladder (domain.md section 6)."""
BY_THE_HOUR = timedelta(days=3)
"""What is owed within less than this under zero tolerance is watched by the ladder alone."""


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder at its instant."""

    at: datetime
    rung: Rung


def notice_of(finding: Finding, owed: Obligation) -> Notice:
    """Give what was already sent about an obligation with this due instant."""
    for notice in finding.notices:
        if notice.obligation == owed.key and notice.due == owed.due:
            return notice
    return Notice(obligation=owed.key, due=owed.due)


def escalation_level(finding: Finding) -> int:
    """Give the highest level that an obligation still owed has climbed to; 0 when none has."""
    return level_of(finding, obligations(finding))


def level_of(finding: Finding, owed: tuple[Obligation, ...]) -> int:
    """Give the highest level among obligations of the finding."""
    if not finding.notices:
        return 0
    return max((notice_of(finding, each).level for each in owed), default=0)


def due_notices(finding: Finding, now: datetime) -> tuple[Fact, ...]:
    """Give what the clock brings about by `now`, in order: reminders, ladder steps, a suspension's end."""
    again = resumption(finding)
    facts: list[tuple[datetime, Fact]] = []
    if again is not None and again.scheduled <= now:
        facts.append((again.scheduled, again))
    for owed in obligations(finding):
        notice = notice_of(finding, owed)
        reminder = _latest_reminder(finding, owed, notice, now)
        if reminder is not None:
            facts.append((reminder, _reminded(finding, owed, reminder, now)))
        steps = takewhile(lambda step: step.at <= now, _steps(finding, owed, notice))
        facts += [(step.at, _escalated(finding, owed, step, now)) for step in steps]
    return tuple(fact for _, fact in sorted(facts, key=lambda each: each[0]))


def next_wake(finding: Finding) -> datetime | None:
    """Give the instant of what the clock brings about next; None if there is nothing."""
    instants: list[datetime] = [finding.resumes_at] if finding.resumes_at else []
    for owed in obligations(finding):
        notice = notice_of(finding, owed)
        reminder = next(reminders_ahead(finding, owed, notice), None)
        step = next(_steps(finding, owed, notice), None)
        instants += [reminder] if reminder is not None else []
        instants += [step.at] if step is not None else []
    return min(instants, default=None)


def reminders_ahead(finding: Finding, owed: Obligation, notice: Notice) -> Iterator[datetime]:
    """Give the instants of reminders not sent yet, earliest first, without end.

    09:00 of the factory, moved earlier off rest days and holidays, never before the obligation itself.
    An obligation by the hour has none: its ladder starts within hours.
    """
    if owed.urgent and owed.due - owed.since < BY_THE_HOUR:
        return
    calendar, clock = finding.calendar, finding.policy.reminders.at
    due_day = calendar.last_day(owed.due)
    sent = max(filter(None, (notice.reminded, owed.since, _quiet_until(finding, owed))))
    sent_day = calendar.today(sent)
    for offset in _offsets(finding.policy.reminders, (sent_day - due_day).days):
        day = calendar.working_day_on_or_before(due_day + timedelta(days=offset))
        if day < sent_day:
            continue
        at = calendar.instant(day, clock)
        # Before the day that is promised, a reminder must not come when it is late by the hour already.
        if at > sent and (offset > 0 or at < owed.due):
            sent = at
            yield at


def ladder_ahead(finding: Finding, owed: Obligation) -> tuple[Step, ...]:
    """Give the ladder steps of an obligation not taken yet, in order, each at its instant."""
    return tuple(_steps(finding, owed, notice_of(finding, owed)))


def standstills_of(finding: Finding, owed: Obligation) -> tuple[Standstill, ...]:
    """Give the suspensions whose days count neither for an obligation's ladder nor for its reminders."""
    return finding.standstills if owed.stands_still else ()


def _quiet_until(finding: Finding, owed: Obligation) -> datetime | None:
    """Give the end of the latest suspension: reminders of before it were sent before, those in it never."""
    stills = standstills_of(finding, owed)
    return finding.calendar.end_of(stills[-1].last) if stills else None


def _days_late(finding: Finding, owed: Obligation, now: datetime) -> int:
    """Give the local days since the due day, without those on which the clock stood still."""
    due_day = finding.calendar.last_day(owed.due)
    stood = sum(still.days_from(due_day + ONE_DAY) for still in standstills_of(finding, owed))
    return (finding.calendar.today(now) - due_day).days - stood


def _offsets(rule: Reminders, from_day: int) -> Iterator[int]:
    """Give the days from the due day on which to remind, from about `from_day` on."""
    yield from (-days for days in sorted(rule.before, reverse=True) if -days >= from_day)
    if rule.every > 0:
        # Nobody walks through the weeks of years that are past.
        yield from count(max(1, from_day // rule.every) * rule.every, rule.every)


def _steps(finding: Finding, owed: Obligation, notice: Notice) -> Iterator[Step]:
    latest = owed.due
    for rung in _rungs(finding, owed):
        if rung.level > notice.level:
            latest = max(latest, _instant_of(finding, owed, rung, notice))
            yield Step(latest, rung)


def _rungs(finding: Finding, owed: Obligation) -> Iterator[Rung]:
    if owed.lateness is Lateness.STAFF:
        yield from finding.policy.staff_ladder
        return
    ladder = finding.policy.ladder
    if owed.lateness is Lateness.NO_PROGRESS:
        yield from ladder
        return
    for number, rung in enumerate(each for each in ladder if each.level >= STRAIGHT_TO):
        first = ladder[0]
        yield rung if number else Rung(rung.level, first.after, first.urgent_after, rung.told)


def _instant_of(finding: Finding, owed: Obligation, rung: Rung, notice: Notice) -> datetime:
    if owed.urgent:
        return finding.calendar.due(owed.due, rung.urgent_after)
    at = _late_by(finding, owed, rung.after)
    if notice.escalated_at is None or not _unanswered(rung, notice):
        return at
    calendar, told_at = finding.calendar, notice.escalated_at
    expired = calendar.due(told_at, finding.policy.windows.acknowledge)
    if owed.stands_still:
        expired = put_off(finding, told_at, expired)
    return min(at, _morning_on_or_after(finding, owed, calendar.today(expired)))


def _late_by(finding: Finding, owed: Obligation, span: Span) -> datetime:
    """Give the morning of the working day on which something is so late; exact where hours are asked."""
    calendar, due = finding.calendar, owed.due
    if span.unit is Unit.HOURS:
        at = calendar.due(due, span)
        return put_off(finding, due, at) if owed.stands_still else at
    day = counted_on(calendar, standstills_of(finding, owed), calendar.last_day(due), span)
    return _morning_on_or_after(finding, owed, day)


def _morning_on_or_after(finding: Finding, owed: Obligation, day: date) -> datetime:
    calendar = finding.calendar
    return calendar.instant(awake_on(calendar, standstills_of(finding, owed), day), _clock(finding))


def _clock(finding: Finding) -> time:
    return finding.policy.reminders.at


def _unanswered(rung: Rung, notice: Notice) -> bool:
    """Whether level 3 may come early: level 2 asks the advisor to acknowledge within three working days."""
    return notice.level == STRAIGHT_TO and rung.level == STRAIGHT_TO + 1 and not notice.acknowledged


def _latest_reminder(finding: Finding, owed: Obligation, notice: Notice, now: datetime) -> datetime | None:
    come = takewhile(lambda at: at <= now, reminders_ahead(finding, owed, notice))
    return max(come, default=None)


def _reminded(finding: Finding, owed: Obligation, scheduled: datetime, now: datetime) -> Reminded:
    calendar = finding.calendar
    due_day = calendar.last_day(owed.due)
    return Reminded(
        obligation=owed.key,
        duty=owed.duty,
        due=owed.due,
        due_day=due_day,
        step=f"T{(calendar.today(scheduled) - due_day).days:+d}",
        owner=owed.owner,
        person=owed.person,
        days_left=-_days_late(finding, owed, now),
        scheduled=scheduled,
    )


def _escalated(finding: Finding, owed: Obligation, step: Step, now: datetime) -> Escalated:
    due_day = finding.calendar.last_day(owed.due)
    return Escalated(
        obligation=owed.key,
        duty=owed.duty,
        due=owed.due,
        due_day=due_day,
        level=step.rung.level,
        lateness=owed.lateness,
        told=_told(finding, step.rung),
        owner=owed.owner,
        person=owed.person,
        days_late=_days_late(finding, owed, now),
        scheduled=step.at,
    )


def _told(finding: Finding, rung: Rung) -> tuple[Role, ...]:
    """Leave the factory's people out while a zero-tolerance finding is kept from them."""
    if not finding.restricted:
        return rung.told
    return tuple(role for role in rung.told if role not in FACTORY_ROLES)
