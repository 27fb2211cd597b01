"""What somebody may do on a finding or gathering now: the rules themselves are asked.

For each verb a few orders are made up, of which the rules take one if they take any order of that verb.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from remediation import orders
from remediation.finding import Finding
from remediation.gatherings import case as gatherings
from remediation.gatherings.meeting import orders as meetings
from remediation.gatherings.meeting.facts import AgendaItem, Ballot, Printed, Vote
from remediation.gatherings.meeting.state import Meeting
from remediation.gatherings.plan import FilePlan
from remediation.gatherings.visit.orders import (
    BeginVisit,
    CancelVisit,
    EndVisit,
    PostponeVisit,
    RecordOutcome,
)
from remediation.gatherings.visit.state import Visit
from remediation.obligations import obligations
from remediation.orders import Attached, Order, PlannedAction
from remediation.refusals import Refusal
from remediation.rules import decide
from remediation.rules.guards import FARTHEST
from remediation.watched import Watched
from remediation.words import (
    ActionId,
    ActionKind,
    AgendaKind,
    CommandId,
    Consequence,
    Digest,
    DisputeOutcome,
    EvidenceId,
    FindingId,
    Hindrance,
    Modality,
    NoteId,
    PersonId,
    Role,
    Severity,
    Statement,
    SuspensionCause,
    Verdict,
)

Fields = Mapping[str, Any]
Candidates = Callable[[Any, date], Iterable[Fields]]

_NOTE = NoteId("note")
_REASON: Fields = {"reason": _NOTE}
_EVIDENCE: Fields = {"evidence": (_NOTE,)}
_SOMEBODY = PersonId("somebody else")
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Possibility:
    """Whether somebody may give an order of this kind now: in which role, or why not.

    `taken` holds the fields of every order made up that the rules would take: of which action, say.
    """

    kind: type[Order]
    acting: Role
    refusal: Refusal | None = None
    taken: tuple[Fields, ...] = ()


def possible(
    kind: type[Order], watched: Watched, by: PersonId, roles: tuple[Role, ...], now: datetime
) -> Possibility:
    """Tell whether a person may give some order of a kind at an aware instant, in one of the roles.

    `roles` holds at least one: those in which the person has permission. `watched` is the finding's or the
    gathering's state, to which the clock has caught up. Where the rules refuse, the first refusal is told.
    """
    today = watched.calendar.today(now)
    given = tuple((CANDIDATES if kind in CANDIDATES else OF_GATHERINGS)[kind](watched, today))
    first: Refusal | None = None
    for role in roles:
        said = [_refusal(kind, watched, by, role, fields, now) for fields in given]
        taken = tuple(fields for fields, refusal in zip(given, said, strict=True) if refusal is None)
        if taken:
            return Possibility(kind, role, taken=taken)
        first = first or said[0]
    return Possibility(kind, roles[0], first)


def _refusal(  # noqa: PLR0913 - an order and what it is judged by
    kind: type[Order], watched: Watched, by: PersonId, acting: Role, fields: Fields, now: datetime
) -> Refusal | None:
    judge: Callable[..., object] = decide if isinstance(watched, Finding) else gatherings.decide
    try:
        judge(kind(id=CommandId("possible"), by=by, acting=acting, **fields), watched, now)
    except Refusal as refusal:
        return refusal
    return None


def _always(**fields: Any) -> Candidates:  # noqa: ANN401 - the fields of any order
    return lambda _finding, _today: (fields,)


def _of_the_revision(finding: Finding, _today: date) -> Iterable[Fields]:
    revision = finding.proposal.revision if finding.proposal else Digest("none")
    yield {"revision": revision}


def _of_the_revision_with_reason(finding: Finding, today: date) -> Iterable[Fields]:
    return ({**fields, **_REASON} for fields in _of_the_revision(finding, today))


def _a_plan_for_today(_finding: Finding, today: date) -> Iterable[Fields]:
    action = PlannedAction(id=ActionId("a1"), kind=ActionKind.CORRECTIVE, owner=_SOMEBODY, due=today)
    yield {"revision": Digest("new"), "actions": (action,)}


def _the_farthest_day(_finding: Finding, today: date) -> Iterable[Fields]:
    yield {"until": today + FARTHEST, **_REASON}


def _progress(finding: Finding, _today: date) -> Iterable[Fields]:
    known = [(action.id, action.percent) for action in finding.actions] or [(ActionId("none"), 0)]
    said = {"note": _NOTE, "slip_reason": _NOTE, **_EVIDENCE}
    return ({"action": action, "percent": percent, **said} for action, percent in known)


def _a_day_more(finding: Finding, today: date) -> Iterable[Fields]:
    known = [(action.id, action.due) for action in finding.actions] or [(ActionId("none"), today)]
    said = {"interim_protection": _NOTE, **_REASON}
    return ({"actions": (action,), "until": due + _A_DAY, **said} for action, due in known)


def _suspended_today(_finding: Finding, today: date) -> Iterable[Fields]:
    yield {"cause": SuspensionCause.PERMIT_PENDING, "until": today, **_REASON}


def _each_obligation(watched: Watched, _today: date) -> Iterable[Fields]:
    keys = [owed.key for owed in obligations(watched)] or ["none"]
    return ({"obligation": key} for key in keys)


def _about_each(**fields: Any) -> Candidates:  # noqa: ANN401 - the fields of any order
    return lambda finding, today: ({**about, **fields} for about in _each_obligation(finding, today))


def _a_recovery_plan_for_today(finding: Finding, today: date) -> Iterable[Fields]:
    return ({**about, "note": _NOTE, "until": today} for about in _each_obligation(finding, today))


def _another_severity(finding: Finding, _today: date) -> Iterable[Fields]:
    other = Severity.MAJOR if finding.severity is Severity.CRITICAL else Severity.CRITICAL
    yield {"severity": other, "note": _NOTE}


def _the_next_finding(finding: Finding, _today: date) -> Iterable[Fields]:
    yield {"successor": FindingId(f"after {finding.id}")}


def _booked_for_today(_finding: Finding, today: date) -> Iterable[Fields]:
    yield {"verifier": _SOMEBODY, "modality": Modality.ON_SITE, "on": today}


def _checked_today(_finding: Finding, today: date) -> Iterable[Fields]:
    yield {"held": True, "on": today, **_EVIDENCE}


def _each_statement(_finding: Finding, _today: date) -> Iterable[Fields]:
    return ({"what": statement} for statement in Statement)


def _on_each_day(visit: Visit, today: date) -> Iterable[Fields]:
    yield {"on": min(visit.on, today)}


def _each_line(visit: Visit, _today: date) -> Iterable[Fields]:
    of_each = ({"finding": line.item.finding, "verdict": Verdict.PASS, **_EVIDENCE} for line in visit.lines)
    return ({**fields, "modality": how} for fields in of_each for how in Modality)


def _tomorrow_or_after(visit: Visit, today: date) -> Iterable[Fields]:
    day = max(visit.on, today) + _A_DAY
    yield {"on": day, "hindrance": Hindrance.EVENT, **_REASON}


CANDIDATES: dict[type[Order], Candidates] = {
    orders.Amend: _another_severity,
    orders.Dispute: _always(**_REASON),
    orders.DecideDispute: _always(outcome=DisputeOutcome.REJECTED, **_REASON),
    # A wish to take no action is bound to no date.
    orders.Propose: _always(revision=Digest("new"), actions=(), no_action_reason=_NOTE),
    orders.Sign: _of_the_revision,
    orders.Refuse: _of_the_revision_with_reason,
    orders.ApproveNoAction: _of_the_revision_with_reason,
    orders.AllowLaterDate: _the_farthest_day,
    orders.DeclareDeadlock: _always(**_REASON),
    orders.CloseMediation: _always(**_REASON),
    orders.FileInterimPlan: _a_plan_for_today,
    orders.RecordProgress: _progress,
    orders.RequestExtension: _a_day_more,
    orders.CosignExtension: _always(),
    # What is asked for may lie in the past by now; then it can only be denied.
    orders.DecideExtension: _always(granted=False, **_REASON),
    orders.Suspend: _suspended_today,
    orders.CountersignSuspension: _always(),
    orders.DeclineSuspension: _always(**_REASON),
    orders.EndSuspension: _always(**_REASON),
    orders.ReportFixed: _always(**_EVIDENCE),
    orders.ObjectToFix: _always(**_REASON),
    orders.ConcurWithFix: _always(),
    orders.TakeBack: _each_statement,
    orders.BookVerification: _booked_for_today,
    orders.Verify: _always(verdict=Verdict.PASS, modality=Modality.ON_SITE, **_EVIDENCE),
    orders.CheckEffectiveness: _checked_today,
    orders.Reopen: _always(**_REASON),
    orders.Supersede: _the_next_finding,
    orders.Cease: _always(**_REASON),
    orders.DecideAlarm: _always(confirmed=True, **_REASON),
    orders.NotifyAuthority: _always(note=_NOTE),
    orders.Contain: _always(**_EVIDENCE),
    orders.Acknowledge: _each_obligation,
    orders.Snooze: _about_each(days=1, **_REASON),
    orders.FileRecoveryPlan: _a_recovery_plan_for_today,
    orders.AcceptRecoveryPlan: _about_each(**_REASON),
    orders.ReturnRecoveryPlan: _about_each(**_REASON),
    orders.DecideConsequence: _about_each(consequence=Consequence.NONE, **_REASON),
}
"""For each verb given on a finding's page: orders of which the rules take one if they take any.

