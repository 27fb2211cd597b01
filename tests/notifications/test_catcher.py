"""The mail catcher takes mail over SMTP and shows it without letting it do anything."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from notifications.catcher import catcher_app, caught, keep, one_caught, run_catcher
from notifications.message import Envelope, build
from notifications.occasion import Letter
from notifications.postman import Accepted
from tests.notifications.test_postman import MAIL, a_postman

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def hostile() -> bytes:
    letter = Letter(
        subject="<script>alert(1)</script>",
        text="</pre><script>alert(2)</script>",
        html='<html><head></head><body>"><script>alert(3)</script></body></html>',
    )
    envelope = Envelope(
        key="k", sender="a@b.example", recipient="amina@factory.example", date=NOW, language="en"
    )
    return build(letter, envelope)


@pytest.fixture
def ports(unused_tcp_port_factory: object) -> tuple[int, int]:
    assert callable(unused_tcp_port_factory)
    return unused_tcp_port_factory(), unused_tcp_port_factory()


async def test_mail_taken_over_smtp_is_listed_and_shown(tmp_path: Path, ports: tuple[int, int]) -> None:
    smtp_port, port = ports
    running = asyncio.create_task(run_catcher(smtp_port=smtp_port, port=port, directory=tmp_path / "mail"))
    async with a_postman(smtp_port) as postman, httpx2.AsyncClient() as browser:
        while not isinstance(await postman.deliver("amina@factory.example", MAIL), Accepted):
            assert not running.done()
        page = await _fetched(browser, f"http://127.0.0.1:{port}/")
        assert "amina@factory.example" in page
        assert "Due tomorrow" in page
        mails = caught(tmp_path / "mail")
        assert "Hello" in await _fetched(browser, f"http://127.0.0.1:{port}/mails/{mails[0].name}")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def _fetched(browser: httpx2.AsyncClient, url: str) -> str:
    while True:
        try:
            answer = await browser.get(url)
        except httpx2.ConnectError:
            continue
        assert answer.status_code == 200
        return answer.text


def test_a_caught_mail_reads_as_it_was_written(tmp_path: Path) -> None:
    keep(tmp_path, MAIL, ["amina@factory.example"], NOW)
    (mail,) = caught(tmp_path)
    assert (mail.to, mail.subject, mail.at) == ("amina@factory.example", "Due tomorrow", NOW)
    assert mail.text == "Hello\n.a dot\n"
    assert mail.html == "<p>Hello</p>\n"


def test_the_newest_mail_comes_first(tmp_path: Path) -> None:
    for minute in (3, 1, 2):
        keep(tmp_path, MAIL, ["amina@factory.example"], NOW.replace(minute=minute))
    assert [mail.at.minute for mail in caught(tmp_path)] == [3, 2, 1]


def test_hostile_mail_is_shown_and_does_nothing(tmp_path: Path) -> None:
    file = keep(tmp_path, hostile(), ["amina@factory.example\r\nX: y"], NOW)
    with TestClient(catcher_app(tmp_path)) as browser:
        answer = browser.get(f"/mails/{file.stem}")
        assert "<script>" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in answer.text
        assert "<script>" not in browser.get("/").text
        assert browser.get("/mails", params={"to": "amina"}).json()[0]["subject"]


def test_a_name_that_is_no_mail_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "secret.eml").write_text("not for you")
    assert one_caught(tmp_path / "sub", "../secret") is None
    with TestClient(catcher_app(tmp_path)) as browser:
        assert browser.get("/mails/secret").status_code == 404


def test_a_foreign_host_name_is_turned_away(tmp_path: Path) -> None:
    with TestClient(catcher_app(tmp_path)) as browser:
        assert browser.get("/", headers={"Host": "rebound.example"}).status_code == 400
