"""The postman: hands messages to a mail server, and knows for each whether it was taken.

An error before the final dot means that the server did not take the message; after the dot only the
server's answer tells. aiosmtplib raises the same errors on both sides, so the dot is sent by itself here.
"""

import asyncio
import re
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from aiosmtplib import SMTP, SMTPException, SMTPResponse, SMTPResponseException

from notifications.message import bare

_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_START_INPUT = 354
MOST_OF_A_REPLY = 500
_NOT_THE_MESSAGE = frozenset({421, 530, 534, 535, 538})
"""Refusals of the connection or of our sign-in: the next try may fare better with the same message."""


class Security(StrEnum):
    """How the connection is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed over, and as whom.

    `sender` is an address or `Name <address>`; `timeout` is in seconds, for one message as a whole.
    """

    host: str
    port: int
    sender: str
    security: Security = Security.STARTTLS
    username: str = ""
    password: str = ""
    timeout: float = 30.0

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port}, {self.security})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try. `reply` is the server's answer, or what happened to the connection."""

    reply: str


class Accepted(Outcome):
    """The server has it now."""


class Deferred(Outcome):
    """The server certainly does not have it. Trying again later is safe."""


class Unreachable(Deferred):
    """The server could not be spoken with, or not as whom we are: so it is for every message."""


class Rejected(Outcome):
    """The server will never take it."""


class Unknown(Outcome):
    """The message was handed over in full and the answer was lost: it may or may not have been taken."""


class Postman:
    """One conversation with the mail server, kept open for the messages of a round.

    Use as an asynchronous context manager. Not for two tasks at once.
    """

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._client: SMTP | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        client, self._client = self._client, None
        if client is not None and client.is_connected:
            await _say_goodbye(client)

    async def deliver(self, recipient: str, content: bytes) -> Outcome:
        """Hand over one message (wire bytes, see `message.build`) to one recipient."""
        reused = self._client is not None and self._client.is_connected
        handover = _Handover()
        outcome = await self._try(handover, recipient, content)
        if reused and isinstance(outcome, Deferred) and not handover.answered:
            # The server had hung up on the idle connection. Nothing was handed over: try on a new one.
            outcome = await self._try(_Handover(), recipient, content)
        return outcome

    async def _try(self, handover: "_Handover", recipient: str, content: bytes) -> Outcome:
        try:
            async with asyncio.timeout(self._server.timeout):
                client = await self._connected()
                outcome = await handover.make(client, bare(self._server.sender), recipient, content)
        except (SMTPException, OSError, ValueError) as error:
            self._hang_up()
            return handover.broken_by(error)
        if not isinstance(outcome, Accepted):
            self._hang_up()
        return outcome

    async def _connected(self) -> SMTP:
        if self._client is None or not self._client.is_connected:
            self._client = _client(self._server)
            await self._client.connect()
            if self._client.is_ehlo_or_helo_needed:
                await self._client.ehlo()
        return self._client

    def _hang_up(self) -> None:
        """After anything but success a new connection costs less than doubt about the old one's state."""
        if self._client is not None:
            self._client.close()
            self._client = None


class _Handover:
    """One message's way to the server: what was answered, and whether the final dot was on its way."""

    def __init__(self) -> None:
        self.answered = False
        self.dotted = False

    async def make(self, client: SMTP, sender: str, recipient: str, content: bytes) -> Outcome:
        for command in (f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>", "DATA"):
            response = await client.execute_command(command.encode("ascii"))
            self.answered = True
            if response.code >= 400 or (command == "DATA" and response.code != _START_INPUT):  # noqa: PLR2004
                return _refusal(response)
        await self._send(client, content)
        self.dotted = True
        response = await client.execute_command(b".")
        return Accepted(_text(response)) if response.code < 300 else _refusal(response)  # noqa: PLR2004

    async def _send(self, client: SMTP, content: bytes) -> None:
        if client.transport is None:
            raise ConnectionResetError
        client.transport.write(_stuffed(content))  # type: ignore[attr-defined]
        # Lets a hang-up that has already arrived be seen before the dot makes it doubtful.
        await asyncio.sleep(0)
        if not client.is_connected:
            raise ConnectionResetError

    def broken_by(self, error: Exception) -> Outcome:
        """Tell what an error means by how far the message had come."""
        text = str(error) or type(error).__name__
        if self.dotted:
            return Unknown(text)
        if isinstance(error, SMTPResponseException):
            text = f"{error.code} {error.message}"
        return Deferred(text) if self.answered else Unreachable(text)


def _client(server: MailServer) -> SMTP:
    return SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username or None,
        password=server.password or None,
        use_tls=server.security is Security.TLS,
        start_tls=server.security is Security.STARTTLS,
        timeout=server.timeout,
        local_hostname=bare(server.sender).rpartition("@")[2],
    )


def _stuffed(content: bytes) -> bytes:
    """Give the content with uniform line ends and dots doubled at their beginning (RFC 5321, 4.5.2)."""
    lines = _LINE_ENDS.sub(b"\r\n", content)
    whole = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return _LEADING_DOT.sub(b"..", whole)


def _refusal(response: SMTPResponse) -> Outcome:
    permanent = response.code >= 500 and response.code not in _NOT_THE_MESSAGE  # noqa: PLR2004
    return Rejected(_text(response)) if permanent else Deferred(_text(response))


def _text(response: SMTPResponse) -> str:
    return f"{response.code} {response.message}"[:MOST_OF_A_REPLY]


async def _say_goodbye(client: SMTP) -> None:
    try:
        await client.quit()
    except (SMTPException, OSError):
        client.close()  # the server has hung up first