A committee is reseated, and dates are re-projected, for a whole factory, elsewhere; repeats are linked from
where they are proposed.
"""


def _another_agenda(_meeting: Meeting, _today: date) -> Iterable[Fields]:
    return ({"agenda": agenda} for agenda in ((), (AgendaItem(kind=AgendaKind.OTHER, note=_NOTE),)))


def _in_two_days(meeting: Meeting, today: date) -> Iterable[Fields]:
    yield {"starts": meeting.calendar.end_of(today + _A_DAY), "length": meeting.length, **_REASON}


def _everybody_or_nobody(meeting: Meeting, _today: date) -> Iterable[Fields]:
    return ({"present": present} for present in (tuple(seat.person for seat in meeting.seats), ()))


def _a_vote(_meeting: Meeting, _today: date) -> Iterable[Fields]:
    yield {"votes": (Vote(finding=FindingId("possible"), revision=Digest("possible")),)}


def _a_sheet(_meeting: Meeting, _today: date) -> Iterable[Fields]:
    yield {"lines": (Printed(finding=FindingId("possible"), revision=Digest("possible")),)}


def _all_of_a_sheet(meeting: Meeting, _today: date) -> Iterable[Fields]:
    ballots = tuple(Ballot(person=person, signs=(1,)) for person in meeting.present)
    shown = {"ballots": ballots, "files": (Attached(id=EvidenceId("possible"), digest=Digest("possible")),)}
    return ({"sheet": number, **shown} for number in [each.number for each in meeting.sheets] or [0])


def _each_paper(**fields: Any) -> Candidates:  # noqa: ANN401 - the fields of any order
    def papers(meeting: Meeting, _today: date) -> Iterable[Fields]:
        known = [each.number for each in meeting.to_witness or meeting.papers] or [0]
        return ({"paper": number, **fields} for number in known)

    return papers


def _its_minutes(meeting: Meeting, _today: date) -> Iterable[Fields]:
    yield {"minutes": meeting.minutes}


OF_GATHERINGS: dict[type[Order], Candidates] = {
    FilePlan: _always(),
    meetings.SetAgenda: _another_agenda,
    meetings.MoveMeeting: _in_two_days,
    meetings.CancelMeeting: _always(**_REASON),
    meetings.BeginMeeting: lambda meeting, _today: ({"seats": meeting.seats},),
    meetings.RecordAttendance: _everybody_or_nobody,
    meetings.VoteTogether: _a_vote,
    meetings.EndMeeting: _always(),
    meetings.CorrectMinutes: _always(remarks=_NOTE),
    meetings.SignMinutes: _its_minutes,
    meetings.PrintSheet: _a_sheet,
    meetings.RecordPaper: _all_of_a_sheet,
    meetings.WitnessPaper: _each_paper(),
    meetings.DeclinePaper: _each_paper(**_REASON),
    BeginVisit: _on_each_day,
    RecordOutcome: _each_line,
    PostponeVisit: _tomorrow_or_after,
    CancelVisit: _always(hindrance=Hindrance.EVENT, **_REASON),
    EndVisit: _always(),
}
"""The same for verbs that only gatherings know."""
