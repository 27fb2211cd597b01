"""A visit on a phone without a link: everything arrives once, and nothing anybody wrote is lost."""

import io

from PIL import Image
from playwright.async_api import FilePayload, Page

from storage import evidence
from storage.database import reading
from tests.browser.site import Site
from tests.browser.test_afield import kept, ready
from tests.service.stage import CHLOE, TOMAS
from tests.service.test_visits import fixed, planned, stage_of


def a_photo() -> FilePayload:
    held = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(held, "JPEG")
    return FilePayload(name="exit.jpg", mimeType="image/jpeg", buffer=held.getvalue())


async def on_the_phone(site: Site, person: str, visit: str) -> Page:
    """Let somebody look at a visit while there is a link, and lose it."""
    page = await site.open(person)
    await page.goto(f"/visits/{visit}")
    await ready(page)
    await page.goto(f"/visits/{visit}")
    await kept(page, f"/visits/{visit}")
    await page.context.set_offline(True)
    return page


async def record(page: Page, visit: str, finding: str, verdict: str, *, photo: bool = False) -> None:
    """Record an outcome on the visit's page as the phone kept it."""
    await page.goto(f"/visits/{visit}")
    line = page.locator(f"#f-{finding}")
    await line.locator("summary").click()
    await line.locator(f'input[value="{verdict}"]').check()
    await line.locator('[name="note"]').fill(f"Looked at: {verdict}")
    if photo:
        await line.locator('[name="camera"]').set_input_files(a_photo())
    else:
        await line.locator('[name="evidence"]').fill("Photo 12 in the safety folder")
    await line.locator('button[name="send"]').click()
    await page.get_by_role("heading", name="Not sent yet").wait_for()


async def test_a_whole_visit_without_a_link_arrives_once_and_of_two_outcomes_one_is_refused(
    site: Site,
) -> None:
    first, second = await fixed(site.live), await fixed(site.live)
    visit = await planned(site.live, first, second, announced=False)
    page = await on_the_phone(site, CHLOE, visit)
    await page.goto(f"/visits/{visit}")
    await page.get_by_role("button", name="Begin the visit").click()
    await page.get_by_role("heading", name="Not sent yet").wait_for()
    await record(page, visit, first, "pass", photo=True)
    await record(page, visit, second, "fail")
    other = await on_the_phone(site, TOMAS, visit)
    await record(other, visit, first, "fail")
    assert [site.live.theatre.ledger(each).count("verified") for each in (first, second)] == [0, 0]

    await page.context.set_offline(False)
    await page.get_by_text("Everything you sent has arrived.").wait_for()
    assert [await stage_of(site.live, each) for each in (first, second)] == ["closed", "under_review"]
    with reading(site.live.theatre.database) as connection:
        assert len([each for each in evidence.of_finding(connection, first) if each.by == CHLOE]) == 1

    await other.context.set_offline(False)
    await other.get_by_text("Mendwork did not take it as it is.").filter(visible=True).wait_for()
    await other.get_by_role("button", name="See why, and mend it").filter(visible=True).click()
    await other.get_by_text("Somebody has recorded an outcome for this finding already.").first.wait_for()
    assert await other.locator('[name="note"]').input_value() == "Looked at: fail"
    assert site.live.theatre.ledger(first).count("verified") == 1

    await page.goto(f"/visits/{visit}")
    await page.get_by_label("Summary for the report").fill("One exit is open, one is not.")
    await page.get_by_role("button", name="End the visit").click()
    await page.get_by_role("heading", name="Done: End the visit").wait_for()
    await page.goto(f"/visits/{visit}/report")
    await page.get_by_text("One exit is open, one is not.").wait_for()
