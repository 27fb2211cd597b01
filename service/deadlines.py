"""What is owed on a finding now, and what will be sent to whom and when if nothing happens."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import Connection

from remediation.answers import held_until
from remediation.explaining import why_due
from remediation.facts import DecisionDue, Escalated, Resumed
from remediation.finding import Finding, Notice
from remediation.forecast import Planned
from remediation.ladder import ladder_start, snoozed_to
from remediation.letters import letters_for
from remediation.notices import notice_of
from remediation.obligations import Obligation, obligations
from remediation.permissions import Action
from remediation.words import ALARM_DUTIES, Duty, PersonId
from service import saying
from service.api.shapes import Deadlines, Named, Owed, PlannedLetter
from service.dossier import Dossier
from service.foreseeing import Foreseen, Sent, foreseen, in_words
from service.readers import Readers
from service.reasons import last_day, reasons_of
from service.showing import named, tells_visit
from service.speaking import say
from storage.codec import fact_of


def deadlines(connection: Connection, dossier: Dossier, until: datetime) -> Deadlines:
    """Give what is owed now, and the letters that will be sent by an aware instant."""
    known = [owed for owed in obligations(dossier.finding) if _seen(dossier, owed.duty)]
    ahead = [each for each in _ahead(dossier, until) if _seen(dossier, _duty(each.notice))]
    readers = Readers(connection, dossier)
    return Deadlines(
        owed=[_owed(dossier, owed) for owed in sorted(known, key=lambda owed: owed.due)],
        planned=[_planned(dossier, each, readers) for each in ahead],
        fix_by=last_day(dossier),
        until=until,
    )


def _ahead(dossier: Dossier, until: datetime) -> Iterator[Foreseen]:
    """Give what is sent at once because the clock stood still, such as in an outage, and what comes then."""
    case, overdue = dossier.case.keep_time(dossier.now)
    for entry in overdue:
        fact = fact_of(entry.kind, entry.body)
        for letter in letters_for(fact, entry.seq):
            yield in_words(Planned(dossier.now, fact, letter, dossier.finding), dossier.finding.calendar)
    yield from foreseen(case, until)


def _seen(dossier: Dossier, duty: Duty | None) -> bool:
    return dossier.sight.staff or duty not in ALARM_DUTIES


def _owed(dossier: Dossier, owed: Obligation) -> Owed:
    notice = notice_of(dossier.finding, owed)
    return Owed(
        key=owed.key,
        duty=owed.duty,
        what=_what(dossier, owed),
        owner=owed.owner,
        person=_person(dossier, owed.duty, owed.person),
        since=owed.since,
        due=owed.due,
        due_day=dossier.finding.calendar.last_day(owed.due),
        late=owed.due <= dossier.now,
        when=saying.within(owed.due, dossier.now),
        level=notice.level,
        acknowledged=notice.acknowledged,
        acknowledged_until=held_until(dossier.finding, owed, notice) if notice.acknowledged else None,
        snoozed_until=snoozed_to(dossier.finding, owed, notice),
        recovery_plan_until=_plan_until(dossier.finding, owed, notice),
        climbed=", ".join(_climbed(dossier.finding, owed, notice)),
        lateness=owed.lateness,
        why=reasons_of(why_due(owed, dossier.finding, dossier.history), dossier.finding.calendar),
    )


def _plan_until(finding: Finding, owed: Obligation, notice: Notice) -> date | None:
    """Give the last day of the recovery plan that the ladder waits for, or that is filed."""
    if notice.recovery is not None or notice.counted_from is None:
        return notice.recovery.until if notice.recovery else None
    return finding.calendar.last_day(ladder_start(finding, owed, notice))


def _climbed(finding: Finding, owed: Obligation, notice: Notice) -> Iterator[str]:
    calendar = finding.calendar
    if notice.level:
        why = saying.LATENESS[owed.lateness]
        yield say("escalated to level %(level)s (%(lateness)s)", level=notice.level, lateness=why)
    if notice.acknowledged:
        until = held_until(finding, owed, notice)
        last = saying.day(calendar.last_day(until)) if until else ""
        yield say("acknowledged until %(day)s", day=last) if last else say("acknowledged")
    if (put_off := snoozed_to(finding, owed, notice)) is not None:
        yield say("the next step put off to %(day)s", day=saying.day(calendar.today(put_off)))
    if (plan := _plan_until(finding, owed, notice)) is not None:
        yield say("recovery plan until %(day)s", day=saying.day(plan))


def _what(dossier: Dossier, owed: Obligation) -> str:
    """Give what is owed in words: a promised action by its own."""
    plan = dossier.plan
    if owed.duty is Duty.ACTION and plan is not None and dossier.sight.may(Action.VIEW_TEXTS):
        for action in plan.actions:
            if owed.key == f"{Duty.ACTION}:{action.id}":
                return action.description
    return saying.DUTY[owed.duty]


def _person(dossier: Dossier, duty: Duty | None, person: PersonId | None) -> Named | None:
    return None if _visit_ahead(dossier, duty) else named(dossier.sight, person)


def _visit_ahead(dossier: Dossier, duty: Duty | None) -> bool:
    """Whether somebody is to look at the fix, and the viewer must not know who."""
    fix = dossier.finding.fix
    return duty is Duty.VERIFY and fix is not None and not tells_visit(dossier.sight, fix)


def _duty(notice: Sent) -> Duty | None:
    return None if isinstance(notice, Resumed) else notice.duty


def _planned(dossier: Dossier, foreseen: Foreseen, readers: Readers) -> PlannedLetter:
    notice, letter = foreseen.notice, foreseen.letter
    return PlannedLetter(
        at=foreseen.at,
        local=dossier.finding.calendar.local(foreseen.at),
        kind=letter.kind,
        what=saying.LETTERS[letter.kind],
        role=letter.role,
        people=_people(dossier, foreseen, readers),
        obligation=letter.obligation,
        duty=_duty(notice),
        level=notice.level if isinstance(notice, Escalated | DecisionDue) else None,
        why=list(foreseen.why),
    )


def _people(dossier: Dossier, foreseen: Foreseen, readers: Readers) -> list[Named]:
    if foreseen.letter.person is not None and _visit_ahead(dossier, _duty(foreseen.notice)):
        return []
    return readers.of(foreseen.letter, foreseen.at)
