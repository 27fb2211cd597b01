"""A plan's page: what it adds up to, its findings by cluster, filters in the address, and who sees what."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from remediation.words import FactoryId, FindingId, PersonId, PlanId, Severity, Stage
from storage.assessments import add_subjects
from storage.attempts import keep_attempts
from storage.codec import recording_of
from storage.database import writing
from storage.recording import record
from storage.versions import keep_calendar
from tests.pasts import Past, a_past
from tests.rules.cast import RESTFUL
from tests.service.browsing import Reader, browser
from tests.service.stage import (
    AMINA,
    BAO,
    BUYER,
    CHLOE,
    LOTUS,
    NEIGHBOUR,
    OUTSIDER,
    PADMA,
    PROGRAMME,
    QUESTION,
    STATEMENT,
    Live,
    Theatre,
    a_life,
    a_subject,
)
from tests.storage.builders import Life

COUNT = 24


def with_pasts(theatre: Theatre, count: int = COUNT) -> list[Past]:
    """Put so many findings of one plan on record, each with a past."""
    now = datetime.now(UTC)
    point, plan = "emergency-preparedness", PlanId("plan-1")
    place: dict[str, Any] = {"programme": PROGRAMME, "factory": LOTUS, "plan": plan, "point": point}
    told = [a_past(seed, now, calendar=RESTFUL, **place) for seed in range(count)]
    with writing(theatre.database) as connection:
        keep_calendar(connection, RESTFUL)
        record(connection, [recording_of(each.case, tuple(each.entries)) for each in told])
        for each in told:
            keep_attempts(connection, each.recordings)
        add_subjects(connection, [a_subject(Life(each.case, tuple(each.entries))) for each in told])
    return told


async def read(theatre: Theatre, person: str, path: str = "/plans/plan-1") -> str:
    async with browser(theatre, person) as client:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    Reader(answer.text)
    return answer.text


def listed(page: str) -> set[str]:
    return set(re.findall(r'href="/findings/(f[^"/?]+)"', page))


async def test_the_plan_says_how_its_findings_stand(theatre: Theatre) -> None:
    told = with_pasts(theatre)
    page = await read(theatre, CHLOE)
    open_ = sum(not each.finding.ended for each in told)
    assert f"{open_} of {COUNT} findings are open." in Reader(page).text
    assert listed(page) == {each.finding.id for each in told}
    verified = sum(each.stage() in {Stage.CLOSED, Stage.SUSTAINED} for each in told)
    assert f"The fixes of {verified} of {COUNT} findings have been verified." in page
    assert page.count('role="img"') == 3
    assert page.count("As a table") == 3


async def test_each_number_of_a_chart_leads_to_what_it_counts(theatre: Theatre) -> None:
    with_pasts(theatre)
    page = await read(theatre, CHLOE)
    rows = re.findall(r'<th scope="row"><a href="(/plans/[^"]+)">[^<]+</a></th><td>(\d+)</td>', page)
    assert len(rows) > 10
    for href, number in rows:
        shown = listed(await read(theatre, CHLOE, href.replace("&amp;", "&")))
        # A finding that was reopened may have several promises.
        exact = "promise=" not in href
        assert (len(shown) == int(number)) if exact else (0 < len(shown) <= int(number)), href


async def test_search_and_filters_live_in_the_address(theatre: Theatre) -> None:
    theatre.keep(a_life("f-one", severity=Severity.CRITICAL), a_life("f-two"))
    assert listed(await read(theatre, AMINA, "/plans/plan-1?severity=critical")) == {"f-one"}
    assert listed(await read(theatre, AMINA, "/plans/plan-1?text=UNLOCKED+during")) == {"f-one", "f-two"}
    assert listed(await read(theatre, AMINA, "/plans/plan-1?text=f-tw")) == {"f-two"}
    page = await read(theatre, AMINA, "/plans/plan-1?text=100%25_")
    assert "No finding is like this." in page
    assert 'value="100%_"' in page
    async with browser(theatre, AMINA) as client:
        answer = await client.get("/plans/plan-1?text=&stage=issued&owner=")
    assert answer.headers["Location"] == "/plans/plan-1?stage=issued"


async def test_who_owes_an_action_can_be_asked_for(live: Live) -> None:
    plan = PlanId("plan-of-owners")
    first, second = await live.begin(plan=plan), await live.begin(plan=plan)
    await live.agree(first)
    page = await read(live.theatre, AMINA, f"/plans/{plan}")
    assert "Bao Tran" in page
    assert listed(await read(live.theatre, AMINA, f"/plans/{plan}?owner={BAO}")) == {first}
    assert listed(await read(live.theatre, AMINA, f"/plans/{plan}?promise=ahead")) == {first}
    assert listed(await read(live.theatre, AMINA, f"/plans/{plan}?stage=issued")) == {second}


async def test_a_buyer_sees_where_it_stands_and_neither_names_nor_texts(live: Live) -> None:
    plan = PlanId("plan-of-buyers")
    finding = await live.begin(plan=plan)
    await live.agree(finding)
    page = await read(live.theatre, BUYER, f"/plans/{plan}")
    assert listed(page) == {finding}
    for hidden in ("Bao", "Amina", QUESTION, STATEMENT, "What lies ahead", 'name="text"', 'name="owner"'):
        assert hidden not in page
    for probing in ("owner=bao", "text=exits", "text=PLANTED"):
        assert listed(await read(live.theatre, BUYER, f"/plans/{plan}?{probing}")) == set()


@pytest.mark.parametrize("person", [OUTSIDER, NEIGHBOUR])
async def test_strangers_are_told_that_there_is_no_such_plan(theatre: Theatre, person: PersonId) -> None:
    theatre.keep(a_life("f-one"))
    async with browser(theatre, person) as client:
        assert (await client.get("/plans/plan-1")).status_code == 404
        assert "plan-1" not in (await client.get("/plans")).text


async def test_what_the_factory_is_not_told_is_counted_for_staff_alone(theatre: Theatre) -> None:
    theatre.keep(a_life("f-one"), a_life("f-zt", severity=Severity.ZERO_TOLERANCE, factory_told=False))
    for person, expected in ((CHLOE, {"f-one", "f-zt"}), (AMINA, {"f-one"}), (BUYER, {"f-one"})):
        page = await read(theatre, person)
        assert listed(page) == expected
        assert f"{len(expected)} of {len(expected)}" in page


async def test_all_plans_go_on_page_by_page(theatre: Theatre) -> None:
    theatre.keep(*(a_life(f"f-{number:02}", plan=PlanId(f"plan-{number:02}")) for number in range(53)))
    first = await read(theatre, CHLOE, "/plans")
    assert "/plans?after=plan-49" in first
    second = await read(theatre, CHLOE, "/plans?after=plan-49")
    assert re.findall(r'href="/plans/(plan-\d\d)"', second) == ["plan-50", "plan-51", "plan-52"]


async def test_a_plan_of_another_factory_shows_only_its_own(theatre: Theatre) -> None:
    theatre.keep(a_life("f-one"), a_life("f-pad", factory=FactoryId(PADMA), plan=PlanId("plan-p")))
    assert listed(await read(theatre, NEIGHBOUR, "/plans/plan-p")) == {FindingId("f-pad")}
