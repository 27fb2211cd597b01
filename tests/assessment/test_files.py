"""Files as bytes: every encoding and delimiter gives the same findings, and hostile files do no harm."""

import struct
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from remediation.assessment import Reading, UnreadableFile
from remediation.catalogue import POINT_BY_ID, cluster_of
from service import assessment_files, workbook_reader
from service.assessment_files import MOST_BYTES, MOST_ROWS, read_assessment_file, rows_of
from tests.assessment.sheets import HEADER, PROGRAMME, TODAY, csv_bytes, read, row, xlsx_bytes

SAMPLES = Path(__file__).parents[2] / "samples"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")

printable = st.characters(exclude_categories=("Cc", "Cs"))
western = st.sampled_from("abcXYZ 019,;\t\n\"'=+-@#éñßÀÿø")
"""Letters of Windows-1252 that no run of them can be mistaken for UTF-8."""


def rows_with(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.tuples(st.sampled_from(sorted(POINT_BY_ID)), texts, texts), max_size=8).map(
        lambda drawn: [
            row(
                question=str(number),
                point=POINT_BY_ID[point].name,
                cluster=cluster_of(point).name,
                statement=statement,
                evidence=evidence,
                finding=str(number % 2),
            )
            for number, (point, statement, evidence) in enumerate(drawn)
        ]
    )


def read_file(data: bytes) -> Reading:
    return read_assessment_file(data, programme=PROGRAMME, today=TODAY)


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        read_file(data)
    return str(refusal.value)


@given(
    rows=rows_with(st.text(printable | st.sampled_from('\n\t,;"'))),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
    end=st.sampled_from(("\r\n", "\n")),
)
def test_a_csv_in_unicode_reads_the_same(
    rows: list[list[str]], delimiter: str, encoding: str, end: str
) -> None:
    assert read_file(csv_bytes([HEADER, *rows], delimiter=delimiter, encoding=encoding, end=end)) == read(
        *rows
    )


@given(
    rows=rows_with(st.text(western)), delimiter=st.sampled_from(",;\t"), encoding=st.sampled_from(ENCODINGS)
)
def test_a_csv_in_windows_1252_reads_the_same(rows: list[list[str]], delimiter: str, encoding: str) -> None:
    assert read_file(csv_bytes([HEADER, *rows], delimiter=delimiter, encoding=encoding)) == read(*rows)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(rows=rows_with(st.text(printable, max_size=40)))
def test_a_workbook_reads_the_same_as_its_rows(rows: list[list[str]]) -> None:
    assume(not any("_x" in cell for cells in rows for cell in cells))  # the format's own escape
    reading = read_file(xlsx_bytes([HEADER, *rows]))
    assert reading == read(*rows)


def test_the_sample_reads_the_same_as_csv_and_as_workbook() -> None:
    text = read_file((SAMPLES / "assessment.csv").read_bytes())
    workbook = read_file((SAMPLES / "assessment.xlsx").read_bytes())
    assert (len(text.findings), text.compliant, text.fact_gathering) == (12, 6, 2)
    assert text.bad == ()
    assert [factory.country for factory in text.factories] == ["BD", "HT", "NI"]
    assert [finding.finding for finding in text.findings] == [
        finding.finding for finding in workbook.findings
    ]
    assert [finding.statement for finding in text.findings] == [
        finding.statement for finding in workbook.findings
    ]
    assert workbook.findings[0].row == text.findings[0].row + 2


def test_the_broken_sample_names_a_fault_in_every_row_but_the_first() -> None:
    reading = read_file((SAMPLES / "broken.csv").read_bytes())
    assert [finding.row for finding in reading.findings] == [3]
    assert {bad.row for bad in reading.bad} == set(range(4, 17))


def test_a_delimiter_named_by_the_spreadsheet_and_old_line_ends_do_no_harm() -> None:
    assert len(read_file(b"sep=;\r\n" + csv_bytes([HEADER, row()], delimiter=";")).findings) == 1
    assert len(read_file(csv_bytes([HEADER, row()], end="\r")).findings) == 1


