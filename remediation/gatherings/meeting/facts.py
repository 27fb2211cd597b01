"""What happens to a meeting: its facts, and the parts they are made of. Texts are ids of notes."""

from dataclasses import dataclass, field
from datetime import datetime

from remediation.fact import LATER
from remediation.facts import Fact
from remediation.gatherings.gathering import Opening
from remediation.orders import Attached, OnPaper, Seat
from remediation.words import (
    AgendaKind,
    Digest,
    FindingId,
    NoteId,
    PersonId,
    Role,
    Side,
    SignatureMethod,
    Stage,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """One item: a finding and why it is on the agenda, or something else in words."""

    kind: AgendaKind
    finding: FindingId | None = None
    note: NoteId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A member's vote on one exact revision: a signature, or a refusal with its reason."""

    finding: FindingId
    revision: Digest
    reason: NoteId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the votes of a meeting came to at one finding: where it stands, and how many votes counted."""

    finding: FindingId
    stage: Stage
    counted: int = 0
    turned_down: int = 0
    """Votes that the finding's rules refused."""
    open: int = 0
    """Votes that nobody had decided yet when the meeting ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """What the minutes hold; whoever signs them signs the digest of exactly this."""

    starts: datetime
    begun: datetime
    ended: datetime
    agenda: tuple[AgendaItem, ...]
    present: tuple[PersonId, ...]
    quorate: bool
    results: tuple[Result, ...]
    remarks: NoteId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What a number on a signing sheet stands for: one exact revision of a finding's plan."""

    finding: FindingId
    revision: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedOnPaper:
    """A number of a signing sheet that a member refused, and why."""

    number: int
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """What a member did on a signing sheet, by its numbers. They abstained from the others."""

    person: PersonId
    signs: tuple[int, ...] = ()
    refuses: tuple[RefusedOnPaper, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers that they voted on."""
        return (*self.signs, *(each.number for each in self.refuses))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCalled(Opening):
    """The committee is called to meet from `starts` (aware) on, for so many minutes."""

    acting: Role
    seats: tuple[Seat, ...]
    starts: datetime
    length: int
    place: NoteId | None = None
    agenda: tuple[AgendaItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaSet(Fact):
    """The agenda is another, from now on this one."""

    agenda: tuple[AgendaItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingMoved(Fact):
    """It meets at another time, or elsewhere. `sequence` counts what the invited were told before."""

    starts: datetime
    length: int
    place: NoteId | None
    reason: NoteId
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCancelled(Fact):
    """It does not take place."""

    reason: NoteId
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingBegun(Fact):
    """The committee, as it is seated today, sits together."""

    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRecorded(Fact):
    """Who of the committee is here: all of them, in the order of their seats."""

    present: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VotedTogether(Fact):
    """A member voted on several findings at once; each vote reaches its finding as their own order."""

    side: Side
    acting: Role
    votes: tuple[Vote, ...]
    method: SignatureMethod = SignatureMethod.OWN_DEVICE
    member: PersonId | None = field(default=None, metadata=LATER)
    """Who voted, where it is not who gave the order: a witness lets what others signed on paper count."""
    paper: OnPaper | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPrinted(Fact):
    """There is a signing sheet with these revisions, numbered from 1 on."""

    number: int
    lines: tuple[Printed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRecorded(Fact):
    """A member entered what was signed on a sheet, with its photos. It is to be witnessed by an instant."""

    number: int
    sheet: int
    ballots: tuple[Ballot, ...]
    files: tuple[Attached, ...]
    witness_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWitnessed(Fact):
    """Who was neither voting nor entering it found that photos and entry agree: its votes count."""

    paper: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDeclined(Fact):
    """The entry is not what the sheet says, or the sheet is not sound. Nothing of it counts."""

    paper: int
    reason: NoteId
    recorder: PersonId
    side: Side
    """Where the recorder sits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingEnded(Fact):
    """The meeting is over; its minutes, of this digest, are to be signed by `sign_by` (aware)."""

    results: tuple[Result, ...]
    quorate: bool
    remarks: NoteId | None
    minutes: Digest
    sign_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesCorrected(Fact):
    """The minutes say more, or something else: signatures given before hold no longer."""

    remarks: NoteId
    minutes: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesSigned(Fact):
    """A member of one side signed exactly these minutes."""

    side: Side
    minutes: Digest
    method: SignatureMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesAgreed(Fact):
    """Both sides have signed the minutes."""

    minutes: Digest
