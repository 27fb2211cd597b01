"""A process of several that has more than its share to do lets its readers come back to another."""

import asyncio

from httpx2 import ASGITransport, AsyncClient, Response
from starlette.types import Receive, Scope, Send

from service.middleware import SHARE, SharesOut


class Slow:
    """Answers all requests at one moment, when `answering` is set; `asked` counts them."""

    def __init__(self) -> None:
        self.asked = asyncio.Semaphore(0)
        self.answering = asyncio.Event()

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        self.asked.release()
        await self.answering.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def answers_to(readers: int) -> list[Response]:
    """Let so many ask at once, and give their answers in the order in which they got them."""
    slow = Slow()
    async with AsyncClient(transport=ASGITransport(SharesOut(slow)), base_url="http://mendwork") as client:
        asking = [asyncio.create_task(client.get("/")) for _ in range(readers)]
        for _ in asking:
            await slow.asked.acquire()
        slow.answering.set()
        return [await each for each in asyncio.as_completed(asking)]


async def test_while_there_is_little_to_do_connections_are_kept() -> None:
    assert not any("Connection" in answer.headers for answer in await answers_to(SHARE))


async def test_who_is_too_many_is_sent_to_another_connection() -> None:
    closed = [answer.headers.get("Connection") for answer in await answers_to(SHARE + 3)]
    assert closed == ["close"] * 3 + [None] * SHARE
