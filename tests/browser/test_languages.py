"""Pages in the reader's language on the smallest phone: nothing runs over the edge; Arabic is mirrored."""

from dataclasses import replace

import pytest
from playwright.async_api import Page

from notifications.languages import DRAFTS, TRANSLATED
from storage import people
from storage.database import writing
from tests.browser.site import Site
from tests.service.stage import AMINA

SMALLEST = {"viewport": {"width": 320, "height": 640}}
RIGHT_TO_LEFT = frozenset({"ar"})


async def opened(site: Site, language: str) -> Page:
    """Give Amina's phone, on which she is spoken to in a language."""
    with writing(site.live.theatre.database) as connection:
        amina = people.person(connection, AMINA)
        assert amina is not None
        people.save_person(connection, replace(amina, language=language))
    return await site.open(AMINA, **SMALLEST)


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
