"""The lines of an explanation as sentences, in the language spoken."""

# ruff: noqa: ARG001, ARG005 - every sentence is asked for alike, and not each needs the calendar

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from notifications.wording import N_
from remediation.calendar import Calendar
from remediation.explaining import ladder_lines, lines
from remediation.explaining.lines import Cause, Line, Skipped
from remediation.moves import Why
from remediation.words import SuspensionCause
from service.saying import SEVERITY, span_said, weekday
from service.speaking import say, say_many, spoken

_CAUSES = {
    Cause.ISSUED: N_("The finding was issued on %(at)s."),
    Cause.AMENDED: N_("The finding was corrected on %(at)s, and counts anew from there."),
    Cause.FACTORY_TOLD: N_("The factory was told of the finding on %(at)s."),
    Cause.REOPENED: N_("The finding was reopened on %(at)s: a new attempt."),
    Cause.ALARM_RAISED: N_("The alarm was raised on %(at)s."),
    Cause.DISPUTED: N_("The finding was disputed on %(at)s."),
    Cause.DEADLOCKED: N_("A deadlock was declared on %(at)s."),
    Cause.COMMITTED: N_("The committee committed on %(at)s."),
    Cause.PROGRESS: N_("Progress was last recorded on %(at)s."),
    Cause.SEEN_UNDONE: N_("A verification on %(at)s found that something remains."),
    Cause.COSIGNED: N_("Both sides had asked on %(at)s."),
    Cause.SUSPENSION_ASKED: N_("The suspension was asked for on %(at)s."),
    Cause.FIX_REPORTED: N_("The fix was reported on %(at)s."),
    Cause.VERIFIED: N_("The fix was verified on %(at)s."),
    Cause.LEVEL_REACHED: N_("It came to a level that asks for a recovery plan on %(at)s."),
    Cause.PLAN_RETURNED: N_("The recovery plan was returned on %(at)s."),
    Cause.PLAN_FILED: N_("The recovery plan was filed on %(at)s."),
    Cause.DECISION_DUE: N_("It came to the level that people decide on, on %(at)s."),
}
_MOST_NAMED = 5
_STANDSTILLS = {
    SuspensionCause.PERMIT_PENDING: N_("a permit was pending"),
    SuspensionCause.PARTS_ON_ORDER: N_("parts were on order"),
    SuspensionCause.STRIKE: N_("of a strike"),
    SuspensionCause.FLOOD: N_("of a flood"),
}
_RULES = {
    "confirm_alarm": N_("confirm alarm"),
    "notify_authority": N_("notify authority"),
    "contain": N_("contain"),
    "review": N_("review"),
    "commit": N_("commit"),
    "decide_dispute": N_("decide dispute"),
    "mediate": N_("mediate"),
    "fix": N_("fix"),
    "progress_review": N_("progress review"),
    "decide_extension": N_("decide extension"),
    "decide_suspension": N_("decide suspension"),
    "report_fix": N_("report fix"),
    "verify": N_("verify"),
    "effectiveness": N_("effectiveness"),
    "recovery_plan": N_("recovery plan"),
    "decide_recovery_plan": N_("decide recovery plan"),
    "decide_consequence": N_("decide consequence"),
    "objections": N_("objections"),
    "dispute": N_("dispute"),
    "acknowledge": N_("acknowledge"),
    "level_1": N_("level 1"),
    "level_2": N_("level 2"),
    "level_3": N_("level 3"),
    "level_4": N_("level 4"),
    "level_5": N_("level 5"),
}
"""What the policy's rules are called."""
_LATER = N_("Moved later, off %(days)s.")


def told(line: Line, calendar: Calendar) -> str:
    """Say one line, its instants on the factory's clock."""
    return _SENTENCES[type(line)](line, calendar)


def _counted(line: lines.Counted, calendar: Calendar) -> str:
    rule = say(_RULES[line.rule]) if line.rule in _RULES else line.rule.replace("_", " ")
    given = {"policy": line.policy, "span": span_said(line.span)}
    given["rule"] = f"{rule}, {SEVERITY[line.severity]}" if line.severity else rule
    if not line.skipped:
        return say("Policy %(policy)s gives %(span)s (%(rule)s).", **given)
    off = _skipped(line.skipped)
    return say("Policy %(policy)s gives %(span)s (%(rule)s), not counted %(days)s.", days=off, **given)


def _suspension_added(line: lines.SuspensionAdded, calendar: Calendar) -> str:
    return say_many(
        "Suspended from %(first)s to %(last)s because %(cause)s: %(count)s day more.",
        "Suspended from %(first)s to %(last)s because %(cause)s: %(count)s days more.",
        line.days,
        **_suspended(line),
    )


