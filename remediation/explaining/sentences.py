"""The lines of an explanation as English sentences."""

# ruff: noqa: ARG001, ARG005 - every sentence is asked for alike, and not each needs the calendar

from collections.abc import Callable
from datetime import date, datetime
from itertools import islice
from typing import Any

from remediation.calendar import Calendar
from remediation.explaining import ladder_lines, lines
from remediation.explaining.lines import Cause, Line, Skipped
from remediation.moves import Why
from remediation.spans import Span, Unit
from remediation.words import SuspensionCause

_CAUSES = {
    Cause.ISSUED: "The finding was issued on {}.",
    Cause.AMENDED: "The finding was corrected on {}, and counts anew from there.",
    Cause.FACTORY_TOLD: "The factory was told of the finding on {}.",
    Cause.REOPENED: "The finding was reopened on {}: a new attempt.",
    Cause.ALARM_RAISED: "The alarm was raised on {}.",
    Cause.DISPUTED: "The finding was disputed on {}.",
    Cause.DEADLOCKED: "A deadlock was declared on {}.",
    Cause.COMMITTED: "The committee committed on {}.",
    Cause.PROGRESS: "Progress was last recorded on {}.",
    Cause.SEEN_UNDONE: "A verification on {} found that something remains.",
    Cause.COSIGNED: "Both sides had asked on {}.",
    Cause.SUSPENSION_ASKED: "The suspension was asked for on {}.",
    Cause.FIX_REPORTED: "The fix was reported on {}.",
    Cause.VERIFIED: "The fix was verified on {}.",
    Cause.LEVEL_REACHED: "It came to a level that asks for a recovery plan on {}.",
    Cause.PLAN_RETURNED: "The recovery plan was returned on {}.",
    Cause.PLAN_FILED: "The recovery plan was filed on {}.",
    Cause.DECISION_DUE: "It came to the level that people decide on, on {}.",
}
_UNITS = {Unit.HOURS: "hour", Unit.DAYS: "day", Unit.WORKING_DAYS: "working day"}
_MOST_NAMED = 5
_STANDSTILLS = {
    SuspensionCause.PERMIT_PENDING: "a permit was pending",
    SuspensionCause.PARTS_ON_ORDER: "parts were on order",
    SuspensionCause.STRIKE: "of a strike",
    SuspensionCause.FLOOD: "of a flood",
}


def told(line: Line, calendar: Calendar) -> str:
    """Say one line in English, its instants on the factory's clock."""
    return _SENTENCES[type(line)](line, calendar)


def _counted(line: lines.Counted, calendar: Calendar) -> str:
    given = f"{_spaced(line.rule)}, {_spaced(line.severity)}" if line.severity else _spaced(line.rule)
    return f"Policy {line.policy} gives {_span(line.span)} ({given}){_off('not counted', line.skipped)}."


def _suspension_added(line: lines.SuspensionAdded, calendar: Calendar) -> str:
    return f"{_suspended(line)}: {_many(line.days, 'day')} more."


def _left_out(line: lines.LeftOut, calendar: Calendar) -> str:
    return f"{_suspended(line)}: {_many(line.days, 'working day' if line.working else 'day')} not counted."


def _suspended(line: lines.SuspensionAdded | lines.LeftOut) -> str:
    return f"Suspended from {_day(line.first)} to {_day(line.last)} because {_STANDSTILLS[line.cause]}"


def _unanswered(line: ladder_lines.Unanswered, calendar: Calendar) -> str:
    off = _off("not counted", line.skipped)
    told_on = _moment(line.told_at, calendar)
    return f"Nobody acknowledges level {line.level} of {told_on} within {_span(line.window)}{off}: early."


def _late_from(line: lines.LateFrom, calendar: Calendar) -> str:
    day = calendar.last_day(line.due)
    if line.due == calendar.end_of(day):
        return f"It is due by the end of {_day(day)}."
    return f"It is due by {_moment(line.due, calendar)}."


def _days_away(line: lines.DaysAway, calendar: Calendar) -> str:
    if line.days == 0:
        return "On the due day itself."
    return f"{_many(abs(line.days), 'day')} {'after' if line.days > 0 else 'before'} the due day."


def _extended(line: lines.Extended, calendar: Calendar) -> str:
    granted = _day(calendar.today(line.granted_at))
    return f"An extension granted on {granted} moved it by {_many(line.days, 'day')}."


def _set_anew(line: lines.SetAnew, calendar: Calendar) -> str:
    return f"A verification on {_day(calendar.today(line.seen_at))} found it undone and set {_day(line.to)}."


def _promised(line: lines.Promised, calendar: Calendar) -> str:
    return f"Promised for {_day(line.day)} in the commitment of {_day(calendar.today(line.committed_at))}."


