"""Reminders and the ladder: which notices an obligation calls for, when, and what comes next.

Reminders missed in an outage collapse into one. Steps of the ladder are never skipped or merged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, count

from remediation.facts import Escalated, Fact, Reminded
from remediation.finding import Finding, Notice
from remediation.obligations import Obligation, obligations
from remediation.policy import Rung
from remediation.spans import Unit
from remediation.words import FACTORY_ROLES, Lateness, Role

STRAIGHT_TO = 2
"""The level at which a missing review or commitment enters the ladder (domain.md section 6)."""


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
    return max((notice_of(finding, owed).level for owed in obligations(finding)), default=0)


def due_notices(finding: Finding, now: datetime) -> tuple[Fact, ...]:
    """Give the reminders and ladder steps whose instant has come by `now`, in order of their instants."""
    facts: list[tuple[datetime, Fact]] = []
    for owed in obligations(finding):
        notice = notice_of(finding, owed)
        reminder = _latest_reminder(finding, owed, notice, now)
        if reminder is not None:
            facts.append((reminder, _reminded(finding, owed, reminder)))
        facts += [(step.at, _escalated(finding, owed, step)) for step in ladder_ahead(finding, owed) if step.at <= now]
    return tuple(fact for _, fact in sorted(facts, key=lambda each: each[0]))


def next_wake(finding: Finding) -> datetime | None:
    """Give the instant of the next reminder or ladder step, whichever comes first; None if there is none."""
    instants: list[datetime] = []
    for owed in obligations(finding):
        notice = notice_of(finding, owed)
        reminder = next(reminders_ahead(finding, owed, notice), None)
        step = next(iter(ladder_ahead(finding, owed)), None)
        instants += [reminder] if reminder is not None else []
        instants += [step.at] if step is not None else []
    return min(instants, default=None)


def reminders_ahead(finding: Finding, owed: Obligation, notice: Notice) -> Iterator[datetime]:
    """Give the instants of reminders not sent yet, earliest first, without end.

    09:00 of the factory, moved earlier off rest days and holidays, never before the obligation itself.
    An obligation by the hour has none: its ladder starts within hours.
    """
    if owed.urgent and owed.due - owed.since < timedelta(days=3):
        return
    calendar, rule = finding.calendar, finding.policy.reminders
    due_day = calendar.last_day(owed.due)
    sent = notice.reminded or owed.since
    before = (-days for days in sorted(rule.before, reverse=True))
    after = count(rule.every, rule.every)
    for offset in chain(before, after):
        day = calendar.working_day_on_or_before(due_day + timedelta(days=offset))
        at = calendar.instant(day, rule.at)
        if at > sent:
            sent = at
            yield at


def ladder_ahead(finding: Finding, owed: Obligation) -> tuple[Step, ...]:
    """Give the ladder steps of an obligation not taken yet, in order, each at its instant."""
    notice = notice_of(finding, owed)
    steps: list[Step] = []
    for rung in _rungs(finding, owed):
        if rung.level > notice.level:
            at = _instant_of(finding, owed, rung, notice)
            steps.append(Step(max([at, *(step.at for step in steps)]), rung))
    return tuple(steps)


def _rungs(finding: Finding, owed: Obligation) -> Iterator[Rung]:
    if owed.lateness is Lateness.STAFF:
        yield from finding.policy.staff_ladder
        return
    ladder = finding.policy.ladder
    if owed.lateness is not Lateness.NO_COOPERATION:
        yield from ladder
        return
    for rung in ladder[STRAIGHT_TO - 1 :]:
        entry = rung.level == STRAIGHT_TO
        first = ladder[0]
        yield Rung(rung.level, first.after, first.urgent_after, rung.told) if entry else rung


def _instant_of(finding: Finding, owed: Obligation, rung: Rung, notice: Notice) -> datetime:
    if owed.urgent:
        return finding.calendar.due(owed.due, rung.urgent_after)
    calendar = finding.calendar
    late_day = calendar.last_day(owed.due)
    if rung.after.unit is Unit.WORKING_DAYS:
        day = calendar.add_working_days(late_day, rung.after.amount)
    else:
        day = calendar.working_day_on_or_after(late_day + timedelta(days=rung.after.amount))
    at = calendar.instant(day, finding.policy.reminders.at)
    if _unanswered(rung, notice) and notice.escalated_at is not None:
        expired = calendar.due(notice.escalated_at, finding.policy.windows.acknowledge)
        day = calendar.working_day_on_or_after(calendar.today(expired))
        at = min(at, calendar.instant(day, finding.policy.reminders.at))
    return at


def _unanswered(rung: Rung, notice: Notice) -> bool:
    """Whether level 3 may come early: level 2 asks the advisor to acknowledge within three working days."""
    return notice.level == STRAIGHT_TO and rung.level == STRAIGHT_TO + 1 and not notice.acknowledged


def _latest_reminder(finding: Finding, owed: Obligation, notice: Notice, now: datetime) -> datetime | None:
    latest = None
    for at in reminders_ahead(finding, owed, notice):
        if at > now:
            break
        latest = at
    return latest


def _reminded(finding: Finding, owed: Obligation, scheduled: datetime) -> Reminded:
    due_day = finding.calendar.last_day(owed.due)
    days_left = (due_day - finding.calendar.today(scheduled)).days
    return Reminded(
        obligation=owed.key,
        duty=owed.duty,
        due=owed.due,
        due_day=due_day,
        step=f"T{-days_left:+d}",
        owner=owed.owner,
        person=owed.person,
        days_left=days_left,
        scheduled=scheduled,
    )


def _escalated(finding: Finding, owed: Obligation, step: Step) -> Escalated:
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
        days_late=(finding.calendar.today(step.at) - due_day).days,
        scheduled=step.at,
    )


def _told(finding: Finding, rung: Rung) -> tuple[Role, ...]:
    """Leave the factory's people out while a zero-tolerance finding is kept from them."""
    if not finding.restricted:
        return rung.told
    return tuple(role for role in rung.told if role not in FACTORY_ROLES)
