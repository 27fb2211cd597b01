"""What a meeting signs on paper: its signing sheets, and what somebody entered of each for a witness."""

from dataclasses import dataclass
from datetime import datetime

from remediation.gatherings.meeting.facts import Ballot, Printed
from remediation.obligations import Obligation
from remediation.orders import Attached
from remediation.words import Duty, Lateness, NoteId, PersonId, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A signing sheet: which revision of which finding each of its numbers stands for, from 1 on."""

    number: int
    lines: tuple[Printed, ...]
    at: datetime

    def line(self, number: int) -> Printed:
        """Give what a number on it stands for."""
        return self.lines[number - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a member entered of a signed sheet, with its photos. It counts once it is witnessed."""

    number: int
    sheet: int
    ballots: tuple[Ballot, ...]
    files: tuple[Attached, ...]
    recorder: PersonId
    at: datetime
    witness_by: datetime
    witness: PersonId | None = None
    declined: NoteId | None = None
    """Why it was not witnessed, where somebody has said so."""

    @property
    def waits(self) -> bool:
        """Whether nobody has witnessed or declined it."""
        return self.witness is None and self.declined is None

    @property
    def owed(self) -> Obligation:
        """What it asks of the advisor while it waits."""
        return Obligation(
            key=f"{Duty.WITNESS_PAPER}:{self.number}",
            duty=Duty.WITNESS_PAPER,
            owner=Role.ADVISOR,
            since=self.at,
            due=self.witness_by,
            lateness=Lateness.STAFF,
            climbs=False,
            by_plan=False,
        )
