"""Stories of committee meetings, told by the real rules: they call for every letter about meetings."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from remediation.gatherings.case import open_gathering
from remediation.gatherings.gathering import Kind, gathering_id
from remediation.gatherings.meeting.facts import AgendaItem, Ballot, MeetingCalled, Printed
from remediation.gatherings.meeting.orders import (
    BeginMeeting,
    CancelMeeting,
    DeclinePaper,
    EndMeeting,
    MoveMeeting,
    PrintSheet,
    RecordAttendance,
    RecordPaper,
    SignMinutes,
)
from remediation.notices import next_wake
from remediation.orders import Attached, Order, Seat
from remediation.policy import Policy
from remediation.words import (
    AgendaKind,
    CommandId,
    Digest,
    EvidenceId,
    FactoryId,
    FindingId,
    ProgrammeId,
    Role,
    Side,
)
from tests.notifications.plans import PlanTold, told_by
from tests.notifications.stories import AMINA, BAO, CHLOE, DHAKA, NOTE, START

SEATS = (
    Seat(person=AMINA, side=Side.WORKER, elected=True, co_chair=True),
    Seat(person=BAO, side=Side.MANAGEMENT, co_chair=True),
)
BY: dict[str, Any] = {"id": CommandId("c"), "by": CHLOE, "acting": Role.ADVISOR}
STARTS = START + timedelta(days=9)
Step = tuple[float, Callable[[Any], Order]]
"""After how many days somebody gives which order."""
PLAN = Printed(finding=FindingId("f-1"), revision=Digest("r" * 64))
PHOTO = Attached(id=EvidenceId("e-1"), digest=Digest("s" * 64))
SIGNED: dict[str, Any] = {"sheet": 1, "ballots": (Ballot(person=BAO, signs=(1,)),), "files": (PHOTO,)}
HELD: tuple[Step, ...] = (
    (3, lambda _: MoveMeeting(starts=STARTS + timedelta(days=2), length=60, reason=NOTE, **BY)),
    (11, lambda _: BeginMeeting(seats=SEATS, **BY)),
    (11, lambda _: RecordAttendance(present=(AMINA, BAO), **BY)),
    (11, lambda _: PrintSheet(lines=(PLAN,), **BY)),
    (11, lambda _: RecordPaper(**SIGNED, **(BY | {"by": AMINA}))),
    (11, lambda _: EndMeeting(**BY)),
    (19, lambda _: DeclinePaper(paper=1, reason=NOTE, **BY)),
    (30, lambda meeting: SignMinutes(minutes=meeting.minutes, **(BY | {"by": AMINA}))),
    (30, lambda meeting: SignMinutes(minutes=meeting.minutes, **(BY | {"by": BAO}))),
)
GIVEN_UP: tuple[Step, ...] = ((20, lambda _: CancelMeeting(reason=NOTE, **BY)),)


def every_meeting_letter() -> list[PlanTold]:
    """Give the letters of a meeting that is moved and held, and of one that is cancelled too late."""
    return [*_told(HELD), *_told(GIVEN_UP)]


def _told(steps: tuple[Step, ...]) -> Iterator[PlanTold]:
    policy, now = Policy(), START
    case, entry = open_gathering(_call(policy), policy, DHAKA, START, AMINA)
    yield from told_by(case, (entry,))
    for days, order in steps:
        until = START + timedelta(days=days)
        while (wake := next_wake(case.state)) is not None and wake <= until:
            now = max(now, wake)
            case, entries = case.keep_time(now)
            yield from told_by(case, entries)
        now = max(now, until)
        case, entries = case.obey(order(case.state), now)
        yield from told_by(case, entries)


def _call(policy: Policy) -> MeetingCalled:
    return MeetingCalled(
        gathering=gathering_id(Kind.MEETING, "m-5d20c1aa"),
        programme=ProgrammeId("prog"),
        factory=FactoryId("shapla"),
        policy=policy.version,
        calendar=DHAKA.version,
        acting=Role.WORKER_CO_CHAIR,
        seats=SEATS,
        starts=STARTS,
        length=90,
        place=NOTE,
        agenda=(AgendaItem(kind=AgendaKind.SIGN, finding=FindingId("f-1")),),
    )
