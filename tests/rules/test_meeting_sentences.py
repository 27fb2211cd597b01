"""What people read when a meeting refuses what they ask for."""

from typing import Any

import pytest

from remediation.gatherings.meeting.facts import Ballot
from remediation.gatherings.meeting.orders import (
    BeginMeeting,
    CancelMeeting,
    CorrectMinutes,
    DeclinePaper,
    EndMeeting,
    MoveMeeting,
    PrintSheet,
    RecordAttendance,
    RecordPaper,
    SetAgenda,
    SignMinutes,
    VoteTogether,
    WitnessPaper,
)
from remediation.orders import Order
from remediation.refusals import Refusal
from remediation.words import Digest
from tests.rules.cast import AMINA, BAO, CHLOE, NOTE, OUTSIDER, SEATS
from tests.rules.meeting import (
    ITEM,
    LINES,
    SOON,
    VOTES,
    MeetingStory,
    a_meeting,
    a_minuted_meeting,
    entered,
)

MEMBERS = "worker co chair, worker member, management co chair, management member"
CALLERS, HOLDERS = f"{MEMBERS}, manager or advisor", f"{MEMBERS} or advisor"
ASKED: dict[type[Order], dict[str, Any]] = {
    SetAgenda: {"agenda": (ITEM,)},
    MoveMeeting: {"starts": SOON, "length": 60, "reason": NOTE},
    CancelMeeting: {"reason": NOTE},
    BeginMeeting: {"seats": SEATS},
    RecordAttendance: {"present": (AMINA,)},
    VoteTogether: {"votes": VOTES},
    EndMeeting: {},
    CorrectMinutes: {"remarks": NOTE},
    SignMinutes: {"minutes": Digest("d" * 64)},
    PrintSheet: {"lines": LINES},
    RecordPaper: {"sheet": 1, "ballots": (), "files": ()},
    WitnessPaper: {"paper": 1},
    DeclinePaper: {"paper": 1, "reason": NOTE},
}


def sentence(story: MeetingStory, person: str, kind: type[Order], **fields: Any) -> str:  # noqa: ANN401
    with pytest.raises(Refusal) as refused:
        story.order(person, kind, **(ASKED[kind] | fields))  # type: ignore[arg-type]
    return str(refused.value)


@pytest.mark.parametrize(
    ("kind", "reserved"),
    [
        (SetAgenda, f"{CALLERS} can change a meeting's agenda"),
        (MoveMeeting, f"{CALLERS} can move a meeting"),
        (CancelMeeting, f"{CALLERS} can cancel a meeting"),
        (BeginMeeting, f"{HOLDERS} can begin a meeting"),
        (RecordAttendance, f"{HOLDERS} can note who is present"),
        (EndMeeting, f"{HOLDERS} can end a meeting"),
        (CorrectMinutes, f"{HOLDERS} can correct the minutes"),
        (PrintSheet, f"{HOLDERS} can make a signing sheet"),
        (WitnessPaper, "advisor or team leader can witness what was signed on paper"),
        (DeclinePaper, "advisor or team leader can witness what was signed on paper"),
    ],
)
def test_who_may_not_is_told_who_may(kind: type[Order], reserved: str) -> None:
    assert sentence(a_meeting(), OUTSIDER, kind) == f"Only the {reserved}."


@pytest.mark.parametrize(
    ("kind", "when"),
    [
        (RecordAttendance, "To note who is present, it must be in session; it is called."),
        (VoteTogether, "To vote in a meeting, it must be in session; it is called."),
        (EndMeeting, "To end the meeting, it must be in session; it is called."),
        (CorrectMinutes, "To correct the minutes, it must be minuted; it is called."),
        (SignMinutes, "To sign the minutes, it must be minuted; it is called."),
        (
            RecordPaper,
            "To enter what was signed on paper, it must be in session or minuted; it is called.",
        ),
    ],
)
def test_who_comes_too_early_is_told_when(kind: type[Order], when: str) -> None:
    assert sentence(a_meeting(), AMINA, kind) == when


@pytest.mark.parametrize(
    ("kind", "when"),
    [
        (MoveMeeting, "To move the meeting, it must be called; it is in session."),
        (CancelMeeting, "To cancel the meeting, it must be called; it is in session."),
        (BeginMeeting, "To begin the meeting, it must be called; it is in session."),
    ],
)
def test_who_comes_too_late_is_told_when(kind: type[Order], when: str) -> None:
    assert sentence(a_meeting().begin(), AMINA, kind) == when


def test_who_would_make_a_signing_sheet_afterwards_is_told_when() -> None:
    said = "To make a signing sheet, it must be called or in session; it is minuted."
    assert sentence(a_minuted_meeting(), AMINA, PrintSheet) == said


def test_who_would_change_the_agenda_afterwards_is_told_when() -> None:
    said = "To change the agenda, it must be called or in session; it is minuted."
    assert sentence(a_minuted_meeting(), BAO, SetAgenda) == said


def test_who_is_noted_without_a_seat_and_who_signs_other_minutes_reads_what_to_do() -> None:
    story = a_meeting().begin()
    said = "This person holds no seat on the committee that meets."
    assert sentence(story, AMINA, RecordAttendance, present=(CHLOE,)) == said
    story = a_meeting().print_sheet().begin(AMINA, BAO)
    ballots = entered(Ballot(person=CHLOE, signs=(1,)))
    assert sentence(story, AMINA, RecordPaper, **ballots) == said
    said = "The minutes have changed since you opened them. Read them again, then sign."
    assert sentence(a_minuted_meeting(), AMINA, SignMinutes) == said
