"""Catching up: a workflow that SQL has got ahead of is told where its subject stands.

A worker or server may die between the commit of a recording and the note of it in the history.
"""

import asyncio
from typing import Any

from sqlalchemy import Engine as Database
from temporalio import activity

from service.reconciling.mending import start_of
from service.reconciling.standing import digest_at
from storage.database import reading
from storage.recording import LedgerForked
from workflows.messages import FindingStart, GatheringStart, Known
from workflows.recording import CATCH_UP, CATCH_UP_GATHERING


class Ledgers:
    """Tells workflows what the ledger holds."""

    def __init__(self, database: Database) -> None:
        """Take where the ledger stands."""
        self._database = database

    @activity.defn(name=CATCH_UP)
    async def catch_up(self, known: Known) -> FindingStart:
        """Give the case as it is in SQL. Raises LedgerForked where that does not go on from what is known."""
        start: FindingStart = await asyncio.to_thread(self._start, known)
        return start

    @activity.defn(name=CATCH_UP_GATHERING)
    async def catch_up_gathering(self, known: Known) -> GatheringStart:
        """Do the same for a gathering."""
        start: GatheringStart = await asyncio.to_thread(self._start, known)
        return start

    def _start(self, known: Known) -> Any:  # noqa: ANN401 - the start of its kind
        with reading(self._database) as connection:
            start = start_of(connection, known.finding)
            if start is None or digest_at(connection, known.finding, known.seq) != known.digest:
                raise LedgerForked(known.finding, known.seq)
            return start
