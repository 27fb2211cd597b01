"""While the engine is away commands are kept and can be asked about; the courier has them decided."""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from service.commands import deliver
from service.courier import PATIENCE, Courier
from service.engine import Engine
from service.worker import finding_worker
from storage import commands
from storage.commands import Pending, Refused
from storage.database import reading
from tests.service.stage import AMINA, BAO, TOMAS, Theatre, a_life, a_plan, a_theatre, key
from workflows.converter import data_converter
from workflows.messages import Receipt


@pytest.fixture
async def client(skipping: WorkflowEnvironment) -> Client:
    config: Any = {**skipping.client.config(), "data_converter": data_converter}
    return Client(**config)


@pytest.fixture
async def away(client: Client, template: Path, tmp_path: Path) -> AsyncIterator[tuple[Theatre, Engine]]:
    """A service whose Temporal server is up, but where no worker answers within a blink."""
    engine = Engine(client, patience=0.3, task_queue=f"away-{uuid.uuid4().hex[:8]}")
    stage = a_theatre(tmp_path, engine, template=template)
    yield stage, engine
    stage.close()


def later() -> datetime:
    return datetime.now(UTC) + PATIENCE + timedelta(seconds=1)


async def test_a_command_waits_and_can_be_asked_about(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    async with theatre.act(BAO) as bao, theatre.act(AMINA) as amina:
        answer = await bao.post("/api/v1/findings/f1/propose", json=a_plan(), headers=key())
        where = answer.headers["Location"]
        told = (await bao.get(where)).json()
        assert (await amina.get(where)).status_code == 404
        assert (await bao.get("/api/v1/commands/c-unknown")).status_code == 404
    assert answer.status_code == 202
    assert int(answer.headers["Retry-After"]) > 0
    assert where == f"/api/v1/commands/{answer.json()['command']}"
    assert (told["status"], told["verb"], told["finding"]) == ("pending", "propose", "f1")
    assert theatre.ledger("f1") == ["issued"]


async def test_the_same_command_again_waits_still(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    once, plan = key(), a_plan()
    async with theatre.act(BAO) as bao:
        path = "/api/v1/findings/f1/propose"
        answers = [await bao.post(path, json=plan, headers=once) for _ in range(2)]
        other = await bao.post(path, json=a_plan(description="else"), headers=once)
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert other.status_code == 409
    assert theatre.count("commands") == 1
    assert theatre.count("revisions") == 1


async def test_the_courier_delivers_what_waited_once_a_worker_is_there(
    away: tuple[Theatre, Engine], client: Client
) -> None:
    stage, engine = away
    life, once, plan = a_life(f"f{uuid.uuid4().hex[:10]}"), key(), a_plan()
    finding = life.case.finding.id
    stage.keep(life)
    await engine.start(life.case)
    async with stage.act(BAO) as bao:
        path = f"/api/v1/findings/{finding}/propose"
        waiting = await bao.post(path, json=plan, headers=once)
        assert waiting.status_code == 202
        async with finding_worker(client, stage.database, task_queue=engine._queue):
            patient = Engine(client, patience=20, task_queue=engine._queue)
            courier = Courier(stage.database, patient)
            assert await courier.deliver_all(later()) == 1
            assert await courier.deliver_all(later()) == 0
        told = (await bao.get(waiting.headers["Location"])).json()
        again = await bao.post(path, json=plan, headers=once)
    assert (told["status"], told["facts"], told["stage"]) == ("done", ["proposed"], "under_review")
    assert (again.status_code, again.json()) == (200, told)
    assert stage.ledger(finding) == ["issued", "proposed"]


async def test_a_refusal_by_the_courier_is_told_too(away: tuple[Theatre, Engine], client: Client) -> None:
    stage, engine = away
    life = a_life(f"f{uuid.uuid4().hex[:10]}")
    finding = life.case.finding.id
    stage.keep(life)
    await engine.start(life.case)
    async with stage.act(BAO) as bao:
        waiting = await bao.post(
            f"/api/v1/findings/{finding}/report-fixed", json={"evidence": ["x"]}, headers=key()
        )
        async with finding_worker(client, stage.database, task_queue=engine._queue):
            patient = Engine(client, patience=20, task_queue=engine._queue)
            assert await Courier(stage.database, patient).deliver_all(later()) == 1
        told = (await bao.get(waiting.headers["Location"])).json()
    assert (told["status"], told["code"]) == ("refused", "not_at_this_stage")
    assert stage.ledger(finding) == ["issued"]


async def test_a_finding_without_its_workflow_keeps_its_commands(away: tuple[Theatre, Engine]) -> None:
    stage, engine = away
    stage.keep(a_life("lost"))
    async with stage.act(BAO) as bao:
        waiting = await bao.post("/api/v1/findings/lost/propose", json=a_plan(), headers=key())
    assert waiting.status_code == 202, "the order stands until the workflow is brought back from SQL"
    with reading(stage.database) as connection:
        command = commands.find(connection, waiting.json()["command"])
    assert command is not None
    assert isinstance(await deliver(engine, stage.database, command), Pending)
    assert isinstance(await deliver(None, stage.database, command), Pending)


async def test_what_ended_a_life_is_known_though_its_answer_was_lost(
    away: tuple[Theatre, Engine], client: Client
) -> None:
    stage, engine = away
    life = a_life(f"f{uuid.uuid4().hex[:10]}")
    finding = life.case.finding.id
    stage.keep(life)
    await engine.start(life.case)
    async with stage.act(TOMAS) as tomas, stage.act(BAO) as bao:
        ended = await tomas.post(
            f"/api/v1/findings/{finding}/cease", json={"reason": "Closed."}, headers=key()
        )
        late = await bao.post(f"/api/v1/findings/{finding}/propose", json=a_plan(), headers=key())
    assert (ended.status_code, late.status_code) == (202, 202)
    with reading(stage.database) as connection:
        command = commands.find(connection, ended.json()["command"])
        overtaken = commands.find(connection, late.json()["command"])
    assert command is not None
    assert overtaken is not None
    async with finding_worker(client, stage.database, task_queue=engine._queue):
        patient = Engine(client, patience=20, task_queue=engine._queue)
        first = await deliver(patient, stage.database, command)
        # The first delivery may have been answered to nobody: a second finds the workflow gone.
        assert await deliver(patient, stage.database, command) == first
        refused = await deliver(patient, stage.database, overtaken)
    assert isinstance(first, Receipt)
    assert first.facts == ("ended",)
    assert isinstance(refused, Refused)
    assert refused.code == "not_at_this_stage"
