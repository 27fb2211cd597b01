"""Commands about the directory as a whole: directory, and changes."""

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from remediation.assessment import UnreadableFile
from remediation.policy import Policy
from remediation.policy_file import PolicyRefused, read_policy
from remediation.words import PersonId
from service.command_line.importing import read_file
from service.command_line.storing import database
from service.command_line.telling import AsJson, counted, out, settings, show_json, show_table
from service.directory_file.checks import Policies, check
from service.directory_file.faults import DirectoryRefused, FileFault
from service.directory_file.sheets import Sheets, read_sheets
from service.directory_file.storing import Change, Row, changes, first_token, known, store
from service.entrance_mail import Desk
from service.faults import Fault
from storage.changes import DirectoryChange, latest
from storage.database import reading, writing

STDIN = "-"
HANDED_OVER = (
    "{person} is the first operator. This token is shown once; only its SHA-256 is kept:\n\n    {token}\n\n"
    "`mendwork token PERSON` gives everybody else theirs."
)


def directory(
    file: Annotated[
        str, typer.Argument(help="A TOML file or an XLSX workbook; - is standard input.", metavar="FILE")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: AsJson = False,
) -> None:
    """Store programmes, factories, people, their roles and committee seats from one file.

    The file is read whole first. Where anything in it cannot be used nothing is stored, and each fault is
    named with sheet, row and column. What is there already is corrected, what the file does not name stays,
    so it is safe to repeat. The first operator gets a token, printed once. docs/directory.md lists columns.

    Examples:

        mendwork directory samples/directory.toml --dry-run
        mendwork directory our-programme.xlsx
        docker compose exec --no-TTY worker mendwork directory - < our-programme.xlsx
    """
    given, now = settings(), datetime.now(UTC)
    sheets, faults = _read(file)
    token = None
    with database(given) as at, writing(at) as connection:
        before = known(connection, now)
        try:
            found = check(sheets, before, _policies(file), now)
        except DirectoryRefused as refused:
            raise _refused(file, [*faults, *refused.faults], as_json=as_json) from refused
        if faults:
            raise _refused(file, faults, as_json=as_json)
        rows = changes(connection, found, before)
        if not dry_run:
            store(connection, found, before, Desk(given, now))
            token = first_token(connection, found, now)
    _tell(rows, token, dry_run=dry_run, as_json=as_json)


def list_changes(
    subject: Annotated[
        str, typer.Argument(help="Id of a person, factory or programme; all without.", metavar="[ID]")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List who changed what in the directory: people, roles, committees, factories and programmes.

    Each with what stood there before and what stands there since.

    Example:

        mendwork changes p-0102 --json
    """
    with database() as at, reading(at) as connection:
        found = latest(connection, subject, limit)
    if as_json:
        show_json(found)
        return
    rows = [
        (f"{each.at:%Y-%m-%d %H:%M}", each.by, each.what, each.subject, _differences(each)) for each in found
    ]
    show_table("", ("When (UTC)", "By", "What", "Id", "Changed"), rows)


def _differences(change: DirectoryChange) -> str:
    """Name the columns that changed; what is new, or a list, is only called so."""
    before, after = change.before, change.after
    if not isinstance(before, dict) or not isinstance(after, dict):
        return "changed" if before else "new"
    return ", ".join(name for name, value in after.items() if before.get(name) != value)


def _read(file: str) -> tuple[Sheets, list[FileFault]]:
    data = sys.stdin.buffer.read() if file == STDIN else read_file(Path(file))
    try:
        sheets, faults = read_sheets(data)
    except UnreadableFile as error:
        raise Fault(f"{file} cannot be read: {error}") from error
    return sheets, faults


def _policies(file: str) -> Policies:
    """Give policies by the names of files beside this one."""
    beside = Path() if file == STDIN else Path(file).parent

    def policy(name: str) -> Policy:
        try:
            return read_policy((beside / name).read_text(encoding="utf-8"))
        except OSError as error:
            message = f"{beside / name} cannot be read ({error.strerror})."
            raise ValueError(message) from error
        except PolicyRefused as refused:
            message = f"{name} cannot be used: {'; '.join(refused.errors)}"
            raise ValueError(message) from refused

    return policy


def _refused(file: str, faults: Sequence[FileFault], *, as_json: bool) -> typer.Exit:
    every = sorted(faults)
    if as_json:
        show_json({"stored": False, "faults": every, "token": None})
    else:
        out().print(f"{file} cannot be used. Nothing was stored.", markup=False, highlight=False)
        for fault in every:
            out().print(f"  {fault}", markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(1)


def _tell(rows: Sequence[Row], token: tuple[PersonId, str] | None, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        given = {"person": token[0], "token": token[1]} if token else None
        show_json({"stored": not dry_run, "rows": rows, "token": given})
        return
    numbers = Counter((each.sheet, each.change) for each in rows)
    sheets = dict.fromkeys(each.sheet for each in rows)
    show_table(
        "What would be stored" if dry_run else "Stored",
        ("Sheet", *Change),
        [(sheet, *(numbers[sheet, change] for change in Change)) for sheet in sheets],
    )
    for each in rows:
        if each.change is Change.CHANGED:
            out().print(f"Changed in {each.sheet}: {each.name}", markup=False, highlight=False)
    if dry_run:
        out().print(f"Nothing was stored: {counted(len(rows), 'row')} read.", markup=False, highlight=False)
    elif token:
        said = HANDED_OVER.format(person=token[0], token=token[1])
        out().print(said, markup=False, highlight=False, soft_wrap=True)
