"""The postman against real SMTP servers that accept, refuse and hang up."""

import asyncio
from datetime import UTC, datetime

import pytest

from notifications.message import Envelope, build
from notifications.occasion import Letter
from notifications.postman import (
    Accepted,
    Deferred,
    MailServer,
    Outcome,
    Postman,
    Rejected,
    Security,
    Unknown,
    Unreachable,
)
from tests.notifications.mail_servers import MailHouse, Moment, open_house

SENDER = "letters@mendwork.example"
MAIL = build(
    Letter(subject="Due tomorrow", text="Hello\n.a dot\n", html="<p>Hello</p>"),
    Envelope(
        key="k1",
        sender=SENDER,
        recipient="amina@factory.example",
        date=datetime(2026, 3, 2, tzinfo=UTC),
        language="en",
    ),
)


def a_postman(port: int, timeout: float = 5) -> Postman:
    server = MailServer(host="127.0.0.1", port=port, sender=SENDER, security=Security.NONE, timeout=timeout)
    return Postman(server)


async def delivered(house: MailHouse) -> Outcome:
    async with open_house(house) as port, a_postman(port) as postman:
        return await postman.deliver("amina@factory.example", MAIL)


async def test_a_message_that_the_server_takes_is_accepted_with_its_reply() -> None:
    house = MailHouse()
    outcome = await delivered(house)
    assert outcome == Accepted("250 taken")
    assert house.recipients == ["amina@factory.example"]
    assert house.taken == [MAIL]


def refusing(where: str, reply: str) -> MailHouse:
    house = MailHouse()
    setattr(house, where, reply)
    return house


WHERE = pytest.mark.parametrize("where", ["at_mail", "at_rcpt", "at_data"])


@WHERE
async def test_a_4xx_defers_wherever_it_comes(where: str) -> None:
    house = refusing(where, "451 come back later")
    assert await delivered(house) == Deferred("451 come back later")
    assert house.taken == []


@WHERE
async def test_a_5xx_rejects_wherever_it_comes(where: str) -> None:
    assert await delivered(refusing(where, "550 never")) == Rejected("550 never")


async def test_a_refused_sign_in_is_not_held_against_the_message() -> None:
    assert await delivered(MailHouse(at_mail="530 authentication required")) == Deferred(
        "530 authentication required"
    )


@pytest.mark.parametrize("moment", [Moment.GREETING, Moment.MAIL, Moment.DATA, Moment.BEFORE_THE_DOT])
async def test_a_connection_lost_before_the_dot_defers(moment: Moment) -> None:
    house = MailHouse(hang_up=moment)
    outcome = await delivered(house)
    assert isinstance(outcome, Deferred | Unknown)
    assert house.taken == []
    if moment is not Moment.BEFORE_THE_DOT:
        assert isinstance(outcome, Deferred)


async def test_a_connection_lost_after_the_dot_leaves_the_outcome_unknown() -> None:
    house = MailHouse(hang_up=Moment.AFTER_THE_DOT)
    assert isinstance(await delivered(house), Unknown)
    assert len(house.taken) == 1


async def test_nobody_listening_is_unreachable() -> None:
    async with open_house(MailHouse()) as port:
        pass
    async with a_postman(port) as postman:
        assert isinstance(await postman.deliver("amina@factory.example", MAIL), Unreachable)


async def test_one_connection_serves_a_round() -> None:
    house = MailHouse()
    async with open_house(house) as port, a_postman(port) as postman:
        for _ in range(3):
            assert isinstance(await postman.deliver("amina@factory.example", MAIL), Accepted)
    assert len(house.taken) == 3
    assert house.connections == 1


async def test_a_round_goes_on_after_a_refusal() -> None:
    house = MailHouse(refused_addresses=("gone@factory.example",))
    async with open_house(house) as port, a_postman(port) as postman:
        assert isinstance(await postman.deliver("gone@factory.example", MAIL), Rejected)
        assert isinstance(await postman.deliver("amina@factory.example", MAIL), Accepted)


async def test_a_connection_that_went_stale_between_two_messages_is_made_anew() -> None:
    house = MailHouse()
    async with open_house(house) as port, a_postman(port) as postman:
        await postman.deliver("amina@factory.example", MAIL)
        house.drop_idle_connections()
        assert isinstance(await postman.deliver("amina@factory.example", MAIL), Accepted)
    assert house.connections == 2


async def test_a_server_that_never_answers_is_given_up_in_time() -> None:
    async def stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(stay_silent, "127.0.0.1", 0)
    async with server, a_postman(server.sockets[0].getsockname()[1], timeout=0.2) as postman:
        assert isinstance(await postman.deliver("amina@factory.example", MAIL), Unreachable)


async def test_a_password_never_shows_in_the_description_of_a_server() -> None:
    server = MailServer(host="h", port=25, sender=SENDER, username="u", password="hunter2")
    assert "hunter2" not in repr(server)
