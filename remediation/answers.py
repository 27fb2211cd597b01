"""Acknowledgements that run out: who gave one is told on its last day; then it counts as never given."""

from collections.abc import Iterator
from datetime import datetime

from remediation.facts import AcknowledgementEnding, AcknowledgementLapsed
from remediation.obligations import Obligation
from remediation.standstills import awake_on, put_off
from remediation.watched import Notice, Standstill, Watched


def standstills_of(watched: Watched, owed: Obligation) -> tuple[Standstill, ...]:
    """Give the suspensions whose days count neither for an obligation's ladder nor for its reminders."""
    return watched.standstills if owed.stands_still else ()


def holds_until(watched: Watched, owed: Obligation, now: datetime) -> datetime | None:
    """Give the end (exclusive) of an acknowledgement given now, or of one renewed by something done now.

    None under zero tolerance: there no step waits for anybody.
    """
    return None if owed.urgent else watched.calendar.due(now, watched.policy.windows.acknowledgement)


def held_until(watched: Watched, owed: Obligation, notice: Notice) -> datetime | None:
    """Give the end of the acknowledgement given last, with the suspensions that moved it."""
    since, until = notice.answer.since, notice.answer.until
    if since is None or until is None:
        return None
    return put_off(watched, since, until) if owed.stands_still else until


def ran_out(watched: Watched, owed: Obligation, until: datetime) -> datetime:
    """Give the morning on which an acknowledgement that held until then counts as never given."""
    calendar = watched.calendar
    day = awake_on(calendar, standstills_of(watched, owed), calendar.today(until))
    return calendar.instant(day, watched.policy.reminders.at)


def last_morning(watched: Watched, until: datetime) -> datetime:
    """Give the last morning on which somebody is there to read that an acknowledgement runs out."""
    calendar = watched.calendar
    day = calendar.working_day_on_or_before(calendar.last_day(until))
    return calendar.instant(day, watched.policy.reminders.at)


def endings(
    watched: Watched, owed: Obligation, notice: Notice, next_step: datetime | None
) -> Iterator[AcknowledgementEnding | AcknowledgementLapsed]:
    """Give what is still to happen to an acknowledgement if nothing is done, in order of its instants.

    The next step of the ladder asks anew: an acknowledgement that holds until then does not run out.
    """
    by, until = notice.answer.by, held_until(watched, owed, notice)
    if not notice.acknowledged or until is None or by is None or _asked_anew(notice):
        return
    lapses = ran_out(watched, owed, until)
    if next_step is not None and lapses > next_step:
        return
    if notice.answer.warned_of != until:
        yield AcknowledgementEnding(
            obligation=owed.key,
            duty=owed.duty,
            due=owed.due,
            level=notice.level,
            person=by,
            acting=notice.answer.acting,
            until=until,
            scheduled=last_morning(watched, until),
        )
    yield AcknowledgementLapsed(
        obligation=owed.key,
        duty=owed.duty,
        due=owed.due,
        level=notice.level,
        scheduled=lapses,
    )


def _asked_anew(notice: Notice) -> bool:
    """Whether the decision panel was asked since: what was acknowledged before has had its end."""
    since, decision = notice.answer.since, notice.decision
    return since is not None and decision is not None and since <= decision.since
