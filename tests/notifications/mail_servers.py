"""Real SMTP servers that behave well, refuse, or hang up, for tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from enum import Enum, auto
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Moment(Enum):
    """When a server hangs up."""

    GREETING = auto()
    MAIL = auto()
    DATA = auto()
    BEFORE_THE_DOT = auto()
    AFTER_THE_DOT = auto()


@dataclass
class MailHouse:
    """What a server does with mail, and what it took. Replies are given as `451 later`."""

    at_mail: str = ""
    at_rcpt: str = ""
    at_data: str = ""
    hang_up: Moment | None = None
    taken: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    sessions: list["Server"] = field(default_factory=list)
    refused_addresses: tuple[str, ...] = ()
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=policy.default) for each in self.taken]

    def message_ids(self) -> list[str]:
        """Give the id of each mail, without reading the rest of it."""
        return [str(BytesHeaderParser().parsebytes(each)["Message-ID"]) for each in self.taken]

    async def wait_for(self, count: int) -> None:
        """Return when so many mails have been taken."""
        while len(self.taken) < count:
            await self.came.wait()
            self.came.clear()

    def drop_idle_connections(self) -> None:
        for session in self.sessions:
            if session.transport is not None:
                session.transport.close()

    async def handle_MAIL(  # noqa: N802 - the hooks of aiosmtpd
        self, server: "Server", _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hang_up is Moment.MAIL:
            server.hang_up()
        if self.at_mail:
            return self.at_mail
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: "Server", _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.at_rcpt:
            return self.at_rcpt
        if address in self.refused_addresses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: "Server", _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.at_data:
            return self.at_data
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        self.came.set()
        if self.hang_up is Moment.AFTER_THE_DOT:
            server.hang_up()
        return "250 taken"


class Server(SMTP):
    """aiosmtpd's server, which can also hang up."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        house: MailHouse = self.event_handler
        house.connections += 1
        house.sessions.append(self)
        super().connection_made(transport)
        if house.hang_up is Moment.GREETING:
            self.hang_up()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        house: MailHouse = self.event_handler
        if house.hang_up is Moment.DATA:
            self.hang_up()
        if house.hang_up is Moment.BEFORE_THE_DOT:
            await self.push("354 go on")
            await self._reader.readuntil(b"\r\n")
            self.hang_up()
            return
        await super().smtp_DATA(arg)

    def hang_up(self) -> None:
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.abort()


@asynccontextmanager
async def open_house(house: MailHouse, port: int = 0) -> AsyncIterator[int]:
    """Run a mail server on a loopback port, and give the port."""

    def serve() -> Any:  # noqa: ANN401 - aiosmtpd is not typed
        return Server(house, hostname="mail.example", enable_SMTPUTF8=False)

    server = await asyncio.get_running_loop().create_server(serve, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        house.drop_idle_connections()
        await server.wait_closed()
