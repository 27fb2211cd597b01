"""The commands that bring findings in: import, and demo."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine as Database
from sqlalchemy import func, select

from remediation.assessment import SeveritiesRefused, SeverityTable, UnreadableFile, read_severities
from remediation.assessment.reading import DEFAULT_SEVERITIES
from remediation.words import PersonId, ProgrammeId
from service import demo
from service.command_line.import_report import tell_bad, tell_done, tell_plan
from service.command_line.reaching import reach_engine, the_advisor, the_person, the_programme
from service.command_line.storing import database
from service.command_line.telling import (
    AsJson,
    counted,
    coverage_lines,
    err,
    out,
    progress,
    settings,
    show_json,
)
from service.demo_tokens import write_tokens
from service.faults import Fault
from service.home import Home
from service.importing import Imported, ImportPlan, plan_import, run_import
from service.settings import Settings
from storage.assessments import assessments_of
from storage.database import reading, writing
from storage.tables import findings

LOOK_EVERY = 0.3
IDLE_SECONDS = 10.0
NO_WORKER = (
    "Nothing moves: is a worker running? Start one with `mendwork worker`, or all with `mendwork up`. This "
    "goes on by itself then. Ctrl-C loses nothing: the same import typed again goes on where it was."
)


def import_assessment(  # noqa: PLR0913 - the options of the command
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX file.", metavar="FILE")],
    programme: Annotated[str, typer.Option(help="The programme's id; not needed where there is one.")] = "",
    by: Annotated[
        str, typer.Option(help="Id or e-mail address of the advisor who made the assessment.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Import the good rows all the same.")] = False,
    severity_map: Annotated[
        Path | None, typer.Option(help="TOML file of severities by cluster, point and question.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import an assessment: each non-compliant row becomes a finding that is followed to its end.

    The file is read whole first. Where a row cannot be used nothing is started, and each such row is named
    with its column and the reason. Importing the same file again starts nothing twice; a corrected file
    updates findings that nobody has acted on yet. docs/import.md lists the columns.

    Examples:

        mendwork import samples/assessment.csv --dry-run
        mendwork import samples/assessment.csv --by chloe@programme.example
    """
    given, data = settings(), read_file(file)
    severities = _severities(severity_map)
    with database(given) as store:
        with reading(store) as connection:
            home = the_programme(connection, programme)
            advisor = the_person(connection, by) if by else the_advisor(connection, home)
        plan = plan_file(store, data, file.name, home, advisor.id, severities)
        if dry_run:
            tell_plan(plan, as_json=as_json)
            raise typer.Exit(1 if plan.bad and not skip_bad else 0)
        _refuse_bad(plan, skip_bad=skip_bad, as_json=as_json)
        done = asyncio.run(carry_out(given, store, plan, skip_bad=skip_bad))
    tell_done(plan, done, as_json=as_json)


def load_demo(as_json: AsJson = False) -> None:
    """Load the demo programme, once: three factories with their committees, staff, and an assessment.

    It is invented. Who is who stands in samples/demo.toml; their tokens are kept in demo-tokens.txt of the
    home folder, which only its owner may read. `mendwork up` does this at its first start.

    Example:

        mendwork demo
    """
    given = settings()
    directory = demo.read_demo()
    with database(given) as store:
        loaded = _store_demo(store, directory, Home(given.home))
        done = _import_demo(given, store, directory)
    if as_json:
        show_json({"loaded": loaded, "findings_started": done.started if done else 0})
    else:
        out().print("The demo programme is loaded." if loaded else "The demo programme was loaded before.")
        for code, coverage in demo.coverages(directory, datetime.now(UTC)):
            for line in coverage_lines(code, coverage):
                out().print(line, markup=False, highlight=False, soft_wrap=True)


