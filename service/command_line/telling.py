"""What the commands have in common: settings, how to print, and what goes wrong in a sentence."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, Protocol

import typer
from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from service.home import Home
from service.settings import Settings

WIDE = 200
"""Columns to print where nobody watches: a file or a pipe must not lose the ends of words."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def out() -> Console:
    """Give the console for what was asked for."""
    return Console(width=None if sys.stdout.isatty() else WIDE)


def err() -> Console:
    """Give the console for everything beside it: progress, warnings, faults."""
    return Console(stderr=True, width=None if sys.stderr.isatty() else WIDE)


def progress() -> Progress:
    """Give a progress bar; it shows itself on a terminal only."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=err(), transient=True, disable=not sys.stderr.isatty())


def settings() -> Settings:
    """Give the settings in force. Where a `mendwork up` runs on the home folder, its settings fill gaps."""
    up = Home(Settings().home).running()
    for name, value in (up.environment if up else {}).items():
        os.environ.setdefault(name, value)
    return Settings()


def counted(number: int, noun: str) -> str:
    """Give a number with its noun: `1 row`, `2 rows`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def show_json(value: Any) -> None:  # noqa: ANN401 - dataclasses, dates and enumerations in any nesting
    """Print JSON to standard output."""
    typer.echo(json.dumps(to_jsonable_python(value), indent=2, ensure_ascii=False))


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table to standard output, or that there is nothing. Texts are printed as they are."""
    found = list(rows)
    if not found:
        out().print(f"{title}: none" if title else "None.", markup=False)
        return
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in found:
        table.add_row(*(_plain(cell) for cell in row))
    out().print(table)


def _plain(cell: object) -> str:
    return "" if cell is None else str(cell).replace("[", "\\[")


class Known(Protocol):
    """How far a country's public holidays are known."""

    @property
    def missing(self) -> tuple[int, ...]:
        """Years of which none is known."""

    @property
    def estimated(self) -> tuple[date, ...]:
        """Days that depend on the sighting of the moon."""


def coverage_lines(country: str, known: Known) -> list[str]:
    """Say what is not known of a country's public holidays; nothing where all is."""
    years = ", ".join(map(str, known.missing))
    days = ", ".join(each.isoformat() for each in known.estimated)
    return [
        *([f"No public holidays of {country or 'its country'} are known for {years}."] if years else []),
        *([f"Public holidays of {country} that hang on the moon and may yet shift: {days}."] if days else []),
    ]
