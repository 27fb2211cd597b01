"""Record golden histories: `python -m tests.replay.record` plays each scenario and keeps its runs.

Run it when a new shape of the workflow is released; never overwrite what is released already.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from temporalio.client import Client

from tests.life.scenarios import SCENARIOS
from tests.life.stage import Life, a_stage
from tests.temporal_server import skipping_environment

HISTORIES = Path(__file__).parent / "histories"
SHAPE = "v1"
LOW = {"limit.historyCount.suggestContinueAsNew": "60"}


async def main(shape: str) -> None:
    """Play every scenario and write the history of each of its runs."""
    with tempfile.TemporaryDirectory() as folder:
        async with skipping_environment(dynamic_config=LOW) as server, a_stage(server, Path(folder)) as stage:
            for name, scenario in SCENARIOS.items():
                await _keep(await scenario(stage), stage.client, f"{shape}-{name}")


async def _keep(life: Life, client: Client, name: str) -> None:
    query = f"WorkflowId = '{life.handle.id}'"
    runs = [execution.run_id async for execution in client.list_workflows(query)]
    for number, run in enumerate(reversed(runs), start=1):
        history = await client.get_workflow_handle(life.handle.id, run_id=run).fetch_history()
        text = history.to_json().replace(client.identity, "stage")  # names a process and its machine
        (HISTORIES / f"{name}-{number}.json").write_text(text + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else SHAPE))
