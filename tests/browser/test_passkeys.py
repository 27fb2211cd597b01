"""Passkeys in Chromium with its virtual authenticator: added on one's own page, then enough to come in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, CDPSession, Page, expect
from temporalio.testing import WorkflowEnvironment

from tests.browser.scanning import faults_here
from tests.browser.site import Site, a_site
from tests.service.stage import AMINA, BAO

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
async def everything(
    skipping: WorkflowEnvironment, chromium: Browser, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    """The site by a name: browsers have no passkeys for a number."""
    folder = tmp_path_factory.mktemp("site")
    async with a_site(skipping, chromium, folder, template, host="localhost") as site:
        yield site


async def a_device(page: Page) -> tuple[CDPSession, str]:
    """Give a phone a lock that knows its owner."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    made = await session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session, made["authenticatorId"]


async def add(page: Page, name: str) -> None:
    await page.goto("/me")
    await page.get_by_label("A name for it, such as the device's").fill(name)
    await page.get_by_role("button", name="Add a passkey of this device").click()
    await expect(page.locator("#passkeys li")).to_contain_text(name)


async def sign_out(page: Page) -> None:
    await page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    await page.get_by_role("heading", name="Sign in").wait_for()


async def test_amina_adds_a_passkey_comes_in_with_it_and_removes_it(site: Site) -> None:
    page = await site.open(AMINA)
    device, authenticator = await a_device(page)
    await add(page, "My phone")
    assert await faults_here(page, "passkeys on one's own page") == []
    kept = await device.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})
    assert [each["rpId"] for each in kept["credentials"]] == ["localhost"]
    await sign_out(page)

    await page.goto("/findings")
    assert await faults_here(page, "signing in with passkeys") == []
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await page.get_by_role("heading", name="Findings").wait_for()
    await page.goto("/me")
    await expect(page.locator("#passkeys li")).to_contain_text("Last used on")

    await page.get_by_text("Rename or remove").click()
    await page.get_by_label("Its name").fill("Lost phone")
    await page.get_by_role("button", name="Rename").click()
    await expect(page.locator("#passkeys li strong")).to_have_text("Lost phone")
    await page.get_by_text("Rename or remove").click()
    await page.get_by_role("button", name="Remove this passkey").click()
    await expect(page.locator("#passkeys li")).to_have_count(0)
    await sign_out(page)
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await page.get_by_text("This passkey opens nothing here").wait_for()


async def test_a_device_that_does_not_know_its_owner_says_so_and_the_mail_stays(site: Site) -> None:
    page = await site.open(BAO)
    device, authenticator = await a_device(page)
    stranger = {"authenticatorId": authenticator, "isUserVerified": False}
    await device.send("WebAuthn.setUserVerified", stranger)
    await page.goto("/me")
    await page.get_by_role("button", name="Add a passkey of this device").click()
    await page.get_by_text("No passkey was made.").wait_for()
    await expect(page.locator("#passkeys li")).to_have_count(0)
    await sign_out(page)
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await page.get_by_text("No passkey was used.").wait_for()
    await expect(page.get_by_role("button", name="Send me the mail")).to_be_visible()


async def test_without_scripts_nothing_of_it_is_shown(site: Site) -> None:
    page = await site.open(java_script_enabled=False)
    await page.goto("/sign-in")
    await expect(page.get_by_role("button", name="Send me the mail")).to_be_visible()
    await expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
