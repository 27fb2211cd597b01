"""What a first visit costs over a bad link: bytes on the wire as Chromium counts them, the cache empty."""

from collections.abc import Mapping

import pytest

from tests.browser.gallery import hang
from tests.browser.site import Site
from tests.browser.weighing import ACTION, Scale
from tests.service.stage import AMINA, BAO

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
    """Give the bytes of a page and all that it loads, for who has never been here."""
    page = await site.open(person)
    scale = Scale(page)
    await page.goto(path, wait_until="load")
    return await scale.bytes()


@pytest.mark.usefixtures("gallery")
async def test_an_action_is_there_after_fifteen_kilobytes(site: Site) -> None:
    weights = {verb: await first_visit(site, BAO, f"/findings/{at}/{verb}") for verb, at in FORMS.items()}
    weights["my work"] = await first_visit(site, AMINA, "/")
    assert all(weights.values()), "there was something to weigh"
    assert {name: weight for name, weight in weights.items() if weight > ACTION} == {}
