"""Signing in with a real browser: by the mailed code, and by the mailed link on a phone."""

from tests.browser.scanning import faults_here
from tests.browser.site import Site

AMINAS = "amina@mail.example"


async def test_the_mailed_link_signs_amina_in_and_leads_her_to_her_work(site: Site) -> None:
    page = await site.open()
    await page.goto("/")
    await page.get_by_label("Your e-mail address").fill(AMINAS)
    await page.get_by_role("button", name="Send me the mail").click()
    await page.get_by_role("heading", name="Type the code").wait_for()
    await page.goto(await site.mailed(rf"{site.url}/sign-in/link/[\w-]+"))
    await page.get_by_role("heading", name="Sign in as Amina Rahman?").wait_for()
    assert await faults_here(page, "the mailed link") == []
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("heading", name="My work").wait_for()


async def test_the_mailed_code_does_without_scripts(site: Site) -> None:
    page = await site.open(java_script_enabled=False)
    await page.goto("/findings")
    await page.get_by_label("Your e-mail address").fill(AMINAS)
    await page.get_by_role("button", name="Send me the mail").click()
    await page.get_by_label("The code of eight digits").fill(await site.mailed(r"^ +\d{4} \d{4}$"))
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("heading", name="Findings").wait_for()
