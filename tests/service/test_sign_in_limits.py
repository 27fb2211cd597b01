"""How often an address is asked for, and a network asks or fails, within an hour."""

import pytest

from service.entrance_limits import ASKS_FROM_A_NETWORK, ASKS_OF_AN_ADDRESS, FAILURES_FROM_A_NETWORK
from service.visitors import network
from tests.service.entrance import AMINAS, House, signed_in
from tests.service.stage import AMINA, BAO, token_of


@pytest.mark.parametrize("address", [AMINAS, "nobody@mail.example"])
async def test_an_address_is_asked_for_so_often_and_no_more_within_an_hour(
    house: House, address: str
) -> None:
    for number in range(ASKS_OF_AN_ADDRESS):
        async with house.browser(host=f"192.0.2.{number}") as client:
            assert (await house.ask(client, address)).status_code == 303
    async with house.browser(host="198.51.100.1") as client:
        refused = await house.ask(client, address.upper())
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
        assert "try again in an hour" in refused.text
        assert (await house.ask(client, f"{BAO}@mail.example")).status_code == 303
        house.clock.turn(hours=1, seconds=1)
        assert (await house.ask(client, address)).status_code == 303


async def test_a_network_asks_so_often_and_no_more_within_an_hour(house: House) -> None:
    async with house.browser(host="2001:db8::1") as client:
        for number in range(ASKS_FROM_A_NETWORK):
            answer = await client.post("/sign-in", data={"address": f"{number}@mail.example"})
            assert answer.status_code == 303
    async with house.browser(host="2001:db8::2") as neighbour, house.browser(host="2001:db8:1::1") as far:
        assert (await neighbour.post("/sign-in", data={"address": AMINAS})).status_code == 429
        assert (await far.post("/sign-in", data={"address": AMINAS})).status_code == 303


async def test_a_network_fails_so_often_and_no_more_within_an_hour(house: House) -> None:
    async with house.browser() as client:
        code, link = await house.mailed(client)
        for _ in range(FAILURES_FROM_A_NETWORK):
            assert (await client.post("/sign-in/token", data={"token": "x"})).status_code == 401
        for path, data in (
            ("/sign-in/token", {"token": token_of(AMINA)}),
            ("/sign-in/code", {"code": code}),
            (link, {}),
        ):
            assert (await client.post(path, data=data)).status_code == 429
        assert not await signed_in(client)
        house.clock.turn(hours=1, seconds=1)
        assert (await client.post("/sign-in/token", data={"token": token_of(AMINA)})).status_code == 303


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:5:1::9", "2001:db8:0:5::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_network_is_what_one_subscriber_has(host: str, counted: str) -> None:
    assert network(host) == counted
