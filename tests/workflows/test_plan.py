"""A plan on the real server: late filing climbs, the steward tells it what its findings add up to."""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from remediation.gatherings.plan import FilePlan, ReportProgress, Tally
from remediation.orders import Cease
from remediation.policy import Policy
from remediation.words import SYSTEM, CommandId, NoteId, PlanId, PlanStage, Role, Stage
from service.engine import OrderRefusedError
from service.steward import Steward
from storage import gatherings
from storage.codec import gathering_recording_of
from storage.database import reading, writing
from storage.letters import of_finding
from storage.versions import keep_calendar, keep_policy
from tests.life.scenarios import commit
from tests.life.stage import AMINA, BAO, DHAKA, TOMAS, Life, a_stage
from tests.life.stage import Stage as Theatre


@pytest.fixture(scope="module")
async def theatre(
    skipping: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Theatre]:
    async with a_stage(skipping, tmp_path_factory.mktemp("stage")) as stage:
        with writing(stage.database) as connection:
            keep_policy(connection, Policy())
            keep_calendar(connection, DHAKA)
        yield stage


def stands(life: Life) -> tuple[str, int]:
    """Give the plan's stage and level, as SQL has them; it must be what its ledger adds up to."""
    with reading(life.database) as connection:
        row = gatherings.find(connection, life.finding)
        assert gatherings.case(connection, life.finding) == gatherings.refold(connection, life.finding)
    assert row is not None
    return row.stage, row.level


async def test_late_filing_climbs_then_it_is_filed_reported_on_and_completes(theatre: Theatre) -> None:
    own = PlanId(f"p-{uuid.uuid4().hex[:8]}")
    finding, plan = await theatre.begin(plan=own), await theatre.begin_plan(own)
    steward = Steward(theatre.database, plan.engine)
    await plan.later(days=32)
    assert stands(plan) == (PlanStage.AWAITED, 2)
    await plan.later(days=7)
    assert stands(plan) == (PlanStage.AWAITED, 3)

    await plan.order(BAO, FilePlan)
    with pytest.raises(OrderRefusedError, match="filed already"):
        await plan.order(AMINA, FilePlan)
    assert await steward.look(plan.now + timedelta(minutes=2)) == 1
    assert await steward.look(plan.now + timedelta(minutes=2)) == 0
    assert plan.ledger()[-2:] == ["plan_filed", "progress_reported"]

    await finding.order(TOMAS, Cease, reason=NoteId("note-1"))
    assert await steward.look(plan.now + timedelta(minutes=2)) == 1
    assert stands(plan) == (PlanStage.COMPLETED, 0)
    receipt = await plan.handle.result()
    assert receipt["stage"] == PlanStage.COMPLETED
    with reading(plan.database) as connection:
        kinds = {each.kind.value for each in of_finding(connection, plan.finding)}
    assert {"plan_due", "plan_overdue", "plan_filed", "progress_report", "plan_completed"} <= kinds


async def test_a_plan_that_forgot_what_it_recorded_catches_up(theatre: Theatre) -> None:
    plan = await theatre.begin_plan()
    order = FilePlan(id=CommandId(uuid.uuid4().hex), by=BAO, acting=Role.MANAGER)
    with writing(theatre.database) as connection:  # as a worker does just before it dies
        case = gatherings.case(connection, plan.finding)
        assert case is not None
        after, entries = case.obey(order, plan.now)
        gatherings.record_gatherings(connection, [gathering_recording_of(after, entries)])
    receipt = await plan.engine.give(plan.finding, order)
    assert (receipt.seq, receipt.facts, receipt.stage) == (after.seq, ("plan_filed",), PlanStage.FILED)
    assert plan.ledger() == ["plan_opened", "plan_filed"]


async def test_it_counts_as_filed_once_every_finding_has_its_commitment(theatre: Theatre) -> None:
    own = PlanId(f"p-{uuid.uuid4().hex[:8]}")
    finding, plan = await theatre.begin(plan=own), await theatre.begin_plan(own)
    steward = Steward(theatre.database, plan.engine)
    assert await steward.look(plan.now) == 0
    await commit(finding)
    assert await steward.look(plan.now) == 1
    assert stands(plan)[0] == PlanStage.FILED


async def test_an_old_plan_goes_on_in_a_new_run_and_knows_what_was_asked_before(
    theatre: Theatre,
) -> None:
    life = await theatre.begin_plan()
    filing = {"id": CommandId("file-it")}
    filed = await life.order(AMINA, FilePlan, **filing)
    first = (await life.handle.describe()).run_id
    await life.later(days=91)
    report = ReportProgress(
        id=CommandId("report"), by=SYSTEM, acting=Role.SYSTEM, number=1, tally=Tally(stages={Stage.CLOSED: 1})
    )
    await life.engine.give(life.finding, report)
    while (await life.handle.describe()).run_id == first:
        pass  # the next run begins once everybody is answered; asking is a call to the server
    assert await life.order(AMINA, FilePlan, **filing) == filed
    assert life.ledger() == ["plan_opened", "plan_filed", "progress_reported"]
