"""The programme's view: who sees it, what it counts, and that it names nobody."""

import re

import pytest

from remediation.permissions import Grant, ScopeKind
from remediation.words import PersonId, Role, Stage
from storage import people
from storage.database import writing
from tests.service.browsing import Reader, browser
from tests.service.stage import (
    AMINA,
    BAO,
    BUYER,
    CHLOE,
    LOTUS,
    NAMES,
    OUTSIDER,
    PETRA,
    PROGRAMME,
    QUESTION,
    STATEMENT,
    TOMAS,
    Theatre,
    a_life,
)
from tests.service.test_plans import with_pasts


async def read(theatre: Theatre, person: str) -> str:
    async with browser(theatre, person) as client:
        answer = await client.get(f"/programmes/{PROGRAMME}")
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("person", [PETRA, TOMAS, CHLOE])
async def test_staff_of_the_whole_programme_are_led_to_it(theatre: Theatre, person: PersonId) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre, person) as client:
        answer = await client.get("/programmes")
        assert answer.headers["Location"] == f"/programmes/{PROGRAMME}"
        assert "/programmes" in Reader((await client.get("/")).text).links


@pytest.mark.parametrize("person", [AMINA, BAO, BUYER, OUTSIDER])
async def test_who_sees_single_factories_does_not_see_it_as_a_whole(
    theatre: Theatre, person: PersonId
) -> None:
    async with browser(theatre, person) as client:
        assert (await client.get(f"/programmes/{PROGRAMME}")).status_code == 404
        assert "/programmes" not in Reader((await client.get("/programmes")).text).links


async def test_it_counts_findings_by_country_and_by_compliance_point(theatre: Theatre) -> None:
    told = with_pasts(theatre)
    page = await read(theatre, PETRA)
    open_ = sum(not each.finding.ended for each in told)
    country = re.search(r">Bangladesh</a></th>(.*?)</tr>", page, re.DOTALL)
    assert country is not None
    assert re.findall(r">(\d+)</td>", country[1])[0] == "1", "one factory"
    assert str(open_) in re.findall(r">(\d+)</td>", country[1])
    assert "&amp;country=BD" in page
    async with browser(theatre, PETRA) as client:
        of_it = (await client.get("/findings?country=BD&limit=200")).text
        elsewhere = (await client.get("/findings?country=KH")).text
    assert of_it.count('<th scope="row">') >= open_
    assert "No finding is like this." in elsewhere
    point = re.search(r"Emergency Preparedness</a></th>(.*?)</tr>", page, re.DOTALL)
    assert point is not None
    assert re.findall(r">(\d+)</td>", point[1])[0] == str(len(told))
    assert "Promises kept on time:" in page


async def test_fixes_that_held_are_counted_of_those_of_which_it_is_known(theatre: Theatre) -> None:
    told = with_pasts(theatre)
    sustained = sum(each.stage() is Stage.SUSTAINED for each in told)
    page = Reader(await read(theatre, PETRA)).text
    share = re.search(r"Fixes that held: (\d+)%", page)
    assert share is not None
    assert 0 < int(share[1]) <= 100
    assert sustained


async def test_a_buyer_of_the_programme_reads_figures_and_nothing_else(theatre: Theatre) -> None:
    with_pasts(theatre)
    with writing(theatre.database) as connection:
        people.give(connection, BUYER, Grant(Role.BUYER, ScopeKind.PROGRAMME, PROGRAMME))
    page = await read(theatre, BUYER)
    assert "Emergency Preparedness" in page
    shown = page.replace(NAMES[BUYER], "")
    for hidden in (QUESTION, STATEMENT, "Lotus", LOTUS, *(name.split()[0] for name in NAMES.values())):
        assert hidden not in shown
