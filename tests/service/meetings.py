"""Committee meetings on the service's stage."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from activities.opening import put_gatherings_on_record
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.gathering import Kind, gathering_id
from remediation.gatherings.meeting.facts import AgendaItem, MeetingCalled
from remediation.orders import Seat
from remediation.policy import Policy
from remediation.words import AgendaKind, FactoryId, FindingId, PersonId, ProgrammeId, Role
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
