"""The ladder: which rungs something late climbs, when, and what holds a step back. No step is skipped."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from remediation.answers import held_until, ran_out, standstills_of
from remediation.obligations import Obligation
from remediation.policy import Rung
from remediation.spans import Span, Unit
from remediation.standstills import awake_on, counted_on, put_off
from remediation.watched import Notice, Watched
from remediation.words import FACTORY_ROLES, Lateness, Role

STRAIGHT_TO = 2
"""The level at which a missing review or commitment enters the ladder (domain.md section 6)."""


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder at its instant."""

    at: datetime
    rung: Rung
    by_decision: bool = False
    """Only people take it: at its instant their decision falls due."""


def ladder_ahead(watched: Watched, owed: Obligation) -> tuple[Step, ...]:
    """Give the ladder steps of an obligation not taken yet, in order, each at its instant."""
    return tuple(steps_ahead(watched, owed, watched.notice(owed.key, owed.due)))


def steps_ahead(watched: Watched, owed: Obligation, notice: Notice) -> Iterator[Step]:
    """Give the same, reckoned one by one, of an obligation whose notice is at hand."""
    start = ladder_start(watched, owed, notice)
    latest = max(start, snoozed_to(watched, owed, notice) or start)
    for rung in _rungs(watched, owed, notice):
        if rung.level > notice.level:
            by_decision = is_decided(watched, owed, rung.level)
            if by_decision and notice.decision is not None:
                return
            latest = max(latest, _instant_of(watched, owed, start, rung, notice))
            yield Step(latest, rung, by_decision)


def ladder_start(watched: Watched, owed: Obligation, notice: Notice) -> datetime:
    """Give the instant that the ladder counts from: the date, or the end of a recovery plan's last day."""
    end, since = notice.counted_from, notice.counted_since
    if end is None or since is None:
        return owed.due
    return put_off(watched, since, end) if owed.stands_still else end


def snoozed_to(watched: Watched, owed: Obligation, notice: Notice) -> datetime | None:
    """Give the morning that the next step was put off to: one on which the clock runs."""
    until = notice.answer.snoozed_until
    return None if until is None else _morning_on_or_after(watched, owed, watched.calendar.today(until))


def ladder_of(watched: Watched, owed: Obligation) -> tuple[Rung, ...]:
    """Give the rungs that something late may climb: the factory's, the staff's, or none of its own."""
    if not owed.climbs:
        return ()
    if owed.lateness is Lateness.STAFF:
        return watched.policy.staff_ladder
    entry = STRAIGHT_TO if owed.lateness is Lateness.NO_COOPERATION else 0
    return tuple(rung for rung in watched.policy.ladder if rung.level >= entry)


def is_decided(watched: Watched, owed: Obligation, level: int) -> bool:
    """Whether a level is reached by people's decision only."""
    return owed.lateness is not Lateness.STAFF and level == watched.policy.escalation.decision_level


def told_up_to(watched: Watched, owed: Obligation, level: int) -> tuple[Role, ...]:
    """Give the roles that are told of something late on its way up to a level."""
    rungs = (rung for rung in ladder_of(watched, owed) if rung.level <= level)
    return tuple(dict.fromkeys(role for rung in rungs for role in told_of(watched, rung)))


def _rungs(watched: Watched, owed: Obligation, notice: Notice) -> Iterator[Rung]:
    """Give the rungs above the floor. Wherever it enters the ladder, it does so on the first rung's day."""
    ladder = ladder_of(watched, owed)
    first = watched.policy.staff_ladder if owed.lateness is Lateness.STAFF else watched.policy.ladder
    for number, rung in enumerate(each for each in ladder if each.level > notice.floor):
        yield rung if number else replace(rung, after=first[0].after, urgent_after=first[0].urgent_after)


def _instant_of(watched: Watched, owed: Obligation, start: datetime, rung: Rung, notice: Notice) -> datetime:
    if owed.urgent:
        return watched.calendar.due(start, rung.urgent_after)
    at, expired = _late_by(watched, owed, start, rung.after), unanswered_at(watched, owed, rung, notice)
    return at if expired is None else min(at, ran_out(watched, owed, expired))


def _late_by(watched: Watched, owed: Obligation, start: datetime, span: Span) -> datetime:
    """Give the morning of the working day on which something is so late; exact where hours are asked."""
    calendar = watched.calendar
    if span.unit is Unit.HOURS:
        at = calendar.due(start, span)
        return put_off(watched, start, at) if owed.stands_still else at
    day = counted_on(calendar, standstills_of(watched, owed), calendar.last_day(start), span)
    return _morning_on_or_after(watched, owed, day)


def _morning_on_or_after(watched: Watched, owed: Obligation, day: date) -> datetime:
    calendar = watched.calendar
    return calendar.instant(
        awake_on(calendar, standstills_of(watched, owed), day), watched.policy.reminders.at
    )


def unanswered_at(watched: Watched, owed: Obligation, rung: Rung, notice: Notice) -> datetime | None:
    """Give when level 2, which asks the advisor to acknowledge it, has stood unanswered for too long.

    None where level 3 does not come early for that.
    """
    told_at = notice.escalated_at
    if told_at is None or (notice.level, rung.level) != (STRAIGHT_TO, STRAIGHT_TO + 1):
        return None
    if notice.acknowledged or notice.answer.until is not None:
        return held_until(watched, owed, notice)
    expired = watched.calendar.due(told_at, watched.policy.windows.acknowledge)
    return put_off(watched, told_at, expired) if owed.stands_still else expired


def what_is_late(watched: Watched, owed: Obligation) -> dict[str, Any]:
    """Give what every fact of the ladder says about what climbs it."""
    return {
        "obligation": owed.key,
        "duty": owed.duty,
        "due": owed.due,
        "due_day": watched.calendar.last_day(owed.due),
        "lateness": owed.lateness,
        "owner": owed.owner,
        "person": owed.person,
    }


def told_of(watched: Watched, rung: Rung) -> tuple[Role, ...]:
    """Give the roles told of a rung: not the factory's while a zero-tolerance finding is kept from them."""
    if not watched.restricted:
        return rung.told
    return tuple(role for role in rung.told if role not in FACTORY_ROLES)
