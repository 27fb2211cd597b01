"""Passkeys: added soon after signing in, believed by their signature, refused where anything differs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from remediation.words import PersonId
from service import visitors
from service.entrance_limits import FAILURES_FROM_A_NETWORK
from service.passkeys import House as At
from service.passkeys import house as house_of
from service.signing_in import ON_OWN_DEVICE
from storage import passkeys, sessions
from storage.database import reading, writing
from storage.sessions import Opening
from storage.sign_in_events import Event, Happened, digest, note
from tests.notifications.mail_servers import MailHouse
from tests.service.entrance import Clock, House, signed_in
from tests.service.passkey_device import PRESENT, Device
from tests.service.stage import AMINA, BAO, a_life, a_theatre

PUBLIC = "http://localhost:8080"


@pytest.fixture
def house(template: Path, tmp_path: Path) -> Iterator[House]:
    """The door, at an address that browsers have passkeys for."""
    clock = Clock(datetime.now(UTC))
    theatre = a_theatre(tmp_path, template=template, clock=clock, public_url=PUBLIC)
    theatre.keep(a_life("f1"))
    yield House(theatre, clock, MailHouse())
    theatre.close()


@pytest.fixture
def device() -> Device:
    """Amina's phone."""
    return Device("localhost", PUBLIC)


async def asked(client: AsyncClient, path: str) -> dict[str, Any]:
    """Give what the device is asked."""
    answer = await client.post(f"{path}/challenge")
    assert answer.status_code == 200, answer.text
    options: dict[str, Any] = answer.json()
    return options


async def added(client: AsyncClient, device: Device, name: str = "My phone") -> Response:
    credential = device.make(await asked(client, "/me/passkeys"))
    return await client.post("/me/passkeys", data={"credential": credential, "name": name})


async def entered(client: AsyncClient, device: Device, **said: str) -> Response:
    credential = device.sign(await asked(client, "/sign-in/passkey"))
    return await client.post("/sign-in/passkey", data={"credential": credential, **said})


async def aminas(house: House, device: Device) -> None:
    """Let Amina come in by mail and add a passkey."""
    async with session_of(house, AMINA) as client:
        assert (await added(client, device)).status_code == 303


def session_of(house: House, person: str) -> AsyncClient:
    """Give a browser in which somebody has come in by mail just now."""
    client = house.browser()
    opening = Opening(
        person=PersonId(person), device="Phone", shared=False, means="code", lifetime=ON_OWN_DEVICE
    )
    with writing(house.theatre.database) as connection:
        secret, _ = sessions.open_session(connection, opening, house.clock())
    client.cookies.set("mendwork", secret)
    return client


def held(house: House, person: str = AMINA) -> list[str]:
    with reading(house.theatre.database) as connection:
        return [each.name for each in passkeys.of_person(connection, person)]


async def test_amina_signs_in_with_the_passkey_she_has_added(house: House, device: Device) -> None:
    async with session_of(house, AMINA) as client:
        assert (await added(client, device, " My \n phone ")).status_code == 303
        assert "My phone" in (await client.get("/me")).text
    async with house.browser() as client:
        answer = await entered(client, device, to="/findings")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/findings")
        assert "by a passkey" in (await client.get("/me")).text
    assert house.events()[:2] == [Happened.SIGNED_IN, Happened.PASSKEY_ADDED]


async def test_what_a_device_is_asked_names_no_credential_and_its_own_lock(house: House) -> None:
    async with house.browser() as client:
        options = await asked(client, "/sign-in/passkey")
    assert (options["rpId"], options["userVerification"]) == ("localhost", "required")
    assert not options.get("allowCredentials")


@pytest.mark.parametrize(
    "false",
    [
        {"origin": "http://localhost:8081"},
        {"host": "elsewhere.example"},
        {"flags": PRESENT},
        {"handle": "Ym9i"},
    ],
)
async def test_another_origin_host_owner_or_no_lock_is_refused(
    house: House, device: Device, false: dict[str, Any]
) -> None:
    await aminas(house, device)
    async with house.browser() as client:
        answer = await entered(client, replace(device, **false))
        assert answer.status_code == 401
        assert "This passkey opens nothing here" in answer.text
        assert not await signed_in(client)


async def test_another_devices_signature_is_refused(house: House, device: Device) -> None:
    await aminas(house, device)
    other = Device("localhost", PUBLIC, credential=device.credential, handle=device.handle)
    async with house.browser() as client:
        assert (await entered(client, other)).status_code == 401


async def test_a_copied_key_whose_count_falls_behind_is_refused(house: House, device: Device) -> None:
    await aminas(house, device)
    copied = replace(device)
    async with house.browser() as client:
        assert (await entered(client, device)).status_code == 303
        assert (await entered(client, copied)).status_code == 401


async def test_an_answer_counts_once(house: House, device: Device) -> None:
    await aminas(house, device)
    async with house.browser() as client:
        options = await asked(client, "/sign-in/passkey")
        cookies, data = dict(client.cookies), {"credential": device.sign(options)}
        assert (await client.post("/sign-in/passkey", data=data)).status_code == 303
    async with house.browser() as client:
        client.cookies.update(cookies)
        data["credential"] = device.sign(options)
        assert (await client.post("/sign-in/passkey", data=data)).status_code == 401


async def test_an_answer_counts_in_the_browser_that_asked_and_for_minutes(
    house: House, device: Device
) -> None:
    await aminas(house, device)
    async with house.browser() as client, house.browser() as other:
        credential = device.sign(await asked(client, "/sign-in/passkey"))
        assert (await other.post("/sign-in/passkey", data={"credential": credential})).status_code == 401
        house.clock.turn(minutes=5)
        assert (await client.post("/sign-in/passkey", data={"credential": credential})).status_code == 401


