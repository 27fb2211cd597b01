"""Files as people send them, made with Pillow: of phones, documents, and what only looks like either."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

GPS, ORIENTATION, MAKE, DESCRIPTION = 0x8825, 0x0112, 0x010F, 0x010E
PLANTED = "PLANTED phone of Asha"


def a_picture(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Draw a picture in which the four corners differ; another seed gives one that looks different."""
    image = Image.new("RGB", size, "grey")
    draw = ImageDraw.Draw(image)
    step_x, step_y = size[0] // 8, size[1] // 8
    for place in range(64):
        shade = (place * place * seed * 37 + place * 91 * seed) % 256
        x, y = place % 8 * step_x, place // 8 * step_y
        draw.rectangle((x, y, x + step_x, y + step_y), fill=(shade, 255 - shade, shade // 2))
    return image


def a_photo(seed: int = 1, kind: str = "JPEG", size: tuple[int, int] = (640, 480), **options: Any) -> bytes:  # noqa: ANN401
    """Give a photo as a file."""
    made = BytesIO()
    a_picture(seed, size).save(made, kind, **options)
    return made.getvalue()


def a_phone_photo(turned: int = 6) -> bytes:
    """Give a photo as phones write it: lying on its side, with the place, the phone and a remark in it."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE], exif[DESCRIPTION] = turned, PLANTED, PLANTED
    place = exif.get_ifd(GPS)
    place[1], place[2] = "N", (IFDRational(23), IFDRational(48), IFDRational(37))
    place[3], place[4] = "E", (IFDRational(90), IFDRational(24), IFDRational(45))
    return a_photo(exif=exif, comment=PLANTED.encode())


def a_pdf(text: str = "Invoice 2231") -> bytes:
    """Give a small PDF document."""
    body = f"%PDF-1.4\n1 0 obj<</Type/Catalog/Note({text})>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    return body.encode()


PAGE = b"<!doctype html><html><script>alert('PLANTED')</script></html>"
DRAWING = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
