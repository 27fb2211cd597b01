"""What one factory's meeting, visit, plan and repeats are measured with: forty findings each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from activities.issuing import put_on_record, put_plans_on_record
from activities.opening import put_gatherings_on_record
from benchmarks.lists import FACTORIES, PROGRAMME, a_subject
from remediation.calendar import Calendar
from remediation.gatherings.gathering import Kind, Opening, gathering_id
from remediation.gatherings.meeting.facts import AgendaItem, MeetingCalled
from remediation.gatherings.meeting.orders import BeginMeeting, RecordAttendance
from remediation.gatherings.visit.agenda import visit_gathering
from remediation.gatherings.visit.facts import Item, VisitPlanned
from remediation.gatherings.visit.orders import BeginVisit
from remediation.orders import Order, Seat
from remediation.policy import Policy
from remediation.repeats import Basis, Standing
from remediation.words import (
    AgendaKind,
    Check,
    CommandId,
    FactoryId,
    FindingId,
    PersonId,
    PlanId,
    Role,
    Side,
)
from storage import programmes, repeats, versions
from storage.assessments import add_subjects
from storage.codec import gathering_recording_of
from storage.database import writing
from storage.gatherings import record_gatherings
from storage.repeats import Repeat

FORTY, REPEATED = 40, 12
FACTORY, PLAN, PLACE = FactoryId("lists-7"), PlanId("p-7"), 7
OWN = "forty"
"""The id of the meeting, and of the visit."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Ground:
    """Where it all takes place: the transaction, the factory's calendar, its findings, and whoever acts."""

    connection: Connection
    calendar: Calendar
    findings: tuple[FindingId, ...]
    manager: PersonId
    advisor: PersonId
    now: datetime

    @property
    def place(self) -> dict[str, Any]:
        """What every gathering is called with."""
        place = {"programme": PROGRAMME, "factory": FACTORY, "policy": Policy().version}
        return {**place, "calendar": self.calendar.version}

    def hold(self, opening: Opening, by: PersonId, orders: Iterable[Order]) -> None:
        """Put a gathering on record that was called yesterday, and let it obey orders now."""
        called = [(opening, Policy(), self.calendar, by)]
        (case,) = put_gatherings_on_record(self.connection, called, self.now - A_DAY)
        for order in orders:
            case, entries = case.obey(order, self.now)
            record_gatherings(self.connection, [gathering_recording_of(case, entries)])


def gather(database: Database, manager: PersonId, advisor: PersonId) -> None:
    """Put a meeting and a visit under way on record, a plan as a whole, and repeats to decide on."""
    now = datetime.now(UTC)
    with writing(database) as connection:
        factory = programmes.factory(connection, FACTORY)
        assert factory is not None  # noqa: S101 - of the lists
        calendar = versions.calendar(connection, factory.calendar)
        findings = _forty(connection, now)
        repeats.keep(connection, [_repeat(*pair) for pair in pairwise(findings[: REPEATED + 1])])
        ground = _Ground(connection, calendar, findings, manager, advisor, now)
        _meet(ground)
        _visit(ground)


def _forty(connection: Connection, now: datetime) -> tuple[FindingId, ...]:
    """Let the plan have forty findings, and a life as a whole."""
    every = [a_subject(number) for number in range(PLACE, PLACE + FORTY * FACTORIES, FACTORIES)]
    add_subjects(connection, every)
    put_on_record(connection, every, now)
    put_plans_on_record(connection, every[:1], now)
    return tuple(each.finding for each in every)


def _repeat(former: FindingId, finding: FindingId) -> Repeat:
    return Repeat(
        finding=finding,
        former=former,
        programme=PROGRAMME,
        factory=FACTORY,
        plan=PLAN,
        basis=Basis.POINT,
        standing=Standing.PROPOSED,
    )


def _meet(ground: _Ground) -> None:
    seats = (
        Seat(person=PersonId("bench-worker"), side=Side.WORKER, elected=True, co_chair=True),
        Seat(person=ground.manager, side=Side.MANAGEMENT, co_chair=True),
    )
    chair: dict[str, Any] = {"by": ground.manager, "acting": Role.MANAGEMENT_CO_CHAIR}
    called = MeetingCalled(
        **ground.place,
        gathering=gathering_id(Kind.MEETING, OWN),
        acting=Role.MANAGEMENT_CO_CHAIR,
        seats=seats,
        starts=ground.now - timedelta(hours=1),
        length=90,
        agenda=tuple(AgendaItem(kind=AgendaKind.SIGN, finding=each) for each in ground.findings),
    )
    begins = BeginMeeting(**chair, id=CommandId("begin-meeting"), seats=seats)
    present = tuple(seat.person for seat in seats)
    there = RecordAttendance(**chair, id=CommandId("attendance"), present=present)
    ground.hold(called, ground.manager, (begins, there))


def _visit(ground: _Ground) -> None:
    today = ground.calendar.today(ground.now)
    planned = VisitPlanned(
        **ground.place,
        gathering=visit_gathering(OWN),
        verifier=ground.advisor,
        on=today,
        announced=True,
        items=tuple(Item(finding=each, check=Check.FIX) for each in ground.findings),
    )
    begins = BeginVisit(id=CommandId("begin-visit"), by=ground.advisor, acting=Role.ADVISOR, on=today)
    ground.hold(planned, ground.advisor, (begins,))
