"""What a file is, by its first bytes and never by its name."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from notifications.wording import N_
from service.speaking import say
from storage.evidence import Kind

TAKEN = N_("Photos (JPEG, PNG, WebP, HEIC) and PDF documents are taken.")


class Format(StrEnum):
    """The formats that are taken, by their media types."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"

    @property
    def kind(self) -> Kind:
        """Whether it is a photo or a document."""
        return Kind.DOCUMENT if self is Format.PDF else Kind.PHOTO


class NotTakenError(Exception):
    """A file that is not taken; the message says why, and the way out."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """How a kind of file begins."""

    begins: bytes
    at: int = 0
    then: bytes = b""
    then_at: int = 8

    def of(self, head: bytes) -> bool:
        """Whether a file that begins so is of this kind."""
        return head[self.at :].startswith(self.begins) and head[self.then_at :].startswith(self.then)


_PHONES = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_FORMATS: tuple[tuple[_Mark, Format], ...] = (
    (_Mark(b"\xff\xd8\xff"), Format.JPEG),
    (_Mark(b"\x89PNG\r\n\x1a\n"), Format.PNG),
    (_Mark(b"RIFF", then=b"WEBP"), Format.WEBP),
    *((_Mark(b"ftyp", at=4, then=brand), Format.HEIC) for brand in _PHONES),
    (_Mark(b"%PDF-"), Format.PDF),
)
_OTHERS: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (
        lambda head: not head,
        N_("The file is empty. Choose it again; if it stays empty, take the photo anew."),
    ),
    (_Mark(b"PK\x03\x04").of, N_("This is an office document or an archive. Save it as PDF and send that.")),
    (_Mark(b"\xd0\xcf\x11\xe0").of, N_("This is an older office document. Save it as PDF and send that.")),
    (_Mark(b"ftyp", at=4).of, N_("This is a video, or a photo of a kind that is not taken. Take a photo.")),
    (_Mark(b"GIF8").of, N_("GIF pictures are not taken. Save it as PNG or JPEG.")),
    (_Mark(b"BM").of, N_("BMP pictures are not taken. Save it as PNG or JPEG.")),
    (
        lambda head: head.lstrip().startswith(b"<"),
        N_("Pages and drawings (HTML, SVG) are not taken. Save it as PDF."),
    ),
)
"""What people send by mistake, and what to do instead."""

_HEAD, _TAIL = 64, 2048


def recognise(content: bytes) -> Format:
    """Give a file's format. Raises NotTakenError, with the way out, for any that is not taken."""
    head = content[:_HEAD]
    found = next((each for mark, each in _FORMATS if mark.of(head)), None)
    if found is Format.PDF and b"%%EOF" not in content[-_TAIL:]:
        raise NotTakenError(say("The PDF is cut off. Send it again, or save it anew first."))
    if found is None:
        why = (f"{say(why)} {say(TAKEN)}" for is_it, why in _OTHERS if is_it(head))
        raise NotTakenError(next(why, say(TAKEN)))
    return found
