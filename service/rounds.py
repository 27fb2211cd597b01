"""Rounds: work done again and again until told to stop, as courier, steward, importer and watches do."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog
from temporalio.service import RPCError

from storage.database import UNAVAILABLE

Work = Callable[[datetime], Awaitable[object]]
"""What one round does, given the aware instant at which it begins."""

log = structlog.get_logger("mendwork.rounds")


async def go_round(work: Work, pause: timedelta, stop: asyncio.Event) -> None:
    """Work, pause, and work again until told to stop; `stop` also ends a pause.

    A database or a Temporal server that is away is waited for. Whatever else the work raises ends the rounds.
    """
    while not stop.is_set():
        try:
            await work(datetime.now(UTC))
        except UNAVAILABLE:
            log.warning("database_unavailable", work=work.__qualname__)
        except RPCError as error:
            log.warning("temporal_unavailable", work=work.__qualname__, status=error.status.name)
        with suppress(TimeoutError):
            async with asyncio.timeout(pause.total_seconds()):
                await stop.wait()
