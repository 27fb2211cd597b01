"""Letters as people see them: what was sent to whom, and why not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from remediation.words import LetterKind, PersonId
from storage import claims, letters, messages
from storage.absences import Leave, enter
from storage.database import writing
from storage.letters import Letter
from storage.messages import NewMessage
from tests.service.stage import AMINA, ASHA, BAO, BINH, CHLOE, Theatre, a_life

NOW = datetime.now(UTC)


def a_message(letter: Letter, person: PersonId, skipped: str = "") -> NewMessage:
    return NewMessage(
        key=f"{letter.id}:{person}",
        person=person,
        kind=letter.kind,
        letters=(letter.id,),
        urgent=False,
        address="" if skipped else f"{person}@mail.example",
        message_id=f"<{letter.id}.{person}@mendwork>",
        date=NOW,
        subject="New finding",
        content=b"",
        skipped=skipped,
    )


def owed(connection: Connection, role: str) -> Letter:
    return next(letter for letter in letters.of_finding(connection, "f1") if letter.role == role)


@pytest.fixture
def sent(theatre: Theatre) -> Theatre:
    """Amina's letter left, Bao's had no address, Chloé's had no reader, the fourth waits."""
    theatre.keep(a_life("f1", ago=1))
    with writing(theatre.database) as connection:
        to_amina, to_bao = owed(connection, "worker_co_chair"), owed(connection, "manager")
        messages.address(connection, [to_amina.id], [a_message(to_amina, AMINA)], NOW)
        messages.address(connection, [to_bao.id], [a_message(to_bao, BAO, skipped="no_address")], NOW)
        letters.skip(connection, [owed(connection, "advisor").id], "no_holder")
        (claim,) = claims.claim(connection, NOW + timedelta(seconds=1), "worker-1")
        assert claims.accepted(connection, claim, NOW, "250 ok")
    return theatre


async def told(theatre: Theatre, person: PersonId) -> dict[str, tuple[str, list[str]]]:
    async with theatre.act(person) as client:
        items = (await client.get("/api/v1/findings/f1/letters")).json()["items"]
    assert {item["kind"] for item in items} == {LetterKind.NEW_FINDING.value}
    return {
        item["role"]: (item["said"], [each["person"]["id"] for each in item["deliveries"]]) for item in items
    }


async def test_staff_are_told_to_whom_it_went_and_why_it_did_not(sent: Theatre) -> None:
    assert await told(sent, CHLOE) == {
        "worker_co_chair": ("sent", [AMINA]),
        "manager": ("not sent: no address", [BAO]),
        "advisor": ("not sent: nobody holds this role", []),
        "management_co_chair": ("waits for the morning's message", []),
    }


async def test_the_factory_is_told_what_was_sent_and_everybody_of_their_own(sent: Theatre) -> None:
    assert await told(sent, ASHA) == {
        "worker_co_chair": ("sent", []),
        "manager": ("not sent", []),
        "advisor": ("not sent", []),
        "management_co_chair": ("waits for the morning's message", []),
    }
    assert (await told(sent, BAO))["manager"] == ("not sent: no address", [BAO])


async def test_whose_place_a_reader_took_is_told_to_staff_and_to_who_was_away(theatre: Theatre) -> None:
    theatre.keep(a_life("f1", ago=1))
    leave = Leave(person=BAO, first=NOW.date(), last=NOW.date(), deputy=BINH)
    with writing(theatre.database) as connection:
        to_bao = owed(connection, "manager")
        absence = enter(connection, leave, BAO, NOW)
        message = replace(a_message(to_bao, BINH), stands_in=((to_bao.id, absence.id),))
        messages.address(connection, [to_bao.id], [message], NOW)
    for person, known in ((CHLOE, [[BAO]]), (BAO, [[BAO]]), (BINH, [[BAO]]), (AMINA, [])):
        async with theatre.act(person) as client:
            items = (await client.get("/api/v1/findings/f1/letters")).json()["items"]
        read = next(item for item in items if item["role"] == "manager")["deliveries"]
        assert [[away["id"] for away in each["in_place_of"]] for each in read] == known
    async with theatre.act(BAO) as client:
        (covered,) = (await client.get(f"/api/v1/people/{BAO}/covered")).json()["items"]
    assert (covered["finding"], covered["reader"]["id"]) == ("f1", BINH)
    async with theatre.act(None, Cookie=f"mendwork=token-of-{CHLOE}", Accept="text/html") as client:
        assert (
            "<bdi>Binh Le</bdi>, in place of Bao Tran: on its way" in (await client.get("/findings/f1")).text
        )


async def test_a_person_sees_the_mails_to_them(sent: Theatre) -> None:
    async with sent.act(AMINA) as client:
        (mail,) = (await client.get(f"/api/v1/people/{AMINA}/letters")).json()["items"]
    assert (mail["state"], mail["subject"], mail["attempts"]) == ("accepted", "New finding", 1)


async def test_the_page_tells_it_too(sent: Theatre) -> None:
    async with sent.act(None, Cookie=f"mendwork=token-of-{CHLOE}", Accept="text/html") as client:
        page = (await client.get("/findings/f1")).text
    assert "New finding, to the manager of the factory: not sent: no address" in page
    assert "<bdi>Amina Rahman</bdi>: sent" in page
