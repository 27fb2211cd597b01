"""Pages in the reader's language on the smallest phone: nothing runs over the edge; Arabic is mirrored."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Page

from notifications.languages import DRAFTS, TRANSLATED
from remediation.words import PersonId
from storage import people
from storage.database import writing
from tests.browser.site import DESK, Site
from tests.service.stage import AMINA, CHLOE

SMALLEST: dict[str, Any] = {"viewport": {"width": 320, "height": 640}}
TWO_LINES = 80
RIGHT_TO_LEFT = frozenset({"ar"})


def speak(site: Site, language: str, person: PersonId = AMINA) -> None:
    with writing(site.live.theatre.database) as connection:
        known = people.person(connection, person)
        assert known is not None
        people.save_person(connection, replace(known, language=language))


async def opened(site: Site, language: str) -> Page:
    """Give Amina's phone, on which she is spoken to in a language."""
    speak(site, language)
    return await site.open(AMINA, **SMALLEST)


async def test_the_advisors_menu_is_one_line_on_a_desk_and_stays_within_a_phone(site: Site) -> None:
    page = await site.open(CHLOE)
    for language in (*TRANSLATED, *DRAFTS):
        speak(site, language, CHLOE)
        await page.set_viewport_size(DESK["viewport"])
        await page.goto("/visits")
        assert await page.evaluate("document.documentElement.lang") == language
        assert await page.evaluate("document.querySelector('.top').offsetHeight") < TWO_LINES, language
        await page.set_viewport_size(SMALLEST["viewport"])
        await page.locator(".top summary").click()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320, language


@pytest.mark.parametrize("language", [*TRANSLATED, *DRAFTS])
async def test_no_page_runs_over_the_edge_of_the_smallest_phone(site: Site, language: str) -> None:
    finding = await site.live.begin()
    page = await opened(site, language)
    for path in ("/", "/findings", f"/findings/{finding}", f"/findings/{finding}/propose", "/plans", "/me"):
        await page.goto(path)
        assert await page.evaluate("document.documentElement.lang") == language
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{path} is {wide} pixels wide in {language}"


@pytest.mark.parametrize("language", ["fr", *DRAFTS])
async def test_a_page_is_mirrored_where_its_language_runs_to_the_left(site: Site, language: str) -> None:
    finding = await site.live.begin()
    page = await opened(site, language)
    await page.goto(f"/findings/{finding}")
    brand = await page.locator(".brand").bounding_box()
    border = await page.locator(".status").first.evaluate("each => getComputedStyle(each).borderRightWidth")
    assert brand is not None
    right = language in RIGHT_TO_LEFT
    assert (brand["x"] + brand["width"] / 2 > 160) == right
    assert (await page.evaluate("document.documentElement.dir")) == ("rtl" if right else "ltr")
    assert (float(border.removesuffix("px")) > 2) == right
