"""What was found, one finding at a time: recorded in the visit, then told to its finding."""

from dataclasses import replace
from datetime import date, datetime

from remediation.gatherings.visit.agenda import OPEN, independent
from remediation.gatherings.visit.facts import ActionSeen, OutcomeRecorded, OutcomeRefused, OutcomeTaken
from remediation.gatherings.visit.orders import NoteOutcome, RecordOutcome
from remediation.gatherings.visit.state import Delivery, Line, Outcome, Visit
from remediation.refusals import (
    AlreadyDone,
    DateInThePast,
    FieldInvalid,
    NotAtThisStage,
    NotOnTheAgenda,
    OnSiteRequired,
)
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as, evidence_given
from remediation.words import Check, FindingId, Modality, Role, Verdict

VERIFIERS = (Role.ADVISOR, Role.TEAM_LEADER)


def record_outcome(order: RecordOutcome, visit: Visit, now: datetime) -> Facts:
    """Give the fact of an outcome, once a finding unless the finding refused the one before."""
    acting_as(order, *VERIFIERS, to="record an outcome")
    line = _line(visit, order.finding)
    on = _day_of(order, visit, now)
    if line.outcome is not None:
        message = "Somebody has recorded an outcome for this finding already."
        raise AlreadyDone(message, field="finding")
    independent((line.item,), order.by)
    if line.item.check is Check.OBJECTION and order.modality is Modality.DESKTOP:
        message = "Workers have objected: this fix must be seen on site."
        raise OnSiteRequired(message, field="modality")
    evidence_given(order.evidence, order.files)
    _actions_fit(order, line, visit.calendar.today(now))
    found = OutcomeRecorded(
        finding=order.finding,
        number=len(line.outcomes) + 1,
        check=line.item.check,
        verdict=order.verdict,
        modality=order.modality,
        verifier=order.by,
        acting=order.acting,
        on=on,
        actions=order.actions,
        evidence=order.evidence,
        files=order.files,
        note=order.note,
    )
    return (found,)


def outcome_recorded(fact: OutcomeRecorded, visit: Visit, stamp: Stamp) -> Visit:
    """Give the visit with the outcome on its way to the finding."""
    line = _line(visit, fact.finding)
    outcome = Outcome(found=fact, at=stamp.at)
    return visit.with_line(replace(line, outcomes=(*line.outcomes, outcome)))


def note_outcome(order: NoteOutcome, visit: Visit, now: datetime) -> Facts:
    """Give the fact of what the finding said to an outcome, once."""
    acting_as(order, Role.SYSTEM, to="say what became of an outcome")
    line = _line(visit, order.finding)
    if not any(_is_it(each, order.number) for each in line.outcomes):
        message = "No such outcome is on its way."
        raise AlreadyDone(message)
    if order.code:
        return (OutcomeRefused(finding=order.finding, number=order.number, code=order.code),)
    return (OutcomeTaken(finding=order.finding, number=order.number),)


def outcome_taken(fact: OutcomeTaken, visit: Visit, stamp: Stamp) -> Visit:
    """Give the visit with an outcome that its finding accepted."""
    return _delivered(visit, fact.finding, fact.number, Delivery.TAKEN)


def outcome_refused(fact: OutcomeRefused, visit: Visit, stamp: Stamp) -> Visit:
    """Give the visit with an outcome that its finding refused: another may be recorded."""
    return _delivered(visit, fact.finding, fact.number, Delivery.REFUSED, fact.code)


def _delivered(visit: Visit, finding: FindingId, number: int, became: Delivery, code: str = "") -> Visit:
    line = _line(visit, finding)
    told = (
        replace(each, delivery=became, code=code) if each.found.number == number else each
        for each in line.outcomes
    )
    return visit.with_line(replace(line, outcomes=tuple(told)))


def _is_it(outcome: Outcome, number: int) -> bool:
    return outcome.found.number == number and outcome.delivery is Delivery.ON_ITS_WAY


def _line(visit: Visit, finding: FindingId) -> Line:
    line = visit.line(finding)
    if line is None:
        raise NotOnTheAgenda(field="finding")
    return line


def _day_of(order: RecordOutcome, visit: Visit, now: datetime) -> date:
    """Give the local day of an outcome: on site that of the visit, whenever the phone could send it."""
    if visit.stage not in OPEN:
        message = "The visit is over. Record it on the finding itself."
        raise NotAtThisStage(message)
    if order.modality is Modality.DESKTOP:
        return visit.calendar.today(now)
    if visit.begun_on is None:
        message = "Begin the visit first: what is seen on site is recorded from then on."
        raise NotAtThisStage(message)
    return visit.begun_on


def _actions_fit(order: RecordOutcome, line: Line, today: date) -> None:
    if len({each.id for each in order.actions}) < len(order.actions):
        message = "Each action is listed once."
        raise FieldInvalid(message, field="actions")
    undone = [each for each in order.actions if each.verdict is not Verdict.PASS]
    if order.verdict is Verdict.PASS and undone:
        message = "An action was found undone: the outcome is partial, or fails."
        raise FieldInvalid(message, field="verdict")
    if order.verdict is Verdict.PARTIAL:
        _remaining_fit(line, undone, today)
    elif any(each.due for each in order.actions):
        message = "Only a partial outcome gives actions a new day."
        raise FieldInvalid(message, field="actions")


def _remaining_fit(line: Line, undone: list[ActionSeen], today: date) -> None:
    if line.item.check is Check.EFFECTIVENESS:
        message = "Whether a fix held is answered by pass or fail."
        raise FieldInvalid(message, field="verdict")
    if not undone or not all(each.due for each in undone):
        message = "A partial outcome says which actions were found undone, each with a new day."
        raise FieldInvalid(message, field="actions")
    late = next((each.due for each in undone if each.due and each.due <= today), None)
    if late is not None:
        message = f"The new date {late.isoformat()} must lie ahead."
        raise DateInThePast(message, field="actions")
