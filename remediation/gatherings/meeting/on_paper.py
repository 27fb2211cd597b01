"""Signing on paper: a sheet is printed, what was signed on it is entered, and counts once it is witnessed."""

from dataclasses import replace
from datetime import datetime

from remediation.gatherings.meeting.facts import (
    Ballot,
    PaperDeclined,
    PaperRecorded,
    PaperWitnessed,
    SheetPrinted,
    Vote,
    VotedTogether,
)
from remediation.gatherings.meeting.guards import HOLDERS, at_stage, member_of
from remediation.gatherings.meeting.holding import MOST_VOTES
from remediation.gatherings.meeting.orders import DeclinePaper, PrintSheet, RecordPaper, WitnessPaper
from remediation.gatherings.meeting.sheets import Paper, Sheet
from remediation.gatherings.meeting.state import CHAIRS, Meeting
from remediation.letters import MEMBERS
from remediation.orders import OnPaper, Seat
from remediation.refusals import (
    AlreadyDone,
    FieldInvalid,
    NotAMember,
    NotIndependent,
    NotPresent,
    QuorumMissing,
    SameAsBefore,
)
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as, evidence_given
from remediation.words import MeetingStage, Role, SignatureMethod

WITNESSES = (Role.ADVISOR, Role.TEAM_LEADER)


def print_sheet(order: PrintSheet, meeting: Meeting, now: datetime) -> Facts:
    """Give the fact of another signing sheet, with the revisions that lie on the table now."""
    acting_as(order, *HOLDERS, to="make a signing sheet")
    at_stage(meeting, MeetingStage.CALLED, MeetingStage.IN_SESSION, to="make a signing sheet")
    findings = [each.finding for each in order.lines]
    if not 1 <= len(findings) <= MOST_VOTES or len(set(findings)) < len(findings):
        message = f"A signing sheet holds 1 to {MOST_VOTES} plans of the agenda that wait for signatures."
        raise FieldInvalid(message, field="lines")
    if meeting.sheets and meeting.sheets[-1].lines == order.lines:
        message = "The last signing sheet holds exactly these plans. Print that one."
        raise SameAsBefore(message, field="lines")
    return (SheetPrinted(number=len(meeting.sheets) + 1, lines=order.lines),)


