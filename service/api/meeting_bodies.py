"""What commands on a meeting take, and what it takes to call one."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from notifications.wording import N_
from remediation.gatherings.meeting.calling import LONGEST, MOST_ITEMS, SHORTEST
from remediation.gatherings.meeting.holding import MOST_VOTES
from remediation.words import AgendaKind, FindingId, SignatureMethod
from service.api.bodies import FILES, REASON, Body, Files, Id, Revision, Words
from service.api.values import Number

FindingOf = Annotated[FindingId, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Place = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Minutes = Annotated[Number, Field(ge=SHORTEST, le=LONGEST)]

OnSheet = Annotated[Number, Field(ge=1, le=MOST_VOTES)]
PAPER = Field(description="Which entry of a signing sheet, by its number within the meeting.")
STARTS = Field(description=N_("When it begins, with its offset from UTC."))
LENGTH = Field(90, description=N_("How many minutes it is meant to take."))
PLACE = Field(None, description=N_("Where it meets, in words."))


class Item(BaseModel):
    """One item of an agenda: a finding and why, or `other` with a text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: AgendaKind
    finding: FindingOf | None = None
    text: Text | None = None


Agenda = Annotated[tuple[Item, ...], Field(max_length=MOST_ITEMS)]


class CallMeeting(Body):
    """Call the committee to meet. Everybody on it is invited, with an entry for their calendar."""

    starts: AwareDatetime = STARTS
    length: Minutes = LENGTH
    place: Place | None = PLACE
    agenda: Agenda = ()


class SetAgenda(Body):
    """Give the meeting this agenda in place of the one it has."""

    agenda: Agenda


class MoveMeeting(Body):
    """Meet at another time, or elsewhere. Everybody invited is told."""

    starts: AwareDatetime = STARTS
    length: Minutes = LENGTH
    place: Place | None = PLACE
    reason: Words = REASON


class CancelMeeting(Body):
    """Do not meet. Everybody invited is told."""

    reason: Words = REASON


class BeginMeeting(Body):
    """Open the meeting, on its day or later, with the committee as it is seated today."""


class RecordAttendance(Body):
    """Say who of the committee is here: all who are."""

    present: Annotated[tuple[Id, ...], Field(max_length=200)]


class Vote(BaseModel):
    """A vote on one finding's plan: a signature, or a refusal where it has a reason."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    finding: FindingOf
    revision: Revision
    reason: Words | None = None


class VoteTogether(Body):
    """Sign the plans of several findings at once, or refuse some of them with a reason each."""

    votes: Annotated[tuple[Vote, ...], Field(min_length=1, max_length=MOST_VOTES)]
    method: SignatureMethod = SignatureMethod.OWN_DEVICE


class EndMeeting(Body):
    """Close the meeting. Its minutes are drafted from what has happened in it."""

    remarks: Words | None = Field(None, description=N_("What else the minutes should say."))


class CorrectMinutes(Body):
    """Put these remarks into the minutes. Signatures given before do not count for them."""

    remarks: Words = Field(description=N_("What else the minutes should say."))


class SignMinutes(Body):
    """Sign exactly the minutes that you read."""

    minutes: Revision = Field(description="The minutes that were read: their SHA-256 in hexadecimal.")
    method: SignatureMethod = SignatureMethod.OWN_DEVICE


class RefusedNumber(BaseModel):
    """A number of a signing sheet that a member refused, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: OnSheet
    reason: Words


class Ballot(BaseModel):
    """What a member did on a signing sheet, by its numbers. They abstained from the others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: Id
    signs: Annotated[tuple[OnSheet, ...], Field(max_length=MOST_VOTES)] = ()
    refuses: Annotated[tuple[RefusedNumber, ...], Field(max_length=MOST_VOTES)] = ()


class PrintSheet(Body):
    """Make a sheet of paper to sign, with the plans of the agenda exactly as they lie on the table now."""


class RecordPaper(Body):
    """Enter what members signed on a sheet, with photos of it. It counts once the advisor witnesses it."""

    sheet: OnSheet = Field(description="The signing sheet, by its number within the meeting.")
    ballots: Annotated[tuple[Ballot, ...], Field(min_length=1, max_length=200)]
    files: Files = FILES


class WitnessPaper(Body):
    """Say that what was entered of a signing sheet is what its photos show. With that its votes count."""

    paper: OnSheet = PAPER


class DeclinePaper(Body):
    """Do not witness what was entered of a signing sheet, and say why. It can be entered anew."""

    paper: OnSheet = PAPER
    reason: Words = REASON


BODIES: dict[str, type[Body]] = {
    "set_agenda": SetAgenda,
    "move_meeting": MoveMeeting,
    "cancel_meeting": CancelMeeting,
    "begin_meeting": BeginMeeting,
    "record_attendance": RecordAttendance,
    "vote_together": VoteTogether,
    "end_meeting": EndMeeting,
    "correct_minutes": CorrectMinutes,
    "sign_minutes": SignMinutes,
    "print_sheet": PrintSheet,
    "record_paper": RecordPaper,
    "witness_paper": WitnessPaper,
    "decline_paper": DeclinePaper,
}
"""What people can ask of a meeting, and the body it takes."""
