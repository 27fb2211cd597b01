"""What every answer and every page keeps to, wherever it comes from. New routes are held to it, too."""

import uuid
from collections.abc import AsyncIterator, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from httpx2 import Response

from service.api.bodies import BODIES
from tests.service.addresses import addresses
from tests.service.browsing import browser
from tests.service.stage import (
    AMINA,
    BAO,
    CHLOE,
    OPERATOR,
    PETRA,
    Theatre,
    a_life,
    a_theatre,
    token_of,
)

IDS = {
    "finding": ["f1", "none"],
    "factory": ["lotus"],
    "plan": ["plan-1"],
    "of": ["plan-1"],
    "meeting": ["m-1"],
    "visit": ["v-1"],
    "programme": ["bd"],
    "person": ["amina"],
    "assessment": ["as-1"],
    "upload": ["none"],
    "form": ["xlsx", "csv"],
    "number": ["1"],
    "revision": ["0" * 64],
    "command": ["none"],
    "piece": ["none"],
    "session": ["none"],
    "verb": [verb.replace("_", "-") for verb in BODIES],
    "link": ["none"],
    "provider": ["none"],
    "secret": ["none"],
    "feed": ["none"],
    "webhook": ["none"],
    "delivery": ["none"],
    "comment": ["none"],
    "passkey": ["none"],
    "first": ["2030-01-01"],
}
WRITING = ("POST", "PUT", "PATCH", "DELETE")
SHARED = frozenset({"/service-worker.js", "/manifest.webmanifest", "/offline"})
"""Pages that are the same for everybody, and may be kept."""
EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "/\r\nLocation: //evil.example",
)


