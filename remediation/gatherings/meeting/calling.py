"""Calling the committee to meet: the agenda, another time, or not at all."""

from datetime import datetime, timedelta

from remediation.calendar import Calendar
from remediation.gatherings.meeting.facts import (
    AgendaItem,
    AgendaSet,
    MeetingCalled,
    MeetingCancelled,
    MeetingMoved,
)
from remediation.gatherings.meeting.guards import CALLERS, at_stage
from remediation.gatherings.meeting.orders import CancelMeeting, MoveMeeting, SetAgenda
from remediation.gatherings.meeting.state import Meeting
from remediation.policy import Policy
from remediation.refusals import DateBeyondPolicy, DateInThePast, FieldInvalid, NotYourRole, SameAsBefore
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as
from remediation.words import AgendaKind, MeetingStage, PersonId, Side

FARTHEST = timedelta(days=366)
SHORTEST, LONGEST = 10, 720
"""Minutes."""
MOST_ITEMS = 300


def begin(called: MeetingCalled, policy: Policy, calendar: Calendar, at: datetime, by: PersonId) -> Meeting:
    """Give a meeting's first state."""
    return Meeting(
        opened=called,
        policy=policy,
        calendar=calendar,
        opened_at=at,
        opened_by=by,
        starts=called.starts,
        length=called.length,
        place=called.place,
        agenda=called.agenda,
        seats=called.seats,
    )


def may_be_called(called: MeetingCalled, now: datetime) -> None:
    """Refuse a meeting that is called by others, without a side, for a time past, or with a wrong agenda."""
    if called.acting not in CALLERS:
        message = f"As {called.acting.value.replace('_', ' ')} nobody can call the committee to a meeting."
        raise NotYourRole(message)
    if {seat.side for seat in called.seats} != set(Side):
        message = "The factory's committee has no member of one side. Seat the committee first."
        raise FieldInvalid(message, field="seats")
    _time_ahead(called.starts, called.length, now)
    _sound_agenda(called.agenda)


def set_agenda(order: SetAgenda, meeting: Meeting, now: datetime) -> Facts:
    """Give the fact of another agenda."""
    acting_as(order, *CALLERS, to="change a meeting's agenda")
    at_stage(meeting, MeetingStage.CALLED, MeetingStage.IN_SESSION, to="change the agenda")
    _sound_agenda(order.agenda)
    if order.agenda == meeting.agenda:
        message = "This is the agenda already."
        raise SameAsBefore(message, field="agenda")
    return (AgendaSet(agenda=order.agenda),)


def agenda_set(fact: AgendaSet, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting with its other agenda."""
    return meeting.as_told(fact)


def move_meeting(order: MoveMeeting, meeting: Meeting, now: datetime) -> Facts:
    """Give the fact that it meets at another time, or elsewhere."""
    acting_as(order, *CALLERS, to="move a meeting")
    at_stage(meeting, MeetingStage.CALLED, to="move the meeting")
    _time_ahead(order.starts, order.length, now)
    if (order.starts, order.length, order.place) == (meeting.starts, meeting.length, meeting.place):
        message = "The meeting is called for this time already."
        raise SameAsBefore(message, field="starts")
    moved = MeetingMoved(
        starts=order.starts,
        length=order.length,
        place=order.place,
        reason=order.reason,
        sequence=meeting.sequence + 1,
    )
    return (moved,)


def meeting_moved(fact: MeetingMoved, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting at its other time; reminders of the former are over."""
    return meeting.as_told(fact, notices=())


def cancel_meeting(order: CancelMeeting, meeting: Meeting, now: datetime) -> Facts:
    """Give the fact that it does not take place."""
    acting_as(order, *CALLERS, to="cancel a meeting")
    at_stage(meeting, MeetingStage.CALLED, to="cancel the meeting")
    return (MeetingCancelled(reason=order.reason, sequence=meeting.sequence + 1),)


def meeting_cancelled(fact: MeetingCancelled, meeting: Meeting, stamp: Stamp) -> Meeting:
    """Give the meeting at its end."""
    return meeting.as_told(fact, cancelled_at=stamp.at, notices=())


def _time_ahead(starts: datetime, length: int, now: datetime) -> None:
    if starts <= now:
        message = "This time has passed. Choose a later one."
        raise DateInThePast(message, field="starts")
    if starts > now + FARTHEST:
        message = "This is more than a year ahead. Choose an earlier day."
        raise DateBeyondPolicy(message, field="starts")
    if not SHORTEST <= length <= LONGEST:
        message = f"A meeting takes {SHORTEST} to {LONGEST} minutes."
        raise FieldInvalid(message, field="length")


def _sound_agenda(agenda: tuple[AgendaItem, ...]) -> None:
    if len(agenda) > MOST_ITEMS or len(set(agenda)) < len(agenda):
        message = f"Put at most {MOST_ITEMS} items on the agenda, each once."
        raise FieldInvalid(message, field="agenda")
    for place, item in enumerate(agenda):
        in_words = item.kind is AgendaKind.OTHER
        if in_words != (item.finding is None) or in_words != (item.note is not None):
            message = "An item names a finding, or is of the kind `other` and says in words what it is."
            raise FieldInvalid(message, field=f"agenda[{place}]")