async def carry_out(given: Settings, store: Database, plan: ImportPlan, *, skip_bad: bool) -> Imported:
    """Run an import, showing on a terminal how far it is; ends when every finding is issued."""
    engine = await reach_engine(given)
    there = await asyncio.to_thread(_issued, store, plan)
    issued = asyncio.create_task(_until_issued(store, plan, there + len(plan.fresh)))
    try:
        done = await run_import(store, engine, plan, skip_bad=skip_bad)
        await issued
    finally:
        issued.cancel()
    return done


async def _until_issued(store: Database, plan: ImportPlan, target: int) -> None:
    """Show how many findings the worker has issued, until it is all of them. Say so once if none move."""
    with progress() as bar:
        task = bar.add_task("Issuing findings", total=len(plan.fresh))
        count, moved_at = -1, time.monotonic()
        while count < target:
            now = await asyncio.to_thread(_issued, store, plan)
            bar.update(task, completed=now - target + len(plan.fresh))
            if now != count:
                count, moved_at = now, time.monotonic()
            elif time.monotonic() - moved_at > IDLE_SECONDS:
                err().print(NO_WORKER, markup=False, soft_wrap=True)
                moved_at = float("inf")
            await asyncio.sleep(LOOK_EVERY)


def _issued(store: Database, plan: ImportPlan) -> int:
    query = select(func.count()).select_from(findings).where(findings.c.plan.in_(plan.plans))
    with reading(store) as connection:
        return connection.execute(query).scalar_one()


def read_file(file: Path) -> bytes:
    """Give what a file holds. Raises Fault where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Fault(
            f"{file} cannot be read ({error.strerror}). Give the path of a CSV or XLSX file"
        ) from error


def _severities(file: Path | None) -> SeverityTable:
    if file is None:
        return DEFAULT_SEVERITIES
    try:
        return read_severities(read_file(file).decode())
    except UnicodeDecodeError as error:
        raise Fault(f"{file} is not UTF-8 text. Save it as such") from error
    except SeveritiesRefused as refused:
        raise Fault(f"{file} cannot be used: {'; '.join(refused.errors)}") from refused


def plan_file(  # noqa: PLR0913 - what an import is made of
    store: Database,
    data: bytes,
    name: str,
    programme: ProgrammeId,
    by: PersonId,
    severities: SeverityTable = DEFAULT_SEVERITIES,
) -> ImportPlan:
    """Say what importing a file would do. Raises Fault where it cannot be used as a whole."""
    try:
        return plan_import(store, data, name=name, programme_id=programme, by=by, severities=severities)
    except UnreadableFile as error:
        raise Fault(f"{name}: {error}") from error


def _refuse_bad(plan: ImportPlan, *, skip_bad: bool, as_json: bool) -> None:
    if not plan.bad or skip_bad:
        return
    tell_bad(plan, as_json=as_json)
    raise Fault(
        f"{counted(plan.reading.bad_rows, 'row')} cannot be used, so nothing was started. Correct the file, "
        f"or import the good rows with --skip-bad"
    )


def _store_demo(store: Database, directory: demo.Demo, home: Home) -> bool:
    """Store the directory if it never was, and the tokens if their file is gone. Give whether it was new."""
    now = datetime.now(UTC)
    with writing(store) as connection:
        known = demo.is_stored(connection, directory)
        if not known:
            demo.store(connection, directory, now)
        if not known or not home.demo_tokens.exists():
            # Before the commit: tokens that nobody knows help nobody, a file that is ahead is replaced.
            write_tokens(home.demo_tokens, demo.issue_tokens(connection, directory, now))
    return not known


def _import_demo(given: Settings, store: Database, directory: demo.Demo) -> Imported | None:
    """Import the demo's assessment, or go on with it, unless people have imported others already."""
    programme = ProgrammeId(directory.programme.id)
    advisor = PersonId(directory.people[demo.IMPORTER].id)
    plan = plan_file(store, read_file(demo.ASSESSMENT), demo.ASSESSMENT.name, programme, advisor)
    with reading(store) as connection:
        imported = {each.file for each in assessments_of(connection, programme)}
    if imported and plan.assessment.file not in imported:
        return None
    return asyncio.run(carry_out(given, store, plan, skip_bad=False)) if plan.fresh else None