class Page(HTMLParser):
    """A page's tags, to see that nothing in it runs, loads from elsewhere or sends elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._runs = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._runs = tag in {"script", "style"}
        if tag in {"style", "iframe", "object", "embed", "base"} or (tag == "script" and "src" not in given):
            self.faults.append(f"<{tag}>")
        self.faults += [f"{name} of <{tag}>" for name in given if name.startswith("on") or name == "style"]
        leads = (given[name] for name in ("href", "src", "action", "formaction", "poster") if name in given)
        self.faults += [f"<{tag}> leads to {each}" for each in leads if not _ours(each)]
        if tag == "form" and given.get("method", "get") not in {"get", "post"}:
            self.faults.append(f"<form method={given['method']}>")

    def handle_data(self, data: str) -> None:
        if self._runs and data.strip():
            self.faults.append(f"inline: {data[:40]}")
        self._runs = False


def _ours(address: str) -> bool:
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc


@pytest.fixture(autouse=True)
def finding(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))


async def everything_read(theatre: Theatre, person: str | None) -> AsyncIterator[tuple[str, Response]]:
    """Read every address as somebody."""
    headers = {"Cookie": f"mendwork={token_of(person)}"} if person else {}
    async with theatre.act(person, Accept="text/html", **headers) as client:
        for route in addresses(theatre.app, "GET"):
            # A PDF takes a second: that of one reader is like the others'.
            for path in route.filled(IDS) if person == AMINA or "paper" not in route.template else ():
                yield path, await client.get(path)


def kept_to(answer: Response) -> Iterator[str]:
    """Give what an answer lacks of the headers that keep browsers from doing more than show it."""
    policy = answer.headers.get("Content-Security-Policy", "")
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    wanted = {
        "default-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "form-action": "'self'",
    }
    yield from (f"CSP {name}" for name, value in wanted.items() if rules.get(name) != value)
    yield from (f"CSP {word}" for word in ("unsafe", "http:", "https:", "data:", "*") if word in policy)
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        yield "nosniff"
    if answer.headers.get("Referrer-Policy") != "same-origin":
        yield "Referrer-Policy"


@pytest.mark.parametrize("person", [AMINA, CHLOE, PETRA, OPERATOR, None])
async def test_every_answer_is_safe_and_no_page_runs_or_loads_what_is_not_ours(
    theatre: Theatre, person: str | None
) -> None:
    pages = 0
    async for path, answer in everything_read(theatre, person):
        assert answer.status_code != 500, path
        assert not list(kept_to(answer)), path
        if path not in SHARED:
            assert "no-store" in answer.headers["Cache-Control"], path
        if answer.headers.get("content-type", "").startswith("text/html"):
            pages += 1
            assert not Page(answer.text).faults, path
    assert pages > 3


async def test_errors_and_static_files_are_as_safe(theatre: Theatre) -> None:
    async with browser(theatre, AMINA) as client:
        answers = [
            await client.get("/nothing"),
            await client.get("/static/nothing.css"),
            await client.get("/static/mendwork.css"),
            await client.get("/static/../../pyproject.toml"),
            await client.get("/static/%2e%2e/%2e%2e/pyproject.toml"),
            await client.delete("/findings/f1"),
            await client.post("/sign-in", content=b"x" * 100_000),
            await client.get("/", headers={"Host": "evil.example"}),
        ]
        with theatre.database.begin() as connection:
            connection.exec_driver_sql("UPDATE findings SET state = '{}'")
        answers.append(await client.get("/findings/f1"))
    assert [answer.status_code for answer in answers] == [404, 404, 200, 404, 404, 405, 413, 400, 500]
    for answer in answers:
        assert not list(kept_to(answer)), answer.url
        assert "evil.example" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
    ids=["cross-site", "same-site", "old browser"],
)
async def test_no_form_or_command_is_taken_from_another_sites_page(
    theatre: Theatre, headers: dict[str, str]
) -> None:
    before = theatre.everything()
    cookie = {"Cookie": f"mendwork={token_of(BAO)}"}
    asked = 0
    async with theatre.act(BAO, Accept="text/html", **cookie, **headers) as client:
        for route in addresses(theatre.app, *WRITING):
            for method in route.methods & set(WRITING):
                path = next(route.filled(IDS))
                answer = await client.request(method, path, headers={"Idempotency-Key": uuid.uuid4().hex})
                assert answer.status_code == 403, (method, path)
                asked += 1
    assert asked > 50
    assert theatre.everything() == before


async def test_a_form_takes_no_more_than_it_needs(theatre: Theatre) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"a" * 1_000_000

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with browser(theatre, AMINA) as client:
        for route in addresses(theatre.app, "POST"):
            if route.is_page and route.template != "/sign-out":
                taken = 0
                answer = await client.post(next(route.filled(IDS)), content=endless(), headers=form)
                # Where files may come too, the form is refused while it is read: one field holds a megabyte.
                assert answer.status_code in {400, 413} or not taken, route.template
                assert taken <= 2, route.template


@pytest.mark.parametrize("to", EVIL)
async def test_nobody_is_led_to_another_site(theatre: Theatre, to: str) -> None:
    async with browser(theatre) as client:
        for route in addresses(theatre.app, "GET"):
            for name in {"to", "next", "back", "return"} & set(route.queries):
                for path in route.filled(IDS):
                    answer = await client.get(path, params={name: to})
                    assert _ours(answer.headers.get("Location", "/")), path
                    assert not Page(answer.text).faults, path
        token = {"token": token_of(AMINA)}
        for path, data in (("/sign-in/token", token), ("/sign-in", {"address": "amina@mail.example"})):
            answer = await client.post(path, data={**data, "to": to, "back": to})
            assert answer.status_code == 303, path
            assert _ours(answer.headers["Location"]), path
            assert "evil" not in answer.headers["Location"], path


async def test_cookies_are_held_to_this_host_and_to_https(template: Path, tmp_path: Path) -> None:
    theatre = a_theatre(tmp_path, template=template, public_url="https://mendwork.example")
    async with browser(theatre) as client:
        answers = [
            await client.post("/sign-in/token", data={"token": token_of(AMINA)}),
            await client.post("/sign-in", data={"address": "amina@mail.example"}),
            await client.post("/language", data={"language": "fr"}),
        ]
    theatre.close()
    cookies = [cookie for answer in answers for cookie in _cookies(answer)]
    assert len(cookies) >= 3
    for name, flags in cookies:
        assert name.startswith("__Host-")
        assert {"httponly", "secure", "path=/", "samesite=lax"} <= flags
        assert not any(flag.startswith("domain") for flag in flags)
    assert all("max-age" in answer.headers["Strict-Transport-Security"] for answer in answers)


def _cookies(answer: Response) -> Iterator[tuple[str, set[str]]]:
    for text in answer.headers.get_list("set-cookie"):
        name, *flags = text.split(";")
        yield name.partition("=")[0], {flag.strip().lower() for flag in flags}
