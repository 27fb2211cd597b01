"""PINs: set soon after signing in, asked for on shared devices, and every vote its member's own."""

import re
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import delete

from remediation.words import PersonId
from service.pins import set_pin
from storage import sign_in_events
from storage.database import reading, writing
from storage.entrance import pins
from storage.sign_in_events import Happened
from tests.service.entrance import House, inside
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BUYER,
    CHLOE,
    NEIGHBOUR,
    OUTSIDER,
    Live,
    Theatre,
    a_life,
    a_plan,
    key,
    token_of,
)

PIN, OTHER = "270491", "904172"
SHARED = {"method": "shared_device"}
DIGEST = "0" * 64


def give_pin(theatre: Theatre, person: str, pin: str = PIN) -> None:
    set_pin(theatre.app.state.context, PersonId(person), pin)


def events(theatre: Theatre, person: str) -> list[tuple[Happened, str | None]]:
    with reading(theatre.database) as connection:
        return [(each.kind, each.by) for each in sign_in_events.of_person(connection, person)]


async def vote(
    theatre: Theatre,
    device: str,
    finding: str = "f1",
    verb: str = "sign",
    *,
    pin: str | None = None,
    member: str | None = None,
    **body: Any,  # noqa: ANN401 - a body
) -> Response:
    given = {"Signing-Pin": pin, "Signing-Member": member}
    headers = key() | {name: value for name, value in given.items() if value is not None}
    async with theatre.act(device) as client:
        whole = {"revision": DIGEST, **body}
        return await client.post(f"/api/v1/findings/{finding}/{verb}", json=whole, headers=headers)


@pytest.fixture
def table(theatre: Theatre) -> Theatre:
    theatre.keep(a_life("f1"))
    give_pin(theatre, ASHA)
    return theatre


@pytest.fixture(scope="module", autouse=True)
def nobody_has_a_pin(live: Live) -> None:
    with writing(live.theatre.database) as connection:
        connection.execute(delete(pins))


async def test_a_member_without_a_device_signs_by_pin_on_a_colleagues(live: Live) -> None:
    give_pin(live.theatre, ASHA)
    finding = await live.begin()
    await live.say(BAO, finding, "propose", **a_plan())
    async with live.theatre.act(AMINA) as client:
        revision = (await client.get(f"/api/v1/findings/{finding}")).json()["proposal"]["revision"]
    answer = await vote(live.theatre, BAO, finding, pin=PIN, member=ASHA, revision=revision, **SHARED)
    assert answer.status_code == 200, answer.text
    with live.theatre.database.connect() as connection:
        query = "SELECT \"by\", body FROM ledger WHERE finding = ? AND kind = 'signed'"
        ((by, body),) = connection.exec_driver_sql(query, (finding,)).all()
    assert by == ASHA
    assert "shared_device" in body
    assert events(live.theatre, ASHA)[0] == (Happened.PIN_USED, BAO)


async def test_a_refusal_by_pin_is_the_members_own(live: Live) -> None:
    give_pin(live.theatre, ASHA)
    finding = await live.begin()
    await live.say(BAO, finding, "propose", **a_plan())
    async with live.theatre.act(AMINA) as client:
        revision = (await client.get(f"/api/v1/findings/{finding}")).json()["proposal"]["revision"]
    body = {"revision": revision, "reason": "Too late a date."}
    answer = await vote(live.theatre, AMINA, finding, "refuse", pin=PIN, member=ASHA, **body)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("pin", [None, OTHER, "", "x" * 20])
async def test_a_vote_on_a_shared_device_needs_the_right_pin(table: Theatre, pin: str | None) -> None:
    for member in (ASHA, None):
        device = AMINA if member else ASHA
        answer = await vote(table, device, pin=pin, member=member, **SHARED)
        assert answer.status_code == 422
        assert answer.json()["code"] == ("pin_required" if pin is None else "pin_wrong")
        assert answer.json()["errors"][0]["field"] == "pin"
    assert table.count("commands") == 0


async def test_the_right_pin_lets_the_vote_in(table: Theatre) -> None:
    assert (await vote(table, ASHA, pin=PIN, **SHARED)).status_code == 202
    assert (await vote(table, AMINA, pin=PIN, member=ASHA, **SHARED)).status_code == 202
    with table.database.connect() as connection:
        persons = connection.exec_driver_sql("SELECT person FROM commands").scalars().all()
    assert persons == [ASHA, ASHA]


