"""`python -m tests.browser.pictures`: the pictures that the README opens with, taken in Chromium."""

import asyncio
import logging
import socket
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from PIL import Image
from playwright.async_api import Browser, async_playwright

from remediation.catalogue import POINT_BY_ID
from remediation.words import PersonId, Severity
from storage.assessments import add_subjects
from storage.database import writing
from storage.recording import record
from tests.browser.gallery import WithWords, hang_others, tell, write
from tests.browser.site import ARGUMENTS, DESK, HOST, PHONE, program, served
from tests.service.stage import AMINA, BAO, CHLOE, Theatre, a_subject, a_theatre, token_of
from tests.storage.builders import Life, a_recording

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SHARP_PHONE: dict[str, Any] = {**PHONE, "device_scale_factor": 2}
COLOURS = 128
"""So many are enough for pages, and make a picture a third as large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding of the programme in the pictures."""

    id: str
    situation: str
    point: str
    question: str
    statement: str
    severity: Severity = Severity.MAJOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture: whose page, and how it is looked at."""

    name: str
    person: PersonId
    path: str
    device: dict[str, Any] = field(default_factory=lambda: SHARP_PHONE)


PROGRAMME = (
    Found(
        id="f-exits",
        situation="recovery plan filed",
        point="emergency-preparedness",
        question="Are all exits of the sewing floor unlocked during working hours?",
        statement="The second exit of the sewing floor was locked during two shifts. 84 people work there.",
        severity=Severity.CRITICAL,
    ),
    Found(
        id="f-overtime",
        situation="under review",
        point="overtime-wages",
        question="Are overtime hours paid at the legal rate?",
        statement="In March, 61 workers were paid the normal rate for hours of the second shift.",
    ),
    Found(
        id="f-lifting",
        situation="committed",
        point="worker-protection",
        question="Do workers in the cutting room wear metal-mesh gloves?",
        statement="Nine of fourteen cutters wore none.",
    ),
    Found(
        id="f-drill",
        situation="reported",
        point="emergency-preparedness",
        question="Are fire drills held twice a year?",
        statement="No drill had been held for 14 months.",
    ),
    Found(
        id="f-light",
        situation="waiting for an extension",
        point="working-environment",
        question="Is the workplace well lit?",
        statement="Light at 9 of 30 sewing stations was below the legal level.",
        severity=Severity.MINOR,
    ),
)
SHOTS = (
    Shot(name="finding", person=CHLOE, path="/findings/f-exits", device=DESK),
    Shot(name="my-work", person=AMINA, path="/"),
    Shot(name="sign", person=BAO, path="/findings/f-overtime"),
    Shot(name="dark", person=CHLOE, path="/findings/f-drill", device={**SHARP_PHONE, "color_scheme": "dark"}),
)


def settle(theatre: Theatre) -> None:
    """Record the programme of the pictures."""
    told = [(found, _told(found)) for found in PROGRAMME]
    with writing(theatre.database) as connection:
        hang_others(connection)
        lives = [Life(story.case, tuple(story.entries)) for _, story in told]
        record(connection, [a_recording(life) for life in lives])
        for (found, story), life in zip(told, lives, strict=True):
            words: dict[str, Any] = {"question_text": found.question, "statement": found.statement}
            words["cluster"] = POINT_BY_ID[found.point].cluster
            add_subjects(connection, [replace(a_subject(life), **words)])
            write(connection, story)


def _told(found: Found) -> WithWords:
    return tell(found.situation, found.id, point=found.point, severity=found.severity.value)


async def take(folder: Path, browser: Browser) -> None:
    """Take all pictures into a folder."""
    with TemporaryDirectory() as place, socket.create_server((HOST, 0)) as listening:
        url = f"http://{HOST}:{listening.getsockname()[1]}"
        theatre = a_theatre(Path(place), public_url=url, trusted_hosts=(HOST,))
        settle(theatre)
        async with served(theatre.app, listening):
            for shot in SHOTS:
                await _take(shot, url, browser, folder / f"{shot.name}.png")
        theatre.close()


async def _take(shot: Shot, url: str, browser: Browser, file: Path) -> None:
    context = await browser.new_context(base_url=url, **shot.device)
    await context.add_cookies([{"name": "mendwork", "value": token_of(shot.person), "url": url}])
    page = await context.new_page()
    await page.goto(shot.path)
    await page.screenshot(path=file)
    await context.close()
    with Image.open(file) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


async def main() -> None:
    """Take the pictures anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        await take(FOLDER, browser)
        await browser.close()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    asyncio.run(main())
