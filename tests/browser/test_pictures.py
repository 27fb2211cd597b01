"""The README's pictures: small, there, and still to be taken."""

import re
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser

from tests.browser.pictures import FOLDER, SHOTS, take

README = Path(__file__).parents[2] / "README.md"
MOST_BYTES = 150 * 1024


def test_the_readme_opens_with_pictures_that_are_there_and_small() -> None:
    shown = re.findall(r"!\[[^\]]+\]\((docs/pictures/[\w-]+\.png)\)", README.read_text(encoding="utf-8"))
    assert {Path(each).name for each in shown} == {f"{shot.name}.png" for shot in SHOTS}
    heavy = [each for each in shown if (README.parent / each).stat().st_size > MOST_BYTES]
    assert heavy == []


async def test_the_pictures_can_be_taken_anew(chromium: Browser, tmp_path: Path) -> None:
    await take(tmp_path, chromium)
    for shot in SHOTS:
        name = f"{shot.name}.png"
        with Image.open(tmp_path / name) as taken, Image.open(FOLDER / name) as kept:
            assert taken.size == kept.size
            assert len(taken.getcolors() or ()) > 8, "something is shown"