async def test_after_five_wrong_pins_the_right_one_does_not_help_until_a_new_one_is_set(
    table: Theatre,
) -> None:
    for _ in range(5):
        assert (await vote(table, BAO, pin=OTHER, member=ASHA, **SHARED)).json()["code"] == "pin_wrong"
    assert (await vote(table, BAO, pin=PIN, member=ASHA, **SHARED)).json()["code"] == "pin_locked"
    assert events(table, ASHA)[:5] == [(Happened.PIN_WRONG, BAO)] * 5
    give_pin(table, ASHA, OTHER)
    assert (await vote(table, BAO, pin=OTHER, member=ASHA, **SHARED)).status_code == 202


async def test_a_right_pin_forgets_the_wrong_ones_before_it(table: Theatre) -> None:
    for _ in range(3):
        for _ in range(4):
            await vote(table, ASHA, pin=OTHER, **SHARED)
        assert (await vote(table, ASHA, pin=PIN, **SHARED)).status_code == 202


async def test_who_has_set_no_pin_is_told_where_to(table: Theatre) -> None:
    answer = await vote(table, AMINA, pin=PIN, **SHARED)
    assert (answer.status_code, answer.json()["code"]) == (422, "pin_missing")


@pytest.mark.parametrize("device", [NEIGHBOUR, OUTSIDER])
async def test_on_the_device_of_who_may_not_see_the_finding_nobody_votes(table: Theatre, device: str) -> None:
    answer = await vote(table, device, pin=PIN, member=ASHA, **SHARED)
    assert answer.status_code == 404
    assert events(table, ASHA) == [(Happened.PIN_SET, None)]


@pytest.mark.parametrize("member", [CHLOE, NEIGHBOUR, OUTSIDER, BUYER, "nobody", ""])
async def test_only_members_of_the_findings_committee_vote_by_pin(table: Theatre, member: str) -> None:
    if member in {CHLOE, NEIGHBOUR, OUTSIDER, BUYER}:
        give_pin(table, member)
    answer = await vote(table, AMINA, pin=PIN, member=member, **SHARED)
    assert answer.status_code in {404, 422}
    assert table.count("commands") == 0


async def test_a_vote_for_another_is_never_said_to_be_given_on_their_own_device(table: Theatre) -> None:
    answer = await vote(table, AMINA, pin=PIN, member=ASHA)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "method")


async def test_other_verbs_take_nobody_elses_place(table: Theatre) -> None:
    async with table.act(AMINA) as client:
        headers = key() | {"Signing-Pin": PIN, "Signing-Member": ASHA}
        body = {"reason": "New facts."}
        await client.post("/api/v1/findings/f1/dispute", json=body, headers=headers)
    with table.database.connect() as connection:
        assert connection.exec_driver_sql("SELECT person FROM commands").scalars().all() == [AMINA]


async def test_the_pin_stands_nowhere(table: Theatre, capsys: pytest.CaptureFixture[str]) -> None:
    await vote(table, AMINA, pin=PIN, member=ASHA, **SHARED)
    with table.database.connect() as connection:
        names = (
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        )
        kept = str([connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in names])  # noqa: S608
    assert PIN not in kept + "".join(capsys.readouterr())


async def test_one_sets_a_pin_on_ones_own_page(house: House) -> None:
    async with inside(house) as client:
        assert "You have none" in (await client.get("/me")).text
        for pin, again, says in (
            ("12345", "12345", "6 to 12 digits"),
            ("1234567890123", "1234567890123", "6 to 12 digits"),
            ("abcdef", "abcdef", "6 to 12 digits"),
            ("१२३४५६", "१२३४५६", "6 to 12 digits"),
            ("112112", "112112", "first that others try"),
            ("345678", "345678", "first that others try"),
            ("876543", "876543", "first that others try"),
            (PIN, OTHER, "not the same"),
        ):
            answer = await client.post("/me/pin", data={"pin": pin, "again": again})
            assert (answer.status_code, says in answer.text) == (422, True), pin
            assert f'value="{pin}"' not in answer.text
        assert (await client.post("/me/pin", data={"pin": PIN, "again": PIN})).status_code == 303
        assert "Your PIN was set" in (await client.get("/me")).text
        assert (await vote(house.theatre, AMINA, pin=PIN, **SHARED)).status_code == 202
        assert "Your PIN was typed to vote" in (await client.get("/me")).text


