"""Links in mail are addresses and no authority: whoever follows one, by whatever method, changes nothing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from html import unescape
from typing import Any

from httpx2 import AsyncClient

from notifications.letters import write_letter
from notifications.letters.morning import morning
from notifications.occasion import Letter
from remediation.words import LetterKind
from storage import messages
from storage.database import reading
from storage.messages import ADDRESS_CHANGED, DIGEST, INVITATION, SIGN_IN, Message
from tests.notifications.meetings import every_meeting_letter
from tests.notifications.plans import every_plan_letter
from tests.notifications.stories import every_letter
from tests.notifications.visits import every_visit_letter
from tests.service.browsing import browser
from tests.service.entrance import House
from tests.service.stage import AMINA, BAO, BINH, CHLOE, HOST, OUTSIDER, PETRA, Theatre, a_life

ADDRESS = re.compile(rf"{HOST}(/[^\s\"'<>]*)")
TONGUES = ("en", "fr", "es")


def addresses(*texts: str) -> set[str]:
    """Give the addresses of ours that stand in texts of a mail."""
    return {unescape(found).rstrip(".,)") for text in texts for found in ADDRESS.findall(text)}


def letters() -> Iterator[tuple[str, str, Letter]]:
    """Give every letter there is, in each complete language, with the finding or plan it is about."""
    every: list[Any] = [*every_letter(), *every_plan_letter(), *every_meeting_letter(), *every_visit_letter()]
    for told in every:
        for tongue in TONGUES:
            occasion = replace(told.occasion(tongue), public_url=HOST)
            yield told.order.kind, told.state.id, write_letter(occasion)
            if told.order.kind in {LetterKind.REMINDER, LetterKind.PLAN_DUE, LetterKind.VISIT_DUE}:
                yield DIGEST, told.state.id, morning([occasion])


async def opened(client: AsyncClient, paths: set[str]) -> None:
    """Open addresses as browsers and mail scanners do, and what they lead on to."""
    for path in sorted(paths):
        for method in ("GET", "HEAD"):
            answer = await client.request(method, path, follow_redirects=True)
            assert answer.status_code in {200, 404}, (path, answer.status_code)


async def test_the_addresses_of_every_letter_change_nothing(theatre: Theatre) -> None:
    told = list(letters())
    assert {kind for kind, _, _ in told} == {*LetterKind, DIGEST}
    found = [addresses(letter.text, letter.html) for _, _, letter in told]
    assert all(found), "every letter leads to what it is about"
    theatre.keep(*map(a_life, {about for _, about, _ in told if ":" not in about}))
    before = theatre.everything()
    for person in (AMINA, OUTSIDER, None):
        async with browser(theatre, person) as client:
            await opened(client, set().union(*found))
    assert theatre.everything() == before


async def test_the_addresses_of_mail_about_coming_in_change_nothing(house: House) -> None:
    async with house.theatre.act(CHLOE) as chloe, house.theatre.act(PETRA) as petra:
        assert (await chloe.post(f"/api/v1/people/{BAO}/invite")).status_code == 201
        known = {"name": "Binh Le", "language": "en", "email": "new@mail.example"}
        assert (await petra.put(f"/api/v1/people/{BINH}", json=known)).status_code == 200
    async with house.browser() as phone, house.browser() as scanner:
        await house.ask(phone)
        assert {SIGN_IN, INVITATION, ADDRESS_CHANGED} == {mail.kind for mail in _messages(house)}
        found = addresses(*(text for mail in house.mail.mails() for text in _texts(mail)))
        assert any("/sign-in/link/" in path for path in found)
        before = house.everything()
        for client in (phone, scanner):
            await opened(client, found)
        assert house.everything() == before


def _texts(mail: EmailMessage) -> Iterator[str]:
    yield from map(str, mail.values())
    yield from (part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")


def _messages(house: House) -> list[Message]:
    with reading(house.theatre.database) as connection:
        return [mail for person in (AMINA, BAO, BINH) for mail in messages.of_person(connection, person)]
