"""Importing assessments over HTTP: tried first, refused row by row, and started once however often sent."""

import asyncio
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from storage.database import writing
from storage.programmes import save_factory
from tests.service.stage import AMINA, BAO, CHLOE, LOTUS, OTHER_PROGRAMME, PADMA, Live, Theatre, a_factory

HEADER = "Country,Factory.Assessed.ID,Cycle,Assessment.Start.Date,Cluster,CP,Q.Label,Question.ID,Finding\n"
PATH = "/api/v1/assessments"


def row(question: str, *, factory: str = LOTUS, finding: str = "1", cycle: str = "1") -> str:
    point = "Occupational Safety and Health,Emergency Preparedness"
    return f"Bangladesh,{factory},{cycle},12/01/2026,{point},Are the exits open?,{question},{finding}\n"


def rows(*questions: str, **changed: str) -> str:
    return HEADER + "".join(row(question, **changed) for question in questions)


async def send(client: AsyncClient, text: str | bytes, **form: Any) -> Response:  # noqa: ANN401
    content = text.encode() if isinstance(text, str) else text
    fields = {"programme": "bd"} | {name: str(value).lower() for name, value in form.items()}
    return await client.post(PATH, data=fields, files={"file": ("january.csv", content, "text/csv")})


async def test_a_dry_run_says_what_would_happen_and_changes_nothing(theatre: Theatre) -> None:
    async with theatre.act(CHLOE) as chloe:
        answer = await send(chloe, rows("q1", "q2") + row("q3", finding="0"), dry_run=True)
        told = answer.json()
    assert answer.status_code == 200, answer.text
    assert (told["dry_run"], told["findings"], told["compliant"], told["bad"]) == (True, 2, 1, [])
    assert (theatre.count("subjects"), theatre.count("assessments")) == (0, 1)


async def test_findings_are_issued_once_however_often_the_file_is_sent(live: Live) -> None:
    text = rows("once-1", "once-2", "once-3")
    async with live.theatre.act(CHLOE) as chloe, live.theatre.act(AMINA) as amina:
        first = await send(chloe, text)
        again = await send(chloe, text)
        progress = (await chloe.get(f"{PATH}/{first.json()['assessment']}")).json()
        listed = (await chloe.get(PATH)).json()["items"]
        plan = first.json()["plans"][0]
        seen = (await amina.get(f"/api/v1/findings?plan={plan}")).json()["items"]
    assert (first.status_code, first.json()["started"]) == (200, 3)
    assert (again.status_code, again.json()["started"], again.json()["known"]) == (200, 0, 3)
    assert (progress["findings"], progress["issued"]) == (3, 3)
    assert progress in listed
    assert {item["question"] for item in seen} == {"once-1", "once-2", "once-3"}


async def test_two_people_sending_the_same_file_at_once_start_it_once(live: Live) -> None:
    text = rows("both-1", "both-2", cycle="2")
    async with live.theatre.act(CHLOE) as chloe:
        answers = await asyncio.gather(*(send(chloe, text) for _ in range(4)))
        plan = next(plan for answer in answers for plan in answer.json()["plans"])
        seen = (await chloe.get(f"/api/v1/findings?plan={plan}")).json()["items"]
    assert {answer.status_code for answer in answers} == {200}
    assert len(seen) == 2


async def test_bad_rows_are_named_and_nothing_is_started(live: Live) -> None:
    text = rows("bad-1") + row("bad-2", finding="perhaps") + row("bad-3", factory="")
    async with live.theatre.act(CHLOE) as chloe:
        before = live.theatre.count("subjects")
        refused = await send(chloe, text)
        assert live.theatre.count("subjects") == before
        forced = await send(chloe, text, skip_bad=True)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, "bad_rows")
    assert any("Row 3" in error["message"] for error in problem["errors"])
    assert any("Row 4" in error["message"] for error in problem["errors"])
    assert "skip_bad" in problem["way_out"]
    assert (forced.status_code, forced.json()["started"], forced.json()["bad_rows"]) == (200, 1, 2)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02nonsense", b"a,b,c\n1,2,3\n", b"PK\x03\x04not a workbook"]
)
async def test_a_file_that_is_none(theatre: Theatre, content: bytes) -> None:
    async with theatre.act(CHLOE) as chloe:
        answer = await send(chloe, content)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "unreadable_file")
    assert problem["errors"][0]["field"] == "file"
    assert theatre.count("subjects") == 0


async def test_no_file_and_no_programme(theatre: Theatre) -> None:
    async with theatre.act(CHLOE) as chloe:
        nothing = await chloe.post(PATH, data={})
        unknown = await send(chloe, rows("q1"), programme="nowhere")
    assert {error["field"] for error in nothing.json()["errors"]} == {"file", "programme"}
    assert unknown.status_code == 404


async def test_severities_of_ones_own(theatre: Theatre) -> None:
    async def sent(chloe: AsyncClient, toml: bytes) -> Response:
        files = {"file": ("a.csv", rows("q1").encode()), "severities": ("own.toml", toml)}
        return await chloe.post(PATH, data={"programme": "bd", "dry_run": "true"}, files=files)

    async with theatre.act(CHLOE) as chloe:
        good = await sent(chloe, b'[questions]\nq1 = "minor"\n')
        wrong = await sent(chloe, b'[questions]\nq1 = "mild"\n')
        binary = await sent(chloe, b"\xff\xfe")
    assert good.status_code == 200
    assert [answer.status_code for answer in (wrong, binary)] == [422, 422]
    assert wrong.json()["errors"][0]["field"] == "severities"


@pytest.mark.parametrize(("person", "status"), [(BAO, 403), (AMINA, 403), ("omar", 404), (CHLOE, 404)])
async def test_only_staff_of_the_programme_import(theatre: Theatre, person: str, status: int) -> None:
    programme = OTHER_PROGRAMME if person == CHLOE else "bd"
    async with theatre.act(person) as client:
        answer = await send(client, rows("q1"), programme=programme)
        listed = await client.get(PATH)
        one = await client.get(f"{PATH}/as-1")
    assert answer.status_code in {status, 404}
    assert theatre.count("subjects") == 0
    if person != CHLOE:
        assert listed.json()["items"] == []
        assert one.status_code == 404


async def test_a_file_does_not_reach_into_another_programmes_factory(theatre: Theatre) -> None:
    with writing(theatre.database) as connection:
        save_factory(connection, a_factory(PADMA, "Padma Knit", OTHER_PROGRAMME))
    async with theatre.act(CHLOE) as chloe:
        answer = await send(chloe, rows("q1", factory=PADMA))
    assert answer.status_code == 422
    assert "another programme" in answer.text
    assert theatre.count("subjects") == 0


async def test_without_an_engine_the_file_is_asked_for_again(theatre: Theatre) -> None:
    async with theatre.act(CHLOE) as chloe:
        answer = await send(chloe, rows("q1"))
    assert (answer.status_code, answer.json()["code"]) == (503, "engine_unavailable")
    assert answer.headers["Retry-After"]
    assert theatre.count("subjects") == 0


async def test_a_file_that_is_too_large(theatre: Theatre) -> None:
    async with theatre.act(CHLOE) as chloe:
        answer = await send(chloe, b"x" * (20 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
