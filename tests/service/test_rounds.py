"""Rounds go on while a database or a Temporal server is away, end when told to, and die of anything else."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from temporalio.service import RPCError, RPCStatusCode

from service.rounds import go_round

AT_ONCE = timedelta(0)
AWAY = (
    OperationalError("SELECT 1", {}, ConnectionRefusedError()),
    RPCError("away", RPCStatusCode.UNAVAILABLE, b""),
)


@pytest.mark.parametrize("away", AWAY, ids=["database", "temporal"])
async def test_what_is_away_is_waited_for(away: Exception) -> None:
    stop, began = asyncio.Event(), list[datetime]()

    async def work(now: datetime) -> None:
        began.append(now)
        if len(began) == 3:
            stop.set()
        raise away

    await go_round(work, AT_ONCE, stop)
    assert len(began) == 3
    assert began == sorted(began)
    assert all(each.utcoffset() == timedelta(0) for each in began)


async def test_a_fault_of_our_own_ends_the_rounds_so_that_the_worker_does_not_only_look_alive() -> None:
    async def work(_: datetime) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await go_round(work, AT_ONCE, asyncio.Event())


async def test_told_to_stop_the_longest_pause_is_cut_short() -> None:
    stop = asyncio.Event()

    async def work(_: datetime) -> None:
        asyncio.get_running_loop().call_soon(stop.set)

    async with asyncio.timeout(5):
        await go_round(work, timedelta(days=1), stop)
