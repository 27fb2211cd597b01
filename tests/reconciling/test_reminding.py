"""The courier sees that a workflow knows what it has carried out, also where the note of it was lost."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from remediation.orders import Sign
from remediation.words import CommandId, FindingId
from service.courier import ASKED_FOR, PATIENCE, Courier
from storage import commands, findings
from storage.codec import order_json, recording_of
from storage.commands import Command
from storage.database import reading, writing
from storage.recording import record
from storage.tables import UNSETTLED
from storage.tables import commands as rows
from tests.life.stage import ACTING, AMINA
from tests.reconciling.stage import REVISION, Ward


def carry_out_behind_its_back(ward: Ward, finding: FindingId, received_at: datetime) -> int:
    """Let Amina sign, and record it, while the workflow hears nothing of it; give the entry's number."""
    order = Sign(id=CommandId("forgotten"), by=AMINA, acting=ACTING[AMINA], revision=REVISION)
    command = Command(
        id=order.id,
        person=AMINA,
        key="k",
        finding=finding,
        verb="sign",
        order=order_json(order),
        digest="d",
        received_at=received_at,
    )
    with writing(ward.database) as connection:
        commands.receive(connection, command)
        case = findings.case(connection, finding)
        assert case is not None
        signed, entries = case.obey(order, datetime.now(UTC))
        record(connection, [recording_of(signed, entries)])
    return signed.seq


def unsettled(ward: Ward) -> list[str]:
    with reading(ward.database) as connection:
        return list(connection.execute(select(rows.c.id).where(UNSETTLED)).scalars())


async def test_a_workflow_that_forgot_what_it_carried_out_is_told_and_nothing_is_done_twice(
    ward: Ward,
) -> None:
    async with ward.worker():
        finding = await ward.begin()
        await ward.propose(finding)
        seq = carry_out_behind_its_back(ward, finding, datetime.now(UTC))
        assert (await ward.head(finding)).stored < seq
        courier = Courier(ward.database, ward.engine)
        soon = datetime.now(UTC) + PATIENCE
        await courier.deliver_all(soon)
        assert (await ward.head(finding)).stored == seq
        await ward.assert_sound()
        await courier.deliver_all(soon)
        assert unsettled(ward) == []


async def test_a_workflow_that_is_not_there_is_left_to_the_reconciler(ward: Ward) -> None:
    async with ward.worker():
        finding = await ward.begin()
        await ward.propose(finding)
    carry_out_behind_its_back(ward, finding, datetime.now(UTC))
    await ward.lose_temporal()
    courier = Courier(ward.database, ward.engine)
    await courier.deliver_all(datetime.now(UTC) + PATIENCE + timedelta(seconds=1))
    assert unsettled(ward) == ["forgotten"]
    await courier.deliver_all(datetime.now(UTC) + ASKED_FOR)
    assert unsettled(ward) == []
