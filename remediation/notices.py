"""Notices: the reminders and steps of the ladder that are due, as facts, and when the next one is."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice, takewhile

from remediation.answers import endings, standstills_of
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
from remediation.itself import MOST_KEPT, Itself
from remediation.ladder import Step, steps_ahead, told_of, what_is_late
from remediation.obligations import Obligation, obligations
from remediation.reminding import latest_reminder, reminders_ahead
from remediation.standstills import resumption
from remediation.watched import Notice, Watched
from remediation.words import Lateness


def notice_of(watched: Watched, owed: Obligation) -> Notice:
    """Give what was already sent about an obligation with this due instant."""
    return watched.notice(owed.key, owed.due)


def escalation_level(watched: Watched) -> int:
    """Give the highest level that an obligation still owed has climbed to; 0 when none has."""
    return level_of(watched, obligations(watched))


def level_of(watched: Watched, owed: tuple[Obligation, ...]) -> int:
    """Give the highest level among obligations of what is watched."""
    if not watched.notices:
        return 0
    return max((notice_of(watched, each).level for each in owed), default=0)


def due_notices(watched: Watched, now: datetime) -> tuple[Fact, ...]:
    """Give what the clock brings about by `now`, in order of its instants.

    Those are reminders, acknowledgements that run out, steps of the ladder, and a suspension's end.
    """
    facts: list[Scheduled | AcknowledgementLapsed | Resumed] = []
    again = resumption(watched)
    if again is not None and again.scheduled <= now:
        facts.append(again)
    due = (owed for wake, owed in _wakes(Itself(watched)) if wake <= now)
    facts += [fact for owed in due for fact in _due_about(watched, owed, now)]
    return tuple(sorted(facts, key=lambda fact: fact.scheduled))


def _due_about(
    watched: Watched, owed: Obligation, now: datetime
) -> Iterator[Scheduled | AcknowledgementLapsed]:
    notice = notice_of(watched, owed)
    reminder = latest_reminder(watched, owed, notice, now)
    if reminder is not None:
        yield _reminded(watched, owed, reminder, now)
    steps = steps_ahead(watched, owed, notice)
    first = tuple(islice(steps, 1))
    ended = endings(watched, owed, notice, first[0].at if first else None)
    yield from (fact for fact in ended if fact.scheduled <= now)
    # Most often nothing is due yet, and the rungs above the first need not be reckoned.
    for step in takewhile(lambda step: step.at <= now, chain(first, steps)):
        yield _climbed(watched, owed, notice, step, now)


def next_wake(watched: Watched) -> datetime | None:
    """Give the instant at which the clock next brings something about; None if it never does."""
    again = [watched.resumes_at] if watched.resumes_at else []
    return min((*again, *(wake for wake, _ in _wakes(Itself(watched)))), default=None)


# A page asks of each finding on it, and a simulation of each state, and then again what is due.
@lru_cache(MOST_KEPT)
def _wakes(itself: Itself[Watched]) -> tuple[tuple[datetime, Obligation], ...]:
    """Give each obligation that the clock will bring something about, with the first instant of it."""
    owed = obligations(itself.known)
    wakes = ((_wake_about(itself.known, each), each) for each in owed)
    return tuple((wake, each) for wake, each in wakes if wake is not None)


def _wake_about(watched: Watched, owed: Obligation) -> datetime | None:
    notice = notice_of(watched, owed)
    reminder = next(reminders_ahead(watched, owed, notice), None)
    step = next((each.at for each in steps_ahead(watched, owed, notice)), None)
    ended = (fact.scheduled for fact in endings(watched, owed, notice, step))
    return min((at for at in (reminder, step, *ended) if at is not None), default=None)


def _days_late(watched: Watched, owed: Obligation, now: datetime) -> int:
    """Give the local days since the due day, without those on which the clock stood still."""
    due_day = watched.calendar.last_day(owed.due)
    stood = sum(still.days_from(due_day + ONE_DAY) for still in standstills_of(watched, owed))
    return (watched.calendar.today(now) - due_day).days - stood


def _reminded(watched: Watched, owed: Obligation, scheduled: datetime, now: datetime) -> Reminded:
    calendar = watched.calendar
    due_day = calendar.last_day(owed.due)
    return Reminded(
        obligation=owed.key,
        duty=owed.duty,
        due=owed.due,
        due_day=due_day,
        step=f"T{(calendar.today(scheduled) - due_day).days:+d}",
        owner=owed.owner,
        person=owed.person,
        days_left=-_days_late(watched, owed, now),
        scheduled=scheduled,
    )


def _climbed(
    watched: Watched, owed: Obligation, notice: Notice, step: Step, now: datetime
) -> Escalated | DecisionDue:
    """Give the fact of a step: taken, or asked of those who decide on it."""
    due, windows = watched.calendar.due, watched.policy.windows
    about = what_is_late(watched, owed) | {
        "level": step.rung.level,
        "told": told_of(watched, step.rung),
        "days_late": _days_late(watched, owed, now),
        "scheduled": step.at,
        "climb": notice.climb,
    }
    if step.by_decision:
        return DecisionDue(decide_by=due(now, windows.decide_consequence), **about)
    plan_by = due(now, windows.recovery_plan) if _asks_for_plan(watched, owed, notice, step) else None
    return Escalated(recovery_plan_by=plan_by, **about)


def _asks_for_plan(watched: Watched, owed: Obligation, notice: Notice, step: Step) -> bool:
    """Whether it is the first step of this climb from which on the manager owes a recovery plan."""
    first = max(watched.policy.escalation.recovery_level, notice.level + 1)
    asks = owed.by_plan and owed.lateness is not Lateness.STAFF
    return asks and notice.recovery is None and step.rung.level == first
