"""The mailroom's loop works when woken, outlives a failing database, and stops when told."""

import asyncio
from pathlib import Path

from storage.database import open_engine
from tests.activities.stage import Post, proposing
from tests.storage.builders import MONDAY, a_life


async def test_the_loop_works_when_woken_and_stops_when_told(post: Post) -> None:
    stop, wake = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(post.room().run(stop, wake, clock=lambda: MONDAY))
    post.happens(proposing(a_life(), MONDAY))
    wake.set()
    async with asyncio.timeout(20):
        await post.house.wait_for(2)
        stop.set()
        await running


async def test_the_loop_outlives_a_database_that_fails(post: Post, tmp_path: Path) -> None:
    broken = Post(open_engine(f"sqlite:///{tmp_path / 'empty.db'}"), post.house, post.port)
    stop = asyncio.Event()
    running = asyncio.create_task(broken.room().run(stop, clock=lambda: MONDAY))
    await asyncio.sleep(0)
    stop.set()
    async with asyncio.timeout(20):
        await running
    broken.engine.dispose()