def test_quoted_line_breaks_keep_the_spreadsheet_s_row_numbers() -> None:
    rows = [HEADER, row(statement="one\ntwo\nthree"), row(question="702")]
    assert [finding.row for finding in read_file(csv_bytes(rows)).findings] == [2, 3]


def test_formulas_in_text_stay_text() -> None:
    (finding,) = read_file(csv_bytes([HEADER, row(statement='=HYPERLINK("http://example.org")')])).findings
    assert finding.statement == '=HYPERLINK("http://example.org")'


def test_a_header_within_the_wrong_quotes_is_still_found() -> None:
    """Read with commas, the second line would be torn at a quotation mark."""
    data = csv_bytes([HEADER, row(statement='a "b", c')], delimiter=";")
    assert read_file(data).findings[0].statement == 'a "b", c'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \r\n \n", "The file is empty."),
        (b"\xef\xbb\xbf", "None of the first 20 rows is a header."),
        (b"%PDF-1.7 \0\1\2", "neither a CSV nor an XLSX"),
        (b"\xff\xfe\x00\xd8", "neither UTF-8, UTF-16 nor Windows-1252"),
        (b"\x81\x8d", "neither UTF-8, UTF-16 nor Windows-1252"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old .xls workbook, or one with a password"),
        (b"PK\x03\x04 and then nothing", "The workbook is damaged"),
        (b"x" * (MOST_BYTES + 1), "at most 20,000,000 are read"),
        (b"Hello there\nthis is a letter\n", "None of the first 20 rows is a header."),
    ],
)
def test_what_is_no_assessment_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    assert sentence in refused(data)


def test_a_quotation_mark_left_open_is_refused_with_its_line() -> None:
    data = csv_bytes([HEADER, row()]) + b'Bangladesh,"BD-0117\nand so on\n'
    assert refused(data).startswith("Line 4: the quotation marks do not match")
    torn = csv_bytes([HEADER, row()]) + b'Bangladesh,"BD"-0117\n'
    assert refused(torn).startswith("Line 3: the quotation marks do not match")


def test_more_rows_than_it_reads_are_refused() -> None:
    assert "more than 200,000 rows" in refused(csv_bytes([HEADER]) + b"\n" * (MOST_ROWS + 1))


def typed_row(**cells: object) -> list[object]:
    names = {"date": 4, "question": 8, "finding": 10, "deadline": 15, "statement": 12}
    typed: list[object] = list(row())
    for name, cell in cells.items():
        typed[names[name]] = cell
    return typed


def test_a_workbook_s_dates_numbers_and_ticks_are_understood() -> None:
    rows: list[list[object]] = [
        list(HEADER),
        typed_row(
            date=date(2026, 1, 12),
            question=701,
            finding=1,
            deadline=datetime(2026, 1, 31, tzinfo=UTC).replace(tzinfo=None),
        ),
        typed_row(date=date(2026, 1, 12), question=702.5, finding=True, statement=1e20),
        typed_row(date=date(2026, 1, 12), question=703, finding=False),
    ]
    reading = read_file(xlsx_bytes(rows))
    assert reading.bad == ()
    first, second = reading.findings
    assert (first.question, first.assessed_on, first.suggested_deadline) == (
        "701",
        date(2026, 1, 12),
        date(2026, 1, 31),
    )
    assert (second.question, second.statement) == ("702.5", "100000000000000000000")
    assert reading.compliant == 1


def test_the_first_sheet_with_a_header_is_read() -> None:
    cover = [["Assessments"], ["of", "2026"]]
    later = [HEADER, row(question="999")]
    reading = read_file(xlsx_bytes(cover, [["Title"], [], HEADER, row()], later))
    assert [(finding.row, finding.question) for finding in reading.findings] == [(4, "701")]


