"""Reminders and the ladder: which notices an obligation calls for, when, and what comes next.

Reminders missed in an outage collapse into one. Steps of the ladder are never skipped or merged.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import count, takewhile
from typing import Any

from remediation.answers import endings, held_until, ran_out, standstills_of
from remediation.calendar import ONE_DAY
from remediation.facts import (
    AcknowledgementLapsed,
    DecisionDue,
    Escalated,
    Fact,
    Reminded,
    Resumed,
    Scheduled,
)
from remediation.finding import Finding, Notice
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
    by_decision: bool = False
    """Only people take it: at its instant their decision falls due."""


def notice_of(finding: Finding, owed: Obligation) -> Notice:
    """Give what was already sent about an obligation with this due instant."""
    return finding.notice(owed.key, owed.due)


def escalation_level(finding: Finding) -> int:
    """Give the highest level that an obligation still owed has climbed to; 0 when none has."""
    return level_of(finding, obligations(finding))


def level_of(finding: Finding, owed: tuple[Obligation, ...]) -> int:
    """Give the highest level among obligations of the finding."""
    if not finding.notices:
        return 0
    return max((notice_of(finding, each).level for each in owed), default=0)


def due_notices(finding: Finding, now: datetime) -> tuple[Fact, ...]:
    """Give what the clock brings about by `now`, in order of its instants.

    Those are reminders, acknowledgements that run out, steps of the ladder, and a suspension's end.
    """
    facts: list[Scheduled | AcknowledgementLapsed | Resumed] = []
    again = resumption(finding)
    if again is not None and again.scheduled <= now:
        facts.append(again)
    facts += [fact for owed in obligations(finding) for fact in _due_about(finding, owed, now)]
    return tuple(sorted(facts, key=lambda fact: fact.scheduled))


def _due_about(
    finding: Finding, owed: Obligation, now: datetime
) -> Iterator[Scheduled | AcknowledgementLapsed]:
    notice = notice_of(finding, owed)
    reminder = _latest_reminder(finding, owed, notice, now)
    if reminder is not None:
        yield _reminded(finding, owed, reminder, now)
    steps = tuple(_steps(finding, owed, notice))
    ended = endings(finding, owed, notice, steps[0].at if steps else None)
    yield from (fact for fact in ended if fact.scheduled <= now)
    for step in takewhile(lambda step: step.at <= now, steps):
        yield _climbed(finding, owed, notice, step, now)


def next_wake(finding: Finding) -> datetime | None:
    """Give the instant at which the clock next brings something about; None if it never does."""
    instants: list[datetime] = [finding.resumes_at] if finding.resumes_at else []
    for owed in obligations(finding):
        notice = notice_of(finding, owed)
        reminder = next(reminders_ahead(finding, owed, notice), None)
        step = next(_steps(finding, owed, notice), None)
        instants += [reminder] if reminder is not None else []
        at = step.at if step is not None else None
        instants += [fact.scheduled for fact in endings(finding, owed, notice, at)]
        instants += [at] if at is not None else []
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


def _quiet_until(finding: Finding, owed: Obligation) -> datetime | None:
    """Give the end of the latest suspension: reminders of before it were sent before, those in it never."""
    stills = standstills_of(finding, owed)
    return finding.calendar.end_of(stills[-1].last) if stills else None


def _days_late(finding: Finding, owed: Obligation, now: datetime) -> int:
    """Give the local days since the due day, without those on which the clock stood still."""
    due_day = finding.calendar.last_day(owed.due)
    stood = sum(still.days_from(due_day + ONE_DAY) for still in standstills_of(finding, owed))
    return (finding.calendar.today(now) - due_day).days - stood


def follow(before: Finding, after: Finding, at: datetime) -> tuple[Notice, ...]:
    """Give the notices of a finding whose dates moved at an aware instant: nothing is sent twice.

    A letter tells of the new days, so that reminders of them come later than that.
    """
    notices: list[Notice] = []
    owed_before = {each.key: each for each in obligations(before)}
    for owed in obligations(after):
        old = owed_before.get(owed.key)
        notice = notice_of(before, old) if old else Notice(obligation=owed.key, due=owed.due)
        if old is None or _on_another_day(before, old, after, owed):
            notices.append(replace(notice, due=owed.due, reminded=at))
        elif notice.reminded or notice.level:
            notices.append(replace(notice, due=owed.due, reminded=_reminded_of(before, old, after, owed)))
    return tuple(notices)


def _on_another_day(before: Finding, old: Obligation, after: Finding, owed: Obligation) -> bool:
    return old.due != owed.due and before.calendar.last_day(old.due) != after.calendar.last_day(owed.due)


def _reminded_of(before: Finding, old: Obligation, after: Finding, owed: Obligation) -> datetime | None:
    """Give up to when reminders of a day that stays count as sent, when the days around it have changed."""
    reminded = notice_of(before, old).reminded
    if reminded is None:
        return None
    calendar, rule = before.calendar, before.policy.reminders
    day, due_day = calendar.today(reminded), calendar.last_day(old.due)
    days = takewhile(
        lambda away: calendar.working_day_on_or_before(due_day + timedelta(days=away)) <= day,
        _offsets(rule, (day - due_day).days),
    )
    latest = max(days, default=None)
    if latest is None:
        return reminded
    again = after.calendar.last_day(owed.due) + timedelta(days=latest)
    return max(
        reminded, after.calendar.instant(after.calendar.working_day_on_or_before(again), _clock(after))
    )


def _offsets(rule: Reminders, from_day: int) -> Iterator[int]:
    """Give the days from the due day on which to remind, from about `from_day` on."""
    yield from (-days for days in sorted(rule.before, reverse=True) if -days >= from_day)
    if rule.every > 0:
        # Nobody walks through the weeks of years that are past.
        yield from count(max(1, from_day // rule.every) * rule.every, rule.every)


def _steps(finding: Finding, owed: Obligation, notice: Notice) -> Iterator[Step]:
    start = ladder_start(finding, owed, notice)
    latest = max(start, snoozed_to(finding, owed, notice) or start)
    for rung in _rungs(finding, owed, notice):
        if rung.level > notice.level:
            by_decision = is_decided(finding, owed, rung.level)
            if by_decision and notice.decision is not None:
                return
            latest = max(latest, _instant_of(finding, owed, start, rung, notice))
            yield Step(latest, rung, by_decision)


def ladder_start(finding: Finding, owed: Obligation, notice: Notice) -> datetime:
    """Give the instant that the ladder counts from: the date, or the end of a recovery plan's last day."""
    end, since = notice.counted_from, notice.counted_since
    if end is None or since is None:
        return owed.due
    return put_off(finding, since, end) if owed.stands_still else end


