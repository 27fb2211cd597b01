"""What people do with a page: take up what waits for them, fill in a form, and read what it led to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Page, expect

from notifications.languages import language
from remediation.words import PersonId
from service.pages.acts import ACTS
from storage import people
from storage.database import writing
from tests.browser.site import Site

PLAN: dict[str, Any] = {
    "root_cause": "Only the guard has keys.",
    "actions[0].kind": "corrective",
    "actions[0].description": "Take the lock off",
    "actions[0].owner": "bao",
    "actions[0].evidence_expected": "A photograph of the open exit",
}
PHOTO = "Photo 12 in the safety folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a journey is made: with scripts or without any, and in which language."""

    scripts: bool
    language: str

    def says(self, english: str) -> str:
        """Give a text as pages say it on this way; refuses one that the language lacks."""
        said = language(self.language).say(english)
        assert self.language == "en" or said != english
        return said

    def next(self, verb: str) -> str:
        """Give what a confirmation says comes next."""
        return self.says(ACTS[verb].next)


def speak(site: Site, who: Iterable[PersonId], tongue: str) -> None:
    """Let people read a language, as if they had chosen it on their own pages."""
    with writing(site.live.theatre.database) as connection:
        for known in people.people_of(connection, who).values():
            people.save_person(connection, replace(known, language=tongue))


def in_days(days: int) -> str:
    """Give a day as a date field takes it."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


async def take_up(page: Page, finding: str) -> None:
    """Open My work, and follow the one button of what waits on a finding."""
    await page.goto("/")
    card = page.get_by_role("listitem").filter(has=page.locator(f'a[href="/findings/{finding}"]'))
    await card.locator("a.button").click()
    await page.wait_for_url(f"**/findings/{finding}/*")


async def choose(page: Page, finding: str, verb: str) -> None:
    """Open a finding's page, and choose what to do from what it offers."""
    await page.goto(f"/findings/{finding}")
    await page.locator(f'.acts a[href="/findings/{finding}/{verb}"]').click()
    await page.wait_for_url(f"**/{verb}")


async def fill(page: Page, **typed: str) -> None:
    """Type into the fields of the page's form, by their names."""
    for name, value in typed.items():
        field = page.locator(f'form.act [name="{name}"]').first
        kind = await field.evaluate("field => field.type || field.localName")
        if kind in {"radio", "checkbox"}:
            await page.locator(f'form.act [name="{name}"][value="{value}"]').check()
        elif kind.startswith("select"):
            await field.select_option(value)
        else:
            await field.fill(value)


async def send(page: Page, **typed: str) -> str:
    """Fill in the form and send it; give what the finding's page then says has been done, and comes next."""
    await fill(page, **typed)
    await page.locator('form.act button[name="send"]').click()
    told = page.get_by_role("status")
    await expect(told).to_be_visible()
    return await told.inner_text()
