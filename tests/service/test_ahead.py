"""Pages that look ahead: by the same rules as `mendwork simulate`, for who may see the deadlines."""

import re
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from remediation.simulation import Assumptions, Start, simulate
from remediation.words import PlanId, Severity
from service.pages.ahead import ASSUMED, MOST_FINDINGS, Who
from tests.service.stage import AMINA, BUYER, CHLOE, NEIGHBOUR, OPERATOR, PADMA, QUESTION, Theatre, a_life
from tests.service.test_pages import browser

MONTH = timedelta(days=30.4375)


async def look(theatre: Theatre, person: str, path: str) -> str:
    async with browser(theatre, person) as client:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(answer.text.split())


def letters(page: str) -> int:
    found = re.search(r"(\d+) letters? would be sent", page)
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize("who", Who)
async def test_a_findings_year_is_the_one_that_the_rules_bring(theatre: Theatre, who: Who) -> None:
    life = a_life("f1")
    theatre.keep(life)
    page = await look(theatre, AMINA, f"/findings/f1/ahead?who={who}&months=12")
    now = datetime.now(UTC)
    start = Start(finding=life.case.finding, seq=life.case.seq)
    course = simulate(start, ASSUMED[who], now, now + 12 * MONTH)
    assert letters(page) == len(course.told)
    assert QUESTION in page
    highest = max(told.level or 0 for told in course.told)
    assert (f"The highest step: level {highest}:" in page) == (highest > 0)


async def test_at_first_it_shows_what_comes_if_nobody_acts(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    assert ASSUMED[Who.NOBODY] == Assumptions(nobody_signs=True, nobody_reports=True)
    page = await look(theatre, AMINA, "/findings/f1/ahead")
    assert "If nobody at the factory acts" in page
    assert "in 6 months" in page
    assert 'href="/findings/f1"' in page
    assert "/findings/f1/ahead" in await look(theatre, AMINA, "/findings/f1")


async def test_a_plan_is_looked_ahead_with_all_its_findings(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"), a_life("f2"), a_life("other", plan=PlanId("plan-2"), factory=PADMA))
    one = letters(await look(theatre, AMINA, "/findings/f1/ahead"))
    page = await look(theatre, AMINA, "/plans/plan-1/ahead")
    assert letters(page) == 2 * one
    assert "2 open findings." in page
    assert 'href="/findings/f2"' in page
    assert "other" not in re.sub(r"<head>.*</head>", "", page)
    assert "/plans/plan-1/ahead" in await look(theatre, AMINA, "/findings?plan=plan-1")


async def test_of_a_large_plan_the_soonest_are_run_and_the_rest_is_counted(theatre: Theatre) -> None:
    theatre.keep(*(a_life(f"f{number}") for number in range(MOST_FINDINGS + 3)))
    page = await look(theatre, CHLOE, "/plans/plan-1/ahead?months=3")
    assert f"{MOST_FINDINGS} open findings." in page
    assert "3 more open findings are left out here" in page


async def test_it_stays_small(theatre: Theatre) -> None:
    theatre.keep(*(a_life(f"f{number}") for number in range(20)))
    async with browser(theatre, AMINA) as client:
        body = (await client.get("/plans/plan-1/ahead?months=12")).content
    assert len(zlib.compress(body)) < 15_000
    assert b"<script>" not in body


async def test_what_the_factory_is_not_told_lies_ahead_of_staff_only(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"), a_life("z1", severity=Severity.ZERO_TOLERANCE, factory_told=False))
    async with browser(theatre, AMINA) as client:
        assert (await client.get("/findings/z1/ahead")).status_code == 404
    told = letters(await look(theatre, AMINA, "/plans/plan-1/ahead"))
    assert told < letters(await look(theatre, CHLOE, "/plans/plan-1/ahead"))
    assert "z1" not in await look(theatre, AMINA, "/plans/plan-1/ahead")


@pytest.mark.parametrize("path", ["/findings/f1/ahead", "/plans/plan-1/ahead"])
async def test_who_may_not_see_deadlines_looks_at_nothing(theatre: Theatre, path: str) -> None:
    theatre.keep(a_life("f1"))
    for person, status in ((BUYER, 403), (NEIGHBOUR, 404), (OPERATOR, 404)):
        async with browser(theatre, person) as client:
            assert (await client.get(path)).status_code == status
    async with browser(theatre, AMINA) as client:
        assert (await client.get(f"{path}?months=40")).status_code == 422
        assert (await client.get(f"{path}?who=me")).status_code == 422
        assert (await client.get("/plans/none/ahead")).status_code == 404
