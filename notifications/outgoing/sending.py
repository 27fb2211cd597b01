"""One message to another program: signed, sent once, and what came of it.

Names are resolved once, and what is connected to is the address that was judged: a name that answers
otherwise a moment later (rebinding) changes nothing. There are no redirects, no proxies from the
environment and no cookies, because httpcore knows none. Certificates are verified.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from ipaddress import ip_address
from time import monotonic

from httpcore2 import (
    SOCKET_OPTION,
    AnyIOBackend,
    AsyncConnectionPool,
    AsyncNetworkBackend,
    AsyncNetworkStream,
    ConnectError,
    NetworkError,
    ProtocolError,
    TimeoutException,
    default_ssl_context,
)
from standardwebhooks import Webhook

from notifications.outgoing.places import Address, Network, may_go_to

SECONDS = 15.0
"""How long a try may take in all, from resolving the name to the end of the answer."""
MOST_ANSWER = 64 * 1024
MOST_ADDRESSES = 3
AGENT = "Mendwork (webhooks)"
GOOD, REDIRECTS, ERRORS = 200, 300, 400

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
"""Gives the addresses behind a name. Raises OSError where there are none."""


class Fault(StrEnum):
    """What was wrong with a try. Empty where nothing was."""

    NONE = ""
    UNKNOWN_NAME = "unknown_name"
    CLOSED_ADDRESS = "closed_address"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    BROKEN = "broken"
    REDIRECTED = "redirected"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message as it is sent. `secrets` sign it, the newest first."""

    id: str
    url: str
    body: str
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a try: the status that was answered, if any, how long it took, and what was wrong."""

    status: int | None
    milliseconds: int
    fault: Fault


class _NameUnknown(Exception):
    """Nobody knows an address of this name."""


class _AddressClosed(Exception):
    """The name leads where no message may go."""


_WRONG = (_NameUnknown, _AddressClosed, NetworkError, ProtocolError, TimeoutException, OSError)


class Guarded(AsyncNetworkBackend):
    """Connects to names by addresses that it has judged itself."""

    def __init__(self, own: Sequence[Network], resolve: Resolve) -> None:
        """`own` are networks that are open besides the internet at large."""
        self._own = own
        self._resolve = resolve
        self._network = AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as httpcore calls it
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Connect to the first address that answers. None is tried if one of them is closed to us."""
        addresses = await self._judged(host, port)
        for address in addresses[:-1]:
            try:
                return await self._network.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except ConnectError:
                continue
        return await self._network.connect_tcp(
            str(addresses[-1]), port, timeout, local_address, socket_options
        )

    async def _judged(self, host: str, port: int) -> Sequence[Address]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, ValueError) as error:
            raise _NameUnknown from error
        if not addresses:
            raise _NameUnknown
        if not all(may_go_to(each, port, self._own) for each in addresses):
            raise _AddressClosed
        return addresses[:MOST_ADDRESSES]


async def resolved(host: str, port: int) -> Sequence[Address]:
    """Give the addresses that the system knows behind a name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(each[4][0]) for each in found))


class Sender:
    """Sends messages over connections that it keeps open between them."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        """Take the connections to send over."""
        self._pool = pool

    async def send(self, parcel: Parcel) -> Answer:
        """Send a message once, and give what came of it; it never raises for what the other side does."""
        began = monotonic()
        try:
            async with asyncio.timeout(SECONDS):
                status = await self._post(parcel)
        except (
            _NameUnknown,
            _AddressClosed,
            NetworkError,
            ProtocolError,
            TimeoutException,
            OSError,
        ) as error:
            return Answer(status=None, milliseconds=_since(began), fault=_fault(error))
        return Answer(status=status, milliseconds=_since(began), fault=_judged(status))

    async def _post(self, parcel: Parcel) -> int:
        content = parcel.body.encode()
        async with self._pool.stream("POST", parcel.url, headers=_headers(parcel), content=content) as answer:
            size = 0
            async for part in answer.aiter_stream():
                size += len(part)
                if size > MOST_ANSWER:
                    break
            return answer.status


@asynccontextmanager
async def sender(own: Sequence[Network] = (), resolve: Resolve = resolved) -> AsyncIterator[Sender]:
    """Give a sender, whose connections end with the block."""
    backend = Guarded(own, resolve)
    trusted = _trusted(os.environ.get("SSL_CERT_FILE", ""))
    async with AsyncConnectionPool(ssl_context=trusted, network_backend=backend) as pool:
        yield Sender(pool)


@cache
def _trusted(_file: str) -> ssl.SSLContext:
    """Give what certificates are verified by. Reading all authorities takes 40 ms: once for each setting."""
    return default_ssl_context()


def _headers(parcel: Parcel) -> dict[bytes | str, bytes | str]:
    now = datetime.now(UTC)
    signed = [Webhook(secret).sign(parcel.id, now, parcel.body) for secret in parcel.secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "webhook-id": parcel.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def _since(began: float) -> int:
    return round((monotonic() - began) * 1000)


def _judged(status: int) -> Fault:
    if GOOD <= status < REDIRECTS:
        return Fault.NONE
    return Fault.REDIRECTED if REDIRECTS <= status < ERRORS else Fault.REFUSED


def _fault(error: BaseException) -> Fault:
    if isinstance(error, _NameUnknown):
        return Fault.UNKNOWN_NAME
    if isinstance(error, _AddressClosed):
        return Fault.CLOSED_ADDRESS
    if isinstance(error, TimeoutException | TimeoutError):
        return Fault.TIMEOUT
    if isinstance(error, ProtocolError):
        return Fault.BROKEN
    return Fault.CERTIFICATE if _about_tls(error) else Fault.UNREACHABLE


def _about_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
