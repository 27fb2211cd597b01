"""Keeping the directory over HTTP: nobody gives more than they have, nor to themselves."""

from typing import Any

import pytest
from httpx2 import Response

from storage import people, versions
from storage.changes import Changed, latest
from storage.database import reading
from storage.programmes import factory
from tests.service.browsing import Reader
from tests.service.entrance import AMINAS, House, body, inside
from tests.service.stage import (
    AMINA,
    BAO,
    BUYER,
    CHLOE,
    LOTUS,
    NEIGHBOUR,
    OPERATOR,
    OTHER_PROGRAMME,
    OUTSIDER,
    PETRA,
    TOMAS,
    Theatre,
    a_life,
    key,
)

FATIMA = {"name": "Fatima Khatun", "language": "bn"}


def role(name: str, kind: str = "factory", scope: str = LOTUS) -> dict[str, str]:
    return {"role": name, "kind": kind, "scope": scope}


async def put(theatre: Theatre, who: str, person: str, **body: Any) -> Response:  # noqa: ANN401
    async with theatre.act(who) as client:
        return await client.put(f"/api/v1/people/{person}", json=body)


async def give(theatre: Theatre, who: str, person: str, *roles: dict[str, str]) -> Response:
    async with theatre.act(who) as client:
        return await client.put(f"/api/v1/people/{person}/roles", json={"roles": list(roles)})


def known(theatre: Theatre, person: str) -> people.Person | None:
    with reading(theatre.database) as connection:
        return people.person(connection, person)


def held(theatre: Theatre, person: str) -> set[tuple[str, str]]:
    with reading(theatre.database) as connection:
        return {(grant.role.value, grant.scope) for grant in people.given(connection, person)}


async def test_staff_add_and_correct_people(theatre: Theatre) -> None:
    added = await put(theatre, CHLOE, "fatima", **FATIMA)
    corrected = await put(theatre, CHLOE, "fatima", **FATIMA | {"email": "fatima@mail.example"})
    assert (added.status_code, corrected.status_code) == (201, 200)
    person = known(theatre, "fatima")
    assert person is not None
    assert (person.name, person.email) == ("Fatima Khatun", "fatima@mail.example")


@pytest.mark.parametrize("person", [AMINA, BAO, BUYER, NEIGHBOUR, OUTSIDER])
async def test_others_keep_no_directory(theatre: Theatre, person: str) -> None:
    assert (await put(theatre, person, "fatima", **FATIMA)).status_code == 403
    assert (await give(theatre, person, OUTSIDER, role("buyer"))).status_code == 403
    async with theatre.act(person) as client:
        answer = await client.patch("/api/v1/factories/lotus", json={"name": "Mine"})
    assert answer.status_code in {403, 404}
    assert known(theatre, "fatima") is None


@pytest.mark.parametrize("victim", [PETRA, OPERATOR, TOMAS])
async def test_an_advisor_does_not_divert_the_mail_of_those_above(theatre: Theatre, victim: str) -> None:
    answer = await put(theatre, CHLOE, victim, **FATIMA | {"email": "chloe@elsewhere.example"})
    assert (answer.status_code, answer.json()["code"]) == (409, "beyond_your_reach")
    person = known(theatre, victim)
    assert person is not None
    assert person.email == f"{victim}@mail.example"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"language": "English"}, "language"),
        ({"email": "no address"}, "email"),
        ({"email": "a@b\nBcc: c@d"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"roles": []}, "roles"),
    ],
)
async def test_a_person_that_cannot_be(theatre: Theatre, wrong: dict[str, Any], field: str) -> None:
    answer = await put(theatre, CHLOE, "fatima", **FATIMA | wrong)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert known(theatre, "fatima") is None


async def test_the_programme_manager_says_who_is_what_within_the_programme(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    await put(theatre, PETRA, "fatima", **FATIMA)
    answer = await give(theatre, PETRA, OUTSIDER, role("action_owner"), role("advisor", "programme", "bd"))
    assert answer.status_code == 200, answer.text
    async with theatre.act(OUTSIDER) as omar:
        assert (await omar.get("/api/v1/findings/f1")).status_code == 200
    await give(theatre, PETRA, OUTSIDER)
    async with theatre.act(OUTSIDER) as omar:
        assert (await omar.get("/api/v1/findings/f1")).status_code == 404
    assert held(theatre, OUTSIDER) == set()


async def test_roles_beyond_the_givers_reach_stay_as_they_are(theatre: Theatre) -> None:
    await give(theatre, OPERATOR, OUTSIDER, role("advisor", "programme", OTHER_PROGRAMME))
    await give(theatre, PETRA, OUTSIDER, role("buyer"))
    assert held(theatre, OUTSIDER) == {("advisor", OTHER_PROGRAMME), ("buyer", LOTUS)}


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (role("operator", "all", ""), "roles[0].scope"),
        (role("advisor", "programme", OTHER_PROGRAMME), "roles[0].scope"),
        (role("manager", "factory", "nowhere"), "roles[0].scope"),
        (role("manager", "all", LOTUS), "roles[0].scope"),
        (role("manager", "factory", ""), "roles[0].scope"),
        (role("worker_member"), "roles[0].role"),
        (role("management_co_chair"), "roles[0].role"),
        (role("system"), "roles[0].role"),
        (role("king"), "roles[0].role"),
    ],
)
async def test_nobody_gives_more_than_they_reach(
    theatre: Theatre, wanted: dict[str, str], field: str
) -> None:
    answer = await give(theatre, PETRA, OUTSIDER, wanted)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert held(theatre, OUTSIDER) == set()


