"""Conditions that several rules of meetings share."""

from remediation.gatherings.meeting.state import Meeting
from remediation.orders import Order, Seat
from remediation.refusals import NotAMember, NotAtThisStage
from remediation.words import MeetingStage, Role

MEMBERS = (
    Role.WORKER_CO_CHAIR,
    Role.WORKER_MEMBER,
    Role.MANAGEMENT_CO_CHAIR,
    Role.MANAGEMENT_MEMBER,
)
CALLERS = (*MEMBERS, Role.MANAGER, Role.ADVISOR)
HOLDERS = (*MEMBERS, Role.ADVISOR)


def member_of(order: Order, meeting: Meeting) -> Seat:
    """Give the seat of who gives the order. Raises NotAMember."""
    seat = meeting.seat_of(order.by)
    if seat is None:
        raise NotAMember
    return seat


def at_stage(meeting: Meeting, *stages: MeetingStage, to: str) -> None:
    """Refuse unless the meeting stands at one of the stages. `to` says what was wanted."""
    if meeting.stage not in stages:
        allowed = " or ".join(stage.value.replace("_", " ") for stage in stages)
        message = f"To {to}, it must be {allowed}; it is {meeting.stage.value.replace('_', ' ')}."
        raise NotAtThisStage(message)
