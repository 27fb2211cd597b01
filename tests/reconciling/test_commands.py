"""The commands `reconcile` and `resurrect`, run as an operator does, beside a real server and worker."""

import asyncio
import json
import os
import sys
from dataclasses import replace
from typing import Any

import pytest

from tests.reconciling.stage import Ward
from workflows.messages import TASK_QUEUE, workflow_id


@pytest.fixture
def deployed(ward: Ward) -> Ward:
    """The ward on the task queue that the program itself uses."""
    return replace(ward, queue=TASK_QUEUE)


async def mendwork(ward: Ward, *words: str) -> tuple[int, str]:
    """Run a command to its end; give its exit code and what it printed."""
    places = {
        "MENDWORK_HOME": str(ward.folder / "home"),
        "MENDWORK_DATABASE_URL": str(ward.database.url),
        "TEMPORAL_ADDRESS": ward.server.target,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service.cli", *words),
        env={**os.environ, **places},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate()
    assert b"Traceback" not in complained, complained.decode()
    return process.returncode or 0, said.decode()


async def told(ward: Ward, *words: str) -> tuple[int, Any]:
    code, said = await mendwork(ward, *words, "--json")
    return code, json.loads(said)


async def test_resurrect_says_what_it_would_do_does_it_and_then_finds_nothing(deployed: Ward) -> None:
    async with deployed.worker():
        finding = await deployed.begin()
        await deployed.propose(finding)
    await deployed.lose_temporal()
    code, said = await mendwork(deployed, "resurrect", "--dry-run")
    assert (code, "1 would be started again from SQL" in said) == (0, True)
    assert not await deployed.engine.runs(finding)
    code, done = await told(deployed, "resurrect")
    assert (code, done["started"], done["left"]) == (0, [finding], [])
    async with deployed.worker():
        await deployed.assert_sound()
    code, said = await mendwork(deployed, "resurrect")
    assert (code, "0 started again from SQL" in said) == (0, True)


async def test_reconcile_mends_and_its_exit_code_calls_for_a_person(deployed: Ward) -> None:
    async with deployed.worker():
        finding = await deployed.begin()
        await deployed.client.get_workflow_handle(workflow_id(finding)).terminate("by mistake")
        await deployed.index_knows(0)
        code, report = await told(deployed, "reconcile", "--pause", "0")
        assert (code, report["counts"], report["left"]) == (0, {"no_workflow": 1}, [])
        await deployed.index_knows(1)
        code, said = await mendwork(deployed, "reconcile", "--pause", "0")
        assert (code, "nothing differs" in said) == (0, True)
        deployed.spoil_the_ledger()
        code, said = await mendwork(deployed, "reconcile", "--pause", "0")
        assert (code, "broken_chain" in said, "mendwork ledger verify" in said) == (1, True, True)
