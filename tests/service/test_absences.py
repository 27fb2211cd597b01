"""Leave over HTTP: who may say that somebody is away, who may stand in, and what a deputy may do."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response

from remediation.permissions import Grant, ScopeKind
from remediation.words import PersonId, Role
from storage import people
from storage.database import writing
from tests.service.stage import (
    AMINA,
    BAO,
    BINH,
    BUYER,
    CHLOE,
    LOTUS,
    NEIGHBOUR,
    OPERATOR,
    OUTSIDER,
    PETRA,
    TOMAS,
    Theatre,
    a_life,
    a_theatre,
    key,
    save_person,
)

TODAY = datetime.now(UTC).date()
DIRK = PersonId("dirk")


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


async def enter(
    theatre: Theatre,
    who: str,
    person: str,
    first: date = TODAY,
    /,
    **body: Any,  # noqa: ANN401 - whatever a body may hold
) -> Response:
    given = {"last": days(7).isoformat(), **body}
    async with theatre.act(who) as client:
        return await client.put(f"/api/v1/people/{person}/absences/{first}", json=given)


async def absences(theatre: Theatre, who: str, person: str) -> Any:  # noqa: ANN401 - JSON
    async with theatre.act(who) as client:
        answer = await client.get(f"/api/v1/people/{person}/absences")
        return answer.json()["items"] if answer.status_code == 200 else answer.status_code


async def test_everybody_enters_their_own_absence_and_may_correct_it(theatre: Theatre) -> None:
    first = await enter(theatre, CHLOE, CHLOE, deputy=TOMAS, reason="A week in the hills")
    again = await enter(theatre, CHLOE, CHLOE, deputy=TOMAS, reason="A week in the hills")
    longer = await enter(theatre, CHLOE, CHLOE, deputy=TOMAS, last=days(9).isoformat())
    assert [each.status_code for each in (first, again, longer)] == [201, 200, 200]
    (shown,) = await absences(theatre, CHLOE, CHLOE)
    assert (shown["last"], shown["deputy"]["id"], shown["entered_by"]) == (days(9).isoformat(), TOMAS, CHLOE)
    assert theatre.count("absences") == 2, "what was corrected stays told"


async def test_the_deputy_may_act_for_these_days_and_no_longer(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    await enter(theatre, BAO, BAO, deputy=BINH)
    async with theatre.act(BINH) as client:
        me = (await client.get("/api/v1/me")).json()
        lent = {"role": "manager", "kind": "factory", "scope": LOTUS, "lent_by": BAO}
        assert lent in me["roles"]
        may = (await client.get("/api/v1/findings/f1")).json()["may"]
        assert "report_fixed" in may
        await client.put(f"/api/v1/people/{BINH}/absences/{days(30)}", json={"last": days(31).isoformat()})
    async with theatre.act(BAO) as client:
        assert (await client.delete(f"/api/v1/people/{BAO}/absences/{TODAY}")).status_code == 204
    async with theatre.act(BINH) as client:
        assert "report_fixed" not in (await client.get("/api/v1/findings/f1")).json()["may"]


async def test_a_deputys_deputy_may_act_too(theatre: Theatre) -> None:
    with writing(theatre.database) as connection:
        save_person(connection, DIRK, "Dirk de Wit")
        people.give(connection, DIRK, Grant(Role.ADVISOR, ScopeKind.FACTORY, "padma"))
    theatre.keep(a_life("f1"))
    async with theatre.act(DIRK) as client:
        assert (await client.get("/api/v1/findings/f1")).status_code == 404
    await enter(theatre, CHLOE, CHLOE, deputy=TOMAS)
    await enter(theatre, TOMAS, TOMAS, deputy=DIRK)
    async with theatre.act(DIRK) as client:
        may = (await client.get("/api/v1/findings/f1")).json()["may"]
    assert {"reopen", "approve_no_action"} <= set(may), "the roles of Tomas and, through him, of Chloé"


async def test_leave_makes_nobody_keeper_of_the_directory(theatre: Theatre) -> None:
    await enter(theatre, PETRA, PETRA, deputy=TOMAS)
    async with theatre.act(TOMAS) as client:
        answer = await client.put(f"/api/v1/people/{OUTSIDER}/roles", json={"roles": []})
    assert answer.status_code == 403


async def test_before_and_after_its_days_nothing_is_lent(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    await enter(theatre, BAO, BAO, days(3), deputy=BINH)
    async with theatre.act(BINH) as client:
        assert "report_fixed" not in (await client.get("/api/v1/findings/f1")).json()["may"]


async def test_what_was_lent_ends_after_the_last_day(theatre: Theatre, tmp_path: Any) -> None:  # noqa: ANN401
    later = a_theatre(tmp_path, clock=lambda: datetime.now(UTC) + timedelta(days=9))
    later.keep(a_life("f1"))
    await enter(theatre, BAO, BAO, deputy=BINH)
    await enter(later, BAO, BAO, days(8), last=days(12).isoformat(), deputy=BINH)
    async with later.act(BINH) as client:
        assert "report_fixed" in (await client.get("/api/v1/findings/f1")).json()["may"]
    later.close()


@pytest.mark.parametrize(
    ("who", "person", "status"),
    [
        (CHLOE, BAO, 201),
        (TOMAS, BAO, 201),
        (PETRA, CHLOE, 201),
        (OPERATOR, CHLOE, 201),
        (CHLOE, PETRA, 409),
        (CHLOE, TOMAS, 409),
        (BAO, BINH, 403),
        (AMINA, BAO, 403),
        (BUYER, BAO, 403),
        (OUTSIDER, BAO, 403),
        (NEIGHBOUR, BAO, 403),
        (CHLOE, "nobody", 404),
        (CHLOE, OUTSIDER, 404),
    ],
)
async def test_who_may_say_that_somebody_is_away(
    theatre: Theatre, who: str, person: str, status: int
) -> None:
    answer = await enter(theatre, who, person)
    assert answer.status_code == status, answer.text
    assert theatre.count("absences") == (status == 201)


@pytest.mark.parametrize(
    ("person", "deputy"),
    [
        (CHLOE, CHLOE),
        (CHLOE, BAO),
        (CHLOE, OUTSIDER),
        (CHLOE, "nobody"),
        (BAO, AMINA),
        (BAO, NEIGHBOUR),
        (BAO, CHLOE),
        (AMINA, BAO),
        (OUTSIDER, CHLOE),
    ],
)
async def test_a_deputy_who_may_not_stand_in(theatre: Theatre, person: str, deputy: str) -> None:
    answer = await enter(theatre, person, person, deputy=deputy)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "deputy")
    assert theatre.count("absences") == 0


async def test_nobody_takes_anothers_place_by_their_own_word(theatre: Theatre) -> None:
    answer = await enter(theatre, PETRA, CHLOE, deputy=PETRA)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "deputy")


@pytest.mark.parametrize(
    ("first", "wrong", "field"),
    [
        (0, {"last": days(-1).isoformat()}, "last"),
        (-9, {"last": days(-5).isoformat()}, "last"),
        (0, {"last": days(900).isoformat()}, "last"),
        (0, {"last": "tomorrow"}, "last"),
        (0, {"reason": "x" * 401}, "reason"),
        (0, {"person": "bao"}, "person"),
        (2, {}, "last"),
    ],
)
async def test_an_absence_that_cannot_be(
    theatre: Theatre, first: int, wrong: dict[str, str], field: str
) -> None:
    assert (await enter(theatre, CHLOE, CHLOE, days(5))).status_code == 201
    answer = await enter(theatre, CHLOE, CHLOE, days(first), **wrong)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_why_somebody_is_away_is_read_by_few(theatre: Theatre) -> None:
    await enter(theatre, BAO, BAO, deputy=BINH, reason="An operation")
    assert (await absences(theatre, BAO, BAO))[0]["reason"] == "An operation"
    assert (await absences(theatre, CHLOE, BAO))[0]["reason"] == "An operation"
    assert (await absences(theatre, AMINA, BAO))[0]["reason"] is None
    assert (await absences(theatre, AMINA, BAO))[0]["deputy"]["name"] == "Binh Le"
    assert await absences(theatre, OUTSIDER, BAO) == 404
    assert await absences(theatre, NEIGHBOUR, BAO) == 404


async def test_who_was_away_finds_what_others_read(theatre: Theatre) -> None:
    async with theatre.act(CHLOE) as client:
        assert (await client.get(f"/api/v1/people/{CHLOE}/covered")).json() == {"items": []}
        assert (await client.get(f"/api/v1/people/{BAO}/covered")).status_code == 200
    async with theatre.act(AMINA) as client:
        assert (await client.get(f"/api/v1/people/{CHLOE}/covered")).status_code == 404


async def test_an_absence_that_is_not_there_cannot_be_called_off(theatre: Theatre) -> None:
    async with theatre.act(CHLOE, **key()) as client:
        assert (await client.delete(f"/api/v1/people/{CHLOE}/absences/{TODAY}")).status_code == 404
        assert (await client.delete(f"/api/v1/people/{BAO}/absences/{TODAY}")).status_code == 404


async def test_what_lies_ahead_names_the_deputy_for_the_days_of_leave(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    await enter(theatre, CHLOE, CHLOE, last=days(60).isoformat(), deputy=TOMAS)
    async with theatre.act(BAO) as client:
        planned = (await client.get("/api/v1/findings/f1/deadlines?days=120")).json()["planned"]
    told = {
        each["at"]: [person["id"] for person in each["people"]]
        for each in planned
        if each["role"] == "advisor"
    }
    early = [who for at, who in told.items() if datetime.fromisoformat(at).date() <= days(60)]
    late = [who for at, who in told.items() if datetime.fromisoformat(at).date() > days(61)]
    assert early
    assert all(who == [TOMAS] for who in early)
    assert all(who == [CHLOE] for who in late)
