"""One Chromium and one site for each process and module; devices are closed after each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect
from temporalio.testing import WorkflowEnvironment

from tests.browser.site import ARGUMENTS, PATIENCE, Site, a_site, program
from tests.service.stage import a_template

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium; where it is not installed, the test is skipped."""
    installed = program()
    if installed is None:
        pytest.skip("Chromium (install the package chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=installed, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that holds the directory and the cast."""
    return a_template(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
async def everything(
    skipping: WorkflowEnvironment, chromium: Browser, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    """The site that a module's tests share."""
    async with a_site(skipping, chromium, tmp_path_factory.mktemp("site"), template) as site:
        yield site


@pytest.fixture
async def site(everything: Site) -> AsyncIterator[Site]:
    """The site, for one test. It fails a test in which a browser complained."""
    try:
        yield everything
        assert everything.troubles == []
    finally:
        await everything.close_all()
