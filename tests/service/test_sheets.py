"""Lists taken along: every row that somebody may see, text that stays text, and other trackers' words."""

import csv
import io
from collections.abc import Iterator, Sequence
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from remediation.words import FactoryId, PlanId
from service.assessment_files import sheets_of
from service.sheets.cells import protected, unprotected
from service.sheets.writing import Form, Heading, Sheet, file_of
from storage import people
from storage.database import writing
from storage.places import subjects
from storage.programmes import save_factory
from tests.service.browsing import Reader, browser
from tests.service.stage import AMINA, BUYER, CHLOE, LOTUS, OUTSIDER, PADMA, Theatre, a_factory, a_life

RISKY = '=HYPERLINK("https://evil.example","+1")'


def rows_of_csv(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf"), "spreadsheets know UTF-8 by it"
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def rows_of_xlsx(data: bytes) -> Sequence[Sequence[str]]:
    return next(iter(sheets_of(data).values()))


async def taken(theatre: Theatre, person: str, path: str) -> bytes:
    async with browser(theatre, person) as client:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="mendwork-')
    return answer.content


async def test_a_list_holds_all_its_pages_and_only_what_one_may_see(
    theatre: Theatre,
) -> None:
    theatre.keep(*(a_life(f"f{number:03}") for number in range(230)))
    theatre.keep(a_life("theirs", factory=PADMA, plan=PlanId("plan-2"), seats=()))
    everything = rows_of_csv(await taken(theatre, CHLOE, "/findings.csv"))
    assert len(everything) == 1 + 231
    amina = rows_of_xlsx(await taken(theatre, AMINA, "/findings.xlsx?plan=plan-1"))
    assert len(amina) == 1 + 230
    assert len({row[0] for row in amina}) == len(amina)
    assert rows_of_csv(await taken(theatre, OUTSIDER, "/findings.csv"))[1:] == []
    assert [row[0] for row in rows_of_csv(await taken(theatre, AMINA, "/plans.csv"))[1:]] == ["plan-1"]
    assert [row[:2] for row in rows_of_csv(await taken(theatre, CHLOE, "/factories.csv?text=lotus"))[1:]] == [
        [LOTUS, "Lotus Garments"]
    ]


async def test_text_stays_text_and_csv_holds_no_formula(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    with writing(theatre.database) as connection:
        connection.execute(update(subjects).values(question_text=RISKY))
        save_factory(connection, a_factory(FactoryId(LOTUS), "00012"))
    in_csv = rows_of_csv(await taken(theatre, CHLOE, "/findings.csv"))[1]
    in_xlsx = rows_of_xlsx(await taken(theatre, CHLOE, "/findings.xlsx"))[1]
    assert (in_csv[1], in_xlsx[1]) == (f"'{RISKY}", RISKY)
    assert in_csv[4] == in_xlsx[4] == "00012"
    assert in_csv[12] == in_xlsx[12], "a day is a day in both"
    buyers = rows_of_csv(await taken(theatre, BUYER, "/findings.csv"))[1]
    assert buyers[1] == "q1", "a buyer reads no text"


@pytest.mark.parametrize("form", Form)
def test_a_failure_while_writing_is_an_error_and_no_half_file(form: Form) -> None:
    def rows() -> Iterator[list[str]]:
        yield ["one"]
        raise LookupError

    with pytest.raises(LookupError):
        file_of(Sheet(title="A list", headings=[Heading(name="Name")], rows=rows()), form, "list")


@given(st.text())
def test_what_is_protected_in_csv_comes_back_as_it_was(text: str) -> None:
    assert unprotected(protected(text)) == text
    assert protected(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


@pytest.mark.parametrize(
    ("words", "status"),
    [("mendwork", "issued"), ("better_work", "Pending"), ("smeta", "Open"), ("rsc", "Pending")],
)
async def test_the_status_is_written_in_the_words_of_ones_own_tracker(
    theatre: Theatre, words: str, status: str
) -> None:
    theatre.keep(a_life("f1"))
    row = rows_of_xlsx(await taken(theatre, CHLOE, f"/findings.xlsx?words={words}"))[1]
    assert row[8] == status


async def test_pages_lead_to_their_files_and_arabic_ones_run_from_right_to_left(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre, CHLOE) as chloe:
        shown = Reader((await chloe.get("/findings?severity=major")).text)
    assert {"/findings.xlsx?severity=major", "/findings.xlsx?severity=major&words=smeta"} <= set(shown.links)
    with writing(theatre.database) as connection:
        own = people.Person(id=CHLOE, name="Chloé", email=None, language="ar")
        people.save_person(connection, own)
    book = await taken(theatre, CHLOE, "/findings.xlsx")

    sheet = ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert 'rightToLeft="1"' in sheet
