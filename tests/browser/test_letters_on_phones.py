"""Letters on the smallest phone, as a mail program shows them: nothing runs over the edge."""

import pytest
from playwright.async_api import Browser

from notifications.occasion import Witness
from remediation.words import Digest, FindingId
from tests.notifications.test_letters import EVERY, written

WITNESS = Witness(subject=FindingId("f-cldxkhgiuk4tjnc6"), entries=7, digest=Digest("4ffd3c1f8347cfbb" * 4))


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_no_letter_runs_over_the_edge_of_the_smallest_phone(chromium: Browser, language: str) -> None:
    letters = {told.order.kind: written(told, language, witness=WITNESS).html for told in EVERY}
    page = await chromium.new_page(viewport={"width": 320, "height": 640})
    try:
        for kind, html in letters.items():
            await page.set_content(html)
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 320, f"{kind} is {wide} pixels wide in {language}"
    finally:
        await page.close()
