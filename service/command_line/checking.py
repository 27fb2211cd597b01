"""The command for whoever keeps Mendwork running: doctor."""

import asyncio

import typer
from rich.text import Text

from service.command_line.storing import database
from service.command_line.telling import AsJson, err, out, settings, show_json
from service.doctor import Health, Result, examine

MARKS = {
    Health.GOOD: ("✓", "green"),
    Health.WARNING: ("!", "yellow"),
    Health.FAULT: ("✗", "red"),
    Health.NOT_CHECKED: ("·", "dim"),
}


def doctor(as_json: AsJson = False) -> None:
    """Look at everything Mendwork needs, and say for each fault what to do about it.

    Looks at Python, disk, database, ledger, clock, letters, commands, Temporal, workers and mail server;
    changes nothing and sends nothing. Exit code 1 means that there is a fault.

    Example:

        mendwork doctor --json
    """
    given = settings()
    with database(given) as store, err().status("Looking …"):
        results = asyncio.run(examine(given, store))
    if as_json:
        show_json(results)
    else:
        _tell(results)
    raise typer.Exit(1 if any(each.health is Health.FAULT for each in results) else 0)


def _tell(results: tuple[Result, ...]) -> None:
    width = max(len(each.what) for each in results)
    for each in results:
        mark, style = MARKS[each.health]
        way_out = f". Way out: {each.way_out}" if each.way_out else ""
        line = Text.assemble((mark, style), f" {each.what:<{width}}  {each.seen}{way_out}")
        out().print(line, soft_wrap=True)
