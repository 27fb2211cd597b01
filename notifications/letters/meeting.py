"""Letters about a committee meeting: the call, another time, no meeting, the day before, and its minutes."""

from dataclasses import replace

from notifications.invitation import Invitation
from notifications.languages import Language, language
from notifications.letters.asking import NOTHING, Ask, asked, asked_of_reader
from notifications.letters.composing import asking, spoken
from notifications.occasion import GatheringOccasion, Letter
from notifications.rendering import render
from notifications.wording import N_
from remediation.facts import Fact, Reminded
from remediation.gatherings.meeting.facts import (
    MeetingCalled,
    MeetingCancelled,
    MeetingEnded,
    MeetingMoved,
    MinutesAgreed,
    PaperDeclined,
    PaperRecorded,
)
from remediation.gatherings.meeting.state import Meeting
from remediation.words import Side

ENTRY = N_("Committee meeting: %(factory)s")
"""What the entry in a calendar is called."""


def meeting_called(occasion: GatheringOccasion[MeetingCalled]) -> Letter:
    """Invite to a meeting."""
    return _inviting(occasion)


def meeting_moved(occasion: GatheringOccasion[MeetingMoved]) -> Letter:
    """Tell the invited of another time or place."""
    return _inviting(occasion)


def meeting_cancelled(occasion: GatheringOccasion[MeetingCancelled]) -> Letter:
    """Tell the invited that there is no meeting."""
    letter = _inviting(occasion)
    assert letter.invitation is not None  # noqa: S101 - it invites
    return replace(letter, invitation=replace(letter.invitation, method="CANCEL"))


def meeting_near(occasion: GatheringOccasion[Reminded]) -> Letter:
    """Remind of a meeting the day before; or that nobody has held or cancelled it."""
    fact = occasion.fact
    ask = NOTHING if fact.days_left >= 0 else asked(occasion.state, fact.obligation, occasion.reader.role)
    return _compose(occasion, ask, days_left=fact.days_left)


def minutes_ready(occasion: GatheringOccasion[MeetingEnded]) -> Letter:
    """Tell that the minutes are there to be read and signed."""
    fact = occasion.fact
    return _compose(occasion, asked_of_reader(fact.sign_by), quorate=fact.quorate, sign_by=fact.sign_by)


def minutes_due(occasion: GatheringOccasion[Reminded]) -> Letter:
    """Remind a side that nobody of it has signed the minutes."""
    return _compose(occasion, asked_of_reader(occasion.fact.due), days_left=occasion.fact.days_left)


def minutes_agreed(occasion: GatheringOccasion[MinutesAgreed]) -> Letter:
    """Tell that both sides have signed the minutes."""
    meeting = _meeting(occasion)
    here = [meeting.side_here(side) for side in Side]
    return _compose(occasion, NOTHING, workers=here[0].here, managers=here[1].here, next_day=meeting.next_day)


def paper_to_witness(occasion: GatheringOccasion[PaperRecorded | Reminded]) -> Letter:
    """Ask the advisor to compare a signed sheet with what was entered of it; or remind of it."""
    fact = occasion.fact
    reminds = isinstance(fact, Reminded)
    due = fact.due if isinstance(fact, Reminded) else fact.witness_by
    return _compose(occasion, asked_of_reader(due), reminds=reminds)


def paper_declined(occasion: GatheringOccasion[PaperDeclined]) -> Letter:
    """Tell who entered what was signed on paper that it was not witnessed, and why."""
    return _compose(occasion, asked_of_reader(), reason=_text(occasion, occasion.fact.reason))


def _inviting(occasion: GatheringOccasion[Fact]) -> Letter:
    meeting, speech = _meeting(occasion), language(occasion.reader.language)
    letter = _compose(occasion, NOTHING, items=len(meeting.agenda), reason=_text(occasion, meeting.reason))
    invitation = Invitation(
        subject=meeting.id,
        sequence=meeting.sequence,
        starts=meeting.starts,
        ends=meeting.ends,
        summary=speech.say(ENTRY) % {"factory": occasion.label.factory},
        place=_text(occasion, meeting.place),
        url=occasion.link,
    )
    return replace(letter, invitation=invitation)


def _compose(occasion: GatheringOccasion[Fact], ask: Ask, **own: object) -> Letter:
    speech = language(occasion.reader.language)
    shared = spoken(occasion, speech) | _of_the_meeting(occasion, speech) | asking(occasion, ask, speech)
    return render(occasion.kind, speech, shared | own)


def _of_the_meeting(occasion: GatheringOccasion[Fact], speech: Language) -> dict[str, object]:
    meeting = _meeting(occasion)
    starts = speech.moment(meeting.starts, meeting.calendar.zone)
    return {"tone": "", "starts": starts, "place": _text(occasion, meeting.place)}


def _text(occasion: GatheringOccasion[Fact], note: object) -> str:
    return next((text for each, text in occasion.texts.items() if each == note), "")


def _meeting(occasion: GatheringOccasion[Fact]) -> Meeting:
    assert isinstance(occasion.state, Meeting)  # noqa: S101 - letters about meetings are of meetings
    return occasion.state