def test_a_workbook_without_header_is_refused() -> None:
    assert "None of the first 20 rows is a header" in refused(xlsx_bytes([["Title"]], [["a", "b"]]))


def test_a_workbook_with_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessment_files, "MOST_ROWS", 50)
    assert "more than 50 rows" in refused(xlsx_bytes([HEADER, *[row(question=str(n)) for n in range(60)]]))


def rezipped(data: bytes, **changed: bytes) -> bytes:
    """Give the workbook with the parts whose names end as given replaced."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            stem = Path(name).stem
            new.writestr(name, changed.get(stem, old.read(name)))
    return target.getvalue()


def test_a_zip_that_unpacks_to_too_much_is_refused_before_it_is() -> None:
    bomb = rezipped(xlsx_bytes([HEADER]), theme1=b"\0" * 210_000_000)
    assert len(bomb) < 1_000_000
    assert "at most 200,000,000 are read" in refused(bomb)


def test_a_cell_in_the_last_corner_of_a_sheet_harms_nobody() -> None:
    rows: list[list[str]] = [list(HEADER), row()]
    sheet = zipfile.ZipFile(BytesIO(xlsx_bytes(rows))).read("xl/worksheets/sheet1.xml")
    corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    bomb = rezipped(xlsx_bytes(rows), sheet1=sheet.replace(b"</sheetData>", corner))
    assert "takes too much memory or time" in refused(bomb)


def test_a_long_text_used_many_times_harms_nobody() -> None:
    text = "x" * 30_000
    bomb = xlsx_bytes([[text] * 12 for _ in range(10_000)])
    assert len(bomb) < MOST_BYTES
    assert "takes too much memory or time" in refused(bomb)


def test_a_workbook_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_reader, "MOST_SECONDS", 0)
    assert "takes too much memory or time" in refused(xlsx_bytes([HEADER, row()]))


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "not an XLSX workbook" in refused(data.getvalue())


@pytest.mark.parametrize("part", ["sheet1", "workbook", "sharedStrings"])
def test_a_workbook_with_a_torn_part_is_refused(part: str) -> None:
    assert "The workbook is damaged" in refused(rezipped(xlsx_bytes([HEADER, row()]), **{part: b"<torn"}))


def test_a_workbook_whose_parts_lie_about_their_size_is_refused_or_read() -> None:
    """The declared size is checked first; what a part really holds is the other process's concern."""
    data = bytearray(rezipped(xlsx_bytes([HEADER]), theme1=b"\0" * 200_000_000))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/theme/theme1.xml"))
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    assert read_file(bytes(data)).findings == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (0.25, "0.25"),
        (True, "true"),
        (datetime(2026, 1, 2), "2026-01-02"),  # noqa: DTZ001 - cells have no zone
        (datetime(2026, 1, 2, 3, 4), "2026-01-02T03:04:00"),  # noqa: DTZ001 - cells have no zone
        (date(2026, 1, 2), "2026-01-02"),
        ("", ""),
    ],
)
def test_a_cell_is_shown_as_a_person_sees_it(value: object, text: str) -> None:
    assert workbook_reader.cell_text(value) == text


@settings(max_examples=60)
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused_with_a_sentence(data: bytes) -> None:
    assert outcome(data).endswith(".")


def outcome(data: bytes) -> str:
    try:
        return f"{len(list(rows_of(data)))} rows."
    except UnreadableFile as refusal:
        return str(refusal)


def test_each_sheet_is_printed_with_its_name_and_no_more_rows_than_asked_for() -> None:
    data = xlsx_bytes([["a", 1.0]], [["b"], ["c"], ["d"]])
    with CalamineWorkbook.from_filelike(BytesIO(data)) as workbook:
        printed = list(workbook_reader.lines(workbook, 2))
    assert printed == ['"Sheet1"', '["a", "1"]', '"Sheet2"', '["b"]', '["c"]']
