"""The worker process of the benchmarks: ours and the bare baseline side by side, on queues of their own."""

import asyncio
import sys

from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from benchmarks.bare import Bare, bare_activity
from service.engine import connect
from service.worker import finding_worker
from storage.database import open_engine

OURS, BARE = "bench-ours", "bench-bare"


async def main(target: str, database: str) -> None:
    """Serve both queues until the process is ended."""
    client = await connect({"target_host": target})
    bare = Worker(
        client,
        task_queue=BARE,
        workflows=[Bare],
        activities=[bare_activity],
        workflow_runner=UnsandboxedWorkflowRunner(),  # as ours: the comparison is of the same kind
    )
    async with finding_worker(client, open_engine(database), task_queue=OURS), bare:
        print("ready", flush=True)  # noqa: T201 - the parent waits for this line
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
