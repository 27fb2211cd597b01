"""Suspended time: how dates move by it, and how the ladder leaves its days out."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from remediation.calendar import ONE_DAY, Calendar
from remediation.finding import Action, Extension, Finding, Standstill
from remediation.spans import Span, Unit
from remediation.suspension_facts import Resumed
from remediation.watched import Watched


def running(watched: Watched) -> Standstill | None:
    """Give the standstill that has not ended yet, if any."""
    return watched.standstills[-1] if watched.resumes_at is not None else None


def resumption(watched: Watched) -> Resumed | None:
    """Give the fact by which the clock ends the running suspension, at its `scheduled` instant."""
    if watched.resumes_at is None:
        return None
    still = watched.standstills[-1]
    return Resumed(
        cause=still.cause,
        first=still.first,
        last=still.last,
        days=still.days,
        scheduled=watched.resumes_at,
    )


def put_off(watched: Watched, start: datetime, due: datetime) -> datetime:
    """Give a due instant that was counted from `start`, with the suspensions that moved it.

    Each moves what lay ahead when it began, by its days, or by those after `start`.
    """
    calendar = watched.calendar
    started = calendar.today(start)
    for still in watched.standstills:
        if due > still.began:
            due = calendar.moved(due, still.days_from(started))
    return due


def stopped(finding: Finding, still: Standstill) -> Finding:
    """Give the finding with its clock standing still: the factory's dates ahead are moved."""
    moved = _dates_moved(finding, still.began, still.days)
    actions = tuple(_put_off(each, still, finding.calendar) for each in finding.actions)
    return replace(
        moved,
        standstills=(*finding.standstills, still),
        resumes_at=_morning_after(still.last, finding),
        actions=actions,
        extension=_asked_later(finding, actions, still.days),
    )


def shortened(finding: Finding, last: date) -> Finding:
    """Give the finding with its running suspension ending on a local day: its dates move back by the rest."""
    still = running(finding)
    if still is None or still.last <= last:
        return finding
    back = (still.last - last).days
    actions = tuple(_brought_back(each, back) for each in finding.actions)
    return replace(
        _dates_moved(finding, still.began, -back),
        standstills=(*finding.standstills[:-1], replace(still, last=last)),
        resumes_at=_morning_after(last, finding),
        actions=actions,
        extension=_asked_later(finding, finding.actions, -back),
    )


def started(finding: Finding) -> Finding:
    """Give the finding with its clock running."""
    actions = tuple(replace(each, put_off=0) for each in finding.actions)
    return replace(finding, resumes_at=None, actions=actions)


def cut_short(finding: Finding, at: datetime) -> Finding:
    """Give the finding with nothing of a suspension going on: none asked for, and the clock running."""
    return replace(started(shortened(finding, finding.calendar.today(at))), suspension=None)


def never_suspended(finding: Finding) -> Finding:
    """Give the finding without any suspension, for an attempt that begins anew."""
    return replace(finding, suspension=None, standstills=(), resumes_at=None)


def resuming(finding: Finding) -> Finding:
    """Give the finding with the morning on which its clock runs again reckoned by its calendar and policy."""
    still = running(finding)
    return replace(finding, resumes_at=_morning_after(still.last, finding)) if still else finding


def days_used(finding: Finding) -> int:
    """Give for how many days the clock has stood still, or will have, in this attempt."""
    return sum(still.days for still in finding.standstills)


def overlap(finding: Finding, first: date, end: date) -> int:
    """Give for how many of the local days from `first` to the one before `end` the clock stood still."""
    ends = ((still, min(still.last + ONE_DAY, end)) for still in finding.standstills)
    return sum(max((until - max(still.first, first)).days, 0) for still, until in ends)


def counted_on(calendar: Calendar, stills: Iterable[Standstill], day: date, span: Span) -> date:
    """Give the local day so many days or working days after `day`, leaving out those of standstills."""
    more = sum(days for _, days in left_out(calendar, stills, day, span))
    return _away(calendar, day, span.amount + more, span.unit)


def left_out(
    calendar: Calendar, stills: Iterable[Standstill], day: date, span: Span
) -> Iterator[tuple[Standstill, int]]:
    """Give each standstill that a span from `day` on runs into, and how many of its days do not count."""
    on = _away(calendar, day, span.amount, span.unit)
    for still in stills:
        days = _days_after(day, still, calendar, span.unit) if on >= still.first else 0
        if days:
            on = _away(calendar, on, days, span.unit)
            yield still, days


def awake_on(calendar: Calendar, stills: Iterable[Standstill], day: date) -> date:
    """Give the first working day from a local day on that is in no standstill."""
    on = calendar.working_day_on_or_after(day)
    for still in stills:
        if still.first <= on <= still.last:
            on = calendar.working_day_on_or_after(still.last + ONE_DAY)
    return on


def _days_after(day: date, still: Standstill, calendar: Calendar, unit: Unit) -> int:
    number = still.days_from(day + ONE_DAY)
    if unit is not Unit.WORKING_DAYS:
        return number
    return sum(calendar.is_working_day(still.last - ONE_DAY * each) for each in range(number))


def _away(calendar: Calendar, day: date, amount: int, unit: Unit) -> date:
    if unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(day, amount)
    return day + timedelta(days=amount)


def _morning_after(last: date, finding: Finding) -> datetime:
    """Give when the clock is told to run again: people hear of it on a morning on which they work."""
    calendar = finding.calendar
    return calendar.instant(calendar.working_day_on_or_after(last + ONE_DAY), finding.policy.reminders.at)


def _dates_moved(finding: Finding, began: datetime, days: int) -> Finding:
    def later(due: datetime) -> datetime:
        return finding.calendar.moved(due, days) if due > began else due

    return replace(
        finding,
        review_by=later(finding.review_by),
        commit_by=later(finding.commit_by),
        fix_by=later(finding.fix_by) if finding.fix_by else None,
    )


def _put_off(action: Action, still: Standstill, calendar: Calendar) -> Action:
    if action.done or calendar.end_of(action.due) <= still.began:
        return action
    return replace(action, due=action.due + timedelta(days=still.days), put_off=still.days)


def _brought_back(action: Action, days: int) -> Action:
    if not action.put_off:
        return action
    return replace(action, due=action.due - timedelta(days=days), put_off=action.put_off - days)


def _asked_later(finding: Finding, actions: Iterable[Action], days: int) -> Extension | None:
    """Move the day that a waiting request asks for along with the actions that it is about."""
    asked = finding.extension
    if asked is None or not any(each.put_off for each in actions if each.id in asked.actions):
        return asked
    return replace(asked, until=asked.until + timedelta(days=days))
