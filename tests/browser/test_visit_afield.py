"""A visit on a phone without a link: everything arrives once, and nothing anybody wrote is lost."""

import io

from PIL import Image
from playwright.async_api import FilePayload, Page, expect

from remediation.gatherings.visit.agenda import visit_gathering
from storage import comments, evidence
from storage.database import reading
from tests.browser.site import Site
from tests.browser.test_afield import kept, ready
from tests.service.stage import CHLOE, TOMAS
from tests.service.test_visits import fixed, outcome, planned, say, stage_of, today


def a_photo() -> FilePayload:
    held = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(held, "JPEG")
    return FilePayload(name="exit.jpg", mimeType="image/jpeg", buffer=held.getvalue())


async def on_the_phone(site: Site, visit: str) -> Page:
    """Let Chloé look at a visit while there is a link, and lose it."""
    page = await site.open(CHLOE)
    await page.goto(f"/visits/{visit}")
    await ready(page)
    await page.goto(f"/visits/{visit}")
    await kept(page, f"/visits/{visit}")
    await page.context.set_offline(True)
    await page.goto(f"/visits/{visit}")
    return page


async def press(page: Page, button: str) -> None:
    """Send a form of the visit's page without a link, and come back to the page by the outbox's own way."""
    await page.get_by_role("button", name=button).click()
    await page.get_by_role("heading", name="Not sent yet").wait_for()
    await page.get_by_role("link", name="The page it was written on").first.click()
    await page.get_by_role("heading", name="Checklist").wait_for()


async def record(page: Page, finding: str, verdict: str, **told: str) -> None:
    """Record an outcome, with what is told of its fields, and a photo where nothing else shows it."""
    line = page.locator(f"#f-{finding}")
    await line.locator("summary").click()
    await line.locator(f'input[name="verdict"][value="{verdict}"]').check()
    for name, value in told.items():
        field = line.locator(f'[name="{name.replace("__", ".")}"]')
        await (field.select_option(value) if name.startswith("seen") else field.fill(value))
    if "evidence" not in told:
        await line.locator('[name="camera"]').set_input_files(a_photo())
    await press(page, "Record an outcome")
    await expect(page.locator(f"#f-{finding}").get_by_text("Not sent yet")).to_be_visible()


async def throw_away(page: Page, said: str) -> None:
    """Throw away what waits to be sent and says so."""
    await page.goto("/outbox")
    page.once("dialog", lambda asked: asked.accept())
    gone = page.locator("#outbox li").filter(has_text=said)
    await gone.get_by_role("button", name="Throw it away").filter(visible=True).click()
    await expect(gone).to_have_count(0)


async def test_a_whole_visit_without_a_link_arrives_once_in_order_and_what_is_refused_is_not_lost(
    site: Site,
) -> None:
    passes, partly, fails, other = [await fixed(site.live) for _ in range(4)]
    visit = await planned(site.live, passes, partly, fails, other, announced=False)
    ledger, story = site.live.theatre.ledger, ["visit_planned"]
    page = await on_the_phone(site, visit)
    await press(page, "Begin the visit")
    # She ends it too early: it is sent after all that she records of it, all the same.
    await page.get_by_label("Summary for the report").fill("One exit is open, two are not.")
    await press(page, "End the visit")
    await record(page, passes, "pass")
    await record(page, partly, "partial", seen__a1="fail", due__a1=today(20), evidence="The lock was there.")
    await record(page, fails, "pass", evidence="Open, but that was another door.")
    await throw_away(page, "Open, but that was another door.")
    await page.goto(f"/visits/{visit}")
    await record(page, fails, "fail", evidence="Locked at noon.", note="The guard has the key.")
    await record(page, other, "fail", evidence="Locked, too.", note="Ask for the night shift.")
    assert ledger(visit_gathering(visit)) == story
    await page.get_by_role("link", name="Not sent yet: 6").click()
    waiting = ["Begin the visit", *["Record an outcome"] * 4, "End the visit"]
    await expect(page.locator("#outbox h2")).to_have_text(waiting)
    # A colleague who came along, and has a link, begins the visit as well, and looks at one of them.
    assert (await say(site.live, TOMAS, visit, "begin-visit", on=today())).is_success
    assert (await say(site.live, TOMAS, visit, "record-outcome", **outcome(other, "pass"))).is_success

    await page.context.set_offline(False)
    held = page.get_by_text("Is sent when nothing of the visit is left above it.")
    await expect(held.filter(visible=True)).to_be_visible()
    refused = page.locator("#outbox li").first
    await expect(refused).to_contain_text("Somebody has recorded an outcome for this finding already.")
    await refused.get_by_text("What you wrote").click()
    await expect(refused).to_contain_text("Ask for the night shift.")
    stages = [await stage_of(site.live, each) for each in (passes, partly, fails, other)]
    assert stages == ["closed", "committed", "under_review", "closed"]
    await refused.get_by_role("button", name="See why, and mend it").click()
    assert await page.locator('[name="note"]').input_value() == "Ask for the night shift."
    await page.get_by_role("button", name="Keep it as a comment").click()
    await page.wait_for_url(f"**/findings/{other}")
    await expect(page.locator("#unsent")).to_be_hidden()
    await page.goto("/outbox")
    await page.get_by_text("Everything you sent has arrived.").wait_for()

    told = [each for each in ledger(visit_gathering(visit)) if each != "outcome_taken"]
    assert told == [*story, "visit_begun", *["outcome_recorded"] * 4, "visit_ended"]
    assert [ledger(each).count("verified") for each in (passes, partly, fails, other)] == [1] * 4
    with reading(site.live.theatre.database) as connection:
        assert len([each for each in evidence.of_finding(connection, passes) if each.by == CHLOE]) == 1
        (said,) = comments.of_finding(connection, other)
    assert said.text == (
        "Seen on a visit, and not recorded as its outcome: failed.\nLocked, too.\nAsk for the night shift."
    )
    await page.goto(f"/visits/{visit}/report")
    await page.get_by_text("One exit is open, two are not.").wait_for()
