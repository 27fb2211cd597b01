"""Receivers of webhooks: small real servers on this machine that answer as a test says."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

LOOPBACK = (IPv4Network("127.0.0.0/8"), IPv6Network("::1"))
ALL_IS_WELL = b"HTTP/1.1 204 No Content\r\n\r\n"


def answering(status: int, *headers: str, body: bytes = b"") -> bytes:
    """Give an answer as it goes over the wire."""
    lines = [f"HTTP/1.1 {status} So", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@dataclass
class Receiver:
    """What came in, and what is answered: the answers in turn, the last one from then on."""

    answers: list[bytes] = field(default_factory=lambda: [ALL_IS_WELL])
    heads: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    port: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens, in the open."""
        return f"http://127.0.0.1:{self.port}/hook"

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take requests until the caller goes."""
        self.writers.append(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._answer(head.decode(), reader, writer)

    async def _answer(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = [line.partition(": ") for line in head.splitlines()[1:] if line]
        given = {name.lower(): value for name, _, value in lines}
        body = await reader.readexactly(int(given["content-length"]))
        self.heads.append(given | {"request": head.splitlines()[0]})
        self.bodies.append(body)
        writer.write(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
        await writer.drain()


@asynccontextmanager
async def receiving(
    *answers: bytes, secured: ssl.SSLContext | None = None, take: Callable[..., object] | None = None
) -> AsyncIterator[Receiver]:
    """Run a receiver for the length of a block; `take` may treat callers in another way."""
    receiver = Receiver(list(answers) or [ALL_IS_WELL])
    server = await asyncio.start_server(take or receiver.take, "127.0.0.1", 0, ssl=secured)  # type: ignore[arg-type]
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for writer in receiver.writers:
            writer.close()
            with suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()
