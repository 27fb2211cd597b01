"""Photos leave the phone small, and arrive."""

from io import BytesIO

from PIL import Image
from playwright.async_api import FilePayload, expect

from tests.browser.site import Site
from tests.service.stage import BAO, a_life

FULL = 4000, 3000


def a_photo_of_a_phone() -> FilePayload:
    """Give a photo as large as phones take them, with as much detail as there can be."""
    made = BytesIO()
    Image.effect_noise(FULL, 90).convert("RGB").save(made, "JPEG", quality=90)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


async def test_a_photo_is_made_smaller_before_it_travels(site: Site) -> None:
    site.live.theatre.keep(a_life("photographed"))
    page = await site.open(BAO)
    await page.goto("/findings/photographed/evidence")
    photo = a_photo_of_a_phone()
    field = page.get_by_label("Or choose photos and PDF documents")
    await field.set_input_files(photo)
    await expect(field).to_have_value("C:\\fakepath\\photo.jpg")
    size = await field.evaluate("input => input.files[0].size")
    assert size < len(photo["buffer"]) / 4
    await page.get_by_role("button", name="Hand in").click()
    await expect(page.get_by_text("1 photo or document is kept")).to_be_visible()
    await expect(page.locator("#evidence img")).to_have_attribute("width", "2000")