def snoozed_to(finding: Finding, owed: Obligation, notice: Notice) -> datetime | None:
    """Give the morning that the next step was put off to: one on which the clock runs."""
    until = notice.answer.snoozed_until
    return None if until is None else _morning_on_or_after(finding, owed, finding.calendar.today(until))


def ladder_of(finding: Finding, owed: Obligation) -> tuple[Rung, ...]:
    """Give the rungs that something late may climb: the factory's, the staff's, or none of its own."""
    if not owed.climbs:
        return ()
    if owed.lateness is Lateness.STAFF:
        return finding.policy.staff_ladder
    entry = STRAIGHT_TO if owed.lateness is Lateness.NO_COOPERATION else 0
    return tuple(rung for rung in finding.policy.ladder if rung.level >= entry)


def is_decided(finding: Finding, owed: Obligation, level: int) -> bool:
    """Whether a level is reached by people's decision only."""
    return owed.lateness is not Lateness.STAFF and level == finding.policy.escalation.decision_level


def told_up_to(finding: Finding, owed: Obligation, level: int) -> tuple[Role, ...]:
    """Give the roles that are told of something late on its way up to a level."""
    rungs = (rung for rung in ladder_of(finding, owed) if rung.level <= level)
    return tuple(dict.fromkeys(role for rung in rungs for role in _told(finding, rung)))


