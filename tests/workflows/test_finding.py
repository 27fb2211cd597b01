"""The finding workflow on the real server: what it promises beyond the rules."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from remediation.orders import Propose, Sign
from remediation.words import CommandId, Digest, Stage
from service.engine import OrderRefusedError
from tests.life.stage import AMINA, ASHA, BAO, BINH, a_stage
from tests.life.stage import Stage as Theatre
from tests.temporal_server import skipping_environment
from workflows.messages import Receipt

REVISION = Digest("r1")


@pytest.fixture(scope="module")
async def theatre(
    skipping: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Theatre]:
    async with a_stage(skipping, tmp_path_factory.mktemp("stage")) as stage:
        yield stage


async def test_it_commits_when_both_sides_have_signed(theatre: Theatre) -> None:
    life = await theatre.begin()
    await life.order(AMINA, Propose, revision=REVISION, actions=(life.action(),))
    await life.order(AMINA, Sign, revision=REVISION)
    receipt = await life.order(BAO, Sign, revision=REVISION)
    assert receipt.stage is Stage.COMMITTED
    assert receipt.facts == ("signed", "committed")
    assert life.ledger() == ["issued", "proposed", "signed", "signed", "committed"]
    assert life.row().stage == "committed"


async def test_it_answers_the_same_order_twice_with_one_effect(theatre: Theatre) -> None:
    life = await theatre.begin()
    order = {"id": CommandId("click"), "revision": REVISION, "actions": (life.action(),)}
    first = await life.order(AMINA, Propose, **order)
    second = await life.order(AMINA, Propose, **order)
    assert first == second
    assert life.ledger() == ["issued", "proposed"]


async def test_it_refuses_with_a_code_and_records_nothing(theatre: Theatre) -> None:
    life = await theatre.begin()
    await life.order(AMINA, Propose, revision=REVISION, actions=(life.action(),))
    with pytest.raises(OrderRefusedError) as refused:
        await life.order(BAO, Sign, revision=Digest("r0"))
    assert (refused.value.code, refused.value.field) == ("revision_outdated", "revision")
    assert life.ledger() == ["issued", "proposed"]


async def test_ten_people_at_once_make_one_commitment(theatre: Theatre) -> None:
    life = await theatre.begin()
    await life.order(AMINA, Propose, revision=REVISION, actions=(life.action(),))
    signers = (AMINA, ASHA, BAO, BINH) * 2
    answers = await asyncio.gather(
        *(life.order(person, Sign, revision=REVISION) for person in signers), return_exceptions=True
    )
    assert life.ledger().count("committed") == 1
    assert all(isinstance(answer, OrderRefusedError | Receipt) for answer in answers)


async def test_a_long_history_rolls_over_and_still_knows_old_orders(tmp_path: Path) -> None:
    low = {"limit.historyCount.suggestContinueAsNew": "30"}
    async with (
        skipping_environment(dynamic_config=low) as environment,
        a_stage(environment, tmp_path) as stage,
    ):
        life = await stage.begin()
        order = {"id": CommandId("first"), "revision": REVISION, "actions": (life.action(),)}
        first = await life.order(AMINA, Propose, **order)
        for number in range(2, 12):
            await life.order(AMINA, Propose, revision=Digest(f"r{number}"), actions=(life.action(),))
        run = (await life.handle.describe()).run_id
        assert run != life.handle.first_execution_run_id
        assert await life.order(AMINA, Propose, **order) == first
        assert life.ledger() == ["issued", *["proposed"] * 11]


async def test_orders_wait_for_sql_and_are_answered_once_it_is_back(theatre: Theatre) -> None:
    life = await theatre.begin()
    await life.order(AMINA, Propose, revision=REVISION, actions=(life.action(),))
    with theatre.database.connect() as blocker:
        raw = blocker.connection.driver_connection
        assert raw is not None
        raw.execute("ALTER TABLE ledger RENAME TO ledger_away")
        answer = asyncio.create_task(life.order(AMINA, Sign, revision=REVISION))
        while not await _recording_is_retried(life.handle):
            pass  # describing is a call to the server: nothing spins here
        raw.execute("ALTER TABLE ledger_away RENAME TO ledger")
    assert (await answer).facts == ("signed",)
    assert life.ledger() == ["issued", "proposed", "signed"]


async def _recording_is_retried(handle: WorkflowHandle[Any, Any]) -> bool:
    description = await handle.describe()
    return any(pending.attempt > 1 for pending in description.raw_description.pending_activities)
