"""What the routes of one application share: settings, the database, the engine, the metrics and a clock."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import BoundedSemaphore
from typing import Annotated, Any

import structlog
from fastapi import Depends, Request
from sqlalchemy import Engine as Database

from service.counted import Counted
from service.engine import Engine, connect_in_time
from service.evidence.store import EvidenceStore
from service.metrics import Metrics
from service.providers import Provider
from service.settings import Settings
from service.simulation.keeping import Prospects

log = structlog.get_logger("mendwork.service")

FILES_AT_ONCE = 2
"""How many files all processes together hold in memory: unpacked, a photo takes up to 200 MB."""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Give this moment, aware."""
    return datetime.now(UTC)


@dataclass
class Context:
    """Shared by all requests. `engine` is None while no Temporal server has answered yet."""

    settings: Settings
    database: Database
    metrics: Metrics
    evidence: EvidenceStore
    clock: Clock = utc_now
    engine: Engine | None = None
    providers: Mapping[str, Provider] = field(default_factory=dict)
    counted: Counted = field(default_factory=Counted)
    prospects: Prospects = field(default_factory=Prospects)
    files_in_hand: BoundedSemaphore = field(init=False)
    _work: set[asyncio.Task[Any]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Give this process its share of what all together may hold, and one file at least."""
        self.files_in_hand = BoundedSemaphore(max(1, FILES_AT_ONCE // self.settings.processes))

    def keep(self, task: asyncio.Task[Any]) -> None:
        """Hold on to work that goes on after its request was answered, and log if it fails."""
        self._work.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._work.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("background_work_failed", kind=type(error).__qualname__)

    async def reach_temporal(self) -> None:
        """Connect to Temporal, trying for as long as it takes. Reading goes on meanwhile."""
        if self.engine is None:
            self.engine = Engine(await connect_in_time(), patience=self.settings.command_patience)


async def context_of(request: Request) -> Context:
    """Give the context of the application that a request came to."""
    # Not a plain function: each request would wait for a thread to run it.
    context: Context = request.app.state.context
    return context


Shared = Annotated[Context, Depends(context_of)]
