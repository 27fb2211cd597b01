"""A wire passes everything on until it is told to do harm, and then does exactly that harm once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import pytest

from tests.nemesis.wires import Harm, Wire, open_wire
from tests.temporal_server import HOST


@asynccontextmanager
async def an_echo() -> AsyncIterator[tuple[Wire, list[bytes]]]:
    """A server that says back what it hears, behind a wire; with what it has heard."""
    heard: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            while said := await reader.read(1024):
                heard.append(said)
                writer.write(b"heard " + said)

    server = await asyncio.start_server(answer, HOST, 0)
    async with open_wire("echo", server.sockets[0].getsockname()[1]) as wire:
        yield wire, heard
    server.close()
    await server.wait_closed()


async def said(wire: Wire, words: bytes = b"sign") -> bytes:
    """Say something through a wire, and give what comes back until the connection breaks or all is there."""
    reader, writer = await asyncio.open_connection(HOST, wire.port)
    back = b""
    with closing(writer):
        try:
            writer.write(words)
            while len(back) < len(b"heard " + words) and (more := await reader.read(1024)):
                back += more
        except ConnectionError:
            pass
    return back


async def test_a_wire_at_peace_passes_everything_on() -> None:
    async with an_echo() as (wire, heard):
        assert await said(wire) == b"heard sign"
        assert heard == [b"sign"]
        assert wire.struck.total() == 0


@pytest.mark.parametrize(
    ("harm", "arrives", "comes_back"),
    [(Harm.REQUEST_LOST, False, b""), (Harm.REPLY_LOST, True, b""), (Harm.REPLY_CUT, True, b"heard")],
)
async def test_harm_is_done_once(harm: Harm, arrives: bool, comes_back: bytes) -> None:  # noqa: FBT001
    async with an_echo() as (wire, heard):
        wire.arm(harm)
        assert await said(wire) == comes_back
        assert heard == ([b"sign"] if arrives else [])
        assert (wire.struck[harm], wire.armed) == (1, False)
        assert await said(wire) == b"heard sign"


async def test_harm_waits_for_its_mark() -> None:
    async with an_echo() as (wire, _):
        wire.arm(Harm.REPLY_LOST, lambda chunk: b"COMMIT" in chunk)
        assert await said(wire, b"SELECT") == b"heard SELECT"
        assert await said(wire, b"COMMIT") == b""


async def test_a_wire_that_refuses_lets_nobody_in_until_it_is_healed() -> None:
    async with an_echo() as (wire, _):
        wire.refuse()
        assert await said(wire) == b""
        wire.heal()
        assert await said(wire) == b"heard sign"
        assert wire.struck[Harm.REFUSED] == 1


async def test_a_slow_wire_counts_what_it_held_up() -> None:
    async with an_echo() as (wire, _):
        wire.slow(0.01)
        assert await said(wire) == b"heard sign"
        assert wire.struck[Harm.DELAYED] == 1
