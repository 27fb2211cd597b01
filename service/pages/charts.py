"""Charts as plain numbers: bars drawn by the server, each with a sentence and a table that say the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NONE = "\u2013"
"""Stands where there is no number."""
WIDTH = 300
"""Of a chart, in the units of its drawing; a phone shows it about as wide in pixels."""
_TEXT, _BAR, _BETWEEN = 19, 9, 13


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: how many, and how it looks (`good`, `late`, `ahead`, `plain`)."""

    number: int
    look: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a chart: what it counts, its numbers, and where each can be checked.

    `bars` are drawn one below the other, the parts of each one after the other.
    """

    label: str
    numbers: tuple[int, ...]
    bars: tuple[tuple[Part, ...], ...]
    href: str = ""
    said: str = ""
    """The numbers in words, where a single number does not say it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A part as drawn: a rectangle."""

    x: float
    y: float
    width: float
    height: float
    look: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row as drawn: where its words stand, and its rectangles."""

    row: Row
    y: float
    parts: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its name, the sentence that says what it shows, the heads of its table, and its rows."""

    title: str
    sentence: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    legend: tuple[tuple[str, str], ...] = ()
    """Looks and what they mean, where a row has several."""

    @property
    def height(self) -> float:
        """Its height, in the units of its drawing."""
        return sum(map(_height, self.rows)) - _BETWEEN + 2 if self.rows else 0

    @property
    def longest(self) -> int:
        """The greatest sum of a bar."""
        return max((sum(part.number for part in bar) for row in self.rows for bar in row.bars), default=0)

    def lines(self, *, mirrored: bool) -> Sequence[Line]:
        """Give the rows as drawn, for a language written from right to left mirrored."""
        lines, y, longest = [], 0.0, max(self.longest, 1)
        for row in self.rows:
            lines.append(Line(row, y + _TEXT - 6, tuple(_drawn(row, y + _TEXT, longest, mirrored=mirrored))))
            y += _height(row)
        return lines


def _drawn(row: Row, y: float, longest: int, *, mirrored: bool) -> Iterator[Drawn]:
    for place, bar in enumerate(row.bars):
        x = 0.0
        for part in bar:
            width = round(part.number * WIDTH / longest, 1)
            left = WIDTH - x - width if mirrored else x
            yield Drawn(round(left, 1), y + place * (_BAR + 1), width, _BAR, part.look)
            x += width


def _height(row: Row) -> float:
    return _TEXT + len(row.bars) * (_BAR + 1) + _BETWEEN


def plain(label: str, number: int, href: str = "", look: str = "plain") -> Row:
    """Give a row of one number."""
    return Row(label, (number,), ((Part(number, look),),), href if number else "")
