"""The minutes: drafted by the system as a meeting ends, corrected, and signed by one of each side."""

import json
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from remediation.gatherings.meeting.facts import (
    MeetingEnded,
    Minutes,
    MinutesAgreed,
    MinutesCorrected,
    MinutesSigned,
)
from remediation.gatherings.meeting.guards import HOLDERS, at_stage, member_of
from remediation.gatherings.meeting.orders import CorrectMinutes, EndMeeting, SignMinutes
from remediation.gatherings.meeting.state import Meeting
from remediation.ledger import plain
from remediation.refusals import AlreadyDone, NotPresent, RevisionOutdated
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as
from remediation.words import Digest, MeetingStage


def end_meeting(order: EndMeeting, meeting: Meeting, now: datetime) -> Facts:
    """Give the fact that it is over, with its minutes as they are to be signed."""
    acting_as(order, *HOLDERS, to="end a meeting")
    at_stage(meeting, MeetingStage.IN_SESSION, to="end the meeting")
    ended = MeetingEnded(
        results=order.results,
        quorate=meeting.has_quorum,
        remarks=order.remarks,
        minutes=digest_of(meeting.drafted(now, order.results, order.remarks)),
        sign_by=meeting.calendar.due(now, meeting.policy.meetings.sign_minutes),
    )
    return (ended,)


def meeting_ended(fact: MeetingEnded, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting with its minutes to sign."""
    return meeting.as_told(fact, ended_at=stamp.at, notices=meeting.told_of_paper)


def correct_minutes(order: CorrectMinutes, meeting: Meeting, now: datetime) -> Facts:
    """Give the fact that the minutes say something else: a new text, to be signed anew."""
    acting_as(order, *HOLDERS, to="correct the minutes")
    at_stage(meeting, MeetingStage.MINUTED, to="correct the minutes")
    minutes = digest_of(meeting.drafted(now, meeting.results, order.remarks))
    return (MinutesCorrected(remarks=order.remarks, minutes=minutes),)


def minutes_corrected(fact: MinutesCorrected, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting with other minutes, which nobody has signed."""
    return meeting.as_told(fact, signed=())


def sign_minutes(order: SignMinutes, meeting: Meeting, now: datetime) -> Facts:
    """Give the fact of a signature; with that of the second side, that the minutes are agreed."""
    seat = member_of(order, meeting)
    at_stage(meeting, MeetingStage.MINUTED, to="sign the minutes")
    if order.minutes != meeting.minutes:
        message = "The minutes have changed since you opened them. Read them again, then sign."
        raise RevisionOutdated(message, field="minutes")
    if not meeting.may_sign(seat):
        raise NotPresent
    if seat.person in meeting.signed:
        message = "You have signed these minutes already."
        raise AlreadyDone(message)
    signed = MinutesSigned(side=seat.side, minutes=order.minutes, method=order.method)
    agreed = (MinutesAgreed(minutes=order.minutes),) if meeting.has_signed(seat.side.other) else ()
    return (signed, *agreed)


def minutes_signed(fact: MinutesSigned, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting with one more signature."""
    return replace(meeting, signed=(*meeting.signed, stamp.by))


def minutes_agreed(fact: MinutesAgreed, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting at its end, or almost: what was signed on paper may still wait for its witness."""
    return replace(meeting, agreed_at=stamp.at, notices=meeting.told_of_paper)


def digest_of(minutes: Minutes) -> Digest:
    """Give the SHA-256 (hexadecimal) of minutes: the same content always gives the same."""
    text = json.dumps(plain(minutes), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Digest(sha256(text.encode()).hexdigest())
