"""Commands for whoever keeps Mendwork running: doctor, and resurrect."""

import asyncio

import typer
from rich.text import Text
from sqlalchemy import Engine as Database

from remediation.words import FindingId
from service.command_line.reaching import reach_engine
from service.command_line.telling import AsJson, counted, database, err, out, progress, settings, show_json
from service.doctor import Health, Result, examine
from service.resurrecting import open_findings, resurrect
from service.settings import Settings

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


def resurrect_findings(as_json: AsJson = False) -> None:
    """Start again the workflow of each open finding that has none, from what stands in SQL.

    For a Temporal store that was lost, or left behind by a move. Nothing is sent twice. Findings that run are
    left alone; docs/runbook.md tells when to use this.

    Example:

        mendwork resurrect
    """
    given = settings()
    with database(given) as store:
        ids = open_findings(store)
        started = asyncio.run(_resurrect(given, store, ids))
    if as_json:
        show_json({"open": len(ids), "started": started})
    else:
        out().print(f"{counted(len(ids), 'finding')} open, {started} started again.", highlight=False)


async def _resurrect(given: Settings, store: Database, ids: tuple[FindingId, ...]) -> int:
    engine = await reach_engine(given)
    with progress() as bar:
        task = bar.add_task("Looking at findings", total=len(ids))
        return await resurrect(store, engine, ids, lambda: bar.advance(task))


def _tell(results: tuple[Result, ...]) -> None:
    width = max(len(each.what) for each in results)
    for each in results:
        mark, style = MARKS[each.health]
        way_out = f". Way out: {each.way_out}" if each.way_out else ""
        line = Text.assemble((mark, style), f" {each.what:<{width}}  {each.seen}{way_out}")
        out().print(line, soft_wrap=True)
