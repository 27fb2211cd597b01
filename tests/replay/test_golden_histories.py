"""A released workflow is a promise: every history ever recorded replays with the code of today."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from tests.life.scenarios import SCENARIOS
from workflows.converter import data_converter
from workflows.kinds import LIVES

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


@pytest.mark.parametrize("file", HISTORIES, ids=lambda file: file.stem)
async def test_it_replays(file: Path) -> None:
    history = file.read_text()  # noqa: ASYNC240 - a small file, and nothing else runs
    replayer = Replayer(workflows=list(LIVES), data_converter=data_converter)
    await replayer.replay_workflow(WorkflowHistory.from_json(f"finding:{file.stem}", history))


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_has_left_a_history(name: str) -> None:
    assert any(f"-{name}-" in file.name for file in HISTORIES)
