"""The same journeys for who reads from right to left, and for who has a keyboard alone."""

from playwright.async_api import Page, expect

from tests.browser.acting import PHOTO, PLAN, choose, in_days, send, take_up
from tests.browser.scanning import faults_here
from tests.browser.site import DESK, Site
from tests.service.stage import AMINA, ASHA, BAO

NEXT_FIELD = 60
"""So many presses of the Tab key reach everything on a page that is made for people."""


async def prefer(page: Page, language: str) -> None:
    """Choose a language on one's own page."""
    await page.goto("/me")
    chooser = page.locator('form[action="/me/language"]')
    await chooser.locator("select").select_option(language)
    await chooser.locator("button").click()
    await expect(page.locator(f'html[lang="{language}"]')).to_be_attached()


async def press_to(page: Page, what: str) -> None:
    """Press Tab until something that a selector names has the focus, and it shows."""
    for _ in range(NEXT_FIELD):
        await page.keyboard.press("Tab")
        if await page.evaluate("what => document.activeElement.matches(what)", what):
            outline = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            assert outline != "0px", f"{what} has the focus, and nobody sees it"
            return
    raise AssertionError(f"The Tab key does not lead to {what}")


async def test_the_committee_signs_from_right_to_left(site: Site) -> None:
    finding = await site.live.begin()
    asha = await site.open(ASHA)
    await prefer(asha, "ar")
    bao = await site.open(BAO)
    await take_up(bao, finding)
    await send(bao, **PLAN, **{"actions[0].due": in_days(60)})
    await send_signature(bao, finding)

    await take_up(asha, finding)
    await expect(asha.locator('html[dir="rtl"]')).to_be_attached()
    assert await faults_here(asha, "signing in Arabic") == []
    await send(asha)
    assert site.live.theatre.ledger(finding)[-1] == "committed"
    brand = await asha.locator(".brand").bounding_box()
    assert brand is not None
    assert brand["x"] > 640, "the page is mirrored"
    await prefer(asha, "en")


async def send_signature(page: Page, finding: str) -> None:
    await choose(page, finding, "sign")
    await send(page)


async def test_a_keyboard_is_enough_to_sign(site: Site) -> None:
    finding = await site.live.begin()
    bao = await site.open(BAO, **DESK)
    await choose(bao, finding, "propose")
    await send(bao, **PLAN, **{"actions[0].due": in_days(60)})
    amina = await site.open(AMINA, **DESK)
    await amina.goto("/")
    await amina.keyboard.press("Tab")
    await expect(amina.locator(".skip")).to_be_focused()
    await amina.keyboard.press("Enter")
    await press_to(amina, f'a.button[href="/findings/{finding}/sign"]')
    await amina.keyboard.press("Enter")
    await amina.wait_for_url("**/sign")
    await press_to(amina, 'button[name="send"]')
    await amina.keyboard.press("Space")
    await expect(amina.get_by_role("status")).to_contain_text("exactly this text")
    await press_to(amina, 'form[action$="/take-back"] button')
    await amina.keyboard.press("Enter")
    await expect(amina.get_by_role("status")).to_contain_text("It counts no more")
    assert site.live.theatre.ledger(finding)[-2:] == ["signed", "taken_back"]


async def test_what_is_wrong_has_the_focus_and_leads_to_its_field(site: Site) -> None:
    finding = await site.live.begin()
    amina = await site.open(AMINA, java_script_enabled=False, **DESK)
    await choose(amina, finding, "dispute")
    await amina.locator('form.act button[name="send"]').click()
    trouble = amina.get_by_role("alert")
    await expect(trouble).to_be_focused()
    assert (await amina.title()).startswith("Error:")
    await press_to(amina, '.alert a[href^="#f-"]')
    await amina.keyboard.press("Enter")
    reason = amina.locator('[name="reason"]')
    await expect(reason).to_be_focused()
    assert await reason.get_attribute("aria-invalid") == "true"
    described = (await reason.get_attribute("aria-describedby") or "").split()
    assert "f-reason-wrong" in described
    await amina.keyboard.type(PHOTO)
    await press_to(amina, 'button[name="send"]')
    await amina.keyboard.press("Enter")
    await expect(amina.get_by_role("status")).to_be_focused()
