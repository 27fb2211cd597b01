"""Cursors: places in a list that is ordered by due instant and id, as text that fits an address."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list: beside one row, looking on or back. `due` is aware; the row itself is left out."""

    due: datetime
    finding: str
    back: bool = False

    def __str__(self) -> str:
        way = "<" if self.back else ">"
        return urlsafe_b64encode(f"{way}{self.due.isoformat()} {self.finding}".encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read what `str` gave. Raises ValueError for anything else."""
        try:
            plain = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
            way, (due, finding) = plain[0], plain[1:].split(" ", 1)
            instant = datetime.fromisoformat(due).astimezone(UTC)
        except (ValueError, IndexError) as error:
            raise ValueError(_NO_CURSOR) from error
        if way not in "<>":
            raise ValueError(_NO_CURSOR)
        return cls(instant, finding, back=way == "<")


_NO_CURSOR = (
    "this is no place in the list; take `next` or `previous` from a page, or leave it out for the first page"
)
END = Cursor(datetime.max.replace(tzinfo=UTC), "", back=True)
"""Behind the last row, looking back: the last page."""
