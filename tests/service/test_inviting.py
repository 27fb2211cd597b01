"""Invitations: by whom, to whom, and that they carry no authority."""

import pytest
from sqlalchemy import delete

from storage import invitations, messages, sign_in_events
from storage.database import reading, writing
from storage.entrance import sessions
from storage.messages import INVITATION
from storage.sign_in_events import Happened
from tests.service.entrance import House, body, inside
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BUYER,
    CHLOE,
    HOST,
    NEIGHBOUR,
    OPERATOR,
    OUTSIDER,
    PETRA,
    TOMAS,
    Theatre,
    token_of,
)

PATH = f"/api/v1/people/{AMINA}/invite"


@pytest.mark.parametrize("person", [CHLOE, TOMAS, PETRA, OPERATOR])
async def test_who_manages_a_factorys_people_invites_one(theatre: Theatre, person: str) -> None:
    async with theatre.act(person) as client:
        answer = await client.post(PATH)
        again = await client.post(PATH)
    assert (answer.status_code, answer.json()["by"]) == (201, person)
    assert (again.status_code, again.json()) == (200, answer.json())
    with reading(theatre.database) as connection:
        (mail,) = messages.of_person(connection, AMINA)
        (event,) = sign_in_events.of_person(connection, AMINA)
        kept = invitations.latest(connection, AMINA)
    assert (mail.kind, mail.urgent, mail.subject) == (INVITATION, True, "You are invited to Mendwork")
    assert (event.kind, event.by) == (Happened.INVITED, person)
    assert kept
    assert (kept.by, kept.accepted_at) == (person, None)


@pytest.mark.parametrize("person", [AMINA, BAO, BUYER, NEIGHBOUR, OUTSIDER])
async def test_others_invite_nobody(theatre: Theatre, person: str) -> None:
    async with theatre.act(person) as client:
        assert (await client.post(PATH)).status_code == 403
    async with theatre.act(None, Cookie=f"mendwork={token_of(person)}", Accept="text/html") as browser:
        assert (await browser.get("/invitations")).status_code == 403
        assert (await browser.post(f"/invitations/{AMINA}")).status_code == 403
        assert "/invitations" not in (await browser.get("/me")).text
    assert theatre.count("invitations") == theatre.count("messages") == 0


@pytest.mark.parametrize("person", [OUTSIDER, OPERATOR, "nobody"])
async def test_whom_ones_roles_do_not_reach_is_not_there(theatre: Theatre, person: str) -> None:
    async with theatre.act(CHLOE) as client:
        assert (await client.post(f"/api/v1/people/{person}/invite")).status_code == 404
    assert theatre.count("invitations") == 0


async def test_who_has_no_address_cannot_be_invited(theatre: Theatre) -> None:
    async with theatre.act(CHLOE) as client:
        answer = await client.post(f"/api/v1/people/{ASHA}/invite")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_address")
    assert theatre.count("messages") == 0


async def test_an_advisor_invites_in_the_browser_and_sees_who_has_come(house: House) -> None:
    async with house.browser() as chloe:
        await chloe.post("/sign-in/token", data={"token": token_of(CHLOE), "to": "/invitations"})
        page = (await chloe.get("/invitations")).text
        assert f'action="/invitations/{AMINA}"' in page
        assert f'action="/invitations/{ASHA}"' not in page
        assert "Omar Outsider" not in page
        assert (await chloe.post(f"/invitations/{AMINA}")).headers["Location"] == "/invitations"
        await house.deliver()
        (mail,) = house.mail.mails()
        text = body(mail)
        assert f"Sign in: {HOST}/sign-in\n" in text
        assert "Lotus Garments" in text
        assert "by <bdi>Chloé Martin</bdi>" in (await chloe.get("/invitations")).text
        assert "Has signed in since" not in (await chloe.get("/invitations")).text
        async with inside(house) as amina:
            assert "You were invited" in (await amina.get("/me")).text
        assert "Has signed in since" in (await chloe.get("/invitations")).text
        house.clock.turn(days=1)
        await chloe.post("/sign-in/token", data={"token": token_of(CHLOE)})
        await chloe.post(f"/invitations/{AMINA}")
        await house.deliver()
    assert len([each for each in house.mail.mails() if "invited" in str(each["Subject"])]) == 2


async def test_an_invitation_opens_nothing(house: House) -> None:
    with writing(house.theatre.database) as connection:
        connection.execute(delete(sessions))
    async with house.theatre.act(CHLOE) as client:
        await client.post(PATH)
    await house.deliver()
    async with house.browser() as client:
        assert "Your e-mail address" in (await client.get("/sign-in")).text
        assert (await client.get("/me")).status_code == 303
