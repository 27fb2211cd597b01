"""Lists: findings page by page with their filters, and plans, factories and people in sum."""

from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import AsyncClient, Response

from remediation.permissions import Grant, ScopeKind
from remediation.words import PersonId, PlanId, Role, Severity
from storage import people
from storage.database import writing
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BUYER,
    CHLOE,
    LOTUS,
    NEIGHBOUR,
    OPERATOR,
    OUTSIDER,
    PADMA,
    Theatre,
    a_life,
    save_person,
)


def twenty(theatre: Theatre) -> list[str]:
    lives = [a_life(f"f{number:02}", ago=30 - number, factory=LOTUS) for number in range(20)]
    theatre.keep(*lives, a_life("padma-1", ago=12, factory=PADMA, plan=PlanId("plan-2")))
    return [str(life.case.finding.id) for life in lives]


def links(answer: Response) -> dict[str, str]:
    found = {}
    for link in answer.headers["Link"].split(", "):
        address, rel = link.split("; ")
        found[rel.removeprefix('rel="').rstrip('"')] = address.strip("<>")
    return found


async def walk(client: AsyncClient, path: str, rel: str) -> list[list[str]]:
    """Follow a relation from page to page; give the ids of each."""
    pages = []
    while True:
        answer = await client.get(path)
        pages.append([item["id"] for item in answer.json()["items"]])
        if rel not in links(answer):
            return pages
        path = links(answer)[rel]


async def test_pages_lead_on_and_back_without_a_gap_or_a_repeat(theatre: Theatre) -> None:
    ids = twenty(theatre)
    async with theatre.act(AMINA) as client:
        forward = await walk(client, "/api/v1/findings?limit=7", "next")
        last = links(await client.get("/api/v1/findings?limit=7"))["last"]
        back = await walk(client, last, "prev")
    assert forward == [ids[:7], ids[7:14], ids[14:]]
    assert back == [ids[13:], ids[6:13], ids[:6]]


async def test_a_link_keeps_the_filters(theatre: Theatre) -> None:
    twenty(theatre)
    async with theatre.act(CHLOE) as client:
        answer = await client.get("/api/v1/findings?limit=5&stage=issued&stage=committed&factory=lotus")
    query = parse_qs(urlsplit(links(answer)["next"]).query)
    assert query["stage"] == ["issued", "committed"]
    assert (query["factory"], query["limit"]) == (["lotus"], ["5"])
    assert answer.json()["next"] in links(answer)["next"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("factory=padma", {"other"}),
        ("plan=plan-9", {"other"}),
        ("programme=bd", {"late", "new", "other"}),
        ("programme=vn", set()),
        ("severity=critical", {"new"}),
        ("stage=issued", {"late", "new", "other"}),
        ("stage=closed", set()),
        ("level=1", {"late"}),
        ("level=4", set()),
        ("overdue=true", {"late"}),
        ("point=overtime", {"other"}),
        ("cluster=working-time", {"other"}),
        ("overdue=true&severity=critical", set()),
    ],
)
async def test_filters_narrow_the_list(theatre: Theatre, query: str, found: set[str]) -> None:
    late = a_life("late", ago=40)
    theatre.keep(
        late.keep_time(late.case.finding.issued_at.replace(year=late.case.finding.issued_at.year + 0)),
        a_life("new", severity=Severity.CRITICAL),
        a_life("other", factory=PADMA, plan=PlanId("plan-9"), point="overtime"),
    )
    with theatre.database.begin() as connection:
        connection.exec_driver_sql("UPDATE findings SET level = 2 WHERE id = 'late'")
    async with theatre.act(CHLOE) as client:
        items = (await client.get(f"/api/v1/findings?{query}")).json()["items"]
    assert {item["id"] for item in items} == found


async def test_everybody_sees_what_their_roles_reach(theatre: Theatre) -> None:
    twenty(theatre)
    seen = {}
    for person in (AMINA, CHLOE, NEIGHBOUR, BUYER, OUTSIDER, OPERATOR):
        async with theatre.act(person) as client:
            seen[person] = len((await client.get("/api/v1/findings")).json()["items"])
    assert seen == {AMINA: 20, CHLOE: 21, NEIGHBOUR: 1, BUYER: 20, OUTSIDER: 0, OPERATOR: 0}


async def test_plans_and_factories_stand_in_sum(theatre: Theatre) -> None:
    twenty(theatre)
    async with theatre.act(CHLOE) as client:
        plans = (await client.get("/api/v1/plans")).json()
        one = (await client.get("/api/v1/plans/plan-1")).json()
        factories = (await client.get("/api/v1/factories")).json()["items"]
        factory = (await client.get("/api/v1/factories/lotus")).json()
        first = (await client.get("/api/v1/plans?limit=1")).json()
        second = (await client.get(f"/api/v1/plans?limit=1&after={first['next']}")).json()
    assert [(plan["id"], plan["findings"], plan["open"]) for plan in plans["items"]] == [
        ("plan-1", 20, 20),
        ("plan-2", 1, 1),
    ]
    assert one["by_stage"] == {"issued": 20}
    assert one["overdue"] == factory["overdue"] > 0
    assert one["factory"] == {"id": "lotus", "name": "Lotus Garments"}
    assert [(each["id"], each["findings"]) for each in factories] == [("lotus", 20), ("padma", 1)]
    assert ([plan["id"] for plan in second["items"]], second["next"]) == (["plan-2"], None)


async def test_people_are_names_and_roles_within_reach(theatre: Theatre) -> None:
    async with theatre.act(AMINA) as client:
        found = (await client.get("/api/v1/people")).json()["items"]
        asha = (await client.get(f"/api/v1/people/{ASHA}")).json()
        assert (await client.get(f"/api/v1/people/{NEIGHBOUR}")).status_code == 404
        assert (await client.get("/api/v1/people?factory=padma")).status_code == 404
    assert {each["id"] for each in found} == {"amina", "asha", "bao", "binh", "bea"}
    assert asha["roles"] == [{"role": "worker_member", "kind": "factory", "scope": "lotus", "lent_by": None}]
    assert "email" not in str(found)


async def test_a_role_at_another_factory_is_not_told(theatre: Theatre) -> None:
    both = PersonId("both")
    with writing(theatre.database) as connection:
        save_person(connection, both, "Bo Both")
        for place in (LOTUS, PADMA):
            people.give(connection, both, Grant(Role.ACTION_OWNER, ScopeKind.FACTORY, place))
    async with theatre.act(AMINA) as client:
        roles = (await client.get("/api/v1/people/both")).json()["roles"]
    assert [role["scope"] for role in roles] == ["lotus"]


async def test_staff_list_people_page_by_page(theatre: Theatre) -> None:
    async with theatre.act(CHLOE) as client:
        first = (await client.get("/api/v1/people?limit=4")).json()
        rest = (await client.get(f"/api/v1/people?limit=200&after={first['next']}")).json()
    ids = [each["id"] for each in (*first["items"], *rest["items"])]
    assert ids == sorted(set(ids))
    assert {"amina", "chloe", "nila", "tomas"} <= set(ids)


async def test_me_tells_all_about_oneself(theatre: Theatre) -> None:
    async with theatre.act(BAO) as client:
        me = (await client.get("/api/v1/me")).json()
        own = (await client.get(f"/api/v1/people/{BAO}")).json()
    assert (me["name"], me["email"], me["language"]) == ("Bao Tran", "bao@mail.example", "en")
    assert {role["role"] for role in me["roles"]} == {"manager", "management_co_chair", "management_member"}
    assert own["roles"] == me["roles"]
