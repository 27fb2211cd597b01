"""Reminders of one obligation: when they come. Those missed in an outage collapse into one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, takewhile

from remediation.answers import standstills_of
from remediation.finding import Finding, Notice
from remediation.obligations import Obligation, obligations
from remediation.policy import Reminders
from remediation.watched import Watched

BY_THE_HOUR = timedelta(days=3)
"""What is owed within less than this under zero tolerance is watched by the ladder alone."""


def reminders_ahead(watched: Watched, owed: Obligation, notice: Notice) -> Iterator[datetime]:
    """Give the instants of reminders not sent yet, earliest first, without end.

    09:00 of the factory, moved earlier off rest days and holidays, never before the obligation itself.
    An obligation by the hour has none: its ladder starts within hours.
    """
    if owed.urgent and owed.due - owed.since < BY_THE_HOUR:
        return
    calendar, clock = watched.calendar, watched.policy.reminders.at
    due_day = calendar.last_day(owed.due)
    sent = max(filter(None, (notice.reminded, owed.since, _quiet_until(watched, owed))))
    sent_day = calendar.today(sent)
    for offset in _offsets(watched.policy.reminders, (sent_day - due_day).days):
        day = calendar.working_day_on_or_before(due_day + timedelta(days=offset))
        if day < sent_day:
            continue
        at = calendar.instant(day, clock)
        # Before the day that is promised, a reminder must not come when it is late by the hour already.
        if at > sent and (offset > 0 or at < owed.due):
            sent = at
            yield at


def _quiet_until(watched: Watched, owed: Obligation) -> datetime | None:
    """Give the end of the latest suspension: reminders of before it were sent before, those in it never."""
    stills = standstills_of(watched, owed)
    return watched.calendar.end_of(stills[-1].last) if stills else None


def follow(before: Finding, after: Finding, at: datetime) -> tuple[Notice, ...]:
    """Give the notices of a finding whose dates moved at an aware instant: nothing is sent twice.

    A letter tells of the new days, so that reminders of them come later than that.
    """
    notices: list[Notice] = []
    owed_before = {each.key: each for each in obligations(before)}
    for owed in obligations(after):
        old = owed_before.get(owed.key)
        notice = _on_same_days(before, old, after) if old else Notice(obligation=owed.key, due=owed.due)
        if old is None or _on_another_day(before, old, after, owed):
            notices.append(replace(notice, due=owed.due, reminded=at))
        elif notice.reminded or notice.level:
            notices.append(replace(notice, due=owed.due, reminded=_reminded_of(before, old, after, owed)))
    return tuple(notices)


def _on_same_days(before: Finding, owed: Obligation, after: Finding) -> Notice:
    """Give a notice in which what was said of local days still says it, though the clock is another."""
    notice = before.notice(owed.key, owed.due)
    old, new, answer = before.calendar, after.calendar, notice.answer

    def end(at: datetime | None) -> datetime | None:
        return at if at is None or at != old.end_of(old.last_day(at)) else new.end_of(old.last_day(at))

    put_off = answer.snoozed_until
    said = replace(
        answer,
        until=end(answer.until),
        warned_of=end(answer.warned_of),
        snoozed_until=put_off and new.instant(old.today(put_off), old.local(put_off).time()),
    )
    return replace(notice, answer=said, counted_from=end(notice.counted_from))


def _on_another_day(before: Finding, old: Obligation, after: Finding, owed: Obligation) -> bool:
    return old.due != owed.due and before.calendar.last_day(old.due) != after.calendar.last_day(owed.due)


def _reminded_of(before: Finding, old: Obligation, after: Finding, owed: Obligation) -> datetime | None:
    """Give up to when reminders of a day that stays count as sent, when the days around it have changed."""
    reminded = before.notice(old.key, old.due).reminded
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
    morning = after.calendar.working_day_on_or_before(again)
    return max(reminded, after.calendar.instant(morning, after.policy.reminders.at))


def _offsets(rule: Reminders, from_day: int) -> Iterator[int]:
    """Give the days from the due day on which to remind, from about `from_day` on."""
    yield from (-days for days in sorted(rule.before, reverse=True) if -days >= from_day)
    if rule.every > 0:
        # Nobody walks through the weeks of years that are past.
        yield from count(max(1, from_day // rule.every) * rule.every, rule.every)


def latest_reminder(watched: Watched, owed: Obligation, notice: Notice, now: datetime) -> datetime | None:
    """Give the instant of the last reminder that should have come by `now`; None where none is missing."""
    come = takewhile(lambda at: at <= now, reminders_ahead(watched, owed, notice))
    return max(come, default=None)