def _rungs(finding: Finding, owed: Obligation, notice: Notice) -> Iterator[Rung]:
    """Give the rungs above the floor. Wherever it enters the ladder, it does so on the first rung's day."""
    ladder = ladder_of(finding, owed)
    first = finding.policy.staff_ladder if owed.lateness is Lateness.STAFF else finding.policy.ladder
    for number, rung in enumerate(each for each in ladder if each.level > notice.floor):
        yield rung if number else replace(rung, after=first[0].after, urgent_after=first[0].urgent_after)


def _instant_of(finding: Finding, owed: Obligation, start: datetime, rung: Rung, notice: Notice) -> datetime:
    if owed.urgent:
        return finding.calendar.due(start, rung.urgent_after)
    at, expired = _late_by(finding, owed, start, rung.after), unanswered_at(finding, owed, rung, notice)
    return at if expired is None else min(at, ran_out(finding, owed, expired))


def _late_by(finding: Finding, owed: Obligation, start: datetime, span: Span) -> datetime:
    """Give the morning of the working day on which something is so late; exact where hours are asked."""
    calendar = finding.calendar
    if span.unit is Unit.HOURS:
        at = calendar.due(start, span)
        return put_off(finding, start, at) if owed.stands_still else at
    day = counted_on(calendar, standstills_of(finding, owed), calendar.last_day(start), span)
    return _morning_on_or_after(finding, owed, day)


def _morning_on_or_after(finding: Finding, owed: Obligation, day: date) -> datetime:
    calendar = finding.calendar
    return calendar.instant(awake_on(calendar, standstills_of(finding, owed), day), _clock(finding))


def _clock(finding: Finding) -> time:
    return finding.policy.reminders.at


def unanswered_at(finding: Finding, owed: Obligation, rung: Rung, notice: Notice) -> datetime | None:
    """Give when level 2, which asks the advisor to acknowledge it, has stood unanswered for too long.

    None where level 3 does not come early for that.
    """
    told_at = notice.escalated_at
    if told_at is None or (notice.level, rung.level) != (STRAIGHT_TO, STRAIGHT_TO + 1):
        return None
    if notice.acknowledged or notice.answer.until is not None:
        return held_until(finding, owed, notice)
    expired = finding.calendar.due(told_at, finding.policy.windows.acknowledge)
    return put_off(finding, told_at, expired) if owed.stands_still else expired


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


def _climbed(
    finding: Finding, owed: Obligation, notice: Notice, step: Step, now: datetime
) -> Escalated | DecisionDue:
    """Give the fact of a step: taken, or asked of those who decide on it."""
    due, windows = finding.calendar.due, finding.policy.windows
    about = what_is_late(finding, owed) | {
        "level": step.rung.level,
        "told": _told(finding, step.rung),
        "days_late": _days_late(finding, owed, now),
        "scheduled": step.at,
        "climb": notice.climb,
    }
    if step.by_decision:
        return DecisionDue(decide_by=due(now, windows.decide_consequence), **about)
    plan_by = due(now, windows.recovery_plan) if _asks_for_plan(finding, owed, notice, step) else None
    return Escalated(recovery_plan_by=plan_by, **about)


def what_is_late(finding: Finding, owed: Obligation) -> dict[str, Any]:
    """Give what every fact of the ladder says about what climbs it."""
    return {
        "obligation": owed.key,
        "duty": owed.duty,
        "due": owed.due,
        "due_day": finding.calendar.last_day(owed.due),
        "lateness": owed.lateness,
        "owner": owed.owner,
        "person": owed.person,
    }


def _asks_for_plan(finding: Finding, owed: Obligation, notice: Notice, step: Step) -> bool:
    """Whether it is the first step of this climb from which on the manager owes a recovery plan."""
    first = max(finding.policy.escalation.recovery_level, notice.level + 1)
    return owed.lateness is not Lateness.STAFF and notice.recovery is None and step.rung.level == first


def _told(finding: Finding, rung: Rung) -> tuple[Role, ...]:
    """Leave the factory's people out while a zero-tolerance finding is kept from them."""
    if not finding.restricted:
        return rung.told
    return tuple(role for role in rung.told if role not in FACTORY_ROLES)
