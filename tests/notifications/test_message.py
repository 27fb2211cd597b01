"""Mail that nobody can write a header into: one recipient, two forms, frozen bytes."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from notifications.message import AddressUnusableError, Envelope, bare, build, checked
from notifications.occasion import Letter
from notifications.postman import Accepted
from tests.notifications.mail_servers import MailHouse, open_house
from tests.notifications.test_postman import a_postman

LETTER = Letter(
    subject="Échéance aujourd'hui : vérifier la correction déclarée, au plus tard le 12 mars 2026 [f-1]",
    text="Bonjour Chloé,\n\n" + "mot " * 400 + "\n",
    html='<html lang="fr"><body><p>Bonjour Chloé</p></body></html>',
)
ENVELOPE = Envelope(
    key="letter:7:amina",
    sender="Mendwork <letters@mendwork.example>",
    recipient="amina@factory.example",
    date=datetime(2026, 3, 2, 3, 0, tzinfo=UTC),
    language="fr",
)


def parsed(letter: Letter = LETTER, envelope: Envelope = ENVELOPE) -> EmailMessage:
    return message_from_bytes(build(letter, envelope), policy=policy.default)


def test_text_and_html_are_alternatives_of_one_letter() -> None:
    mail = parsed()
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert str(text.get_content()).split() == LETTER.text.split()
    assert "Bonjour Chloé" in str(html.get_content())


def test_headers_say_that_a_machine_wrote_it_and_to_whom() -> None:
    mail = parsed()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"] == "amina@factory.example"
    assert mail["From"] == "Mendwork <letters@mendwork.example>"
    assert mail["Subject"] == LETTER.subject
    assert mail["Content-Language"] == "fr"
    assert mail["List-Unsubscribe"] is None


def test_the_same_row_always_gives_the_same_bytes() -> None:
    assert build(LETTER, ENVELOPE) == build(LETTER, ENVELOPE)
    assert parsed()["Message-ID"] == ENVELOPE.message_id
    assert parsed()["Date"] == "Mon, 02 Mar 2026 03:00:00 +0000"


def test_another_row_has_another_message_id() -> None:
    assert replace(ENVELOPE, key="letter:8:amina").message_id != ENVELOPE.message_id
    assert ENVELOPE.message_id.endswith("@mendwork.example>")


def test_a_gathered_letter_can_be_unsubscribed_from_with_one_click() -> None:
    mail = parsed(envelope=replace(ENVELOPE, unsubscribe="https://mendwork.example/mute/abc"))
    assert mail["List-Unsubscribe"] == "<https://mendwork.example/mute/abc>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_no_line_is_longer_than_mail_allows() -> None:
    assert max(map(len, build(LETTER, ENVELOPE).split(b"\r\n"))) <= 998


HOSTILE = [
    "",
    "nobody",
    "a@b@c",
    "a b@c.example",
    "a@b.example, c@d.example",
    "a@b.example;c@d.example",
    "Amina <a@b.example>",
    "a@b.example\nBcc: c@d.example",
    "a@b.example\r\n",
    "a\x00@b.example",
    "=?utf-8?q?a=0d=0aBcc:x?=@b.example",
    '"a\r\nb"@c.example',
    "amína@factory.example",
    "a@-",
    "a@b..example",
    "a@b.example\u2028x",
    "@",
    "a" * 65 + "@b.example",
    "a@" + "b" * 260,
]


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(AddressUnusableError) as refused:
        build(LETTER, replace(ENVELOPE, recipient=address))
    assert len(address) < 2 or address not in str(refused.value)


@pytest.mark.parametrize(
    "address", ["a@b", "a.b+c@d-e.example", "o'neil@x.example", "x@localhost.localdomain"]
)
def test_usual_addresses_pass(address: str) -> None:
    assert checked(address) == address
    assert bare(f"Some Name <{address}>") == address


async def test_what_arrives_is_what_was_built() -> None:
    house = MailHouse()
    async with open_house(house) as port, a_postman(port) as postman:
        outcome = await postman.deliver("amina@factory.example", build(LETTER, ENVELOPE))
    assert isinstance(outcome, Accepted)
    (mail,) = house.mails()
    assert mail["Subject"] == LETTER.subject
    assert [header for header in mail.keys() if header.lower() in {"bcc", "cc"}] == []  # noqa: SIM118
