"""axe and a ruler: what is wrong with a page on a small light screen and on a wide dark one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, ViewportSize

RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
_axe = Axe()


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody looks at a page."""

    scheme: Literal["light", "dark"]
    size: ViewportSize


SMALL = Look("light", {"width": 320, "height": 640})
WIDE = Look("dark", {"width": 1280, "height": 900})
BOTH = (SMALL, WIDE)


def by_turns(number: int) -> tuple[Look]:
    """Give one look or the other: of many pages that are made alike, half are looked at in each."""
    return (BOTH[number % 2],)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with a page."""

    where: str
    rule: str
    what: str


async def faults_of(page: Page, path: str, looks: Sequence[Look] = BOTH) -> list[Fault]:
    """Open a page and give all that is wrong with it."""
    await page.set_viewport_size(SMALL.size)
    answer = await page.goto(path)
    assert answer is not None
    assert answer.ok, f"{path} answered {answer.status}"
    return await faults_here(page, path, looks)


async def faults_here(page: Page, where: str, looks: Sequence[Look] = BOTH) -> list[Fault]:
    """Give all that is wrong with the page that is open. That nothing overflows is seen with every look."""
    found = await _overflow(page, where)
    await page.evaluate(_axe.axe_script)
    for look in looks:
        await page.set_viewport_size(look.size)
        # Without motion: colours on their way from light to dark would be neither.
        await page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
        result = await page.evaluate("rules => axe.run(rules)", RULES)
        found += _told(result, f"{where} ({look.scheme}, {look.size['width']} px)")
    return found


def _told(result: dict[str, Any], where: str) -> Iterator[Fault]:
    for violation in result["violations"]:
        for node in violation["nodes"]:
            yield Fault(where, violation["id"], f"{node['html'][:200]} {node['failureSummary']}")


async def _overflow(page: Page, where: str) -> list[Fault]:
    await page.set_viewport_size(SMALL.size)
    width: int = await page.evaluate("document.documentElement.scrollWidth")
    return [Fault(where, "overflow", f"{width} px wide at 320")] if width > SMALL.size["width"] else []
