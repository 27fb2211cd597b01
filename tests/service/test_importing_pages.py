"""Importing in the browser: looked at first, confirmed once, followed to its end, then corrected."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import AsyncClient, Response

from remediation.words import PersonId, ProgrammeId
from service.assessment_files import rows_of
from service.engine import Engine
from service.importing.uploading import Given, Importer, keep
from storage import people, uploads
from storage.database import reading, writing
from tests.service.browsing import Reader, browser, form_of, opened, sent
from tests.service.stage import AMINA, BAO, CHLOE, HOST, OTHER_PROGRAMME, Live, Theatre
from tests.service.test_assessments import row, rows

NEW = "/assessments/new"


async def choose(
    client: AsyncClient, content: str | bytes, name: str = "january.csv", **data: str
) -> Response:
    """Choose a file in the form, and send it."""
    form = await opened(client, NEW)
    data = {**{key: values[0] for key, values in form.data.items() if key != "file"}, **data}
    file = content.encode() if isinstance(content, str) else content
    return await client.post(form.action, data=data, files={"file": (name, file, "text/csv")})


async def followed(client: AsyncClient, answer: Response) -> Response:
    """Follow to where an answer leads."""
    assert answer.status_code == 303, Reader(answer.text).text
    return await client.get(HOST + answer.headers["Location"])


def plain(answer: Response) -> str:
    return " ".join(Reader(answer.text).text.split())


async def test_chloe_corrects_the_file_of_errors_and_all_rows_arrive_once(live: Live) -> None:
    text = rows("page-1") + row("page-2", finding="=perhaps") + row("page-3", cycle="")
    async with browser(live.theatre, CHLOE) as chloe:
        shown = await followed(chloe, await choose(chloe, text))
        assert "2 rows cannot be used" in plain(shown)
        assert "Row 3" in plain(shown)
        assert live.theatre.count("subjects") == 0
        done = await until_done(chloe, await sent(chloe, form_of(shown)))
        assert "Findings issued 1 Rows left out, because they cannot be used 2" in done
        errors = await file_of_errors(chloe, shown, "csv")
        assert "'=perhaps" in errors.decode()
        assert [cells[0] for cells in rows_of(errors)] == ["Mendwork row", "3", "4"]
        assert "is not an answer" in list(rows_of(await file_of_errors(chloe, shown, "xlsx")))[1][1]
        corrected = errors.decode().replace("'=perhaps", "1").replace("lotus,,", "lotus,1,")
        again = await followed(chloe, await choose(chloe, corrected, "corrected.csv"))
        assert "New findings 2" in plain(again)
        assert "Findings issued 2" in await until_done(chloe, await sent(chloe, form_of(again)))
        listed = plain(await chloe.get("/assessments"))
    assert "january.csv" in listed
    assert live.theatre.count("subjects") == 3


async def file_of_errors(client: AsyncClient, shown: Response, form: str) -> bytes:
    link = next(each for each in Reader(shown.text).links if each.endswith(f"errors.{form}"))
    answer = await client.get(link)
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.content


async def until_done(client: AsyncClient, answer: Response) -> str:
    """Look at an import again and again, as its page does, until it is done."""
    shown = await followed(client, answer)
    while "Being imported" in plain(shown):
        shown = await client.get(str(shown.url))
    return plain(shown)


async def test_the_same_file_is_kept_once_and_a_second_click_begins_nothing_anew(live: Live) -> None:
    text = rows("same-1", cycle="5")
    async with browser(live.theatre, CHLOE) as chloe:
        first, second = [await followed(chloe, await choose(chloe, text)) for _ in range(2)]
        assert first.url == second.url
        form = form_of(second)
        await until_done(chloe, await sent(chloe, form))
        assert "Findings issued 1" in await until_done(chloe, await sent(chloe, form))
        once_more = await followed(chloe, await choose(chloe, text))
    assert "There is nothing to import in this file" in plain(once_more)


async def test_the_worker_finishes_what_the_service_left(live: Live) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    database = live.theatre.database
    given = Given(
        data=rows("left-1", cycle="6").encode(),
        name="left.csv",
        programme=ProgrammeId("bd"),
        by=CHLOE,
        at=long_ago,
    )
    kept = keep(database, given)
    with writing(database) as connection:
        assert uploads.confirm(connection, kept.id, CHLOE, long_ago, skip_bad=False, outcome=None)
        assert not uploads.confirm(connection, kept.id, BAO, long_ago, skip_bad=True, outcome=None)
    async with browser(live.theatre, CHLOE) as chloe:
        assert "Being imported" in plain(await chloe.get(f"/assessments/{kept.id}"))
        importer = Importer(database, Engine(live.client, task_queue=live.queue))
        assert await importer.finish_all(datetime.now(UTC)) == 1
        assert await importer.finish_all(datetime.now(UTC)) == 0
        assert "Findings issued 1" in plain(await chloe.get(f"/assessments/{kept.id}"))
    with writing(database) as connection:
        uploads.forget(connection, datetime.now(UTC))
        assert uploads.find(connection, kept.id) is None
        assert uploads.data_of(connection, kept.id) == b""


async def test_a_file_that_is_none_comes_back_with_a_sentence_in_the_readers_language(
    theatre: Theatre,
) -> None:
    with writing(theatre.database) as connection:
        known = people.person(connection, CHLOE)
        assert known is not None
        people.save_person(
            connection, people.Person(id=CHLOE, name=known.name, email=known.email, language="fr")
        )
    async with browser(theatre, CHLOE) as chloe:
        empty = await choose(chloe, b"")
        nothing = await chloe.post(NEW, data={"programme": "bd"})
        bad = await followed(chloe, await choose(chloe, rows() + row("q1", finding="perhaps")))
    assert (empty.status_code, nothing.status_code) == (422, 422)
    assert "Le fichier est vide." in plain(empty)
    assert "n'est pas une réponse" in plain(bad).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    assert theatre.count("uploads") == 1


@pytest.mark.parametrize("person", [BAO, AMINA, PersonId("omar")])
async def test_nobody_else_imports_or_sees_what_was_uploaded(theatre: Theatre, person: PersonId) -> None:
    async with browser(theatre, CHLOE) as chloe:
        here = (await choose(chloe, rows("q1"))).headers["Location"]
        elsewhere = await choose(chloe, rows("q1"), programme=OTHER_PROGRAMME)
    async with browser(theatre, person) as other:
        answers = [
            await other.get(NEW),
            await other.get("/assessments"),
            await other.get(here),
            await other.get(f"{here}/errors.csv"),
            await other.post(f"{here}/confirm"),
            await other.post(NEW, data={"programme": "bd"}, files={"file": ("a.csv", rows("q2").encode())}),
        ]
        home = await other.get("/")
    assert elsewhere.status_code == 422
    assert [answer.status_code for answer in answers] == [403, 403, 404, 404, 404, 403]
    assert "/assessments" not in Reader(home.text).links
    with reading(theatre.database) as connection:
        (kept,) = uploads.about(connection, uploads.UploadKind.ASSESSMENT, ["bd", OTHER_PROGRAMME])
        assert kept.confirmed_at is None
    assert re.fullmatch("a-[0-9a-f]{16}", kept.id)
