"""The pages: signing in and out, the list, one finding; without scripts, and for a phone."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from remediation.words import FactoryId, PlanId, Severity
from tests.service.stage import (
    AMINA,
    BAO,
    CHLOE,
    NEIGHBOUR,
    PADMA,
    QUESTION,
    Live,
    Theatre,
    a_life,
    a_plan,
    a_theatre,
    token_of,
)


def browser(theatre: Theatre, person: str | None = None) -> AsyncClient:
    client = theatre.act(None, Accept="text/html")
    if person is not None:
        client.cookies.set("mendwork", token_of(person))
    return client


async def test_the_token_given_once_opens_the_pages(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre) as client:
        sent = await client.get("/findings/f1?x=1")
        assert (sent.status_code, sent.headers["Location"]) == (303, "/sign-in?to=%2Ffindings%2Ff1%3Fx%3D1")
        form = await client.get(sent.headers["Location"])
        assert 'name="to" value="/findings/f1?x=1"' in form.text
        signed_in = await client.post(
            "/sign-in/token", data={"token": f" {token_of(AMINA)} ", "to": "/findings/f1?x=1"}
        )
        assert (signed_in.status_code, signed_in.headers["Location"]) == (303, "/findings/f1?x=1")
        cookie = signed_in.headers["Set-Cookie"]
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert "Secure" not in cookie
        assert QUESTION in (await client.get("/findings/f1")).text
        signed_out = await client.post("/sign-out")
        assert signed_out.headers["Location"] == "/sign-in"
        assert (await client.get("/findings")).status_code == 303


async def test_behind_https_the_cookie_is_held_to_it(template: object, tmp_path: object) -> None:
    theatre = a_theatre(tmp_path, template=template, public_url="https://mendwork.example")  # type: ignore[arg-type]
    async with browser(theatre) as client:
        answer = await client.post("/sign-in/token", data={"token": token_of(AMINA)})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-mendwork=")
    assert "Secure" in cookie
    assert answer.headers["Strict-Transport-Security"]
    theatre.close()


@pytest.mark.parametrize("token", ["", "wrong", "x" * 400])
async def test_a_wrong_token_is_told_so(theatre: Theatre, token: str) -> None:
    async with browser(theatre) as client:
        answer = await client.post("/sign-in/token", data={"token": token})
    assert answer.status_code == 401
    assert "not known" in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\nb"])
async def test_signing_in_leads_nowhere_else(theatre: Theatre, to: str) -> None:
    async with browser(theatre) as client:
        answer = await client.post("/sign-in/token", data={"token": token_of(AMINA), "to": to})
        shown = await client.get("/sign-in", params={"to": to})
    assert answer.headers["Location"] == "/"
    assert "evil" not in shown.text


async def test_another_sites_form_signs_nobody_in_or_out(theatre: Theatre) -> None:
    async with browser(theatre, AMINA) as client:
        for path in ("/sign-in", "/sign-out"):
            answer = await client.post(path, headers={"Sec-Fetch-Site": "cross-site"})
            assert answer.status_code == 403
            assert "Set-Cookie" not in answer.headers


async def test_the_cookie_opens_no_command(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre, BAO) as client:
        answer = await client.post(
            "/api/v1/findings/f1/propose", json=a_plan(), headers={"Idempotency-Key": "k"}
        )
    assert answer.status_code == 401


async def test_the_list_says_in_words_what_is_late_and_escalated(theatre: Theatre) -> None:
    late = a_life("late", ago=40)
    theatre.keep(late.keep_time(datetime.now(UTC)), a_life("new", severity=Severity.CRITICAL))
    async with browser(theatre, AMINA) as client:
        page = (await client.get("/findings")).text
    assert "overdue by" in page
    assert "escalated to level" in page
    assert page.index("/findings/late") < page.index("/findings/new")
    assert " style=" not in page


async def test_the_filters_are_kept_in_the_address(theatre: Theatre) -> None:
    theatre.keep(a_life("one", severity=Severity.CRITICAL), a_life("two"))
    async with browser(theatre, AMINA) as client:
        open_ = await client.get("/findings?stage=&severity=critical&level=&overdue=")
        assert (open_.status_code, open_.headers["Location"]) == (303, "/findings?severity=critical")
        page = (await client.get(open_.headers["Location"])).text
        nothing = (await client.get("/findings?severity=minor")).text
        assert (await client.get("/findings?stage=")).headers["Location"] == "/findings"
    assert "/findings/one" in page
    assert "/findings/two" not in page
    assert re.search(r'<option value="critical" selected>', page)
    assert "No finding is like this" in nothing


async def test_the_list_goes_on_page_by_page_without_losing_its_filters(theatre: Theatre) -> None:
    theatre.keep(*(a_life(f"f{number:02}", ago=30 - number) for number in range(12)))
    async with browser(theatre, AMINA) as client:
        first = (await client.get("/findings?limit=5&severity=major")).text
        links = dict(re.findall(r'<a href="([^"]+)">(First|Earlier|Later|Last)</a>', first))
        address = next(href for href, word in links.items() if word == "Later").replace("&amp;", "&")
        second = (await client.get(address)).text
    assert {"Later", "Last"} == set(links.values())
    assert re.findall(r'href="/findings/(f\d\d)"', first) == [f"f{number:02}" for number in range(5)]
    assert re.findall(r'href="/findings/(f\d\d)"', second) == [f"f{number:02}" for number in range(5, 10)]
    assert '<option value="major" selected>' in second


async def test_a_factorys_people_are_offered_no_other_factory(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"), a_life("p1", factory=FactoryId(PADMA), plan=PlanId("p")))
    async with browser(theatre, NEIGHBOUR) as client:
        page = (await client.get("/findings")).text
        hidden = await client.get("/findings/f1")
    async with browser(theatre, CHLOE) as client:
        both = (await client.get("/findings")).text
    assert "Lotus" not in page
    assert "/findings/p1" in page
    assert {"Lotus Garments", "Padma Knit"} <= set(re.findall(r">(Lotus Garments|Padma Knit)</option>", both))
    assert hidden.status_code == 404
    assert "was not found" in hidden.text
    assert "text/html" in hidden.headers["Content-Type"]


async def test_a_finding_says_who_promised_what_what_is_due_and_what_will_be_sent(live: Live) -> None:
    finding = await live.begin()
    await live.agree(finding)
    async with browser(live.theatre, AMINA) as client:
        page = (await client.get(f"/findings/{finding}")).text
    due = datetime.now(UTC) + timedelta(days=60)
    assert "Committed: the factory carries out what was promised" in page
    assert "Take the lock off the second exit" in page
    assert f"{due.day} {due:%B %Y}" in page
    assert "Reminder: Carry out the promised action" in page
    assert "Bao Tran (owner of the action)" in page
    assert "Both sides of the committee have signed" in page
    assert "a few letters" not in page
    assert " style=" not in page


async def test_a_proposal_shows_the_tallies_and_its_words(live: Live) -> None:
    finding = await live.begin()
    await live.say(BAO, finding, "propose", **a_plan())
    async with live.theatre.act(AMINA) as client:
        revision = (await client.get(f"/api/v1/findings/{finding}")).json()["proposal"]["revision"]
    await live.say(BAO, finding, "sign", revision=revision)
    async with browser(live.theatre, AMINA) as client:
        page = (await client.get(f"/findings/{finding}")).text
    assert "The proposal on the table" in page
    assert "Management side: 1 of 2 signed; 1 needed." in page
    assert "Keys are kept by the guard only." in page


async def test_what_people_write_is_shown_as_text(live: Live) -> None:
    finding = await live.begin()
    wicked = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    answer = await live.say(BAO, finding, "dispute", reason=wicked)
    assert answer.status_code == 200
    async with browser(live.theatre, AMINA) as client:
        page = (await client.get(f"/findings/{finding}")).text
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_a_mail_scanner_that_opens_every_link_changes_nothing(live: Live) -> None:
    finding = await live.begin()
    async with browser(live.theatre, AMINA) as client:
        for method in ("GET", "HEAD"):
            assert (await client.request(method, f"/findings/{finding}")).status_code == 200
    assert live.theatre.ledger(finding) == ["issued"]


async def test_the_style_sheet_is_served_and_may_be_kept(theatre: Theatre) -> None:
    async with browser(theatre) as client:
        answer = await client.get("/static/mendwork.css")
        again = await client.get("/static/mendwork.css", headers={"If-None-Match": answer.headers["ETag"]})
        assert (await client.get("/static/../app.py")).status_code == 404
    assert (answer.status_code, again.status_code) == (200, 304)
    assert "stale-while-revalidate" in answer.headers["Cache-Control"]
    assert "text/css" in answer.headers["Content-Type"]


async def test_the_style_page_is_for_development(theatre: Theatre, template: Path, tmp_path: Path) -> None:
    async with browser(theatre) as client:
        assert (await client.get("/style")).status_code == 404
    workshop = a_theatre(tmp_path, template=template, development=True)
    async with browser(workshop) as client:
        assert (await client.get("/style")).status_code == 200
    workshop.close()