def _left_out(line: lines.LeftOut, calendar: Calendar) -> str:
    if line.working:
        return say_many(
            "Suspended from %(first)s to %(last)s because %(cause)s: %(count)s working day not counted.",
            "Suspended from %(first)s to %(last)s because %(cause)s: %(count)s working days not counted.",
            line.days,
            **_suspended(line),
        )
    return say_many(
        "Suspended from %(first)s to %(last)s because %(cause)s: %(count)s day not counted.",
        "Suspended from %(first)s to %(last)s because %(cause)s: %(count)s days not counted.",
        line.days,
        **_suspended(line),
    )


def _suspended(line: lines.SuspensionAdded | lines.LeftOut) -> dict[str, str]:
    cause = say(_STANDSTILLS[line.cause])
    return {"first": weekday(line.first), "last": weekday(line.last), "cause": cause}


def _unanswered(line: ladder_lines.Unanswered, calendar: Calendar) -> str:
    values = {"at": _moment(line.told_at, calendar), "span": span_said(line.window), "level": str(line.level)}
    if not line.skipped:
        return say("Nobody acknowledges level %(level)s of %(at)s within %(span)s: early.", **values)
    return say(
        "Nobody acknowledges level %(level)s of %(at)s within %(span)s, not counted %(days)s: early.",
        days=_skipped(line.skipped),
        **values,
    )


def _late_from(line: lines.LateFrom, calendar: Calendar) -> str:
    day = calendar.last_day(line.due)
    if line.due == calendar.end_of(day):
        return say("It is due by the end of %(day)s.", day=weekday(day))
    return say("It is due by %(at)s.", at=_moment(line.due, calendar))


def _days_away(line: lines.DaysAway, calendar: Calendar) -> str:
    if line.days == 0:
        return say("On the due day itself.")
    if line.days > 0:
        return say_many("%(count)s day after the due day.", "%(count)s days after the due day.", line.days)
    return say_many("%(count)s day before the due day.", "%(count)s days before the due day.", -line.days)


def _working_days_away(line: lines.WorkingDaysAway, calendar: Calendar) -> str:
    if not line.skipped:
        return say_many(
            "%(count)s working day after the due day.", "%(count)s working days after the due day.", line.days
        )
    return say_many(
        "%(count)s working day after the due day, not counted %(days)s.",
        "%(count)s working days after the due day, not counted %(days)s.",
        line.days,
        days=_skipped(line.skipped),
    )


def _extended(line: lines.Extended, calendar: Calendar) -> str:
    return say_many(
        "An extension granted on %(day)s moved it by %(count)s day.",
        "An extension granted on %(day)s moved it by %(count)s days.",
        line.days,
        day=weekday(calendar.today(line.granted_at)),
    )


def _set_anew(line: lines.SetAnew, calendar: Calendar) -> str:
    return say(
        "A verification on %(day)s found it undone and set %(to)s.",
        day=weekday(calendar.today(line.seen_at)),
        to=weekday(line.to),
    )


def _promised(line: lines.Promised, calendar: Calendar) -> str:
    return say(
        "Promised for %(day)s in the commitment of %(committed)s.",
        day=weekday(line.day),
        committed=weekday(calendar.today(line.committed_at)),
    )


def because(why: Why) -> str:
    """Say in a clause why a date moves: `Thursday 26 March 2026 is now off`."""
    return "; ".join(_clauses(why)) or say("it follows from other dates")


def _clauses(why: Why) -> Iterator[str]:
    if why.before and why.after:
        before, after = span_said(why.before), span_said(why.after)
        yield say("the policy gives %(after)s instead of %(before)s", after=after, before=before)
    elif why.after:
        yield say("the policy gives %(after)s, and gave no date", after=span_said(why.after))
    elif why.before:
        yield say("the policy gives no date any more")
    if off := why.days_off:
        yield say_many("%(days)s is now off", "%(days)s are now off", len(off), days=_named(off))
    if worked := why.days_worked:
        yield say_many("%(days)s is worked now", "%(days)s are worked now", len(worked), days=_named(worked))
    if why.other_clock:
        yield say("the factory's clock is another")


def _named(days: tuple[date, ...]) -> str:
    return _shortened([weekday(each) for each in days[:_MOST_NAMED]], len(days))


def _shortened(named: list[str], count: int) -> str:
    shown, more = ", ".join(named), count - len(named)
    if more <= 0:
        return shown
    return say_many("%(days)s and %(count)s day more", "%(days)s and %(count)s days more", more, days=shown)


