"""Stories of committee meetings told on the pure rules, with valid defaults."""

from datetime import datetime, timedelta
from typing import Any, Self

import pytest

from remediation.gatherings.case import open_gathering
from remediation.gatherings.gathering import Kind, gathering_id
from remediation.gatherings.meeting.calling import may_be_called
from remediation.gatherings.meeting.facts import AgendaItem, Ballot, MeetingCalled, Printed, Vote
from remediation.gatherings.meeting.orders import (
    BeginMeeting,
    EndMeeting,
    PrintSheet,
    RecordAttendance,
    RecordPaper,
    SignMinutes,
    VoteTogether,
    WitnessPaper,
)
from remediation.gatherings.meeting.state import Meeting
from remediation.orders import Attached
from remediation.policy import Policy
from remediation.refusals import Refusal
from remediation.words import (
    AgendaKind,
    Digest,
    EvidenceId,
    FactoryId,
    FindingId,
    PersonId,
    ProgrammeId,
    Role,
)
from tests.rules.cast import AMINA, BAO, CHLOE, DHAKA, MONDAY, NOTE, SEATS, fault
from tests.rules.test_plan import PlanStory

SOON = MONDAY + timedelta(days=10)
ITEM = AgendaItem(kind=AgendaKind.SIGN, finding=FindingId("f1"))
SHEET = Attached(id=EvidenceId("e-1"), digest=Digest("s" * 64))
"""The photo of a signed sheet."""
VOTES = tuple(Vote(finding=FindingId(f"f{each}"), revision=Digest("r" * 64)) for each in (1, 2))


LINES = tuple(Printed(finding=each.finding, revision=each.revision) for each in VOTES)


class MeetingStory(PlanStory):
    """A meeting as it unfolds."""

    @property
    def meeting(self) -> Meeting:
        assert isinstance(self.case.state, Meeting)
        return self.case.state

    def refused(self, person: PersonId, kind: Any, **fields: Any) -> str:  # noqa: ANN401
        """Give the code of a refusal, and the field after a dot. Nothing may have changed."""
        before = self.case
        with pytest.raises(Refusal) as refused:
            self.order(person, kind, **fields)
        assert self.case == before
        return fault(refused.value)

    def begin(self, *present: PersonId) -> Self:
        """Wait for its hour, and let Amina begin it with who is here."""
        self.later(seconds=(self.meeting.starts - self.now).total_seconds())
        self.order(AMINA, BeginMeeting, seats=SEATS)
        if present:
            self.order(AMINA, RecordAttendance, present=present)
        return self

    def vote(self, person: PersonId, votes: tuple[Vote, ...] = VOTES, **fields: Any) -> Self:  # noqa: ANN401
        self.order(person, VoteTogether, votes=votes, **fields)
        return self

    def print_sheet(self, *lines: Printed) -> Self:
        self.order(AMINA, PrintSheet, lines=lines or LINES)
        return self

    def record(self, *ballots: Ballot, by: PersonId = AMINA, **fields: Any) -> Self:  # noqa: ANN401
        """Let a member enter what was signed; that everybody here signed everything, if nothing else."""
        self.order(by, RecordPaper, **entered(*(ballots or self.all_signed()), **fields))
        return self

    def all_signed(self) -> tuple[Ballot, ...]:
        return tuple(Ballot(person=each, signs=(1, 2)) for each in self.meeting.present)

    def witness(self, person: PersonId = CHLOE, paper: int = 1) -> Self:
        self.order(person, WitnessPaper, paper=paper)
        return self

    def end(self, **fields: Any) -> Self:  # noqa: ANN401
        self.order(CHLOE, EndMeeting, **fields)
        return self

    def sign(self, person: PersonId) -> Self:
        self.order(person, SignMinutes, minutes=self.meeting.minutes)
        return self


def entered(*ballots: Ballot, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give the fields of an order that enters what was signed on the first sheet."""
    return {"sheet": 1, "ballots": ballots, "files": (SHEET,), **fields}


def a_call(**told: Any) -> MeetingCalled:  # noqa: ANN401
    """Give how Amina calls the committee."""
    usual: dict[str, Any] = {
        "gathering": gathering_id(Kind.MEETING, "m-1"),
        "programme": ProgrammeId("better"),
        "factory": FactoryId("dhaka"),
        "policy": "default-1",
        "calendar": DHAKA.version,
        "acting": Role.WORKER_CO_CHAIR,
        "seats": SEATS,
        "starts": SOON,
        "length": 90,
        "place": NOTE,
        "agenda": (ITEM,),
    }
    return MeetingCalled(**(usual | told))


def a_meeting(*, policy: Policy | None = None, at: datetime = MONDAY, **told: Any) -> MeetingStory:  # noqa: ANN401
    """Begin the story of a meeting that Amina called on a Monday for Thursday of the next week."""
    called = a_call(**told)
    may_be_called(called, at)
    case, entry = open_gathering(called, policy or Policy(), DHAKA, at, AMINA)
    return MeetingStory(case, at, entries=[entry])


def a_minuted_meeting(*present: PersonId) -> MeetingStory:
    """Begin the story of a meeting that is over."""
    return a_meeting().begin(*(present or (AMINA, BAO))).end()


def a_recorded_sheet(*ballots: Ballot) -> MeetingStory:
    """Begin the story of a sheet that everybody signed, and that Amina entered: it waits for a witness."""
    everybody = (seat.person for seat in SEATS)
    return a_meeting().print_sheet().begin(*everybody).record(*ballots)
