"""My work: what waits for each role, by when, what happens otherwise, and the one thing to do about it."""

import gzip
from datetime import UTC, datetime

import pytest

from remediation.words import FactoryId, PersonId, PlanId, Severity
from tests.service.browsing import Reader, browser, done
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BUYER,
    CHLOE,
    DINA,
    NEIGHBOUR,
    OPERATOR,
    OUTSIDER,
    PADMA,
    TOMAS,
    Live,
    Theatre,
    a_life,
    a_plan,
)


async def work(theatre: Theatre, person: PersonId, path: str = "/") -> Reader:
    async with browser(theatre, person) as client:
        answer = await client.get(path)
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) < 15 * 1024
    return Reader(answer.text)


async def test_a_new_finding_waits_for_the_committee_and_the_manager(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    for person in (AMINA, ASHA, BAO):
        page = await work(theatre, person)
        assert "1 thing waits for you" in page.text
        assert "/findings/f1/propose" in page.links
        assert "Otherwise level 2" in page.text
        assert "the advisor will be told" in page.text
    assert "Later" in page.text


async def test_who_signed_is_not_asked_again_and_the_others_are(live: Live) -> None:
    finding = await live.begin()
    async with browser(live.theatre, AMINA) as amina:
        await live.say(BAO, finding, "propose", **a_plan())
        assert f"/findings/{finding}/sign" in (await work(live.theatre, AMINA)).links
        await done(amina, f"/findings/{finding}/sign")
    assert f"/findings/{finding}/sign" not in (await work(live.theatre, AMINA)).links
    assert f"/findings/{finding}/sign" in (await work(live.theatre, ASHA)).links


async def test_what_is_late_comes_first_and_says_what_follows(theatre: Theatre) -> None:
    theatre.keep(a_life("late", ago=50).keep_time(datetime.now(UTC)), a_life("new"))
    page = await work(theatre, BAO)
    assert page.text.index("Late") < page.text.index("Later")
    assert page.links.index("/findings/late") < page.links.index("/findings/new")
    assert "overdue by" in page.text
    advisor = await work(theatre, CHLOE)
    assert "/findings/late/acknowledge" in advisor.links
    assert "/findings/new" not in advisor.links


async def test_the_duty_officer_finds_the_alarm_and_nobody_of_the_factory(theatre: Theatre) -> None:
    theatre.keep(a_life("zt", severity=Severity.ZERO_TOLERANCE, factory_told=False))
    assert "/findings/zt/decide-alarm" in (await work(theatre, DINA)).links
    for person in (AMINA, BAO, BUYER):
        assert "Nothing waits for you." in (await work(theatre, person)).text


async def test_the_team_leader_finds_the_dispute(live: Live) -> None:
    finding = await live.begin()
    await live.say(BAO, finding, "dispute", reason="It was open.")
    assert f"/findings/{finding}/decide-dispute" in (await work(live.theatre, TOMAS)).links
    assert f"/findings/{finding}/decide-dispute" not in (await work(live.theatre, BAO)).links


async def test_a_promise_waits_for_its_owner_and_a_fix_for_workers_and_advisor(live: Live) -> None:
    finding = await live.begin()
    await live.agree(finding)
    assert f"/findings/{finding}/record-progress" in (await work(live.theatre, BAO)).links
    done_ = {"action": "a1", "percent": 100, "evidence": ["a photograph"]}
    await live.say(BAO, finding, "record-progress", **done_)
    assert f"/findings/{finding}/report-fixed" in (await work(live.theatre, BAO)).links
    await live.say(BAO, finding, "report-fixed", evidence=["a photograph"])
    asha = await work(live.theatre, ASHA)
    assert "Otherwise the time to object ends." in asha.text
    assert f"/findings/{finding}" in asha.links
    tomas = await work(live.theatre, CHLOE)
    assert f"/findings/{finding}" in tomas.links


@pytest.mark.parametrize("person", [BUYER, OUTSIDER, OPERATOR, NEIGHBOUR])
async def test_strangers_find_nothing_of_it(theatre: Theatre, person: PersonId) -> None:
    theatre.keep(a_life("f1"))
    page = await work(theatre, person)
    assert "Nothing waits for you." in page.text
    assert "Lotus" not in page.text


async def test_the_neighbour_finds_their_own(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"), a_life("p1", factory=FactoryId(PADMA), plan=PlanId("p"), seats=()))
    page = await work(theatre, NEIGHBOUR)
    assert "/findings/p1" in page.links
    assert "/findings/f1" not in page.links


async def test_a_long_list_goes_on_page_by_page(theatre: Theatre) -> None:
    theatre.keep(*(a_life(f"f{number:02}", ago=20 - number / 10) for number in range(45)))
    first = await work(theatre, BAO)
    assert "45 things wait for you" in first.text
    assert "/?page=2" in first.links
    last = await work(theatre, BAO, "/?page=3")
    assert "/?page=2" in last.links
    assert "/?page=4" not in last.links
    assert not {each for each in first.links if "findings/f" in each} & set(last.links)


async def test_nobody_signed_in_is_led_to_sign_in(theatre: Theatre) -> None:
    async with browser(theatre) as client:
        answer = await client.get("/")
    assert answer.headers["Location"].startswith("/sign-in")
