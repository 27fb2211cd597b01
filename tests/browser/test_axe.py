"""axe finds nothing, nothing overflows and nothing is heavy: every page, and a form that comes back."""

from collections.abc import Mapping

import pytest

from tests.browser.acting import choose
from tests.browser.gallery import hang
from tests.browser.routes import pages, who_can_open
from tests.browser.scanning import Fault, faults_here, faults_of
from tests.browser.site import Site
from tests.browser.weighing import ANY, Scale
from tests.service.stage import AMINA

PARTS = 4
"""All pages at once would be one test of minutes on a slow machine."""


@pytest.fixture(scope="module")
def gallery(everything: Site) -> Mapping[str, str]:
    """A finding in every situation, by name."""
    return hang(everything.live.theatre)


@pytest.mark.usefixtures("gallery")
@pytest.mark.parametrize("part", range(PARTS))
async def test_nothing_is_wrong_with_any_page(site: Site, part: int) -> None:
    faults = list[Fault]()
    for path in sorted(set(pages(site.live.theatre)))[part::PARTS]:
        person = await who_can_open(site, path)
        if person is not None:
            page = await site.open(person)
            scale = Scale(page)
            faults += await faults_of(page, path)
            if (weight := await scale.bytes()) > ANY:
                faults.append(Fault(path, "weight", f"{weight} bytes"))
            await page.close()
    assert faults == []


async def test_nothing_is_wrong_with_a_form_that_comes_back(site: Site) -> None:
    finding = await site.live.begin()
    amina = await site.open(AMINA)
    await choose(amina, finding, "propose")
    await amina.locator('form.act button[name="send"]').click()
    await amina.get_by_role("alert").wait_for()
    assert await faults_here(amina, "an empty proposal") == []