def because(why: Why) -> str:
    """Say in a clause why a date moves: `Thursday 26 March 2026 is a day off now`."""
    clauses = [
        f"the policy gives {_span(why.after)} instead of {_span(why.before)}"
        if why.before and why.after
        else "",
        f"the policy gives {_span(why.after)}, and gave no date" if why.after and not why.before else "",
        "the policy gives no date any more" if why.before and not why.after else "",
        f"{_named(why.days_off)} now off" if why.days_off else "",
        f"{_named(why.days_worked)} worked now" if why.days_worked else "",
        "the factory's clock is another" if why.other_clock else "",
    ]
    return "; ".join(filter(None, clauses)) or "it follows from other dates"


def _named(days: tuple[date, ...]) -> str:
    named = ", ".join(_day(each) for each in days[:_MOST_NAMED])
    more = len(days) - _MOST_NAMED
    rest = f" and {_many(more, 'day')} more" if more > 0 else ""
    return f"{named}{rest} {'is' if len(days) == 1 else 'are'}"


def _moved(line: lines.Moved, calendar: Calendar) -> str:
    moved = _day(calendar.today(line.moved_at))
    return (
        f"A re-projection on {moved} moved it from {_day(calendar.last_day(line.old))}: {because(line.why)}."
    )


def _left_standing(line: lines.LeftStanding, calendar: Calendar) -> str:
    day, stood = _day(calendar.today(line.held_at)), _day(calendar.last_day(line.due))
    why = "it had passed, was set by a step, or would have been missed at once"
    return f"The re-projection on {day} left it at {stood}: {why}."


def _not_before_step(line: lines.NotBeforeStep, calendar: Calendar) -> str:
    return f"Not before what it follows on, {_moment(line.at, calendar)}."


_SENTENCES: dict[type[Line], Callable[[Any, Calendar], str]] = {
    lines.Began: lambda line, calendar: _CAUSES[line.cause].format(_moment(line.at, calendar)),
    lines.Counted: _counted,
    lines.DisputeAdded: lambda line, calendar: (
        f"The dispute took {_many(line.days, 'day')}, which are added."
    ),
    lines.SuspensionAdded: _suspension_added,
    lines.Promised: _promised,
    lines.Extended: _extended,
    lines.SetAnew: _set_anew,
    lines.NotBeforePromise: lambda line, calendar: f"Not before the last promised day, {_day(line.day)}.",
    lines.Moved: _moved,
    lines.AddedAgain: lambda line, calendar: (
        f"{_many(line.days, 'day')} that had been added before "
        f"the re-projection on {_day(calendar.today(line.added_at))}."
    ),
    lines.TakenBack: lambda line, calendar: (
        f"The suspension ended early, on {_day(line.last)}: {_many(line.days, 'day')} less."
    ),
    lines.LeftStanding: _left_standing,
    lines.LateFrom: _late_from,
    lines.DaysAway: _days_away,
    lines.WorkingDaysAway: lambda line, calendar: (
        f"{_many(line.days, 'working day')} after the due day{_off('not counted', line.skipped)}."
    ),
    lines.LeftOut: _left_out,
    lines.NotWhileSuspended: lambda line, calendar: f"Not while it is suspended, up to {_day(line.last)}.",
    lines.Resumes: lambda line, calendar: (
        f"Suspended up to {_day(line.last)}: the clock runs again from the next day on."
    ),
    ladder_lines.Unanswered: _unanswered,
    ladder_lines.RanOut: lambda line, calendar: (
        f"Level {line.level} was acknowledged; nothing is done by {_until(line.until, calendar)}: early."
    ),
    ladder_lines.HoldsUntil: lambda line, calendar: (
        f"Level {line.level} was acknowledged, which holds until {_until(line.until, calendar)}."
    ),
    ladder_lines.PutOff: lambda line, calendar: f"Put off to {_moment(line.until, calendar)}.",
    ladder_lines.CountedAnew: lambda line, calendar: (
        f"An accepted recovery plan runs until {_day(line.until)}: the ladder counts from there."
    ),
    lines.MovedEarlier: lambda line, calendar: f"Moved earlier{_off('off', line.skipped)}.",
    lines.MovedLater: lambda line, calendar: f"Moved later{_off('off', line.skipped)}.",
    lines.AtClock: lambda line, calendar: f"At {line.clock:%H:%M} on the factory's clock ({line.zone}).",
    lines.NotBeforeStep: _not_before_step,
}


def _off(word: str, days: tuple[Skipped, ...]) -> str:
    if not days:
        return ""
    named = ", ".join(
        f"{'the holiday' if each.holiday else 'the rest day'} {_day(each.day)}"
        f"{' (an estimate)' if each.estimated else ''}"
        for each in islice(days, _MOST_NAMED)
    )
    more = len(days) - _MOST_NAMED
    return f", {word} {named}" + (f" and {_many(more, 'day')} more" if more > 0 else "")


def _span(span: Span) -> str:
    return _many(span.amount, _UNITS[span.unit])


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _until(end: datetime, calendar: Calendar) -> str:
    return f"the end of {_day(calendar.last_day(end))}"


def _moment(at: datetime, calendar: Calendar) -> str:
    local = calendar.local(at)
    return f"{_day(local.date())}, {local:%H:%M}"


def _spaced(code: str) -> str:
    return code.replace("_", " ")
