"""Where a list is given as a file: each kind of file, and the words that other programmes' trackers know."""

from dataclasses import dataclass
from typing import Final

from remediation.vocabularies import Vocabulary
from service.sheets.writing import Form

TRACKERS: Final = {
    Vocabulary.BETTER_WORK: "Better Work",
    Vocabulary.SMETA: "SMETA",
    Vocabulary.RSC: "RSC",
}
"""Other programmes by their names, which no language translates."""


@dataclass(frozen=True, slots=True)
class Files:
    """Addresses of a list as files, by what the link says: as it is, and in trackers' words."""

    plain: tuple[tuple[str, str], ...]
    tracked: tuple[tuple[str, str], ...]


def files(address: str, *, trackers: bool = True) -> Files:
    """Give the files of the list at an address of ours; `trackers` if it has a status to put into words."""
    path, mark, query = address.partition("?")
    joined = f"{mark}{query}"
    plain = tuple((form.upper(), f"{path}.{form}{joined}") for form in Form)
    beside = f"{joined}&" if query else "?"
    tracked = ((name, f"{path}.{Form.XLSX}{beside}words={words}") for words, name in TRACKERS.items())
    return Files(plain, tuple(tracked) if trackers else ())
