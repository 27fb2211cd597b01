"""Where there is no connection: what is sent is kept on the phone,sent once; what was seen can be read."""

import io

from PIL import Image
from playwright.async_api import FilePayload, Page, expect

from tests.browser.site import Site
from tests.service.stage import AMINA, BAO, CHLOE


async def ready(page: Page) -> None:
    """Wait until the service worker keeps pages, and has kept what this one leads to."""
    await page.evaluate("navigator.serviceWorker.ready")
    await page.wait_for_function(
        "caches.open('pages').then((kept) => kept.match('/outbox')).then((found) => found !== undefined)"
    )


async def kept(page: Page, path: str) -> None:
    await page.wait_for_function(
        f"caches.open('pages').then((kept) => kept.match('{path}')).then((found) => found !== undefined)"
    )


async def seen(page: Page, path: str) -> None:
    """Look at a page often enough that the phone keeps it."""
    await page.goto(path)
    await ready(page)
    await page.goto(path)
    await kept(page, path)


async def test_what_amina_has_seen_she_can_read_where_there_is_no_link(site: Site) -> None:
    finding = await site.live.begin()
    page = await site.open(AMINA)
    await seen(page, f"/findings/{finding}")
    await page.context.set_offline(True)
    await page.goto(f"/findings/{finding}")
    await page.get_by_text("This page is as it was on").wait_for()
    await page.get_by_role("heading", name="What has happened").wait_for()
    await page.goto("/findings?overdue=true")
    await page.get_by_role("heading", name="There is no connection at the moment").wait_for()


async def test_a_plan_that_bao_proposes_without_a_link_is_sent_once_there_is_one(site: Site) -> None:
    finding = await site.live.begin()
    page = await site.open(BAO)
    await seen(page, f"/findings/{finding}")
    await kept(page, f"/findings/{finding}/propose")
    await page.context.set_offline(True)
    await page.goto(f"/findings/{finding}/propose")
    await propose(page, "Only the guard has keys.")
    await page.get_by_role("heading", name="Not sent yet").wait_for()
    await page.get_by_text("Waits for a connection.").wait_for()
    assert site.live.theatre.ledger(finding) == ["issued"]
    await page.context.set_offline(False)
    await page.get_by_text("Everything you sent has arrived.").wait_for()
    assert site.live.theatre.ledger(finding) == ["issued", "proposed"]
    await page.goto(f"/findings/{finding}")
    assert await page.get_by_text("Only the guard has keys.").first.is_visible()


async def test_two_plans_typed_on_one_kept_page_are_two_commands(site: Site) -> None:
    finding = await site.live.begin()
    page = await site.open(BAO)
    await seen(page, f"/findings/{finding}")
    await kept(page, f"/findings/{finding}/propose")
    await page.context.set_offline(True)
    for cause in ("Only the guard has keys.", "Nobody checks the exits."):
        await page.goto(f"/findings/{finding}/propose")
        await propose(page, cause)
        await page.get_by_text("Waits for a connection.").filter(visible=True).first.wait_for()
    assert await page.get_by_text("Waits for a connection.").filter(visible=True).count() == 2
    await page.context.set_offline(False)
    # The second was written without knowing of the first: it is not sent over it unseen.
    await page.get_by_text("Mendwork did not take it as it is.").filter(visible=True).wait_for()
    assert site.live.theatre.ledger(finding) == ["issued", "proposed"]
    await page.get_by_role("button", name="See why, and mend it").filter(visible=True).click()
    await page.get_by_text("Somebody has acted on the finding since you opened this form.").wait_for()
    assert await page.get_by_label("Root cause").input_value() == "Nobody checks the exits."
    await page.get_by_role("button", name="Propose a plan").click()
    await page.get_by_role("heading", name="Done: Propose a plan").wait_for()
    assert site.live.theatre.ledger(finding) == ["issued", "proposed", "proposed"]
    await page.goto("/outbox")
    await page.get_by_text("Everything you sent has arrived.").wait_for()


