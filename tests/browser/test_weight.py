"""What a first visit costs over a bad link: bytes on the wire as Chromium counts them, the cache empty."""

from collections.abc import Mapping

import pytest
from playwright.async_api import Request

from tests.browser.gallery import hang
from tests.browser.routes import pages, who_can_open
from tests.browser.site import Site
from tests.service.stage import AMINA, BAO

ACTION, ANY = 15 * 1024, 100 * 1024
FORMS = {
    "propose": "f-issued",
    "sign": "f-under-review",
    "record-progress": "f-committed",
    "report-fixed": "f-done",
}


@pytest.fixture(scope="module")
def gallery(everything: Site) -> Mapping[str, str]:
    """A finding in every situation, by name."""
    return hang(everything.live.theatre)


async def first_visit(site: Site, person: str, path: str) -> int:
    """Give the bytes of a page and all that it loads, headers included, for who has never been here."""
    page = await site.open(person)
    asked = list[Request]()
    page.on("requestfinished", lambda request: asked.append(request))  # noqa: PLW0108 - it must be a function
    await page.goto(path, wait_until="load")
    sizes = [await each.sizes() for each in asked]
    assert len(sizes) > 1, "a page and its style sheet"
    return sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)


@pytest.mark.usefixtures("gallery")
async def test_an_action_is_there_after_fifteen_kilobytes(site: Site) -> None:
    weights = {verb: await first_visit(site, BAO, f"/findings/{at}/{verb}") for verb, at in FORMS.items()}
    weights["my work"] = await first_visit(site, AMINA, "/")
    assert {name: weight for name, weight in weights.items() if weight > ACTION} == {}


@pytest.mark.usefixtures("gallery")
async def test_no_page_weighs_more_than_a_hundred_kilobytes(site: Site) -> None:
    heavy = {}
    for path in sorted(set(pages(site.live.theatre))):
        person = await who_can_open(site, path)
        if person and (weight := await first_visit(site, person, path)) > ANY:
            heavy[path] = weight
    assert heavy == {}
