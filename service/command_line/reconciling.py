"""Commands for when the two stores differ: reconcile, and resurrect."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer
from sqlalchemy import Engine as Database

from service.command_line.reaching import reach_engine
from service.command_line.storing import database
from service.command_line.telling import AsJson, counted, out, progress, settings, show_json, show_table
from service.reconciling.comparing import PAUSE_SECONDS, Reconciler
from service.reconciling.resurrecting import Remedy, Resurrection, Resurrector
from service.reconciling.troubles import MENDED, WAYS_OUT, Code, Report, Trouble
from service.settings import Settings

DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing; say what would be done.")]
SHOWN = 3


def reconcile(
    dry_run: DryRun = False,
    pause: Annotated[
        float, typer.Option(min=0, help="Seconds after which what looks wrong is looked at again.")
    ] = PAUSE_SECONDS,
    as_json: AsJson = False,
) -> None:
    """Compare SQL with Temporal for every open finding; mend what is safe, and report the rest.

    A schedule does the same every quarter of an hour. Exit code 1 means that something needs a person.

    Example:

        mendwork reconcile --dry-run
    """
    given = settings()
    with database(given) as store:
        report = asyncio.run(_reconcile(given, store, dry_run, pause))
    if as_json:
        show_json(_plain(report))
    else:
        _tell(report, dry_run)
    raise typer.Exit(1 if report.for_a_person else 0)


async def _reconcile(given: Settings, store: Database, dry: bool, pause: float) -> Report:
    engine = await reach_engine(given)
    with progress() as bar:
        task = bar.add_task("Asking workflows", total=None)
        reconciler = Reconciler(store, engine, dry=dry, pause=pause)
        return await reconciler.reconcile(tell=lambda: bar.advance(task))


def _plain(report: Report) -> dict[str, object]:
    return {
        "open": report.open,
        "compared": report.compared,
        "counts": {code.value: count for code, count in report.counts().items() if count},
        "mended": sorted(report.mended),
        "left": report.left,
        "needs_a_person": bool(report.for_a_person),
    }


def _tell(report: Report, dry: bool) -> None:
    said = f"{counted(report.open, 'finding')} open, {counted(report.compared, 'workflow')} compared"
    if not report.troubles:
        out().print(f"{said}: nothing differs.", highlight=False)
        return
    out().print(f"{said}.", highlight=False)
    show_table("", ("code", "seen", "what", "which", "done, or to do"), _rows(report, dry))


def _rows(report: Report, dry: bool) -> list[tuple[object, ...]]:
    counts = {code: count for code, count in report.counts().items() if count}
    return [_row(report, code, dry) for code in counts]


def _row(report: Report, code: Code, dry: bool) -> tuple[object, ...]:
    what, way_out = WAYS_OUT[code]
    theirs = [each for each in report.troubles if each.code is code]
    mended = sum(each in report.mended for each in theirs)
    done = f"{mended} {way_out}" if mended else f"would be {way_out}" if dry and code in MENDED else way_out
    return (code.value, len(theirs), what, _names(theirs), done)


def _names(troubles: Sequence[Trouble]) -> str:
    more = f" and {len(troubles) - SHOWN} more" if len(troubles) > SHOWN else ""
    return ", ".join(each.subject for each in troubles[:SHOWN]) + more


def resurrect(
    older_sql: Annotated[
        bool,
        typer.Option("--older-sql", help="The database is an older copy: hold back mail that may have left."),
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Rebuild either store from the other. Nothing is sent twice; safe to repeat.

    After a lost, older or new Temporal store, findings start again from SQL. Where SQL is an older copy,
    what it lacks is read from the workflows' histories. Stop service and workers first; docs/runbook.md has
    the steps.
    Exit code 1 means that something needs a person.

    Examples:

        mendwork resurrect
        mendwork resurrect --older-sql --dry-run
    """
    given = settings()
    with database(given) as store:
        done = asyncio.run(_resurrect(given, store, older_sql, dry_run))
    if as_json:
        show_json(_done(done))
    else:
        _tell_done(done, dry_run)
    raise typer.Exit(1 if done.of(Remedy.LEFT) else 0)


async def _resurrect(given: Settings, store: Database, older: bool, dry: bool) -> Resurrection:
    engine = await reach_engine(given)
    resurrector = Resurrector(store, engine, dry=dry)
    ids = await resurrector.everyone()
    with progress() as bar:
        task = bar.add_task("Looking at findings", total=len(ids))
        return await resurrector.resurrect(ids, older_sql=older, tell=lambda: bar.advance(task))


def _done(done: Resurrection) -> dict[str, object]:
    return {
        "looked_at": len(done.outcomes),
        **{remedy.value: [each.finding for each in done.of(remedy)] for remedy in DONE},
        "why_left": {each.finding: each.detail for each in done.of(Remedy.LEFT)},
        "letters_held_back": done.letters_held_back,
        "mails_held_back": done.mails_held_back,
    }


DONE = {
    Remedy.STARTED: "started again from SQL",
    Remedy.RECOVERED: "recovered from Temporal",
    Remedy.ENDED: "ended in Temporal",
    Remedy.LEFT: "left to a person",
}


def _tell_done(done: Resurrection, dry: bool) -> None:
    would = "would be " if dry else ""
    said = ", ".join(f"{len(done.of(remedy))} {would}{words}" for remedy, words in DONE.items())
    out().print(f"{counted(len(done.outcomes), 'finding')} looked at: {said}.", highlight=False)
    if done.letters_held_back or done.mails_held_back:
        held = f"{counted(done.letters_held_back, 'letter')} and {counted(done.mails_held_back, 'mail')}"
        out().print(f"{held} held back, which may have been sent before (reason `recovered`).")
    for each in done.of(Remedy.LEFT):
        out().print(f"{each.finding}: {each.detail}", markup=False, highlight=False)
