"""A workflow that SQL got ahead of: a crash came between its last recording and the note of it."""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from remediation.orders import Order, Propose, Refuse, Sign
from remediation.policy import Policy
from remediation.words import CommandId, Digest, NoteId, Stage
from service.engine import OrderRefusedError
from storage import findings, versions
from storage.codec import recording_of
from storage.database import reading, writing
from storage.ledger import astray, broken_chains
from storage.recording import record
from tests.life.stage import ACTING, AMINA, BAO, DHAKA, Life, a_stage
from tests.life.stage import Stage as Theatre

REVISION, OTHER = Digest("r1"), Digest("r2")


@pytest.fixture(scope="module")
async def theatre(
    skipping: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Theatre]:
    async with a_stage(skipping, tmp_path_factory.mktemp("stage")) as stage:
        with writing(stage.database) as connection:
            versions.keep_policy(connection, Policy())
            versions.keep_calendar(connection, DHAKA)
        yield stage


def forgotten(life: Life, order: Order) -> int:
    """Record what an order leads to, as a worker does just before it dies; give the last entry's number."""
    with writing(life.database) as connection:
        case = findings.case(connection, life.finding)
        assert case is not None
        after, entries = case.obey(order, datetime.now(UTC))
        record(connection, [recording_of(after, entries)])
    return after.seq


def proposal(life: Life, revision: Digest = REVISION, **fields: Any) -> Propose:  # noqa: ANN401
    given = {"id": CommandId(uuid.uuid4().hex), "by": AMINA, "acting": ACTING[AMINA], **fields}
    return Propose(revision=revision, actions=(life.action(),), **given)


def nothing_is_wrong(life: Life) -> bool:
    with reading(life.database) as connection:
        return not broken_chains(connection) and life.finding not in astray(connection)


async def test_the_same_order_given_again_is_answered_from_the_ledger(theatre: Theatre) -> None:
    life = await theatre.begin()
    order = proposal(life)
    seq = forgotten(life, order)
    receipt = await life.engine.give(life.finding, order)
    assert (receipt.seq, receipt.facts) == (seq, ("proposed",))
    assert life.ledger() == ["issued", "proposed"]
    await life.order(AMINA, Sign, revision=REVISION)
    assert (await life.order(BAO, Sign, revision=REVISION)).stage is Stage.COMMITTED
    assert nothing_is_wrong(life)


async def test_another_order_is_decided_again_after_what_was_forgotten(theatre: Theatre) -> None:
    life = await theatre.begin()
    forgotten(life, proposal(life))
    receipt = await life.engine.give(life.finding, proposal(life, OTHER))
    assert receipt.facts == ("proposed",)
    assert life.ledger() == ["issued", "proposed", "proposed"]
    assert nothing_is_wrong(life)


async def test_an_order_that_rests_on_what_was_forgotten_is_not_refused(theatre: Theatre) -> None:
    life = await theatre.begin()
    seen = forgotten(life, proposal(life))
    sign = Sign(id=CommandId("sign"), by=AMINA, acting=ACTING[AMINA], revision=REVISION)
    assert (await life.engine.give(life.finding, sign, seen)).facts == ("signed",)
    assert life.ledger() == ["issued", "proposed", "signed"]
    assert nothing_is_wrong(life)


async def test_what_the_rules_refuse_then_is_refused(theatre: Theatre) -> None:
    life = await theatre.begin()
    seen = forgotten(life, proposal(life))
    order = Refuse(id=CommandId("refuse"), by=BAO, acting=ACTING[BAO], revision=OTHER, reason=NoteId("why"))
    with pytest.raises(OrderRefusedError) as refused:
        await life.engine.give(life.finding, order, seen)
    assert refused.value.code == "revision_outdated"
    assert life.ledger() == ["issued", "proposed"]
    assert (await life.order(AMINA, Sign, revision=REVISION)).facts == ("signed",)


async def test_its_clock_goes_by_what_was_forgotten(theatre: Theatre) -> None:
    life = await theatre.begin()
    await life.order(AMINA, Propose, revision=REVISION, actions=(life.action(),))
    await life.order(AMINA, Sign, revision=REVISION)
    forgotten(life, Sign(id=CommandId("last"), by=BAO, acting=ACTING[BAO], revision=REVISION))
    await life.later(days=31)
    # Without Bao's signature the agreement would be overdue by now.
    assert life.ledger() == ["issued", "proposed", "signed", "signed", "committed"]
    assert nothing_is_wrong(life)
