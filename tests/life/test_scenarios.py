"""Each scenario, played live: where it leads, and what stands in the ledger after it."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from remediation.ledger import first_broken
from storage.database import reading
from storage.ledger import entries
from tests.life.scenarios import SCENARIOS
from tests.life.stage import Stage, a_stage

LEADS_TO = {
    "approved": "sustained",
    "refused": "committed",
    "deadlocked": "committed",
    "escalated_to_the_top": "committed",
    "recovered": "committed",
    "extended": "committed",
    "suspended": "committed",
    "disputed": "committed",
    "failed_then_fixed": "sustained",
    "zero_tolerance": "closed",
    "rolled_over": "committed",
    "plan_filed_late": "completed",
    "met": "agreed",
    "visited": "ended",
}


@pytest.fixture(scope="module")
async def stage(
    skipping: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    async with a_stage(skipping, tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.mark.parametrize("name", SCENARIOS)
async def test_it_leads_where_it_should(stage: Stage, name: str) -> None:
    life = await SCENARIOS[name](stage)
    assert life.row().stage == LEADS_TO[name]
    with reading(stage.database) as connection:
        assert first_broken(entries(connection, life.finding)) is None
    if name == "escalated_to_the_top":
        assert life.ledger().count("escalated") == 4
        assert life.ledger().count("decision_due") == 1
        assert life.row().level == 5
    if name == "recovered":
        ladder = {"escalated", "snoozed", "recovery_plan_accepted", "deescalated", "acknowledgement_lapsed"}
        told = [kind for kind in life.ledger() if kind in ladder]
        assert told == [
            *("escalated", "escalated", "snoozed", "acknowledgement_lapsed", "escalated"),
            *("recovery_plan_accepted", "deescalated", "escalated", "deescalated", "escalated"),
        ]
        assert life.row().level == 3
