"""Plans and findings on paper: what is printed for whom, and the clear word where nothing can be."""

import re
import socket
from html import unescape
from pathlib import Path
from threading import BoundedSemaphore

import pytest

from remediation.words import Severity
from service.doctor.machine import look_at_paper
from service.doctor.results import Health
from service.paper import printing
from service.paper.press import pressed
from service.problems import ProblemError
from tests.browser.gallery import ROOT_CAUSE
from tests.paper.files import finding_html, keep_told, plan_html, text_of
from tests.service.browsing import browser
from tests.service.stage import AMINA, ASHA, BAO, BINH, BUYER, CHLOE, NAMES, NEIGHBOUR, Theatre, a_life


def words(html: str) -> str:
    """Give what a document says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


async def test_amina_prints_the_plan_for_the_meeting_and_the_next_factory_finds_none(
    theatre: Theatre,
) -> None:
    keep_told(theatre)
    async with browser(theatre, AMINA) as client:
        answer = await client.get("/plans/plan-1/paper")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mendwork-plan.pdf"'
    told = " ".join(text_of(answer.content).split())
    assert "Improvement plan of Lotus Garments" in told
    assert f"Printed for {NAMES[AMINA]}" in told
    assert told.index("Committee") < told.index("Manager Bao Tran") < told.index("Sheet to sign")
    async with browser(theatre, NEIGHBOUR) as client:
        for path in ("/plans/plan-1/paper", "/findings/f1/paper"):
            assert (await client.get(path)).status_code == 404


def test_the_sheet_names_each_member_and_each_revision_that_can_be_signed(theatre: Theatre) -> None:
    keep_told(theatre)
    told = words(plan_html(theatre, BAO))
    sheet = told[told.index("Sheet to sign") :]
    assert [name for name in NAMES.values() if name in sheet] == [
        NAMES[each] for each in (AMINA, ASHA, BAO, BINH)
    ]
    assert ROOT_CAUSE in told
    assert re.search(r"1 Are all exits .*\? 1 [0-9a-f]{8} Member of the committee", sheet)


def test_a_buyers_paper_tells_no_name_and_no_text(theatre: Theatre) -> None:
    keep_told(theatre)
    told = words(plan_html(theatre, BUYER)) + words(finding_html(theatre, BUYER, "f2"))
    assert [each for person, each in NAMES.items() if each in told and person != BUYER] == []
    assert ROOT_CAUSE not in told
    assert "Sheet to sign" not in told


def test_what_the_factory_does_not_know_of_is_on_no_plan_that_lies_on_a_table(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"), a_life("secret", severity=Severity.ZERO_TOLERANCE, factory_told=False))
    told = words(plan_html(theatre, CHLOE))
    assert "secret" not in told
    assert "1 finding that the factory does not know of yet is not printed." in told
    assert "kept from the factory for now" in words(finding_html(theatre, CHLOE, "secret")).lower()
    assert "does not know of yet" not in words(plan_html(theatre, AMINA))


def test_the_press_fetches_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        here = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        pressed(f'<link rel="stylesheet" href="{here}"><img src="{here}"><p style="background: url({here})">')
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert "root:" not in text_of(pressed('<object data="file:///etc/passwd"></object><p>Nothing'))


async def test_without_pango_the_page_says_why_there_is_no_pdf(
    theatre: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theatre.keep(a_life("f1"))
    for library in ("gobject-2.0", "pango-1.0"):
        (tmp_path / f"lib{library}.so.0").write_text("no library")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    async with browser(theatre, AMINA) as client:
        answer = await client.get("/findings/f1/paper", headers={"Accept": "text/html"})
        assert (await client.get("/findings/f1")).status_code == 200
    assert answer.status_code == 503
    assert "No PDF can be made here: the library Pango is not installed on the server." in answer.text
    seen = look_at_paper()
    assert seen.health is Health.WARNING
    assert "libpango" in seen.way_out


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "PATIENCE", 0.01)
    with pytest.raises(ProblemError) as refused:
        printing.pdf("<p>A page")
    assert refused.value.problem.code == "paper_too_much"


def test_who_comes_while_many_wait_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_line", BoundedSemaphore(1))
    assert printing._line.acquire(blocking=False)
    with pytest.raises(ProblemError) as refused:
        printing.pdf("<p>A page")
    assert refused.value.problem.code == "paper_busy"
    assert refused.value.headers == {"Retry-After": "10"}