async def test_nobody_else_on_the_phone_sees_what_bao_read_or_sends_what_he_wrote(site: Site) -> None:
    finding = await site.live.begin()
    page = await site.open(BAO)
    await seen(page, f"/findings/{finding}")
    await kept(page, f"/findings/{finding}/propose")
    await page.context.set_offline(True)
    await page.goto(f"/findings/{finding}/propose")
    await propose(page, "Only the guard has keys.")
    await page.get_by_text("Waits for a connection.").wait_for()
    await page.context.clear_cookies()
    await page.context.set_offline(False)
    await page.get_by_text("You have been signed out.").wait_for()

    await site.carry(page, AMINA)
    await page.goto("/outbox")
    await page.get_by_text("Everything you sent has arrived.").wait_for()
    await page.context.set_offline(True)
    await page.goto(f"/findings/{finding}")
    await page.get_by_role("heading", name="There is no connection at the moment").wait_for()
    await page.context.set_offline(False)
    assert site.live.theatre.ledger(finding) == ["issued"]

    await site.carry(page, BAO)
    await page.goto("/outbox")
    await page.get_by_text("Everything you sent has arrived.").wait_for()
    assert site.live.theatre.ledger(finding) == ["issued", "proposed"]


async def propose(page: Page, cause: str) -> None:
    await page.get_by_label("Root cause").fill(cause)
    for name, text in (
        ("description", "Take the lock off"),
        ("due", "2027-02-01"),
        ("evidence_expected", "Photo"),
    ):
        await page.locator(f'[name="actions[0].{name}"]').fill(text)
    await page.locator('[name="actions[0].kind"]').select_option("corrective")
    await page.locator('[name="actions[0].owner"]').select_option(BAO)
    await page.get_by_role("button", name="Propose a plan").click()


async def test_a_list_follows_its_filters_at_once_and_its_address_with_it(site: Site) -> None:
    await site.live.begin()
    page = await site.open(AMINA)
    await page.goto("/findings")
    await page.evaluate("document.body.dataset.same = 'yes'")
    await page.get_by_label("Stands at").focus()
    await page.get_by_label("Stands at").select_option("committed")
    await page.wait_for_url("**/findings?stage=committed")
    await page.get_by_text("No finding is like this.").wait_for()
    assert await page.evaluate("document.body.dataset.same") == "yes"
    assert await page.evaluate("document.activeElement.id") == "stage"
    await page.go_back()
    await page.wait_for_url("**/findings")


def a_photo(colour: str) -> bytes:
    written = io.BytesIO()
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(written, "JPEG", comment=colour.encode())
    return written.getvalue()


async def test_the_manager_reports_a_fix_with_two_photos_without_a_connection_and_they_arrive_once(
    site: Site,
) -> None:
    finding = await site.live.begin()
    await site.live.agree(finding)
    done = {"action": "a1", "percent": 100, "evidence": ["The exit is open"]}
    assert (await site.live.say(BAO, finding, "record-progress", **done)).status_code == 200
    page = await site.open(BAO)
    await seen(page, f"/findings/{finding}")
    await kept(page, f"/findings/{finding}/report-fixed")
    await page.context.set_offline(True)
    await page.goto(f"/findings/{finding}/report-fixed")
    photos = [
        FilePayload(name=f"IMG_{number}.jpg", mimeType="image/jpeg", buffer=a_photo(str(number)))
        for number in (1, 2)
    ]
    await page.locator('form.act input[type="file"][multiple]').set_input_files(photos)
    await page.locator('form.act button[name="send"]').click()
    await page.get_by_text("Photos and documents: 2").wait_for()
    assert site.live.theatre.ledger(finding)[-1] == "progress_recorded"
    await page.context.set_offline(False)
    await page.get_by_text("Everything you sent has arrived.").wait_for()
    assert site.live.theatre.ledger(finding).count("fix_reported") == 1
    await page.goto(f"/findings/{finding}")
    await expect(page.locator('img[src$="/thumb"]').first).to_be_visible()
    async with site.live.theatre.act(CHLOE) as client:
        listed = (await client.get(f"/api/v1/findings/{finding}/evidence")).json()
    assert [each["named"] for each in listed["items"]] == [True, True]
