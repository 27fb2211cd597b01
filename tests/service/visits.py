"""Verification visits on the service's stage."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from activities.opening import put_gatherings_on_record
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.visit.agenda import visit_gathering
from remediation.gatherings.visit.facts import Item, VisitPlanned
from remediation.policy import Policy
from remediation.words import Check, FactoryId, FindingId, PersonId, ProgrammeId
from tests.service.stage import CHLOE, DHAKA, LOTUS, PROGRAMME


def put_visit(
    connection: Connection,
    own: str,
    *,
    factory: FactoryId = LOTUS,
    programme: ProgrammeId = PROGRAMME,
    by: PersonId = CHLOE,
    findings: tuple[str, ...] = (),
    announced: bool = True,
) -> GatheringCase:
    """Record a visit planned two days ago for yesterday, to verify the fixes of findings."""
    now = datetime.now(UTC)
    planned = VisitPlanned(
        gathering=visit_gathering(own),
        programme=programme,
        factory=factory,
        policy=Policy().version,
        calendar=DHAKA.version,
        verifier=by,
        on=DHAKA.today(now) - timedelta(days=1),
        announced=announced,
        items=tuple(Item(finding=FindingId(each), check=Check.FIX) for each in findings),
    )
    at = now - timedelta(days=2)
    (case,) = put_gatherings_on_record(connection, [(planned, Policy(), DHAKA, by)], at)
    return case
