"""Sessions: each sign-in a new one, how long they last, and how people see and end them."""

import re

import pytest

from service.visitors import device
from storage.sign_in_events import Happened
from tests.service.entrance import PHONE, House, inside, signed_in
from tests.service.stage import AMINA, BAO, token_of


async def test_every_sign_in_is_a_new_session_and_ends_the_browsers_earlier_one(house: House) -> None:
    async with inside(house) as client, house.browser() as other:
        earlier = client.cookies["mendwork"]
        code, _ = await house.mailed(client)
        await client.post("/sign-in/code", data={"code": code})
        assert client.cookies["mendwork"] != earlier
        other.cookies.set("mendwork", earlier)
        assert not await signed_in(other)
        assert await signed_in(client)


@pytest.mark.parametrize("planted", ["chosen-by-a-stranger", token_of(AMINA), ""])
async def test_a_value_that_we_did_not_make_is_no_session_and_never_becomes_one(
    house: House, planted: str
) -> None:
    async with house.browser() as client, house.browser() as stranger:
        client.cookies.set("mendwork", planted, domain="testserver.local", path="/")
        assert not await signed_in(client)
        code, _ = await house.mailed(client)
        entered = await client.post("/sign-in/code", data={"code": code})
        assert f"mendwork={planted};" not in entered.headers["Set-Cookie"]
        stranger.cookies.set("mendwork", planted)
        assert not await signed_in(stranger)


async def test_a_session_ends_when_nobody_uses_it_for_a_week_and_after_a_month_in_any_case(
    house: House,
) -> None:
    async with inside(house) as client:
        for _ in range(5):
            house.clock.turn(days=5, hours=23)
            assert await signed_in(client)
        house.clock.turn(hours=7)
        assert not await signed_in(client)
    async with inside(house) as client:
        house.clock.turn(days=7)
        assert not await signed_in(client)


async def test_on_a_shared_device_a_session_is_short(house: House) -> None:
    async with house.browser() as client:
        code, _ = await house.mailed(client)
        entered = await client.post("/sign-in/code", data={"code": code, "shared": "true"})
        assert "Max-Age=14400" in entered.headers["Set-Cookie"]
        assert "A device that others use, too" in (await client.get("/me")).text
        house.clock.turn(minutes=29)
        assert await signed_in(client)
        house.clock.turn(minutes=30)
        assert not await signed_in(client)


async def test_one_sees_ones_sessions_and_ends_another_one(house: House) -> None:
    desk = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
    async with inside(house) as phone, inside(house, agent=desk) as computer:
        page = (await phone.get("/me")).text
        assert "Firefox on Android</strong> (this one)" in page
        there = re.search(r"Chrome on Windows</strong>.*?(/me/sessions/[\w-]+/end)", page, re.DOTALL)
        assert there
        assert (await phone.post(there[1])).headers["Location"] == "/me"
        assert not await signed_in(computer)
        assert await signed_in(phone)
        assert "Chrome on Windows" not in (await phone.get("/me")).text
    assert Happened.REVOKED in house.events()


async def test_all_others_are_ended_at_once(house: House) -> None:
    async with inside(house) as first, inside(house) as second, inside(house) as third:
        assert (await third.post("/me/sessions/end-others")).headers["Location"] == "/me"
        assert [await signed_in(each) for each in (first, second, third)] == [False, False, True]


async def test_signing_out_ends_the_session_and_not_only_the_cookie(house: House) -> None:
    async with inside(house) as client, house.browser() as thief:
        thief.cookies.set("mendwork", client.cookies["mendwork"])
        assert (await client.post("/sign-out")).headers["Location"] == "/sign-in"
        assert not await signed_in(thief)
    assert house.events()[0] is Happened.SIGNED_OUT


async def test_nobody_ends_anothers_session(house: House) -> None:
    async with inside(house) as amina, house.browser() as bao:
        await bao.post("/sign-in/token", data={"token": token_of(BAO)})
        (path,) = re.findall(r"(/me/sessions/[\w-]+/end)", (await amina.get("/me")).text)
        assert (await bao.post(path)).status_code == 404
        assert (await bao.post("/me/sessions/end-others")).status_code == 303
        assert await signed_in(amina)
        assert "Amina" not in (await bao.get("/me")).text
        assert (await amina.post(path)).headers["Location"] == "/sign-in"
        assert (await amina.post(path)).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (PHONE, "Firefox on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8", "A browser on a device"),
        ("<script>", "A browser on a device"),
    ],
)
def test_a_device_is_told_in_plain_words(agent: str, told: str) -> None:
    assert device(agent) == told