def _moved(line: lines.Moved, calendar: Calendar) -> str:
    return say(
        "A re-projection on %(day)s moved it from %(old)s: %(why)s.",
        day=weekday(calendar.today(line.moved_at)),
        old=weekday(calendar.last_day(line.old)),
        why=because(line.why),
    )


def _left_standing(line: lines.LeftStanding, calendar: Calendar) -> str:
    return say(
        "The re-projection on %(day)s left it at %(due)s: it had passed, was set by a step, or would have "
        "been missed at once.",
        day=weekday(calendar.today(line.held_at)),
        due=weekday(calendar.last_day(line.due)),
    )


def _not_before_step(line: lines.NotBeforeStep, calendar: Calendar) -> str:
    return say("Not before what it follows on, %(at)s.", at=_moment(line.at, calendar))


def _added_again(line: lines.AddedAgain, calendar: Calendar) -> str:
    return say_many(
        "%(count)s day that had been added before the re-projection on %(day)s.",
        "%(count)s days that had been added before the re-projection on %(day)s.",
        line.days,
        day=weekday(calendar.today(line.added_at)),
    )


def _taken_back(line: lines.TakenBack, calendar: Calendar) -> str:
    return say_many(
        "The suspension ended early, on %(day)s: %(count)s day less.",
        "The suspension ended early, on %(day)s: %(count)s days less.",
        line.days,
        day=weekday(line.last),
    )


def _moved_off(line: lines.MovedEarlier | lines.MovedLater, calendar: Calendar) -> str:
    text = N_("Moved earlier, off %(days)s.") if isinstance(line, lines.MovedEarlier) else _LATER
    return say(text, days=_skipped(line.skipped))


_SENTENCES: dict[type[Line], Callable[[Any, Calendar], str]] = {
    lines.Began: lambda line, calendar: say(_CAUSES[line.cause], at=_moment(line.at, calendar)),
    lines.Counted: _counted,
    lines.DisputeAdded: lambda line, calendar: say_many(
        "The dispute took %(count)s day, which is added.",
        "The dispute took %(count)s days, which are added.",
        line.days,
    ),
    lines.SuspensionAdded: _suspension_added,
    lines.Promised: _promised,
    lines.Extended: _extended,
    lines.SetAnew: _set_anew,
    lines.NotBeforePromise: lambda line, calendar: say(
        "Not before the last promised day, %(day)s.", day=weekday(line.day)
    ),
    lines.Moved: _moved,
    lines.AddedAgain: _added_again,
    lines.TakenBack: _taken_back,
    lines.LeftStanding: _left_standing,
    lines.LateFrom: _late_from,
    lines.DaysAway: _days_away,
    lines.WorkingDaysAway: _working_days_away,
    lines.LeftOut: _left_out,
    lines.NotWhileSuspended: lambda line, calendar: say(
        "Not while it is suspended, up to %(day)s.", day=weekday(line.last)
    ),
    lines.Resumes: lambda line, calendar: say(
        "Suspended up to %(day)s: the clock runs again from the next day on.", day=weekday(line.last)
    ),
    ladder_lines.Unanswered: _unanswered,
    ladder_lines.RanOut: lambda line, calendar: say(
        "Level %(level)s was acknowledged; nothing is done by the end of %(day)s: early.",
        level=line.level,
        day=weekday(calendar.last_day(line.until)),
    ),
    ladder_lines.HoldsUntil: lambda line, calendar: say(
        "Level %(level)s was acknowledged, which holds until the end of %(day)s.",
        level=line.level,
        day=weekday(calendar.last_day(line.until)),
    ),
    ladder_lines.PutOff: lambda line, calendar: say("Put off to %(at)s.", at=_moment(line.until, calendar)),
    ladder_lines.CountedAnew: lambda line, calendar: say(
        "An accepted recovery plan runs until %(day)s: the ladder counts from there.", day=weekday(line.until)
    ),
    lines.MovedEarlier: _moved_off,
    lines.MovedLater: _moved_off,
    lines.AtClock: lambda line, calendar: say(
        "At %(clock)s on the factory's clock (%(zone)s).", clock=f"{line.clock:%H:%M}", zone=line.zone
    ),
    lines.NotBeforeStep: _not_before_step,
}


def _skipped(days: tuple[Skipped, ...]) -> str:
    return _shortened([_off(each) for each in days[:_MOST_NAMED]], len(days))


def _off(each: Skipped) -> str:
    if not each.holiday:
        return say("the rest day %(day)s", day=weekday(each.day))
    if each.estimated:
        return say("the holiday %(day)s (an estimate)", day=weekday(each.day))
    return say("the holiday %(day)s", day=weekday(each.day))


def _moment(at: datetime, calendar: Calendar) -> str:
    return spoken().clock(calendar.local(at))
