"""Photos are made anew: upright, smaller, without what cameras add; what is none is refused."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from service.evidence.pictures import FORMATS, LONGEST_OF_THUMB, LONGEST_SIDE, likeness, remake
from service.evidence.recognising import Format, NotTakenError, recognise
from tests.evidence.files import (
    DRAWING,
    GPS,
    PAGE,
    PLANTED,
    a_pdf,
    a_phone_photo,
    a_photo,
    a_picture,
)


def shown(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def test_place_phone_and_remarks_are_gone() -> None:
    sent = a_phone_photo()
    assert Image.open(BytesIO(sent)).getexif().get_ifd(GPS)
    assert PLANTED.encode() in sent
    for made in (remake(sent).content, remake(sent).thumb):
        image = shown(made)
        assert dict(image.getexif()) == {}
        assert not {"exif", "comment", "icc_profile", "xmp", "dpi"} & image.info.keys()
        assert PLANTED.encode() not in made


@pytest.mark.parametrize(("turned", "corner"), [(1, (0, 0)), (3, (639, 479)), (6, (0, 479)), (8, (639, 0))])
def test_a_photo_taken_on_its_side_stands_upright(turned: int, corner: tuple[int, int]) -> None:
    made = remake(a_phone_photo(turned))
    assert (made.width, made.height) == ((640, 480) if turned in {1, 3} else (480, 640))
    seen = shown(made.content).getpixel((4, 4))
    meant = a_picture().getpixel((min(max(corner[0], 4), 635), min(max(corner[1], 4), 475)))
    assert isinstance(seen, tuple)
    assert isinstance(meant, tuple)
    assert all(abs(one - other) < 24 for one, other in zip(seen, meant, strict=True))


def test_a_large_photo_becomes_smaller_and_a_small_one_stays() -> None:
    large = remake(a_photo(size=(4000, 3000)))
    assert (large.width, large.height) == (LONGEST_SIDE, 1920)
    assert max(shown(large.thumb).size) == LONGEST_OF_THUMB
    assert (remake(a_photo(size=(200, 100))).width, remake(a_photo(size=(200, 100))).height) == (200, 100)


@pytest.mark.parametrize("kind", FORMATS)
def test_photos_of_every_kind_become_jpeg(kind: str) -> None:
    sent = a_photo(kind=kind)
    assert recognise(sent).kind == "photo"
    assert shown(remake(sent).content).format == "JPEG"


def test_what_lets_the_ground_through_becomes_white() -> None:
    sent = BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(sent, "PNG")
    assert shown(remake(sent.getvalue()).content).getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_every_mode_of_colour_can_be_read(mode: str) -> None:
    sent = BytesIO()
    Image.new(mode, (64, 64)).save(sent, "TIFF" if mode == "none" else "JPEG" if mode == "CMYK" else "PNG")
    assert remake(sent.getvalue()).width == 64


def a_bomb() -> bytes:
    """Give a PNG of a few hundred bytes that claims 60,000 by 60,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(NotTakenError, match="more than 50 million pixels"):
        remake(a_bomb())


def test_a_photo_that_is_a_little_too_large_is_refused_by_its_size() -> None:
    sent = BytesIO()
    Image.new("1", (8000, 7000)).save(sent, "PNG")
    with pytest.raises(NotTakenError, match="Choose a smaller size in the camera"):
        remake(sent.getvalue())


@pytest.mark.parametrize("cut", [20, 400, 2000])
def test_a_photo_that_is_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(NotTakenError, match="broken or cut off"):
        remake(a_photo()[:cut])


@pytest.mark.parametrize(
    ("content", "way_out"),
    [
        (b"", "The file is empty"),
        (PAGE, "HTML, SVG"),
        (DRAWING, "HTML, SVG"),
        (b"PK\x03\x04 a workbook", "Save it as PDF"),
        (b"\xd0\xcf\x11\xe0 an old letter", "Save it as PDF"),
        (b"GIF89a", "PNG or JPEG"),
        (b"BM....", "PNG or JPEG"),
        (b"\0\0\0\x18ftypmp42", "video"),
        (b"MZ\x90 a program", "Photos"),
        (b"\n%PDF-1.4 with something before it %%EOF", "Photos"),
        (b"%PDF-1.4 and no end", "cut off"),
    ],
)
def test_what_is_no_photo_and_no_document_is_refused_with_a_way_out(content: bytes, way_out: str) -> None:
    with pytest.raises(NotTakenError, match=way_out):
        recognise(content)


def test_a_document_is_known_by_its_content() -> None:
    assert recognise(a_pdf()) is Format.PDF


def test_a_page_behind_a_photo_is_left_behind() -> None:
    assert b"PLANTED" not in remake(a_photo() + PAGE).content


def test_a_page_that_begins_like_a_photo_is_refused() -> None:
    sent = b"\xff\xd8\xff\xe0" + PAGE
    assert recognise(sent) is Format.JPEG
    with pytest.raises(NotTakenError):
        remake(sent)


def test_photos_that_look_alike_have_a_likeness_in_common() -> None:
    first = remake(a_photo(size=(1600, 1200))).likeness
    assert first is not None
    for other in (a_photo(size=(800, 600), quality=40), a_photo(kind="WEBP"), a_photo(kind="HEIF")):
        again = remake(other).likeness
        assert again is not None
        assert (int(first, 16) ^ int(again, 16)).bit_count() <= 2
    different = remake(a_photo(seed=5)).likeness
    assert different is not None
    assert (int(first, 16) ^ int(different, 16)).bit_count() > 12


def test_a_picture_without_contrast_has_no_likeness() -> None:
    assert likeness(Image.new("RGB", (300, 200), "navy")) is None
