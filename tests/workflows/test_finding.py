"""The finding workflow on the real server: what it promises beyond the rules."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from remediation.orders import DecideAlarm, Propose, Sign
from remediation.words import CommandId, Digest, NoteId, Severity, Stage
from service.engine import OrderRefusedError
from tests.life.stage import AMINA, ASHA, BAO, BINH, DINA, a_stage
from tests.life.stage import Stage as Theatre
from workflows.finding import FindingWorkflow
from workflows.messages import Receipt

REVISION, NOTE = Digest("r1"), NoteId("note-1")


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


async def test_orders_wait_for_sql_and_are_answered_once_it_is_back(theatre: Theatre) -> None:
    life = await theatre.begin()
    await life.order(AMINA, Propose, revision=REVISION, actions=(life.action(),))
    with theatre.without_ledger():
        answer = asyncio.create_task(life.order(AMINA, Sign, revision=REVISION))
        await life.recording_is_retried()
    assert (await answer).facts == ("signed",)
    assert life.ledger() == ["issued", "proposed", "signed"]


@pytest.mark.parametrize(("verb", "words"), [("dance", ["tango"]), ("propose", []), ("propose", [{}, 0, 0])])
async def test_what_is_no_order_of_a_finding_is_refused(
    theatre: Theatre, verb: str, words: list[object]
) -> None:
    life = await theatre.begin()
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await life.handle.execute_update(verb, args=words)
    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "unknown_verb"
    assert life.ledger() == ["issued"]


async def test_what_cannot_be_read_is_refused_and_stops_nothing(theatre: Theatre) -> None:
    life = await theatre.begin()
    with pytest.raises(WorkflowUpdateFailedError):
        await life.handle.execute_update("propose", {"revision": 7})
    receipt = await life.order(AMINA, Propose, revision=REVISION, actions=(life.action(),))
    assert receipt.facts == ("proposed",)


async def test_with_nothing_ahead_it_waits_for_people_alone(theatre: Theatre) -> None:
    life = await theatre.begin(Severity.ZERO_TOLERANCE)
    await life.later(days=4)
    assert life.ledger() == ["issued", "escalated", "escalated"], "the staff's ladder has two steps"
    head = await life.handle.query(FindingWorkflow.head)
    assert head.wakes_at is None
    receipt = await life.order(DINA, DecideAlarm, confirmed=True, reason=NOTE)
    assert receipt.facts == ("alarm_decided",)
    head = await life.handle.query(FindingWorkflow.head)
    assert head.wakes_at is not None