async def test_nobody_changes_their_own_roles(theatre: Theatre) -> None:
    before = held(theatre, PETRA)
    answer = await give(theatre, PETRA, PETRA, role("team_leader", "programme", "bd"))
    assert (answer.status_code, answer.json()["code"]) == (403, "own_roles")
    assert held(theatre, PETRA) == before


async def test_roles_of_nobody(theatre: Theatre) -> None:
    assert (await give(theatre, PETRA, "nobody", role("buyer"))).status_code == 404


async def test_a_factorys_settings_make_its_next_findings_calendar(theatre: Theatre) -> None:
    async with theatre.act(CHLOE) as client:
        answer = await client.patch(
            "/api/v1/factories/lotus", json={"rest_days": [5, 6], "language": "bn", "name": "Lotus Ltd."}
        )
    assert answer.status_code == 200, answer.text
    assert (answer.json()["name"], answer.json()["rest_days"]) == ("Lotus Ltd.", [5, 6])
    with reading(theatre.database) as connection:
        kept = factory(connection, LOTUS)
        assert kept is not None
        assert versions.calendar(connection, kept.calendar).rest_days == (5, 6)
    assert kept.zone == "Asia/Dhaka"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"zone": "Dhaka"}, "zone"),
        ({"rest_days": [0]}, "rest_days"),
        ({"rest_days": [1, 2, 3, 4, 5, 6, 7]}, "rest_days"),
        ({"programme": "vn"}, "programme"),
        ({"calendar": "x"}, "calendar"),
    ],
)
async def test_settings_that_make_no_calendar(theatre: Theatre, wrong: dict[str, Any], field: str) -> None:
    async with theatre.act(CHLOE) as client:
        before = (await client.get("/api/v1/factories/lotus")).json()
        answer = await client.patch("/api/v1/factories/lotus", json=wrong)
        assert (await client.get("/api/v1/factories/lotus")).json() == before
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_a_replaced_address_is_told_so_and_opens_nothing_any_more(house: House) -> None:
    moved = {"name": "Amina Rahman", "language": "en", "email": "another@mail.example"}
    async with inside(house) as phone, house.browser() as waiting:
        code, link = await house.mailed(waiting)
        assert (await put(house.theatre, CHLOE, AMINA, **moved)).status_code == 200
        assert (await phone.get("/me")).status_code == 303
        assert (await waiting.post("/sign-in/code", data={"code": code})).status_code == 401
        assert (await waiting.post(link)).status_code == 410
        await house.deliver()
        told = house.mail.mails()[-1]
        assert (told["To"], "vote as you" in body(told)) == (AMINAS, True)
        again, _ = await house.mailed(waiting, "another@mail.example")
        await waiting.post("/sign-in/code", data={"code": again})
        page = Reader((await waiting.get("/me")).text).text
        assert "Your address was changed, by or on the device of Chloé Martin" in page


async def test_a_correction_that_keeps_the_address_signs_nobody_out(house: House) -> None:
    async with inside(house) as phone:
        kept = {"name": "Amina R.", "language": "fr", "email": AMINAS}
        assert (await put(house.theatre, CHLOE, AMINA, **kept)).status_code == 200
        assert "Amina R." in (await phone.get("/me")).text
    assert len(house.mail.taken) == 1


async def test_who_changed_what_is_kept_with_what_it_was_before(theatre: Theatre) -> None:
    await put(theatre, CHLOE, "fatima", **FATIMA)
    await put(theatre, CHLOE, "fatima", **FATIMA)
    await put(theatre, CHLOE, "fatima", **FATIMA | {"email": "fatima@mail.example"})
    await give(theatre, PETRA, "fatima", role("buyer"))
    async with theatre.act(CHLOE) as client:
        await client.patch("/api/v1/factories/lotus", json={"name": "Lotus Ltd."})
        seats = [{"person": AMINA, "side": "worker", "elected": True}, {"person": BAO, "side": "management"}]
        await client.put("/api/v1/factories/lotus/committee", json={"seats": seats}, headers=key())
    with reading(theatre.database) as connection:
        about_fatima, about_lotus = latest(connection, "fatima"), latest(connection, LOTUS)
    assert [(each.what, each.by) for each in about_fatima] == [
        (Changed.ROLES, PETRA),
        (Changed.PERSON, CHLOE),
        (Changed.PERSON, CHLOE),
    ]
    corrected, added = about_fatima[1:]
    assert (added.before, added.after["email"]) == (None, None)
    assert (corrected.before["email"], corrected.after["email"]) == (None, "fatima@mail.example")
    assert [each.what for each in about_lotus] == [Changed.COMMITTEE, Changed.FACTORY]
    assert [len(each) for each in (about_lotus[0].before, about_lotus[0].after)] == [4, 2]
    assert about_lotus[1].after["name"] == "Lotus Ltd."


async def test_what_was_refused_is_no_change(theatre: Theatre) -> None:
    await put(theatre, CHLOE, PETRA, **FATIMA)
    await give(theatre, PETRA, OUTSIDER, role("king"))
    with reading(theatre.database) as connection:
        assert latest(connection) == ()
