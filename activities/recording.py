"""Facts into SQL: everything queued at one moment is committed in one transaction.

Many findings act at once, and each commit costs the disk a sync. One writer per worker process
commits all that waits and then answers each activity, so a busy worker syncs as rarely as it can.
"""

import asyncio
from collections.abc import Sequence

from sqlalchemy import Engine
from temporalio import activity

from remediation.gatherings.summary import GatheringRecording
from remediation.recording import Recording
from storage.database import writing
from storage.gatherings import record_gatherings
from storage.recording import record

MOST_AT_ONCE = 200
Queued = tuple[Recording | GatheringRecording, asyncio.Future[None]]
"""What waits to be committed, and who waits for that."""


class Recorder:
    """Records facts for all workflows of this process. Safe to repeat: a recording stands once."""

    def __init__(self, engine: Engine, wake: asyncio.Event | None = None) -> None:
        """`wake` tells the mailroom of the same process that letters may wait."""
        self._engine = engine
        self._wake = wake
        self._queue: list[Queued] = []
        self._writer: asyncio.Task[None] | None = None

    @activity.defn(name="record")
    async def record(self, recording: Recording) -> None:
        """Return once the recording is committed; raises what the database raised."""
        await self._write(recording)

    @activity.defn(name="record_gathering")
    async def record_gathering(self, recording: GatheringRecording) -> None:
        """Do the same for a gathering."""
        await self._write(recording)

    async def _write(self, recording: Recording | GatheringRecording) -> None:
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((recording, written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        await written

    async def _write_all(self) -> None:
        while self._queue:
            batch, self._queue = self._queue[:MOST_AT_ONCE], self._queue[MOST_AT_ONCE:]
            try:
                await asyncio.to_thread(self._commit, [recording for recording, _ in batch])
            except Exception:  # noqa: BLE001 - whatever one recording raised must not fail its neighbours
                await self._write_one_by_one(batch)
            else:
                _answer(batch)
        if self._wake is not None:
            self._wake.set()

    async def _write_one_by_one(self, batch: list[Queued]) -> None:
        for recording, written in batch:
            try:
                await asyncio.to_thread(self._commit, [recording])
            except Exception as error:  # noqa: BLE001 - handed to the one activity it belongs to
                if not written.done():
                    written.set_exception(error)
            else:
                _answer([(recording, written)])

    def _commit(self, recordings: Sequence[Recording | GatheringRecording]) -> None:
        of_findings = [each for each in recordings if isinstance(each, Recording)]
        of_gatherings = [each for each in recordings if isinstance(each, GatheringRecording)]
        with writing(self._engine) as connection:
            if of_gatherings:
                record_gatherings(connection, of_gatherings)
            record(connection, of_findings)


def _answer(batch: list[Queued]) -> None:
    for _, written in batch:
        if not written.done():
            written.set_result(None)
