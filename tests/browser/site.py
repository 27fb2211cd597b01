"""The real app on a loopback port, before a real Chromium: people with devices of their own."""

import asyncio
import re
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response
from temporalio.testing import WorkflowEnvironment

from activities.mailroom import Mailroom, MailroomSettings
from notifications.postman import MailServer, Security
from tests.notifications.mail_servers import MailHouse, open_house
from tests.service.entrance import body
from tests.service.stage import Live, a_live, token_of

HOST = "127.0.0.1"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    *("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    # Whatever a page asks of another host fails, and a test that sees it fails too.
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}, EXCLUDE localhost",
)

PATIENCE = 20_000
"""Milliseconds that a browser waits for what must come: many, for a machine that does much else."""

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}

EXPECTED = re.compile(
    r"^Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_INTERNET_DISCONNECTED)"
)
"""What Chromium says of its own accord about an answer that refuses, and where there is no link."""


def program() -> str | None:
    """Give where the system's Chromium is, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@dataclass
class Site:
    """The app as people reach it. `troubles` is what browsers complained of: nothing, in a good test."""

    live: Live
    url: str
    chromium: Browser
    mail: MailHouse
    smtp_port: int
    troubles: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def open(self, person: str | None = None, **device: Any) -> Page:  # noqa: ANN401 - as Playwright's
        """Give a device (a phone where nothing else is said), signed in as `person` if there is one."""
        context = await self.chromium.new_context(base_url=self.url, **{**PHONE, **device})
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        self._listen(context)
        page = await context.new_page()
        if person is not None:
            await self.carry(page, person)
        return page

    async def carry(self, page: Page, person: str) -> None:
        """Let somebody be signed in on a device, in place of whoever was."""
        cookie: Any = {"name": "mendwork", "value": token_of(person), "url": self.url}
        await page.context.add_cookies([cookie])

    async def close_all(self) -> None:
        """Close the devices opened so far, and forget what they complained of."""
        while self._contexts:
            await self._contexts.pop().close()
        self.troubles.clear()

    async def deliver(self) -> EmailMessage:
        """Let the mailroom send what waits by real SMTP, and give the last mail that came."""
        server = MailServer(
            host=HOST,
            port=self.smtp_port,
            sender="Mendwork <mw@mail.example>",
            security=Security.NONE,
            timeout=5,
        )
        room = Mailroom(self.live.theatre.database, MailroomSettings(server=server, public_url=self.url))
        await room.deliver(datetime.now(UTC))
        return self.mail.mails()[-1]

    async def mailed(self, pattern: str) -> str:
        """Send what waits, and give what a pattern finds in the last mail."""
        found = re.search(pattern, body(await self.deliver()), re.MULTILINE)
        assert found, "the mail says nothing like it"
        return found[0]

    def _listen(self, context: BrowserContext) -> None:
        context.on("console", self._said)
        context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not EXPECTED.match(message.text):
            self.troubles.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if not request.url.startswith(self.url):
            self.troubles.append(f"asked elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status}: {response.url}")


class InTestsLoop(uvicorn.Server):
    """uvicorn's server, which leaves signals to pytest."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def a_site(
    environment: WorkflowEnvironment, chromium: Browser, folder: Path, template: Path, host: str = HOST
) -> AsyncIterator[Site]:
    """Run the app, its worker, a real Temporal server and a mail server, for the length of a block.

    `host` is what browsers know the loopback address by.
    """
    house = MailHouse()
    with socket.create_server((HOST, 0)) as listening:
        url = f"http://{host}:{listening.getsockname()[1]}"
        settings: dict[str, Any] = {
            "public_url": url,
            "trusted_hosts": (host, "testserver"),
            "development": True,
        }
        async with (
            a_live(environment, folder, template, **settings) as live,
            open_house(house) as smtp_port,
            served(live.theatre.app, listening),
        ):
            yield Site(live, url, chromium, house, smtp_port)


@asynccontextmanager
async def served(app: FastAPI, listening: socket.socket) -> AsyncIterator[None]:
    """Serve an app over HTTP as `mendwork serve` does."""
    config = uvicorn.Config(app, lifespan="off", server_header=False, access_log=False, log_level="error")
    server = InTestsLoop(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        await serving
