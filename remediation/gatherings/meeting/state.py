"""A meeting's state: what it owes, who is here, and whether that is a quorum."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from remediation.facts import Fact
from remediation.gatherings.gathering import Gathering
from remediation.gatherings.meeting.facts import AgendaItem, MeetingCalled, Minutes, Result
from remediation.gatherings.meeting.sheets import Paper, Sheet
from remediation.obligations import Obligation
from remediation.orders import Seat
from remediation.watched import Notice
from remediation.words import Digest, Duty, Lateness, MeetingStage, NoteId, PersonId, Role, Side

SIGNING = {side: f"{Duty.SIGN_MINUTES}:{side}" for side in Side}
"""What each side owes once there are minutes."""
CHAIRS = {Side.WORKER: Role.WORKER_CO_CHAIR, Side.MANAGEMENT: Role.MANAGEMENT_CO_CHAIR}
MONTHS = 12
DAYS_IN_EVERY_MONTH = 28


@dataclass(frozen=True, slots=True)
class SideHere:
    """A side of the committee in numbers: how many are here, are needed, and hold a seat."""

    side: Side
    here: int
    needed: int
    seats: int

    @property
    def enough(self) -> bool:
        """Whether so many of the side are here as the policy asks for."""
        return self.here >= self.needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting(Gathering):
    """A meeting's state. `sequence` counts the changes the invited were told of, as calendars do."""

    opened: MeetingCalled
    starts: datetime
    length: int
    place: NoteId | None
    agenda: tuple[AgendaItem, ...]
    seats: tuple[Seat, ...]
    sequence: int = 0
    reason: NoteId | None = None
    """Why it was moved last, or cancelled."""
    present: tuple[PersonId, ...] = ()
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    results: tuple[Result, ...] = ()
    quorate: bool = False
    """Whether there was a quorum when it ended."""
    remarks: NoteId | None = None
    minutes: Digest | None = None
    sign_by: datetime | None = None
    signed: tuple[PersonId, ...] = ()
    agreed_at: datetime | None = None
    cancelled_at: datetime | None = None
    sheets: tuple[Sheet, ...] = ()
    papers: tuple[Paper, ...] = ()
    """What was entered of signed sheets, in order."""

    @property
    def opening(self) -> MeetingCalled:
        """What it began with."""
        return self.opened

    @property
    def stage(self) -> MeetingStage:
        """Where it stands."""
        if self.cancelled_at is not None:
            return MeetingStage.CANCELLED
        if self.agreed_at is not None:
            return MeetingStage.AGREED
        if self.ended_at is not None:
            return MeetingStage.MINUTED
        return MeetingStage.CALLED if self.begun_at is None else MeetingStage.IN_SESSION

    @property
    def ended(self) -> bool:
        """Whether it was cancelled, or its minutes are agreed and nothing signed on paper waits."""
        if self.stage is MeetingStage.AGREED:
            return not self.to_witness
        return self.stage is MeetingStage.CANCELLED

    @property
    def ends(self) -> datetime:
        """When it is meant to be over (aware)."""
        return self.starts + timedelta(minutes=self.length)

    @property
    def day(self) -> date:
        """The local day on which it is called."""
        return self.calendar.today(self.starts)

    def owed(self) -> tuple[Obligation, ...]:
        """Give what it asks of people: to be held or cancelled, signatures of both sides, a witness."""
        return () if self.ended else (*self._owed(), *(each.owed for each in self.to_witness))

    def _owed(self) -> Iterator[Obligation]:
        if self.ended_at is None or self.sign_by is None:
            by = self.calendar.end_of(self.day)
            caller = self.opened.acting
            yield _owing(
                Duty.HOLD_MEETING, Duty.HOLD_MEETING, caller, self.opened_at, by, person=self.opened_by
            )
            return
        for side in (each for each in Side if not self.has_signed(each)):
            yield _owing(SIGNING[side], Duty.SIGN_MINUTES, CHAIRS[side], self.ended_at, self.sign_by)

    @property
    def to_witness(self) -> tuple[Paper, ...]:
        """What was entered of signed sheets and waits for a witness."""
        return tuple(each for each in self.papers if each.waits)

    @property
    def told_of_paper(self) -> tuple[Notice, ...]:
        """What was sent about signed sheets: it stays known when the meeting goes on to another stage."""
        return tuple(each for each in self.notices if each.obligation.startswith(Duty.WITNESS_PAPER))

    def seat_of(self, person: PersonId) -> Seat | None:
        """Give a person's seat on the committee that meets."""
        return next((seat for seat in self.seats if seat.person == person), None)

    def side_here(self, side: Side) -> SideHere:
        """Give how many of a side are here, and how many must be."""
        seats = [seat for seat in self.seats if seat.side is side]
        here = sum(seat.person in self.present for seat in seats)
        return SideHere(side, here, self.policy.meetings.needed(len(seats)), len(seats))

    @property
    def lacks_elected(self) -> bool:
        """Whether an elected worker member is asked for, and none is here."""
        elected = [seat for seat in self.seats if seat.elected and seat.side is Side.WORKER]
        asked = self.policy.meetings.elected_worker and bool(elected)
        return asked and not any(seat.person in self.present for seat in elected)

    @property
    def has_quorum(self) -> bool:
        """Whether enough of both sides are here now, an elected worker member among them."""
        return all(self.side_here(side).enough for side in Side) and not self.lacks_elected

    def has_signed(self, side: Side) -> bool:
        """Whether a member of a side has signed the minutes as they are."""
        return any(seat.side is side and seat.person in self.signed for seat in self.seats)

    def may_sign(self, seat: Seat) -> bool:
        """Whether a member may sign: who was here, or anybody of a side of whom nobody was."""
        return seat.person in self.present or not self.side_here(seat.side).here

    def as_told(self, fact: Fact, **more: Any) -> "Meeting":  # noqa: ANN401 - fields of its own
        """Give it with what a fact says, field by field, and with more than the fact says."""
        return replace(self, **{each.name: getattr(fact, each.name) for each in fields(fact)}, **more)

    def drafted(self, at: datetime, results: tuple[Result, ...], remarks: NoteId | None) -> Minutes:
        """Give the minutes of a meeting that began, as it ends or ended at an aware instant."""
        return Minutes(
            starts=self.starts,
            begun=self.begun_at or self.starts,
            ended=self.ended_at or at,
            agenda=self.agenda,
            present=self.present,
            quorate=self.has_quorum,
            results=results,
            remarks=remarks,
        )

    @property
    def next_day(self) -> date:
        """The day proposed for the next meeting: so many months on, and one on which people work."""
        month = self.day.year * MONTHS + self.day.month - 1 + self.policy.meetings.every_months
        year, place = divmod(month, MONTHS)
        day = date(year, place + 1, min(self.day.day, DAYS_IN_EVERY_MONTH))
        return self.calendar.working_day_on_or_after(day)


def _owing(  # noqa: PLR0913 - an obligation's fields
    key: str, duty: Duty, owner: Role, since: datetime, due: datetime, *, person: PersonId | None = None
) -> Obligation:
    return Obligation(
        key=key,
        duty=duty,
        owner=owner,
        since=since,
        due=due,
        lateness=Lateness.NO_COOPERATION,
        person=person,
        climbs=False,
    )