async def test_a_passkey_is_added_by_whom_it_was_asked_of(house: House, device: Device) -> None:
    async with session_of(house, AMINA) as amina, session_of(house, BAO) as bao:
        credential = device.make(await asked(amina, "/me/passkeys"))
        bao.cookies.set("mendwork-passkey", amina.cookies["mendwork-passkey"])
        answer = await bao.post("/me/passkeys", data={"credential": credential})
    assert answer.status_code == 422
    assert held(house, BAO) == []


async def test_a_known_passkey_is_not_added_for_somebody_else(house: House, device: Device) -> None:
    await aminas(house, device)
    async with session_of(house, BAO) as bao:
        answer = await added(bao, replace(device))
    assert (answer.status_code, held(house, BAO)) == (422, [])
    assert "This passkey is known already." in answer.text


@pytest.mark.parametrize("nonsense", ["", "{}", "[" * 5_000, "null", '{"id": 1, "rawId": "\\u0000"}'])
async def test_nonsense_is_refused(house: House, nonsense: str) -> None:
    async with session_of(house, AMINA) as client:
        await asked(client, "/me/passkeys")
        assert (await client.post("/me/passkeys", data={"credential": nonsense})).status_code == 422
        await asked(client, "/sign-in/passkey")
        assert (await client.post("/sign-in/passkey", data={"credential": nonsense})).status_code == 401


async def test_a_passkey_is_added_soon_after_signing_in(house: House, device: Device) -> None:
    async with session_of(house, AMINA) as client:
        credential = device.make(await asked(client, "/me/passkeys"))
        house.clock.turn(minutes=15)
        for path in ("/me/passkeys", "/me/passkeys/challenge"):
            answer = await client.post(path, data={"credential": credential})
            assert answer.status_code == 422
            assert "Sign out and in again first" in answer.text
    assert held(house) == []


async def test_none_is_added_on_a_shared_device_and_none_makes_it_ones_own(
    house: House, device: Device
) -> None:
    await aminas(house, device)
    async with house.browser() as client:
        assert (await entered(client, device, shared="true")).status_code == 303
        shown = (await client.get("/me")).text
        assert "A device that others use, too." in shown
        assert (await client.post("/me/passkeys/challenge")).status_code == 422
        house.clock.turn(minutes=31)
        assert not await signed_in(client)


async def test_its_owner_renames_and_removes_it_and_then_it_opens_nothing(
    house: House, device: Device
) -> None:
    await aminas(house, device)
    with reading(house.theatre.database) as connection:
        own = passkeys.of_person(connection, AMINA)[0].id
    async with session_of(house, BAO) as bao:
        for what in ("rename", "remove"):
            answer = await bao.post(f"/me/passkeys/{own}/{what}", data={"name": "His"})
            assert answer.status_code == 404
    async with session_of(house, AMINA) as client:
        at = f"/me/passkeys/{own}"
        assert (await client.post(f"{at}/rename", data={"name": " "})).status_code == 422
        assert (await client.post(f"{at}/rename", data={"name": "My tablet"})).status_code == 303
        assert held(house) == ["My tablet"]
        assert (await client.post(f"{at}/remove")).status_code == 303
        assert (await client.post(f"{at}/remove")).status_code == 404
    async with house.browser() as client:
        assert (await entered(client, device)).status_code == 401
    assert house.events()[:2] == [Happened.PASSKEY_REMOVED, Happened.PASSKEY_RENAMED]


async def test_a_corrected_address_removes_them(house: House, device: Device) -> None:
    await aminas(house, device)
    async with house.theatre.act("olga") as operator:
        corrected = {"name": "Amina Rahman", "language": "en", "email": "new@mail.example"}
        answer = await operator.put(f"/api/v1/people/{AMINA}", json=corrected)
        assert answer.status_code == 200, answer.text
    assert held(house) == []


async def test_too_many_failures_of_a_network_close_this_door_too(house: House, device: Device) -> None:
    await aminas(house, device)
    async with house.browser() as client:
        failing = await entered(client, replace(device, origin="http://elsewhere.example"))
        assert failing.status_code == 401
        options = await asked(client, "/sign-in/passkey")
        network = visitors.network("192.0.2.7")
        failed = Event(kind=Happened.FAILED, at=house.clock(), network=digest(network))
        with writing(house.theatre.database) as connection:
            for _ in range(FAILURES_FROM_A_NETWORK - 1):
                note(connection, failed)
        data = {"credential": device.sign(options)}
        assert (await client.post("/sign-in/passkey", data=data)).status_code == 429
        assert (await client.post("/sign-in/passkey/challenge")).status_code == 429


@pytest.mark.parametrize(
    ("public", "at"),
    [
        ("https://mendwork.example", At("mendwork.example", "https://mendwork.example")),
        ("https://mendwork.example:8443/", At("mendwork.example", "https://mendwork.example:8443")),
        (PUBLIC, At("localhost", PUBLIC)),
        ("http://mendwork.example", None),
        ("http://127.0.0.1:8080", None),
        ("https://[::1]", None),
    ],
)
def test_browsers_have_passkeys_for_names_reached_securely(public: str, at: At | None) -> None:
    assert house_of(public) == at


async def test_where_browsers_have_none_none_is_offered(template: Path, tmp_path: Path) -> None:
    theatre = a_theatre(tmp_path, template=template, public_url="http://127.0.0.1:8080")
    async with theatre.act(None, Accept="text/html") as client:
        assert "passkey" not in (await client.get("/sign-in")).text
        assert (await client.post("/sign-in/passkey/challenge")).status_code == 404
    theatre.close()
