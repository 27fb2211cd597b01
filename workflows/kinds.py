"""The workflow of each kind of gathering, in one table."""

from collections.abc import Mapping
from types import MappingProxyType

from remediation.gatherings.gathering import Kind, kind_of
from remediation.words import GatheringId
from workflows.finding import FindingWorkflow
from workflows.gathering import GatheringLife
from workflows.meeting import MeetingWorkflow
from workflows.plan import PlanWorkflow
from workflows.visit import VisitWorkflow

GATHERINGS: Mapping[Kind, type[GatheringLife]] = MappingProxyType(
    {Kind.PLAN: PlanWorkflow, Kind.MEETING: MeetingWorkflow, Kind.VISIT: VisitWorkflow}
)
LIVES: tuple[type, ...] = (FindingWorkflow, *GATHERINGS.values())
"""Every workflow that has a ledger."""
TYPES = ("finding", *(kind.value for kind in GATHERINGS))
"""Their names at the server, which stand before the colon of their ids, too."""


def workflow_of(gathering: GatheringId) -> str:
    """Give the name of a gathering's workflow."""
    return (kind_of(gathering) or Kind.PLAN).value
