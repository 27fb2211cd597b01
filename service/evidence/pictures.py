"""Photos made anew: turned upright, made smaller, and without anything that a camera adds.

What is kept is painted from the pixels alone. Places, times, devices and whatever else hid in the file are
left behind.
"""

from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageFile, ImageOps
from pillow_heif import register_heif_opener

from service.evidence.recognising import NotTakenError
from service.speaking import say

register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MOST_PIXELS = 50_000_000
"""Cameras of phones give up to 50 million. A file of a few kilobytes can claim many times more."""
LONGEST_SIDE = 2560
LONGEST_OF_THUMB = 320
QUALITY, QUALITY_OF_THUMB = 82, 70
FLATTEST = 16
"""A picture with less contrast than this looks like every other such picture: it has no likeness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A photo made anew as JPEG, with a small one for lists. `likeness` is hexadecimal, or None."""

    content: bytes
    thumb: bytes
    width: int
    height: int
    likeness: str | None


def remake(content: bytes) -> Picture:
    """Give a photo made anew. Raises NotTakenError, with the way out, for one that cannot be."""
    try:
        clean = _painted_anew(content)
    except NotTakenError:
        raise
    except Exception as error:  # whatever decoders meet in a broken or hostile file
        message = say("The photo cannot be read: it is broken or cut off. Send it again.")
        raise NotTakenError(message) from error
    small = clean.copy()
    small.thumbnail((LONGEST_OF_THUMB, LONGEST_OF_THUMB))
    return Picture(
        content=_jpeg(clean, QUALITY),
        thumb=_jpeg(small, QUALITY_OF_THUMB),
        width=clean.width,
        height=clean.height,
        likeness=likeness(clean),
    )


def _painted_anew(content: bytes) -> Image.Image:
    # Half a photo is no evidence. The library that makes PDFs allows it, for all of a process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        opened = Image.open(BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    with opened as image:
        if image.width * image.height > MOST_PIXELS:  # before a pixel is unpacked
            raise _too_many_pixels()
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG unpacks at half or a quarter of its size
        seen = image.convert("RGBA") if image.has_transparency_data else image
        seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(seen)
        clean = Image.new("RGB", upright.size, "white")
        clean.paste(upright.convert("RGB"), mask=upright if upright.mode == "RGBA" else None)
        return clean


def _too_many_pixels() -> NotTakenError:
    return NotTakenError(
        say(
            "The photo has more than %(most)s million pixels. Choose a smaller size in the camera.",
            most=MOST_PIXELS // 1_000_000,
        )
    )


def _jpeg(image: Image.Image, quality: int) -> bytes:
    made = BytesIO()
    image.save(made, "JPEG", quality=quality, optimize=True, progressive=True)
    return made.getvalue()


def likeness(image: Image.Image) -> str | None:
    """Give 64 bits that stay nearly the same when a photo is made smaller or saved anew (a difference hash).

    None for a picture without contrast.
    """
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    rows = [list(grey.crop((0, row, 9, row + 1)).tobytes()) for row in range(8)]
    every = [value for row in rows for value in row]
    if max(every) - min(every) < FLATTEST:
        return None
    bits = "".join("1" if left > right else "0" for row in rows for left, right in pairwise(row))
    return f"{int(bits, 2):016x}"
