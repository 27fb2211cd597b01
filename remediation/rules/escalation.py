"""What the clock does: reminders and ladder steps become facts; people acknowledge them or put them off."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from remediation.answers import holds_until
from remediation.facts import (
    Acknowledged,
    AcknowledgementEnding,
    AcknowledgementLapsed,
    Escalated,
    Reminded,
    Snoozed,
)
from remediation.ladder import Step, ladder_ahead
from remediation.notices import due_notices, notice_of
from remediation.obligations import Obligation, obligations
from remediation.orders import Acknowledge, Snooze
from remediation.refusals import AlreadyDone, NotAtThisStage, SnoozeLimit
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as
from remediation.watched import Answer, Notice, Recovery, W, Watched
from remediation.words import Lateness, Role

ACKNOWLEDGERS = (Role.ADVISOR, Role.TEAM_LEADER, Role.PROGRAMME_MANAGER)


def keep_time(watched: Watched, now: datetime) -> Facts:
    """Give what the clock has brought about by `now`, in order."""
    return due_notices(watched, now)


def reminded(fact: Reminded, watched: W, stamp: Stamp) -> W:
    notice = watched.notice(fact.obligation, fact.due)
    return with_notice(watched, replace(notice, reminded=fact.scheduled))


def escalated(fact: Escalated, watched: W, stamp: Stamp) -> W:
    notice = watched.notice(fact.obligation, fact.due)
    plan = notice.recovery
    if fact.recovery_plan_by is not None:
        plan = Recovery(since=stamp.at, by=fact.recovery_plan_by)
    return with_notice(watched, replace(reached(notice, fact.level, stamp.at), recovery=plan))


def reached(notice: Notice, level: int, at: datetime | None) -> Notice:
    """Give a notice at another level of the ladder, which nobody has answered yet.

    `at` is when people were told of the level; None where it was reached from above.
    """
    return replace(notice, level=level, escalated_at=at, acknowledged=False, answer=Answer())


def acknowledge(order: Acknowledge, watched: Watched, now: datetime) -> Facts:
    acting_as(order, *ACKNOWLEDGERS, to="acknowledge an escalation")
    owed, notice = escalated_thing(watched, order.obligation)
    if notice.acknowledged:
        message = f"Level {notice.level} is acknowledged already."
        raise AlreadyDone(message)
    until = holds_until(watched, owed, now)
    seen = Acknowledged(obligation=owed.key, level=notice.level, until=until, acting=order.acting)
    return (seen,)


def acknowledged(fact: Acknowledged, watched: W, stamp: Stamp) -> W:
    def seen(notice: Notice) -> Notice:
        answer = replace(notice.answer, by=stamp.by, acting=fact.acting, since=stamp.at, until=fact.until)
        return replace(notice, acknowledged=True, answer=answer)

    return change_notice(watched, fact.obligation, seen)


def acknowledgement_ending(fact: AcknowledgementEnding, watched: W, stamp: Stamp) -> W:
    notice = watched.notice(fact.obligation, fact.due)
    return with_notice(watched, replace(notice, answer=replace(notice.answer, warned_of=fact.until)))


def acknowledgement_lapsed(fact: AcknowledgementLapsed, watched: W, stamp: Stamp) -> W:
    return with_notice(watched, replace(watched.notice(fact.obligation, fact.due), acknowledged=False))


def worked(watched: W, key: str, at: datetime) -> W:
    """Give the finding with the acknowledgement of an obligation renewed: something was done about it."""
    owed = next((each for each in obligations(watched) if each.key == key), None)
    if owed is None or not watched.notices:
        return watched
    notice = notice_of(watched, owed)
    if not notice.acknowledged or notice.answer.until is None:
        return watched
    answer = replace(notice.answer, since=at, until=holds_until(watched, owed, at))
    return with_notice(watched, replace(notice, answer=answer))


def snooze(order: Snooze, watched: Watched, now: datetime) -> Facts:
    acting_as(order, *ACKNOWLEDGERS, to="put a step of the ladder off")
    owed, notice = escalated_thing(watched, order.obligation)
    _may_wait(watched, owed, notice, order.days)
    step = _next_step(watched, owed)
    calendar = watched.calendar
    day = calendar.add_working_days(calendar.today(step.at), order.days)
    return (
        Snoozed(
            obligation=order.obligation,
            level=notice.level,
            next_level=step.rung.level,
            days=order.days,
            until=calendar.instant(day, watched.policy.reminders.at),
            reason=order.reason,
        ),
    )


def snoozed(fact: Snoozed, watched: W, stamp: Stamp) -> W:
    def put_off(notice: Notice) -> Notice:
        return replace(notice, answer=replace(notice.answer, snoozed_until=fact.until))

    return change_notice(watched, fact.obligation, put_off)


def escalated_thing(watched: Watched, key: str) -> tuple[Obligation, Notice]:
    """Give what is owed by its key, with its notice. Refuses what has not climbed the ladder."""
    for owed in obligations(watched):
        if owed.key == key and (notice := notice_of(watched, owed)).level:
            return owed, notice
    message = "Nothing of this kind is escalated on the finding."
    raise NotAtThisStage(message, field="obligation")


def with_notice(watched: W, notice: Notice) -> W:
    """Keep one notice for each obligation that is still owed, with its present due instant."""
    owed = {(each.key, each.due) for each in obligations(watched)}
    others = (
        each
        for each in watched.notices
        if each.obligation != notice.obligation and (each.obligation, each.due) in owed
    )
    return replace(watched, notices=(*others, notice))


def change_notice(watched: W, key: str, change: Callable[[Notice], Notice]) -> W:
    """Change what was sent about an obligation, if anything was."""
    notices = (change(notice) if notice.obligation == key else notice for notice in watched.notices)
    return replace(watched, notices=tuple(notices))


def _may_wait(watched: Watched, owed: Obligation, notice: Notice, days: int) -> None:
    most = watched.policy.escalation.snooze
    if owed.urgent:
        message = "Under zero tolerance no step of the ladder is put off."
        raise SnoozeLimit(message)
    if owed.lateness is Lateness.STAFF:
        message = "The programme's own delays are not put off: somebody waits for it."
        raise SnoozeLimit(message)
    if notice.answer.snoozed_until is not None:
        message = f"The step after level {notice.level} was put off already; it can be once a level."
        raise SnoozeLimit(message)
    if not 1 <= days <= most:
        message = f"A step of the ladder can be put off by at most {most} working days, and at least one."
        raise SnoozeLimit(message, field="days")


def _next_step(watched: Watched, owed: Obligation) -> Step:
    for step in ladder_ahead(watched, owed):
        return step
    message = "The ladder has no further step that could be put off."
    raise NotAtThisStage(message, field="obligation")
