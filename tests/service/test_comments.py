"""Comments: read by who may, meant for whom they mention, written once, and taken back for a while."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from remediation.permissions import Grant, ScopeKind
from remediation.words import PersonId, Role, Severity
from service.commenting import MOST_OF_A_FINDING
from storage import comments, messages, people
from storage.database import reading, writing
from storage.messages import MENTION, Message
from storage.people import Person
from tests.notifications.mail_servers import MailHouse
from tests.service.browsing import Reader, browser, form_of, opened, sent
from tests.service.entrance import Clock, House, body
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BUYER,
    CHLOE,
    HOST,
    LOTUS,
    NEIGHBOUR,
    OUTSIDER,
    TOMAS,
    a_life,
    a_theatre,
    key,
)

AT = "/api/v1/findings/f1/comments"
WORDS = "PLANTEDWORDS: the guard still keeps the key."


@pytest.fixture
def table(template: Path, tmp_path: Path) -> Iterator[House]:
    """A finding that is talked about, at a quarter past ten on a Tuesday in Dhaka."""
    clock = Clock(datetime(2026, 11, 24, 4, 15, tzinfo=UTC))
    theatre = a_theatre(tmp_path, template=template, clock=clock, public_url=HOST)
    theatre.keep(a_life("f1"), a_life("f2"))
    theatre.keep(a_life("z1", severity=Severity.ZERO_TOLERANCE, factory_told=False))
    yield House(theatre, clock, MailHouse())
    theatre.close()


async def said(
    table: House,
    person: str,
    text: str = WORDS,
    *,
    at: str = AT,
    headers: dict[str, str] | None = None,
    **more: Any,  # noqa: ANN401 - a body
) -> Response:
    async with table.theatre.act(person) as client:
        return await client.post(at, json={"text": text, **more}, headers=headers or key())


async def read(table: House, person: str, at: str = AT) -> list[dict[str, Any]]:
    async with table.theatre.act(person) as client:
        answer = await client.get(at)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def refusal(answer: Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    assert told["detail"]
    return told


def mails(table: House, person: str) -> list[Message]:
    with reading(table.theatre.database) as connection:
        return [each for each in messages.of_person(connection, person) if each.kind == MENTION]


async def test_what_amina_says_stands_in_the_findings_story_for_committee_manager_and_staff(
    table: House,
) -> None:
    answer = await said(table, AMINA)
    assert answer.status_code == 201
    for person in (AMINA, ASHA, BAO, CHLOE, TOMAS):
        (comment,) = await read(table, person)
        assert (comment["text"], comment["by"]["name"]) == (WORDS, "Amina Rahman")
        assert comment["own"] is (person == AMINA)
        async with browser(table.theatre, person) as client:
            page = (await client.get("/findings/f1")).text
            assert WORDS in page
            assert f'id="comment-{comment["id"]}"' in page
    assert (await read(table, AMINA, AT.replace("f1", "f2"))) == []


async def test_facts_letters_and_comments_are_one_story_in_the_order_of_time(table: House) -> None:
    await said(table, AMINA, "First words")
    table.clock.turn(minutes=5)
    await said(table, BAO, "Second words")
    async with browser(table.theatre, CHLOE) as client:
        page = Reader((await client.get("/findings/f1")).text).text
    story = page[page.index("What has happened") :]
    assert story.index("Second words") < story.index("First words")


@pytest.mark.parametrize(("person", "status"), [(BUYER, 403), (NEIGHBOUR, 404), (OUTSIDER, 404)])
async def test_buyers_and_outsiders_neither_read_nor_write(
    table: House, person: PersonId, status: int
) -> None:
    comment = (await said(table, AMINA)).json()["id"]
    assert (await said(table, person)).status_code == status
    async with table.theatre.act(person) as client:
        assert (await client.get(AT)).status_code == status
        assert (await client.post(f"{AT}/{comment}/retract")).status_code in {403, 404}
    async with browser(table.theatre, person) as client:
        assert WORDS not in (await client.get("/findings/f1")).text
        assert (await client.get("/findings/f1/comment")).status_code == status


async def test_the_owner_of_an_action_and_the_panel_read_and_do_not_write(table: House) -> None:
    with writing(table.theatre.database) as connection:
        for person, role, kind in ((OUTSIDER, Role.ACTION_OWNER, ScopeKind.FACTORY),):
            people.give(connection, person, Grant(role, kind, LOTUS))
    await said(table, AMINA)
    assert len(await read(table, OUTSIDER)) == 1
    assert (await said(table, OUTSIDER)).status_code == 403
    async with browser(table.theatre, OUTSIDER) as client:
        assert "/findings/f1/comment" not in (await client.get("/findings/f1")).text


async def test_what_staff_keep_among_themselves_is_read_by_no_one_else(table: House) -> None:
    assert (await said(table, CHLOE, confidential=True)).status_code == 201
    assert len(await read(table, TOMAS)) == 1
    for person in (AMINA, BAO):
        assert await read(table, person) == []
        async with browser(table.theatre, person) as client:
            assert WORDS not in (await client.get("/findings/f1")).text
    refused = await said(table, AMINA, confidential=True)
    assert refusal(refused, 422)["errors"][0]["field"] == "confidential"


async def test_what_staff_say_before_the_factory_is_told_stays_with_them(table: House) -> None:
    at = AT.replace("f1", "z1")
    assert (await said(table, CHLOE, at=at)).json()["confidential"] is True
    assert (await said(table, BAO, at=at)).status_code == 404
    refused = await said(table, CHLOE, at=at, mentions=[BAO])
    assert refusal(refused, 422)["errors"][0]["field"] == "mentions[0]"


async def test_who_is_mentioned_gets_one_mail_on_the_factorys_next_morning_without_the_words(
    table: House,
) -> None:
    await said(table, AMINA, mentions=[CHLOE, BAO])
    await said(table, ASHA, f"{WORDS} @chloé martin, look please.")
    (mail,) = mails(table, CHLOE)
    assert mail.next_try_at == datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
    await table.deliver()
    assert table.mail.mails() == []
    table.clock.now = mail.next_try_at
    await table.deliver()
    assert sorted(str(each["To"]) for each in table.mail.mails()) == [
        f"{BAO}@mail.example",
        f"{CHLOE}@mail.example",
    ]
    for letter in table.mail.mails():
        assert letter["Subject"] == "Somebody mentioned you in a comment"
        assert f"{HOST}/findings/f1#comments" in body(letter)
        assert "Lotus Garments" in body(letter)
        assert "PLANTED" not in letter.as_string()
        assert "Amina" not in letter.as_string()
    await said(table, AMINA, mentions=[CHLOE])
    assert len(mails(table, CHLOE)) == 2


async def test_the_mail_speaks_the_language_of_its_reader(table: House) -> None:
    with writing(table.theatre.database) as connection:
        people.save_person(
            connection, Person(id=BAO, name="Bao Tran", email=f"{BAO}@mail.example", language="fr")
        )
    await said(table, AMINA, mentions=[BAO])
    table.clock.turn(days=1)
    await table.deliver()
    (letter,) = table.mail.mails()
    assert "Quelqu" in str(letter["Subject"])


async def test_who_has_no_address_is_mentioned_all_the_same(table: House) -> None:
    answer = await said(table, BAO, mentions=[ASHA])
    assert [each["id"] for each in answer.json()["mentions"]] == [ASHA]
    assert mails(table, ASHA)[0].reason == "no_address"


@pytest.mark.parametrize("person", [BUYER, OUTSIDER, NEIGHBOUR, AMINA, "nobody"])
async def test_nobody_is_mentioned_who_may_not_read_it_nor_oneself(table: House, person: str) -> None:
    refused = await said(table, AMINA, mentions=[BAO, person])
    assert refusal(refused, 422)["errors"][0]["field"] == "mentions[1]"
    assert mails(table, BAO) == []
    assert (await said(table, AMINA, "@Bea Buyer @Omar Outsider @Nila Neighbour @Nobody")).json()[
        "mentions"
    ] == []


async def test_a_name_that_two_people_bear_has_to_be_chosen(table: House) -> None:
    with writing(table.theatre.database) as connection:
        people.save_person(connection, Person(id=ASHA, name="Bao Tran", email=None, language="en"))
    assert (await said(table, AMINA, "@Bao Tran")).json()["mentions"] == []
    assert len((await said(table, AMINA, "@Bao Tran", mentions=[ASHA])).json()["mentions"]) == 1


async def test_the_same_key_says_it_once(table: House) -> None:
    headers = key()
    first = await said(table, AMINA, mentions=[BAO], headers=headers)
    again = await said(table, AMINA, mentions=[BAO], headers=headers)
    assert (again.status_code, again.json()) == (200, first.json())
    other = await said(table, AMINA, "Other words", headers=headers)
    assert refusal(other, 409)["code"] == "idempotency_key_reused"
    assert (await said(table, BAO, headers=headers)).status_code == 201
    assert len(await read(table, AMINA)) == 2
    assert len(mails(table, BAO)) == 1


async def test_ones_own_comment_is_taken_back_within_a_quarter_of_an_hour(table: House) -> None:
    comment = (await said(table, AMINA)).json()["id"]
    async with table.theatre.act(BAO) as bao, table.theatre.act(AMINA) as amina:
        assert (await bao.post(f"{AT}/{comment}/retract")).status_code == 403
        table.clock.turn(minutes=14, seconds=59)
        taken = await amina.post(f"{AT}/{comment}/retract")
        assert (taken.status_code, taken.json()["retracted"], taken.json()["text"]) == (200, True, "")
        table.clock.turn(days=1)
        assert (await amina.post(f"{AT}/{comment}/retract")).status_code == 200
    async with browser(table.theatre, CHLOE) as client:
        page = (await client.get("/findings/f1")).text
        assert "took a comment back" in page
        assert WORDS not in page
    with table.theatre.database.connect() as connection:
        assert WORDS not in str(connection.exec_driver_sql("SELECT * FROM comments").all())


async def test_nobody_is_written_to_of_a_comment_that_was_taken_back(table: House) -> None:
    comment = (await said(table, AMINA, mentions=[BAO, CHLOE])).json()["id"]
    await said(table, ASHA, mentions=[CHLOE])
    async with table.theatre.act(AMINA) as client:
        await client.post(f"{AT}/{comment}/retract")
    assert (mails(table, BAO), len(mails(table, CHLOE))) == ([], 1)
    await said(table, AMINA, mentions=[BAO])
    assert len(mails(table, BAO)) == 1


async def test_later_it_stays(table: House) -> None:
    comment = (await said(table, AMINA)).json()["id"]
    table.clock.turn(minutes=15)
    async with table.theatre.act(AMINA) as client:
        refused = await client.post(f"{AT}/{comment}/retract")
    assert refusal(refused, 409)["code"] == "too_late_to_retract"
    assert (await read(table, AMINA))[0]["text"] == WORDS
    async with browser(table.theatre, AMINA) as client:
        assert "/retract" not in (await client.get("/findings/f1")).text


async def test_a_comment_of_another_finding_is_not_found_here(table: House) -> None:
    comment = (await said(table, AMINA)).json()["id"]
    hidden = (await said(table, CHLOE, confidential=True)).json()["id"]
    async with table.theatre.act(AMINA) as client:
        assert (await client.post(f"{AT.replace('f1', 'f2')}/{comment}/retract")).status_code == 404
        assert (await client.post(f"{AT}/{hidden}/retract")).status_code == 404
        assert (await client.post(f"{AT}/nothing/retract")).status_code == 404


@pytest.mark.parametrize(("text", "fault"), [("", "text"), ("  \n ", "text"), ("x" * 2001, "text")])
async def test_a_comment_has_words_and_not_too_many(table: House, text: str, fault: str) -> None:
    assert refusal(await said(table, AMINA, text), 422)["errors"][0]["field"] == fault


async def test_a_finding_bears_so_many_comments_and_no_more(table: House) -> None:
    first = (await said(table, AMINA)).json()["id"]
    with writing(table.theatre.database) as connection:
        known = comments.find(connection, first)
        assert known
        for number in range(MOST_OF_A_FINDING - 1):
            row = {name: getattr(known, name) for name in known.__slots__}
            comments.keep(connection, comments.Comment(**row | {"id": f"c{number}"}))
    assert refusal(await said(table, AMINA), 409)["code"] == "too_many_comments"


async def test_in_the_browser_a_comment_is_written_mentions_somebody_and_is_taken_back(table: House) -> None:
    async with browser(table.theatre, AMINA) as client:
        form = await opened(client, "/findings/f1/comment")
        answer = await sent(client, form, text=f"{WORDS}\r\n<script>", mentions=[CHLOE])
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/findings/f1#comment-")
        again = await sent(client, form, text=f"{WORDS}\r\n<script>", mentions=[CHLOE])
        assert again.headers["Location"] == answer.headers["Location"]
        page = await client.get("/findings/f1")
        assert "To the attention of Chloé Martin" in Reader(page.text).text
        back = next(each for each in Reader(page.text).forms if each.action.endswith("/retract"))
        assert (await client.post(back.action)).status_code == 303
        assert WORDS not in (await client.get("/findings/f1")).text
    assert mails(table, CHLOE) == []


async def test_what_was_typed_comes_back_with_what_is_wrong(table: House) -> None:
    async with browser(table.theatre, CHLOE) as client:
        form = await opened(client, "/findings/f1/comment")
        empty = await sent(client, form, text=" ", mentions=[BAO], confidential="true")
        assert empty.status_code == 422
        assert "Write what you want to say." in empty.text
        back = form_of(empty)
        assert (back.data["mentions"], back.data["confidential"]) == ([BAO], ["true"])
        assert back.data["key"] != form.data["key"]
        long = await sent(client, back, text="x" * 2001, mentions=[])
        assert "Shorten it to 2000 characters." in long.text
        assert form_of(long).data["text"] == ["x" * 2001]
        # Only staff can be mentioned in what only staff may read.
        refused = await sent(client, back, text=WORDS, mentions=[BAO], confidential="true")
        assert refused.status_code == 422
        assert WORDS in form_of(refused).data["text"][0]


async def test_another_sites_page_says_nothing(table: House) -> None:
    async with browser(table.theatre, AMINA) as client:
        form = await opened(client, "/findings/f1/comment")
        foreign = {"Sec-Fetch-Site": "cross-site"}
        answer = await client.post(form.action, data={**form.data, "text": WORDS}, headers=foreign)
        assert answer.status_code == 403
    assert await read(table, AMINA) == []
