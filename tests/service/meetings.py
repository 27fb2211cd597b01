"""Committee meetings on the service's stage."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from activities.opening import put_gatherings_on_record
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.gathering import Kind, gathering_id
from remediation.gatherings.meeting.facts import AgendaItem, MeetingCalled
from remediation.gatherings.meeting.orders import BeginMeeting, PrintSheet, RecordAttendance
from remediation.gatherings.meeting.state import Meeting
from remediation.orders import Order, Seat
from remediation.policy import Policy
from remediation.words import AgendaKind, CommandId, FactoryId, FindingId, PersonId, ProgrammeId, Role
from storage import meetings
from storage.codec import gathering_recording_of
from storage.gatherings import record_gatherings
from tests.service.stage import AMINA, DHAKA, LOTUS, PROGRAMME, SEATS


def put_meeting(
    connection: Connection,
    own: str,
    *,
    factory: FactoryId = LOTUS,
    programme: ProgrammeId = PROGRAMME,
    by: PersonId = AMINA,
    seats: tuple[Seat, ...] = SEATS,
    findings: tuple[str, ...] = (),
    **changed: Any,  # noqa: ANN401 - fields of the call
) -> GatheringCase:
    """Record a meeting called two days ago for yesterday, with findings to sign on its agenda."""
    now = datetime.now(UTC)
    fields: dict[str, Any] = {
        "gathering": gathering_id(Kind.MEETING, own),
        "programme": programme,
        "factory": factory,
        "policy": Policy().version,
        "calendar": DHAKA.version,
        "acting": Role.WORKER_CO_CHAIR,
        "seats": seats,
        "starts": now - timedelta(days=1),
        "length": 90,
        "agenda": tuple(AgendaItem(kind=AgendaKind.SIGN, finding=FindingId(each)) for each in findings),
    }
    called = MeetingCalled(**(fields | changed))
    at = now - timedelta(days=2)
    (case,) = put_gatherings_on_record(connection, [(called, Policy(), DHAKA, by)], at)
    return case


def told_more(connection: Connection, case: GatheringCase, *orders: Order) -> GatheringCase:
    """Record what people ask of a meeting that stands in SQL, as its workflow would; give it afterwards."""
    for order in orders:
        case, entries = case.obey(order, datetime.now(UTC))
        record_gatherings(connection, [gathering_recording_of(case, entries)])
    return case


def at_the_table(connection: Connection, case: GatheringCase) -> GatheringCase:
    """Let Amina make a signing sheet of the agenda, and begin the meeting with everybody there."""
    assert isinstance(case.state, Meeting)
    said: dict[str, Any] = {"by": AMINA, "acting": Role.WORKER_CO_CHAIR}
    lines = meetings.on_the_table(connection, case.state)
    everybody = tuple(seat.person for seat in SEATS)
    return told_more(
        connection,
        case,
        PrintSheet(id=CommandId("sheet"), lines=lines, **said),
        BeginMeeting(id=CommandId("begin"), seats=SEATS, **said),
        RecordAttendance(id=CommandId("here"), present=everybody, **said),
    )
