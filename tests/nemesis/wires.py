"""Wires: TCP proxies between the programs that lose, delay, refuse and cut what passes when told to."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

from tests.temporal_server import HOST

CHUNK = 65_536
GOES_THROUGH_SECONDS = 0.3
"""How long a request whose reply is lost is left alone, so that it is truly carried out."""

Mark = Callable[[bytes], bool]


class Harm(StrEnum):
    """What can happen to what passes."""

    REQUEST_LOST = "request lost"
    """Dropped before it arrives: nothing happens, and the sender's connection breaks."""
    REPLY_LOST = "reply lost"
    """It arrives and is carried out; the connection breaks before the answer."""
    REPLY_CUT = "reply cut in the middle"
    DELAYED = "delayed"
    REFUSED = "refused"
    """Connections break, and new ones are refused."""


@dataclass(eq=False)
class Link:
    """One connection through a wire: towards whoever called, and towards whoever serves."""

    caller: asyncio.StreamWriter
    server: asyncio.StreamWriter
    doomed: Harm | None = None

    def cut(self) -> None:
        """Break both sides at once."""
        for each in (self.caller, self.server):
            each.transport.abort()


@dataclass
class Wire:
    """Passes everything on from a port of its own to another. `struck` counts the harm really done.

    `port` is known once the wire is open.
    """

    name: str
    target: int
    port: int = 0
    struck: Counter[Harm] = field(default_factory=Counter)
    _links: set[Link] = field(default_factory=set)
    _armed: Harm | None = None
    _mark: Mark | None = None
    _delay: float = 0.0
    _refuses: bool = False

    def arm(self, harm: Harm, mark: Mark | None = None) -> None:
        """Do harm to the next request, or to the next that bears a mark."""
        self._armed, self._mark = harm, mark

    @property
    def armed(self) -> bool:
        """Whether the harm that was asked for has not been done yet."""
        return self._armed is not None

    def slow(self, seconds: float) -> None:
        """Hold each request up for so long from now on; 0 ends it."""
        self._delay = seconds

    def refuse(self, *, refuses: bool = True) -> None:
        """Break every connection and refuse new ones from now on, or end that."""
        self._refuses = refuses
        if refuses:
            self.struck[Harm.REFUSED] += len(self._links)
            for link in tuple(self._links):
                link.cut()

    def heal(self) -> None:
        """Do no harm any more."""
        self._armed = self._mark = None
        self._delay, self._refuses = 0.0, False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a connection and pass on what it brings, until one side ends it."""
        if self._refuses:
            self.struck[Harm.REFUSED] += 1
            writer.transport.abort()
            return
        try:
            back, server = await asyncio.open_connection(HOST, self.target)
        except OSError:  # whoever serves is away: so it is for the caller
            writer.transport.abort()
            return
        link = Link(writer, server)
        self._links.add(link)
        try:
            pumps = [asyncio.ensure_future(each) for each in (self._up(reader, link), self._down(back, link))]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._end(link, pumps)

    async def _end(self, link: Link, pumps: Sequence[asyncio.Future[None]]) -> None:
        self._links.discard(link)
        for each in pumps:
            each.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        for side in (link.caller, link.server):
            side.close()

    async def _up(self, reader: asyncio.StreamReader, link: Link) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(CHUNK):
                harm = self._harm_to(chunk)
                if harm is Harm.REQUEST_LOST:
                    self._strike(link, harm)
                    return
                link.doomed = link.doomed or harm
                if self._delay:
                    self.struck[Harm.DELAYED] += 1
                    await asyncio.sleep(self._delay)
                link.server.write(chunk)
                await link.server.drain()

    async def _down(self, reader: asyncio.StreamReader, link: Link) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(CHUNK):
                if link.doomed is Harm.REPLY_LOST:
                    await asyncio.sleep(GOES_THROUGH_SECONDS)
                elif link.doomed is Harm.REPLY_CUT:
                    link.caller.write(chunk[: len(chunk) // 2])
                if link.doomed is not None:
                    self._strike(link, link.doomed)
                    return
                link.caller.write(chunk)
                await link.caller.drain()

    def _harm_to(self, chunk: bytes) -> Harm | None:
        if self._armed is None or (self._mark is not None and not self._mark(chunk)):
            return None
        harm, self._armed, self._mark = self._armed, None, None
        return harm

    def _strike(self, link: Link, harm: Harm) -> None:
        self.struck[harm] += 1
        link.cut()


@asynccontextmanager
async def open_wire(name: str, target: int) -> AsyncIterator[Wire]:
    """Open a wire to a loopback port for the length of a block."""
    wire = Wire(name, target)
    server = await asyncio.start_server(wire.serve, HOST, 0)
    wire.port = server.sockets[0].getsockname()[1]
    try:
        yield wire
    finally:
        server.close()
        wire.refuse()  # breaks what is still connected
        await server.wait_closed()
