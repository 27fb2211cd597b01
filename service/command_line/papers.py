"""The command about paper: a plan or a finding as a PDF, as somebody may see it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from service.auth import Caller
from service.command_line.storing import database
from service.command_line.telling import out, settings
from service.faults import Fault
from service.paper.composing import finding_paper, plan_paper
from service.paper.printing import pdf
from service.problems import ProblemError
from service.speaking import speaking
from storage import people
from storage.database import reading

paper = typer.Typer(help="Paper: a plan or a finding as a PDF.", no_args_is_help=True)

Ident = Annotated[str, typer.Argument(help="Its id.", metavar="ID")]
Reader = Annotated[
    str, typer.Option("--for", help="Whose eyes and language it is for: a person's id.", metavar="PERSON")
]
Target = Annotated[Path, typer.Option("--out", "-o", help="The file to write.", metavar="FILE")]
PAPERS = {"plan": plan_paper, "finding": finding_paper}


@paper.command("plan")
def print_plan(ident: Ident, reader: Reader, target: Target) -> None:
    """Write a plan as a PDF, with a sheet for the committee to sign.

    It is in that person's language, and shows what they may see.

    Example:

        mendwork paper plan plan-7c1e --for p-0901 -o plan.pdf
    """
    _print("plan", ident, reader, target)


@paper.command("finding")
def print_finding(ident: Ident, reader: Reader, target: Target) -> None:
    """Write a finding as a PDF, with what a person may see of it."""
    _print("finding", ident, reader, target)


def _print(kind: str, ident: str, reader: str, target: Path) -> None:
    given, now = settings(), datetime.now(UTC)
    with database(given) as store, reading(store) as connection:
        known = people.person(connection, reader)
        if known is None:
            raise Fault(f"there is no person {reader!r}: `--for` takes an id of the directory")
        caller = Caller(known, people.actor(connection, known.id, now))
        try:
            with speaking(known.language):
                html = PAPERS[kind](connection, caller, ident, given.public_url, now)
        except ProblemError as error:
            raise Fault(f"there is no {kind} {ident!r} that {reader} may see") from error
    try:
        data = pdf(html)
    except ProblemError as error:
        raise Fault(error.problem.detail) from error
    target.write_bytes(data)
    out().print(f"{target}: {len(data):,} bytes", soft_wrap=True)
