"""Holding a meeting: it begins, members come, and vote on many findings at once while there is a quorum."""

from datetime import datetime

from remediation.gatherings.meeting.facts import AttendanceRecorded, MeetingBegun, VotedTogether
from remediation.gatherings.meeting.guards import HOLDERS, at_stage, member_of
from remediation.gatherings.meeting.orders import BeginMeeting, RecordAttendance, VoteTogether
from remediation.gatherings.meeting.state import Meeting
from remediation.refusals import (
    FieldInvalid,
    NotAMember,
    NotPresent,
    QuorumMissing,
    SameAsBefore,
    TooEarly,
)
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as
from remediation.words import MeetingStage

MOST_VOTES = 100


def begin_meeting(order: BeginMeeting, meeting: Meeting, now: datetime) -> Facts:
    """Give the fact that the committee sits together, on the day for which it was called or later."""
    acting_as(order, *HOLDERS, to="begin a meeting")
    at_stage(meeting, MeetingStage.CALLED, to="begin the meeting")
    if meeting.calendar.today(now) < meeting.day:
        message = f"The meeting is called for {meeting.day.isoformat()}. Move it to meet earlier."
        raise TooEarly(message)
    return (MeetingBegun(seats=order.seats),)


def meeting_begun(fact: MeetingBegun, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting in session: nobody is here until somebody says so."""
    return meeting.as_told(fact, begun_at=stamp.at)


def record_attendance(order: RecordAttendance, meeting: Meeting, now: datetime) -> Facts:
    """Give the fact of who is here."""
    acting_as(order, *HOLDERS, to="note who is present")
    at_stage(meeting, MeetingStage.IN_SESSION, to="note who is present")
    for place, person in enumerate(order.present):
        if meeting.seat_of(person) is None:
            message = "This person holds no seat on the committee that meets."
            raise NotAMember(message, field=f"present[{place}]")
    present = tuple(seat.person for seat in meeting.seats if seat.person in order.present)
    if present == meeting.present:
        message = "These are the members who are noted as present already."
        raise SameAsBefore(message, field="present")
    return (AttendanceRecorded(present=present),)


def attendance_recorded(fact: AttendanceRecorded, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting with who is here."""
    return meeting.as_told(fact)


def vote_together(order: VoteTogether, meeting: Meeting, now: datetime) -> Facts:
    """Give the fact that a member who is here votes on several findings, while there is a quorum."""
    seat = member_of(order, meeting)
    at_stage(meeting, MeetingStage.IN_SESSION, to="vote in a meeting")
    if seat.person not in meeting.present:
        raise NotPresent
    if not meeting.has_quorum:
        raise QuorumMissing
    findings = [vote.finding for vote in order.votes]
    if not 1 <= len(findings) <= MOST_VOTES or len(set(findings)) < len(findings):
        message = f"Vote on 1 to {MOST_VOTES} findings at a time, each once."
        raise FieldInvalid(message, field="votes")
    return (VotedTogether(side=seat.side, acting=order.acting, votes=order.votes, method=order.method),)


def voted_together(fact: VotedTogether, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting as it was: what comes of votes stands at the findings."""
    return meeting
