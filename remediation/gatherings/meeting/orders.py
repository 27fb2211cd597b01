"""What people ask of a meeting."""

from dataclasses import dataclass
from datetime import datetime

from remediation.gatherings.meeting.facts import AgendaItem, Ballot, Printed, Result, Vote
from remediation.orders import Attached, Order, Seat
from remediation.words import Digest, NoteId, PersonId, SignatureMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAgenda(Order):
    """Give the meeting this agenda in place of the one it has."""

    agenda: tuple[AgendaItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveMeeting(Order):
    """Meet at another time (aware), or elsewhere; everybody invited is told."""

    starts: datetime
    length: int
    reason: NoteId
    place: NoteId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMeeting(Order):
    """Do not meet; everybody invited is told."""

    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginMeeting(Order):
    """Open the meeting. `seats` is the committee as it is seated today."""

    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAttendance(Order):
    """Say who of the committee is here: all who are."""

    present: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteTogether(Order):
    """Vote on the plans of several findings at once, each by its exact revision."""

    votes: tuple[Vote, ...]
    method: SignatureMethod = SignatureMethod.OWN_DEVICE


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMeeting(Order):
    """Close the meeting. The system drafts its minutes, with what the votes came to so far."""

    results: tuple[Result, ...] = ()
    remarks: NoteId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectMinutes(Order):
    """Put other remarks into the minutes while not both sides have signed them."""

    remarks: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class SignMinutes(Order):
    """Sign exactly the minutes read."""

    minutes: Digest
    method: SignatureMethod = SignatureMethod.OWN_DEVICE


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSheet(Order):
    """Make a sheet of paper on which members sign the plans on the agenda, each by its exact revision."""

    lines: tuple[Printed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPaper(Order):
    """Enter what was signed on a sheet, with photos of it. It counts once the advisor has witnessed it."""

    sheet: int
    ballots: tuple[Ballot, ...]
    files: tuple[Attached, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessPaper(Order):
    """Say that what was entered is what the photos show."""

    paper: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinePaper(Order):
    """Do not witness what was entered, and say why."""

    paper: int
    reason: NoteId
