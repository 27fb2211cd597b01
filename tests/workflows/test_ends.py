"""How a finding's workflow ends, also while something else goes on, and how it begins again."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError
from temporalio.exceptions import CancelledError
from temporalio.testing import WorkflowEnvironment

from remediation.orders import Cease, Propose, Reopen
from remediation.policy import Policy
from remediation.words import CommandId, Digest, NoteId, PersonId, Stage
from service.engine import OrderRefusedError
from storage import findings, versions
from storage.database import reading, writing
from tests.life.stage import ACTING, AMINA, BAO, DHAKA, TOMAS, Life, a_stage
from tests.life.stage import Stage as Theatre
from workflows.messages import Receipt

NOTE = NoteId("note-1")


@pytest.fixture(scope="module")
async def theatre(
    skipping: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Theatre]:
    async with a_stage(skipping, tmp_path_factory.mktemp("stage")) as stage:
        with writing(stage.database) as connection:
            versions.keep_policy(connection, Policy())
            versions.keep_calendar(connection, DHAKA)
        yield stage


async def ceased(theatre: Theatre) -> Life:
    """Begin a finding whose factory closes at once."""
    life = await theatre.begin()
    await life.order(TOMAS, Cease, reason=NOTE)
    await life.handle.result()
    return life


async def reopen(life: Life, person: PersonId) -> Receipt:
    """Let a person reopen a finding whose workflow has ended, as the service does."""
    with reading(life.database) as connection:
        ended = findings.case(connection, life.finding)
    assert ended is not None
    order = Reopen(id=CommandId(f"reopen-{person}"), by=person, acting=ACTING[person], reason=NOTE)
    return await life.engine.reopen(life.finding, order, ended)


async def status(life: Life) -> WorkflowExecutionStatus | None:
    return (await life.handle.describe()).status


async def test_a_reopened_finding_begins_its_next_attempt(theatre: Theatre) -> None:
    life = await ceased(theatre)
    receipt = await reopen(life, TOMAS)
    assert (receipt.facts, receipt.stage) == (("reopened",), Stage.UNDER_REVIEW)
    await life.order(AMINA, Propose, revision=Digest("r1"), actions=(life.action(),))
    assert life.ledger() == ["issued", "ended", "reopened", "proposed"]
    assert await status(life) is WorkflowExecutionStatus.RUNNING


async def test_a_reopening_that_is_refused_leaves_nothing_running(theatre: Theatre) -> None:
    life = await ceased(theatre)
    with pytest.raises(OrderRefusedError) as refused:
        await reopen(life, BAO)
    assert refused.value.code == "not_your_role"
    await life.later(minutes=2)
    result: Any = await life.handle.result()
    assert (result["stage"], result["facts"]) == (Stage.CEASED, [])
    assert life.ledger() == ["issued", "ended"]
    assert (await reopen(life, TOMAS)).facts == ("reopened",), "nor is a later one in the way of it"


async def test_it_ends_though_the_end_came_while_another_order_was_being_written(theatre: Theatre) -> None:
    life = await theatre.begin()
    async with asyncio.TaskGroup() as orders:
        with theatre.without_ledger():
            orders.create_task(life.order(AMINA, Propose, revision=Digest("r1"), actions=(life.action(),)))
            await life.recording_is_retried()
            orders.create_task(life.order(TOMAS, Cease, reason=NOTE))
            await life.decided(3)
    async with asyncio.timeout(20):
        await life.handle.result()
    assert life.ledger() == ["issued", "proposed", "ended"]


async def test_a_cancelled_workflow_does_not_wait_for_sql(theatre: Theatre) -> None:
    life = await theatre.begin()
    with theatre.without_ledger():
        later = asyncio.create_task(life.later(days=8))
        await life.recording_is_retried()
        await life.handle.cancel()
        with pytest.raises(WorkflowFailureError) as failure:
            await life.handle.result()
        await later
    assert isinstance(failure.value.cause, CancelledError)
    assert life.ledger() == ["issued"], "the reconciler starts it again from there"
