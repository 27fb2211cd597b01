"""axe and a ruler: what is wrong with a page on a small light screen and on a wide dark one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, ViewportSize

SMALL: ViewportSize = {"width": 320, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 900}
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
LOOKS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "target-size", "link-in-text-block"]}
"""What colours and widths can change: asked again where they are others."""
_axe = Axe()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with a page."""

    where: str
    rule: str
    what: str


async def faults_of(page: Page, path: str) -> list[Fault]:
    """Open a page and give all that is wrong with it."""
    await page.set_viewport_size(SMALL)
    answer = await page.goto(path)
    assert answer is not None
    assert answer.ok, f"{path} answered {answer.status}"
    return await faults_here(page, path)


async def faults_here(page: Page, where: str) -> list[Fault]:
    """Give all that is wrong with the page that is open."""
    await page.evaluate(_axe.axe_script)
    await page.set_viewport_size(SMALL)
    # Without motion: colours on their way from light to dark would be neither.
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = [*await _overflow(page, where), *await _violations(page, f"{where} (light, 320 px)", RULES)]
    await page.set_viewport_size(WIDE)
    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return [*found, *await _violations(page, f"{where} (dark, 1280 px)", LOOKS)]


async def _violations(page: Page, where: str, rules: Mapping[str, Any]) -> list[Fault]:
    result: dict[str, Any] = await page.evaluate("rules => axe.run(rules)", rules)
    return list(_told(result, where))


def _told(result: dict[str, Any], where: str) -> Iterator[Fault]:
    for violation in result["violations"]:
        for node in violation["nodes"]:
            yield Fault(where, violation["id"], f"{node['html'][:200]} {node['failureSummary']}")


async def _overflow(page: Page, where: str) -> list[Fault]:
    width: int = await page.evaluate("document.documentElement.scrollWidth")
    return [Fault(where, "overflow", f"{width} px wide at 320")] if width > SMALL["width"] else []
