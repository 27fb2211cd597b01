"""Planted strings: exactly what permission allows appears, for each role, at every address there is."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html import unescape
from urllib.parse import urldefrag, urlsplit

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import select

from activities.mailroom import Mailroom, MailroomSettings
from notifications.postman import MailServer, Security
from remediation.words import FindingId
from service.api.bodies import BODIES
from service.problems import ProblemError
from storage.database import reading
from storage.evidence import evidence
from storage.tables import commands, metadata, revisions
from tests.notifications.mail_servers import MailHouse, open_house
from tests.paper.files import finding_html, plan_html, text_of
from tests.service.addresses import addresses
from tests.service.browsing import browser
from tests.service.planted import (
    EVERYBODY,
    FACTORY,
    MARKUP,
    READERS,
    RUTH,
    STAFF,
    VERA,
    Garden,
    a_garden,
    labels,
)
from tests.service.stage import ASHA, BAO, BUYER, HOST, NAMES, NEIGHBOUR, OPERATOR, TOMAS, Live, token_of
from workflows.messages import workflow_id

WORDS = {
    "absences.reason",
    "assessments.name",
    "comments.text",
    "directory_changes.after",
    "directory_changes.before",
    "evidence.shows",
    "factories.name",
    "factory_days.name",
    "hooks.description",
    "hooks.url",
    "messages.address",
    "messages.content",
    "notes.text",
    "passkeys.name",
    "people.email",
    "people.name",
    "people.phone",
    "programmes.name",
    "revisions.content",
    "subjects.evidence",
    "subjects.question_text",
    "subjects.statement",
    "tokens.label",
    "uploads.data",
    "uploads.name",
    "uploads.report",
}
"""The columns that hold what people wrote, and their names and contacts. No other does."""
TABLES = {column.partition(".")[0] for column in WORDS} | {
    "account_returns",
    "accounts",
    "attempts",
    "calendars",
    "clusters",
    "commands",
    "crosswalks",
    "deliveries",
    "delivery_tries",
    "factory_levels",
    "feeds",
    "findings",
    "gatherings",
    "grants",
    "invitations",
    "ledger",
    "letters",
    "likenesses",
    "mentions",
    "message_letters",
    "passkey_challenges",
    "pins",
    "points",
    "policies",
    "repeats",
    "seats",
    "sessions",
    "sign_in_codes",
    "sign_in_events",
    "stood_in",
    "waits",
}
PAPERS = ("/paper", "?pdf=true")
"""What ends the address of a PDF: what is printed is read below, as it goes to the press."""
LINK = re.compile('<a\\s(?:[^>]*\\s)?href="([^"]+)"')
QUERIES_OF_A_PAGE = 12
"""So many of the addresses that differ by what a list is narrowed to are followed."""


@pytest.fixture(scope="module")
async def garden(live: Live) -> Garden:
    return await a_garden(live)


@pytest.fixture(scope="module")
async def mails(garden: Garden) -> list[EmailMessage]:
    """What the mailroom sends of all this, until four days later."""
    house, later = MailHouse(), datetime.now(UTC) + timedelta(days=4)
    async with open_house(house) as port:
        sender = "Mendwork <mw@mail.example>"
        server = MailServer(host="127.0.0.1", port=port, sender=sender, security=Security.NONE, timeout=5)
        room = Mailroom(garden.live.theatre.database, MailroomSettings(server=server, public_url=HOST))
        while await room.address(later) + await room.deliver(later):
            pass
    return house.mails()


def links(html: str) -> list[str]:
    """Give the addresses that a page leads to. They are thousands: a parser takes ten times as long."""
    return [urldefrag(unescape(each)).url for each in LINK.findall(html)]


def known(garden: Garden) -> dict[str, list[str]]:
    """Give the ids that may stand in an address."""
    with reading(garden.live.theatre.database) as connection:
        sent = connection.execute(select(commands.c.id)).scalars().all()
        texts = connection.execute(select(revisions.c.digest)).scalars().all()
        pieces = connection.execute(select(evidence.c.id)).scalars().all()
    return {
        "finding": list(garden.findings.values()),
        "factory": ["lotus", "padma"],
        "programme": ["bd", "vn"],
        "plan": ["plan-1", "plan-2"],
        "of": ["plan-1", "plan-2"],
        "meeting": ["m-1"],
        "visit": ["v-1"],
        "person": list(NAMES),
        "assessment": ["as-1", garden.upload],
        "form": ["csv"],
        "number": ["1"],
        "upload": ["none"],
        "revision": list(texts),
        "piece": list(pieces),
        "command": list(sent),
        "sent": list(sent),
        "verb": [],  # the forms that a finding's page leads to are followed; all of one finding are below
        "link": ["none"],
        "provider": ["none"],
        "secret": ["none"],
        "webhook": ["planted"],
    }


def everywhere(garden: Garden) -> list[str]:
    """Give every address that can be read, with every id that there is."""
    ids = known(garden)
    every = [each for route in addresses(garden.live.theatre.app, "GET") for each in route.filled(ids)]
    lists = [route for route in addresses(garden.live.theatre.app, "GET") if not route.parameters]
    every += [f"{route.template}?{query}" for route in lists for query in route.narrowed(ids)]
    every += [f"/findings/{each}?sent={sent}" for each in ids["finding"][:2] for sent in ids["sent"]]
    return every + [f"/findings/{garden.findings['verifying']}/{verb.replace('_', '-')}" for verb in BODIES]


async def walk(client: AsyncClient, start: list[str]) -> AsyncIterator[tuple[str, Response]]:
    """Read every address, and each that a page leads to."""
    waiting, met = list(start), set(start)
    followed: dict[str, int] = defaultdict(int)
    while waiting:
        path = waiting.pop()
        if path.endswith(PAPERS):
            continue
        answer = await client.get(path)
        yield path, answer
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for link in links(answer.text):
            parts = urlsplit(link)
            assert not parts.netloc or link.startswith(HOST), f"{path} leads to {link}"
            followed[parts.path] += 1
            if link not in met and followed[parts.path] <= QUERIES_OF_A_PAGE and link.startswith("/"):
                met.add(link)
                waiting.append(link)


def names_known_to(person: str) -> set[str]:
    """Give whose names somebody may read."""
    if person in STAFF or person == OPERATOR:
        return {f"name_{each}" for each in EVERYBODY} | {"programme"}
    if person in READERS:
        # The decision panel looks at the whole programme, by its name.
        elsewhere = {f"name_{NEIGHBOUR}", "programme"} if person == RUTH else set()
        return {f"name_{each}" for each in {*FACTORY, *STAFF, RUTH, BUYER}} | elsewhere
    if person == NEIGHBOUR:
        return {f"name_{each}" for each in {NEIGHBOUR, *STAFF}}
    return {f"name_{person}"}


# Asha sees what Amina does; Tomas and Vera see what Chloé does.
@pytest.mark.parametrize("person", [each for each in EVERYBODY if each not in {ASHA, TOMAS, VERA}])
@pytest.mark.timeout(300)
async def test_each_reads_exactly_what_is_for_them(
    garden: Garden, person: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    cookie = {"Cookie": f"mendwork={token_of(person)}"} if person else {}
    async with garden.live.theatre.act(person or None, Accept="*/*", **cookie) as client:
        async for path, answer in walk(client, everywhere(garden)):
            assert answer.status_code < 500, path
            assert not labels(path + str(answer.headers)), f"{path}: a planted text stands in a header"
            shown = answer.headers.get("content-type", "").startswith("text/html")
            assert not shown or MARKUP not in answer.text, f"{path} does not escape what people wrote"
            for label in labels(answer.text):
                found[label].add(path)
    names = {label for label in found if label not in garden.audience}
    assert set(found) - names == garden.seen_by(person), {
        label: sorted(found[label])[:3] for label in (set(found) - names) ^ garden.seen_by(person)
    }
    assert names <= names_known_to(person), {label: found[label] for label in names - names_known_to(person)}
    if person in FACTORY:
        # Whoever visits unannounced may be known as one of the staff, who can be mentioned or witness.
        assert {path.rpartition("/")[2] for path in found["name_vera"]} <= {"sign", "comment"}
    assert not labels("".join(capsys.readouterr())), "the log holds a planted text"


@pytest.mark.parametrize("person", EVERYBODY[:-1])
def test_paper_tells_each_reader_no_more_than_the_pages(garden: Garden, person: str) -> None:
    said = ""
    for print_it, ids in ((plan_html, ["plan-1", "plan-2"]), (finding_html, list(garden.findings.values()))):
        for each in ids:
            with suppress(ProblemError):
                said += print_it(garden.live.theatre, person, each)
    assert MARKUP not in said
    assert labels(said) - garden.audience.keys() <= names_known_to(person)
    assert {each for each in labels(said) if each in garden.audience} <= garden.seen_by(person)


async def test_a_pdf_tells_what_went_to_the_press(garden: Garden) -> None:
    finding = garden.findings["verifying"]
    async with browser(garden.live.theatre, BAO) as client:
        answer = await client.get(f"/findings/{finding}/paper")
    told = labels("".join(text_of(answer.content).split()))
    # A name that is broken at the end of a line is not found again.
    assert {"verifying_statement", "verifying_question_text"} <= told
    assert told <= labels(finding_html(garden.live.theatre, BAO, finding))


async def test_mails_tell_each_reader_what_is_for_them_and_no_header_or_address_a_word(
    garden: Garden, mails: list[EmailMessage]
) -> None:
    assert len({str(mail["To"]) for mail in mails}) >= len(STAFF)
    for mail in mails:
        (person,) = labels(str(mail["To"]))
        reader = person.removeprefix("email_")
        headers = [f"{name}: {value}" for name, value in mail.items() if name != "To"]
        assert not labels("\n".join(headers)), headers
        text, html = (str(mail.get_body((kind,))) for kind in ("plain", "html"))
        assert MARKUP not in html
        told = labels(text) | labels(html)
        assert {label for label in told if label in garden.audience} <= garden.seen_by(reader)
        assert told - garden.audience.keys() <= names_known_to(reader)
        assert not labels("".join(re.findall(r"https?://\S+", text + html)))


async def test_temporals_histories_hold_no_word_or_name(garden: Garden) -> None:
    for finding in garden.findings.values():
        handle = garden.live.client.get_workflow_handle(workflow_id(FindingId(finding)))
        history = await handle.fetch_history()
        held = b"".join(event.SerializeToString() for event in history.events)
        assert finding.encode() in held
        assert not labels(held.decode("latin-1"))


@pytest.mark.usefixtures("mails")
def test_what_people_write_stands_nowhere_else_in_the_database(garden: Garden) -> None:
    assert {table.name for table in metadata.sorted_tables} == TABLES, (
        "Does the new table hold words of people? Plant them in tests/service/planted.py, and name them here."
    )
    with reading(garden.live.theatre.database) as connection:
        found = {
            f"{table.name}.{column.name}"
            for table in metadata.sorted_tables
            for column in table.columns
            if any(labels(_text(value)) for value in connection.execute(select(column)).scalars())
        }
    assert found == WORDS


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