async def test_a_device_that_was_left_signed_in_makes_nobody_a_pin(house: House) -> None:
    async with inside(house) as client:
        house.clock.turn(minutes=15)
        answer = await client.post("/me/pin", data={"pin": PIN, "again": PIN})
        assert answer.status_code == 422
        assert "Sign out and in again" in answer.text
        assert "You have none" in (await client.get("/me")).text


async def test_one_sees_on_whose_device_ones_pin_was_typed(house: House) -> None:
    give_pin(house.theatre, AMINA)
    await vote(house.theatre, BAO, pin=OTHER, member=AMINA, **SHARED)
    async with inside(house) as client:
        page = (await client.get("/me")).text
    assert "A wrong PIN was typed for you, by or on the device of <bdi>Bao Tran</bdi>" in page


async def test_in_a_browser_that_others_use_a_vote_needs_the_pin(live: Live) -> None:
    theatre = live.theatre
    finding = await live.begin()
    await live.say(BAO, finding, "propose", **a_plan())
    give_pin(theatre, AMINA)
    async with theatre.act(None, Accept="text/html") as client:
        await client.post("/sign-in/token", data={"token": token_of(AMINA), "shared": "true"})
        form = (await client.get(f"/findings/{finding}/sign")).text
        data = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        data["method"] = "own_device"
        without = await client.post(f"/findings/{finding}/sign", data=data)
        assert without.status_code == 422
        assert "needs the member&#39;s own PIN" in without.text
        data |= dict(re.findall(r'<input type="hidden" name="(key)" value="([^"]*)">', without.text))
        wrong = await client.post(f"/findings/{finding}/sign", data=data | {"pin": OTHER})
        assert wrong.status_code == 422
        assert 'id="f-pin-wrong"' in wrong.text
        assert OTHER not in wrong.text
        data |= dict(re.findall(r'<input type="hidden" name="(key)" value="([^"]*)">', wrong.text))
        right = await client.post(f"/findings/{finding}/sign", data=data | {"pin": PIN})
        assert right.status_code == 303
    assert theatre.ledger(finding)[-1] == "signed"


async def test_in_a_browser_that_others_use_a_worker_objects_and_concurs_by_pin_alone(live: Live) -> None:
    theatre = live.theatre
    finding = await live.begin()
    await live.agree(finding)
    done = {"action": "a1", "percent": 100, "evidence": ["a photograph"]}
    await live.say(BAO, finding, "record-progress", **done)
    await live.say(BAO, finding, "report-fixed", evidence=["a photograph"])
    give_pin(theatre, ASHA)
    async with theatre.act(None, Accept="text/html") as client:
        await client.post("/sign-in/token", data={"token": token_of(ASHA), "shared": "true"})
        for verb in ("concur-with-fix", "object-to-fix"):
            data = hidden((await client.get(f"/findings/{finding}/{verb}")).text) | {
                "reason": "It is locked."
            }
            without = await client.post(f"/findings/{finding}/{verb}", data=data)
            assert (without.status_code, theatre.ledger(finding)[-1]) == (422, "fix_reported")
        data |= hidden(without.text) | {"pin": PIN}
        assert (await client.post(f"/findings/{finding}/object-to-fix", data=data)).status_code == 303
    assert theatre.ledger(finding)[-1] == "fix_objected"


async def test_a_worker_without_a_device_objects_by_pin_on_a_colleagues(live: Live) -> None:
    theatre = live.theatre
    finding = await live.begin()
    await live.agree(finding)
    done = {"action": "a1", "percent": 100, "evidence": ["a photograph"]}
    await live.say(BAO, finding, "record-progress", **done)
    await live.say(BAO, finding, "report-fixed", evidence=["a photograph"])
    give_pin(theatre, ASHA)
    headers = key() | {"Signing-Pin": PIN, "Signing-Member": ASHA}
    async with theatre.act(AMINA) as client:
        path = f"/api/v1/findings/{finding}/object-to-fix"
        answer = await client.post(path, json={"reason": "It is locked."}, headers=headers)
    assert answer.status_code == 200, answer.text
    with theatre.database.connect() as connection:
        last = connection.exec_driver_sql(
            "SELECT by FROM ledger WHERE finding = ? ORDER BY seq DESC LIMIT 1", (finding,)
        )
        assert last.scalar() == ASHA


def hidden(page: str) -> dict[str, str]:
    """Give the hidden fields of a page's form."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
