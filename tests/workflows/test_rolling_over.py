"""A finding whose history grows long goes on in new runs, and nobody notices."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from temporalio import activity
from temporalio.client import WorkflowExecutionStatus, WorkflowHistory
from temporalio.worker import Worker

from remediation.hooks import Next, Round
from remediation.orders import Cease, Propose
from remediation.words import CommandId, Digest, NoteId
from tests.life.stage import AMINA, TOMAS, Life, a_stage
from tests.life.stage import Stage as Theatre
from tests.temporal_server import skipping_environment
from workflows.converter import data_converter
from workflows.hook import DELIVER, HookWorkflow, hook_workflow_id
from workflows.life import RECEIPTS_KEPT
from workflows.messages import FindingStart

LONG = "20"
LOW = {"limit.historyCount.suggestContinueAsNew": LONG}


@pytest.fixture(scope="module")
async def theatre(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Theatre]:
    """A stage over a server on which histories are long soon."""
    async with (
        skipping_environment(dynamic_config=LOW) as environment,
        a_stage(environment, tmp_path_factory.mktemp("stage")) as stage,
    ):
        yield stage


async def revise(life: Life, number: int) -> None:
    """Let Amina propose another revision."""
    order = {"id": CommandId(f"c{number}"), "revision": Digest(f"r{number}")}
    await life.order(AMINA, Propose, actions=(life.action(),), **order)


async def test_a_long_history_rolls_over_and_still_knows_old_orders(theatre: Theatre) -> None:
    life = await theatre.begin()
    order = {"id": CommandId("first"), "revision": Digest("r1"), "actions": (life.action(),)}
    first = await life.order(AMINA, Propose, **order)
    for number in range(2, 12):
        await revise(life, number)
    run = (await life.handle.describe()).run_id
    assert run != life.handle.first_execution_run_id
    assert await life.order(AMINA, Propose, **order) == first
    assert life.ledger() == ["issued", *["proposed"] * 11]


async def test_a_new_run_knows_the_latest_orders_and_no_more(theatre: Theatre) -> None:
    life = await theatre.begin()
    orders = RECEIPTS_KEPT + 8
    for number in range(orders):
        await revise(life, number)
    start = await began_with(life)
    numbers = [int(receipt.command[1:]) for receipt in start.receipts]
    assert numbers == list(range(numbers[0], numbers[0] + RECEIPTS_KEPT))
    assert 0 < numbers[0] <= orders - RECEIPTS_KEPT


async def began_with(life: Life) -> FindingStart:
    """Give what a finding's latest run was started with."""
    history: WorkflowHistory = await life.handle.fetch_history()
    payloads = history.events[0].workflow_execution_started_event_attributes.input.payloads
    (start,) = await data_converter.decode(payloads, [FindingStart])
    assert isinstance(start, FindingStart)
    return start


async def test_a_life_that_ends_when_it_should_roll_over_just_ends(theatre: Theatre) -> None:
    life = await theatre.begin()
    run = (await life.handle.describe()).run_id
    async with asyncio.TaskGroup() as orders:
        with theatre.without_ledger():
            orders.create_task(revise(life, 1))
            await life.recording_is_retried()
            for number in range(2, 9):
                orders.create_task(revise(life, number))
            await life.decided(9)
            orders.create_task(life.order(TOMAS, Cease, reason=NoteId("note-1")))
            await life.decided(10)
    async with asyncio.timeout(20):
        await life.handle.result()
    description = await life.handle.describe()
    assert (description.run_id, description.status) == (run, WorkflowExecutionStatus.COMPLETED)
    assert description.history_length > int(LONG)
    assert life.ledger() == ["issued", *["proposed"] * 8, "ended"]


async def test_a_webhook_that_is_busy_for_long_goes_on_in_a_new_run(theatre: Theatre) -> None:
    rounds: list[Round] = []

    @activity.defn(name=DELIVER)
    async def deliver(asked: Round) -> Next:
        rounds.append(asked)
        return Next(at=asked.now if len(rounds) < 9 else None)

    async with Worker(theatre.client, task_queue="hooks", workflows=[HookWorkflow], activities=[deliver]):
        handle = await theatre.client.start_workflow(
            HookWorkflow.run, "h", id=hook_workflow_id("h"), task_queue="hooks", start_signal="wake"
        )
        await handle.result()
    assert [each.hook for each in rounds] == ["h"] * 9
    latest = await theatre.client.get_workflow_handle(hook_workflow_id("h")).describe()
    assert latest.run_id != handle.first_execution_run_id
