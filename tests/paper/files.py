"""What is printed: its HTML for a reader, and PDFs as another library than their writer reads them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from pypdfium2 import PdfDocument, raw  # type: ignore[import-untyped]

from service.auth import Caller
from service.paper.composing import finding_paper, plan_paper
from storage import people
from storage.assessments import add_subjects
from storage.database import reading, writing
from storage.recording import record
from tests.browser.gallery import hang_others, tell, write
from tests.service.stage import HOST, QUESTION, STATEMENT, Theatre, a_subject
from tests.storage.builders import Life, a_recording


def keep_told(theatre: Theatre, question: str = QUESTION, statement: str = STATEMENT) -> None:
    """Put two findings on record: of `f1` a proposal is on the table, `f2` is committed to."""
    stories = [tell("under review", "f1"), tell("committed", "f2")]
    lives = [Life(each.case, tuple(each.entries)) for each in stories]
    with writing(theatre.database) as connection:
        hang_others(connection)
        record(connection, [a_recording(each) for each in lives])
        subjects = [replace(a_subject(each), question_text=question, statement=statement) for each in lives]
        add_subjects(connection, subjects)
        for story in stories:
            write(connection, story)


def plan_html(theatre: Theatre, person: str, plan: str = "plan-1") -> str:
    """Give a plan as it goes to the press for somebody. Raises the problem 404."""
    now = datetime.now(UTC)
    with reading(theatre.database) as connection:
        reader = people.person(connection, person)
        assert reader is not None
        return plan_paper(connection, Caller(reader, people.actor(connection, person, now)), plan, HOST, now)


def finding_html(theatre: Theatre, person: str, finding: str) -> str:
    """Give a finding as it goes to the press for somebody. Raises the problem 404."""
    now = datetime.now(UTC)
    with reading(theatre.database) as connection:
        reader = people.person(connection, person)
        assert reader is not None
        caller = Caller(reader, people.actor(connection, person, now))
        return finding_paper(connection, caller, finding, HOST, now)


@contextmanager
def opened(data: bytes) -> Iterator[PdfDocument]:
    """Open a PDF for a `with` block."""
    document = PdfDocument(data)
    try:
        yield document
    finally:
        document.close()


def text_of(data: bytes) -> str:
    """Give the text of all pages, in the order in which it is read."""
    with opened(data) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def fonts_of(data: bytes) -> dict[str, bool]:
    """Give the fonts of all pages by name, and whether each lies within the file."""
    with opened(data) as document:
        parts = [each for page in document for each in page.get_objects()]
        used = [each.get_font() for each in parts if each.type == raw.FPDF_PAGEOBJ_TEXT]
        return {each.get_base_name().partition("+")[2]: bool(each.is_embedded) for each in used}