def sheet_printed(fact: SheetPrinted, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting with one more sheet."""
    sheet = Sheet(number=fact.number, lines=fact.lines, at=stamp.at)
    return replace(meeting, sheets=(*meeting.sheets, sheet))


def record_paper(order: RecordPaper, meeting: Meeting, now: datetime) -> Facts:
    """Give the fact of what members who were here signed on a sheet, to be witnessed."""
    member_of(order, meeting)
    at_stage(meeting, MeetingStage.IN_SESSION, MeetingStage.MINUTED, to="enter what was signed on paper")
    sheet = next((each for each in meeting.sheets if each.number == order.sheet), None)
    if sheet is None:
        message = "The meeting has no signing sheet of this number."
        raise FieldInvalid(message, field="sheet")
    if any(each.sheet == sheet.number and not each.declined for each in meeting.papers):
        message = "What was signed on this sheet is entered already."
        raise AlreadyDone(message)
    evidence_given((), order.files)
    _sound_ballots(order.ballots, sheet, meeting)
    if not meeting.has_quorum:
        raise QuorumMissing
    recorded = PaperRecorded(
        number=len(meeting.papers) + 1,
        sheet=sheet.number,
        ballots=order.ballots,
        files=order.files,
        witness_by=meeting.calendar.due(now, meeting.policy.meetings.sign_minutes),
    )
    return (recorded,)


def paper_recorded(fact: PaperRecorded, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting with something to witness. Nothing of it counts yet."""
    paper = Paper(
        number=fact.number,
        sheet=fact.sheet,
        ballots=fact.ballots,
        files=fact.files,
        recorder=stamp.by,
        at=stamp.at,
        witness_by=fact.witness_by,
    )
    return replace(meeting, papers=(*meeting.papers, paper))


def witness_paper(order: WitnessPaper, meeting: Meeting, now: datetime) -> Facts:
    """Give the fact that photos and entry agree, and with it the vote of each member who signed."""
    paper = _to_witness(order, meeting)
    votes = (_vote(paper, ballot, order, meeting) for ballot in paper.ballots)
    return (PaperWitnessed(paper=paper.number), *votes)


def paper_witnessed(fact: PaperWitnessed, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting with who witnessed it."""
    paper = replace(meeting.papers[fact.paper - 1], witness=stamp.by)
    return _with(paper, meeting)


def decline_paper(order: DeclinePaper, meeting: Meeting, now: datetime) -> Facts:
    """Give the fact that nothing of an entry counts; the sheet can be entered anew."""
    paper = _to_witness(order, meeting)
    (side,) = (seat.side for seat in meeting.seats if seat.person == paper.recorder)
    return (PaperDeclined(paper=paper.number, reason=order.reason, recorder=paper.recorder, side=side),)


def paper_declined(fact: PaperDeclined, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting with an entry that does not count."""
    paper = replace(meeting.papers[fact.paper - 1], declined=fact.reason)
    return _with(paper, meeting)


def _sound_ballots(ballots: tuple[Ballot, ...], sheet: Sheet, meeting: Meeting) -> None:
    """Refuse votes of who was not here, and numbers that the sheet has not, or has once."""
    people = [each.person for each in ballots]
    if not people or len(set(people)) < len(people):
        message = "Say of at least one member what they signed, and of each member once."
        raise FieldInvalid(message, field="ballots")
    for place, each in enumerate(ballots):
        if meeting.seat_of(each.person) is None:
            message = "This person holds no seat on the committee that meets."
            raise NotAMember(message, field=f"ballots[{place}].person")
        if each.person not in meeting.present:
            raise NotPresent(field=f"ballots[{place}].person")
        known = set(range(1, len(sheet.lines) + 1))
        if not each.numbers or not set(each.numbers) <= known or len(set(each.numbers)) < len(each.numbers):
            message = "Give numbers that the sheet has, at least one, and none for both."
            raise FieldInvalid(message, field=f"ballots[{place}]")


def _to_witness(order: WitnessPaper | DeclinePaper, meeting: Meeting) -> Paper:
    """Give the entry that somebody may judge who neither votes nor made it."""
    acting_as(order, *WITNESSES, to="witness what was signed on paper")
    paper = next((each for each in meeting.papers if each.number == order.paper), None)
    if paper is None:
        message = "Nothing of this number was entered of a signing sheet."
        raise FieldInvalid(message, field="paper")
    if order.by == paper.recorder or meeting.seat_of(order.by) is not None:
        message = "Who witnesses what was signed on paper neither holds a seat nor has entered it."
        raise NotIndependent(message)
    if not paper.waits:
        message = "This is witnessed or declined already."
        raise AlreadyDone(message)
    return paper


def _vote(paper: Paper, ballot: Ballot, order: WitnessPaper, meeting: Meeting) -> VotedTogether:
    (seat,) = (each for each in meeting.seats if each.person == ballot.person)
    sheet = meeting.sheets[paper.sheet - 1]
    refused = {each.number: each.reason for each in ballot.refuses}
    lines = ((number, sheet.line(number)) for number in sorted(ballot.numbers))
    return VotedTogether(
        side=seat.side,
        acting=_role(seat),
        votes=tuple(
            Vote(finding=line.finding, revision=line.revision, reason=refused.get(number))
            for number, line in lines
        ),
        method=SignatureMethod.PAPER,
        member=ballot.person,
        paper=OnPaper(
            meeting=meeting.id,
            sheet=sheet.number,
            recorder=paper.recorder,
            witness=order.by,
            photos=tuple(each.digest for each in paper.files),
        ),
    )


def _role(seat: Seat) -> Role:
    return (CHAIRS if seat.co_chair else MEMBERS)[seat.side]


def _with(paper: Paper, meeting: Meeting) -> Meeting:
    others = meeting.papers
    return replace(meeting, papers=(*others[: paper.number - 1], paper, *others[paper.number :]))
