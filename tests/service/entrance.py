"""The door on a stage: the service, its mailroom and a real mail server, browsers, and a clock to turn."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from httpx2 import ASGITransport, AsyncClient, Response

from activities.mailroom import Mailroom, MailroomSettings
from notifications.postman import MailServer, Security
from storage import messages, sign_in_events
from storage.database import reading
from storage.messages import Message
from storage.sign_in_events import Happened
from tests.notifications.mail_servers import MailHouse, open_house
from tests.service.stage import AMINA, HOST, Theatre

AMINAS = f"{AMINA}@mail.example"
PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
LINK = re.compile(rf"{HOST}(/sign-in/link/[\w-]+)")
CODE = re.compile(r"^ +(\d{4} \d{4})$", re.MULTILINE)


@dataclass
class Clock:
    """A clock that the test turns."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class House:
    """The service, its mailroom and a real mail server."""

    theatre: Theatre
    clock: Clock
    mail: MailHouse

    def browser(self, agent: str = PHONE, host: str = "192.0.2.7") -> AsyncClient:
        """Give a browser that keeps its cookies, somewhere on the net."""
        transport = ASGITransport(self.theatre.app, raise_app_exceptions=False, client=(host, 4000))
        return AsyncClient(
            transport=transport, base_url=HOST, headers={"User-Agent": agent, "Accept": "text/html"}
        )

    async def deliver(self) -> None:
        """Let the mailroom send what waits."""
        async with open_house(self.mail) as port:
            server = MailServer(
                host="127.0.0.1",
                port=port,
                sender="Mendwork <mw@mail.example>",
                security=Security.NONE,
                timeout=5,
            )
            room = Mailroom(self.theatre.database, MailroomSettings(server=server, public_url=HOST))
            await room.deliver(self.clock())

    async def ask(self, client: AsyncClient, address: str = AMINAS, to: str = "/findings") -> Response:
        """Ask for a mail, and let it be sent."""
        answer = await client.post("/sign-in", data={"address": address, "to": to})
        await self.deliver()
        return answer

    async def mailed(
        self, client: AsyncClient, address: str = AMINAS, to: str = "/findings"
    ) -> tuple[str, str]:
        """Ask, and give code and link out of the mail."""
        await self.ask(client, address, to)
        text = body(self.mail.mails()[-1])
        (code,), (link,) = CODE.findall(text), set(LINK.findall(text))
        return code, link

    def events(self, person: str = AMINA) -> list[Happened]:
        with reading(self.theatre.database) as connection:
            return [each.kind for each in sign_in_events.of_person(connection, person)]

    def message(self, person: str = AMINA) -> Message:
        with reading(self.theatre.database) as connection:
            return messages.of_person(connection, person)[0]

    def everything(self) -> list[Any]:
        return self.theatre.everything()


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


@asynccontextmanager
async def inside(house: House, **given: str) -> AsyncIterator[AsyncClient]:
    """Give a browser in which Amina is signed in."""
    async with house.browser(**given) as client:
        code, _ = await house.mailed(client)
        assert (await client.post("/sign-in/code", data={"code": code})).status_code == 303
        yield client


async def signed_in(client: AsyncClient) -> bool:
    return (await client.get("/me")).status_code == 200
