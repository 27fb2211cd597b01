"""The advisor's board: what waits for staff at all factories, the one thing to do, and factories by need."""

import re
from datetime import UTC, datetime

import pytest

from remediation.words import FactoryId, PersonId, PlanId, Severity
from tests.service.browsing import Reader, browser
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BUYER,
    CHLOE,
    OPERATOR,
    OUTSIDER,
    PADMA,
    TOMAS,
    Live,
    Theatre,
    a_life,
)


async def read(theatre: Theatre, person: str, path: str = "/board") -> Reader:
    async with browser(theatre, person) as client:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return Reader(answer.text)


@pytest.mark.parametrize("person", [AMINA, BAO, BUYER, OUTSIDER, OPERATOR])
async def test_the_board_is_for_the_programmes_staff(theatre: Theatre, person: PersonId) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre, person) as client:
        assert (await client.get("/board")).status_code == 403
        assert "/board" not in Reader((await client.get("/")).text).links
    assert "/board" in (await read(theatre, CHLOE)).links


async def test_an_escalation_is_acknowledged_from_the_board(theatre: Theatre) -> None:
    theatre.keep(a_life("f-late", ago=50).keep_time(datetime.now(UTC)), a_life("f-new"))
    page = await read(theatre, CHLOE)
    assert "/findings/f-late/acknowledge" in page.links
    assert "/findings/f-new" not in page.links
    assert "Escalations to acknowledge (1)" in page.text
    assert "1 of" not in page.text


async def test_a_decision_is_offered_to_who_may_take_it(live: Live) -> None:
    finding = await live.begin()
    await live.say(BAO, finding, "dispute", reason="It was open.")
    decide = f"/findings/{finding}/decide-dispute"
    assert decide in (await read(live.theatre, TOMAS, "/board?show=decisions")).links
    shown = await read(live.theatre, CHLOE, "/board?show=decisions")
    assert decide not in shown.links
    assert f"/findings/{finding}" in shown.links


async def test_a_reported_fix_waits_for_a_visit_and_an_objection_is_told_apart(live: Live) -> None:
    finding = await live.begin()
    await live.agree(finding)
    done = {"action": "a1", "percent": 100, "evidence": ["a photograph"]}
    await live.say(BAO, finding, "record-progress", **done)
    await live.say(BAO, finding, "report-fixed", evidence=["a photograph"])
    booking = f"/findings/{finding}/book-verification"
    assert booking in (await read(live.theatre, CHLOE, "/board?show=verifications")).links
    assert booking not in (await read(live.theatre, CHLOE, "/board?show=objections")).links
    await live.say(ASHA, finding, "object-to-fix", reason="The lock is back.")
    assert booking in (await read(live.theatre, CHLOE, "/board?show=objections")).links


async def test_factories_stand_in_order_of_need_and_calm_ones_are_left_out(theatre: Theatre) -> None:
    now = datetime.now(UTC)
    theatre.keep(a_life("p1", factory=FactoryId(PADMA), plan=PlanId("p"), ago=80).keep_time(now))
    theatre.keep(a_life("f1"))
    page = await read(theatre, CHLOE)
    assert "Padma Knit" in page.text
    assert "Lotus Garments" not in page.text
    theatre.keep(a_life("f2", ago=25, severity=Severity.CRITICAL).keep_time(now))
    order = re.findall(r"Padma Knit|Lotus Garments", (await read(theatre, CHLOE)).text)
    assert order[:2] == ["Padma Knit", "Lotus Garments"]


async def test_each_number_is_that_of_its_lines(theatre: Theatre) -> None:
    now = datetime.now(UTC)
    theatre.keep(*(a_life(f"f{number}", ago=45 + number).keep_time(now) for number in range(9)))
    page = await read(theatre, CHLOE)
    for key in ("escalations", "overdue"):
        total = int(re.findall(rf'href="#{key}"><strong>(\d+)', await _html(theatre))[0])
        lines = await read(theatre, CHLOE, f"/board?show={key}")
        assert total == len({each for each in lines.links if re.fullmatch(r"/findings/f\d", each)}) == 9
    assert "/board?show=overdue" in page.links


async def _html(theatre: Theatre) -> str:
    async with browser(theatre, CHLOE) as client:
        return (await client.get("/board")).text
