"""The mail catcher of `mendwork up`: takes mail on a loopback port, keeps it in files, shows it.

Nothing it takes ever leaves the machine. Each mail is one `.eml` file, so that any mail program opens it.
"""

import asyncio
import re
import secrets
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI, HTTPException
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

LOOPBACK = "127.0.0.1"
MOST_SHOWN = 200
MOST_BYTES = 10 * 1024 * 1024
MAIL_FOLDER = Path("var") / "mail"
_NAME = re.compile(r"[0-9TZ]+-[0-9a-f]+")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
"""Mail is written by anybody: its HTML may show itself, but run, load and send nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """A caught mail. `at` is when it came (UTC); `to` is whom it was handed over for."""

    name: str
    at: datetime
    sender: str
    to: str
    subject: str
    date: str
    text: str
    html: str


def keep(directory: Path, content: bytes, recipients: list[str], at: datetime) -> Path:
    """Store a mail (wire bytes) in a file of its own, complete from the first moment it can be seen."""
    name = f"{at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(4)}"
    file, unfinished = directory / f"{name}.eml", directory / f".{name}"
    line = ", ".join(recipients).encode("utf-8", "replace").replace(b"\r", b"").replace(b"\n", b"")
    unfinished.write_bytes(b"X-Recipients: " + line + b"\r\n" + content)
    unfinished.rename(file)
    return file


def caught(directory: Path, limit: int = MOST_SHOWN) -> list[Caught]:
    """Give the latest mails that were caught, newest first."""
    names = sorted((file.stem for file in directory.glob("*.eml")), reverse=True)
    return [_read(directory, name) for name in names[:limit]]


def one_caught(directory: Path, name: str) -> Caught | None:
    """Give a caught mail by its name, or None."""
    known = _NAME.fullmatch(name) and (directory / f"{name}.eml").is_file()
    return _read(directory, name) if known else None


def _read(directory: Path, name: str) -> Caught:
    content = (directory / f"{name}.eml").read_bytes()
    mail = message_from_bytes(content, policy=policy.default)
    return Caught(
        name=name,
        at=datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC),
        sender=str(mail["From"] or ""),
        to=str(mail["X-Recipients"] or ""),
        subject=str(mail["Subject"] or ""),
        date=str(mail["Date"] or ""),
        text=_part(mail, "plain"),
        html=_part(mail, "html"),
    )


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


@dataclass(frozen=True)
class _Keeper:
    """What the SMTP server does with a mail: it keeps it.

    Without slots: the server's library looks through its members, at which Python 3.11.2 (Debian 12) fails.
    """

    directory: Path

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = cast("bytes", envelope.content)
        await asyncio.to_thread(keep, self.directory, content, envelope.rcpt_tos, datetime.now(UTC))
        return "250 Caught; it goes no further"


def catcher_app(directory: Path) -> FastAPI:
    """Give the pages that show the mails caught in a directory: a list, and one mail."""
    app = FastAPI(title="Caught mail", openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost", "testserver"])

    @app.get("/", response_class=HTMLResponse)
    def mails() -> HTMLResponse:
        return _page("list.j2", mails=caught(directory), most=MOST_SHOWN)

    @app.get("/mails")
    def mails_as_json(to: str = "") -> list[Caught]:
        return [mail for mail in caught(directory) if to in mail.to]

    @app.get("/mails/{name}", response_class=HTMLResponse)
    def one_mail(name: str) -> HTMLResponse:
        mail = one_caught(directory, name)
        if mail is None:
            raise HTTPException(404, "There is no such mail.")
        return _page("mail.j2", mail=mail, shown=_linking_out(mail.html))

    return app


def _linking_out(html: str) -> str:
    """Let links open beside the page: inside its frame nothing could be signed in to."""
    return html.replace("<head>", '<head><base target="_blank">', 1)


def _page(template: str, **values: object) -> HTMLResponse:
    html = _PAGES.get_template(template).render(values)
    headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
    return HTMLResponse(html, headers=headers)


_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates" / "_catcher"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class _Web(uvicorn.Server):
    """A web server that leaves signals to whoever runs it."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()


async def run_catcher(*, smtp_port: int, port: int, directory: Path = MAIL_FOLDER) -> None:
    """Catch mail on `smtp_port` and show it on `port`, both on loopback, until cancelled."""
    await asyncio.to_thread(directory.mkdir, parents=True, exist_ok=True)
    taker = await _take_mail(smtp_port, directory)
    web = _Web(uvicorn.Config(catcher_app(directory), host=LOOPBACK, port=port, log_level="warning"))
    showing = asyncio.create_task(web.serve())
    try:
        await asyncio.shield(showing)
    finally:
        taker.close()
        web.should_exit = True
        await showing


async def _take_mail(port: int, directory: Path) -> asyncio.Server:
    def taker() -> Any:  # noqa: ANN401 - aiosmtpd is not typed
        return SMTP(
            _Keeper(directory), hostname="localhost", data_size_limit=MOST_BYTES, enable_SMTPUTF8=True
        )

    return await asyncio.get_running_loop().create_server(taker, LOOPBACK, port)
