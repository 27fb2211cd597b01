"""What becomes of a sign-in mail, and that nothing which lets somebody in is kept or logged."""

import pytest

from storage import claims, messages
from storage.database import reading, writing
from storage.messages import MessageState
from tests.notifications.mail_servers import Moment
from tests.service.entrance import AMINAS, CODE, LINK, House, body, inside


async def test_a_mail_of_unknown_fate_is_never_sent_again(house: House) -> None:
    house.mail.hang_up = Moment.AFTER_THE_DOT
    async with house.browser() as client:
        await house.ask(client)
        house.mail.hang_up = None
        house.clock.turn(minutes=10)
        await house.deliver()
    assert len(house.mail.taken) == 1
    assert house.message().state is MessageState.UNKNOWN
    assert kept_bytes(house) == b""


async def test_a_mail_that_a_killed_worker_held_is_not_sent_by_another(house: House) -> None:
    async with house.browser() as client:
        await client.post("/sign-in", data={"address": AMINAS})
        with writing(house.theatre.database) as connection:
            (held,) = claims.claim(connection, house.clock(), "killed")
        house.clock.turn(minutes=3)
        await house.deliver()
    assert house.mail.taken == []
    assert (house.message().state, held.message.kind) == (MessageState.UNKNOWN, "sign_in")


async def test_a_mail_that_the_server_refuses_for_now_is_tried_again_until_its_code_runs_out(
    house: House,
) -> None:
    house.mail.at_mail = "451 later"
    async with house.browser() as client:
        await house.ask(client)
        assert kept_bytes(house) != b""
        house.mail.at_mail = ""
        house.clock.turn(minutes=2)
        await house.deliver()
        assert len(house.mail.taken) == 1
        house.mail.at_mail = "451 later"
        await house.ask(client)
        house.mail.at_mail = ""
        house.clock.turn(minutes=16)
        await house.deliver()
    assert len(house.mail.taken) == 1
    assert (house.message().state, house.message().reason) == (MessageState.SKIPPED, "code_expired")


async def test_nothing_that_lets_somebody_in_is_kept(house: House) -> None:
    async with inside(house) as client:
        kept = str(house.everything())
        code = CODE.findall(body(house.mail.mails()[-1]))[0]
        for secret in (client.cookies["mendwork"], code, code.replace(" ", "")):
            assert secret not in kept
        assert not LINK.findall(kept)
    assert kept_bytes(house) == b""


async def test_neither_address_nor_network_stands_in_audit_or_log(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    async with house.browser(host="192.0.2.99") as client:
        await house.ask(client, "planted@mail.example")
        code, link = await house.mailed(client)
        await client.get(link)
        await client.post(link)
    said = "".join(capsys.readouterr()) + str(house.everything())
    assert "/sign-in/link/{link}" in said
    for hidden in ("planted@", "192.0.2.99", link.rpartition("/")[2], code):
        assert hidden not in said


def kept_bytes(house: House) -> bytes | None:
    with reading(house.theatre.database) as connection:
        return messages.content(connection, house.message().id)
