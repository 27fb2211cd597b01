"""The commands about sealed dossiers: dossier finding, plan, factory, key and verifier; and verify."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from service.auth import Caller
from service.command_line.storing import database
from service.command_line.telling import AsJson, out, settings, show_json
from service.faults import Fault
from service.problems import ProblemError
from service.sealed import verifier
from service.sealed.making import About, Sealer, sealed_dossier
from service.sealed.signing import public_text, sealing_key
from storage import people
from storage.database import reading

NOT_FOUND = 404

dossier = typer.Typer(help="Sealed dossiers: a finding, plan or factory in one file.", no_args_is_help=True)

Ident = Annotated[str, typer.Argument(help="Its id.", metavar="ID")]
Reader = Annotated[str, typer.Option("--for", help="Whose eyes it is for: a person's id.", metavar="PERSON")]
Printed = Annotated[bool, typer.Option("--pdf", help="Put a PDF to read into it, too.")]
Target = Annotated[Path, typer.Option("--out", "-o", help="The file to write.", metavar="FILE")]


@dossier.command("finding")
def finding_dossier(ident: Ident, reader: Reader, target: Target, printed: Printed = False) -> None:
    """Write a finding into one sealed file, with what a person may see of it.

    Who gets it can check it offline: `mendwork verify`, or the program of `mendwork dossier verifier`.

    Example:

        mendwork dossier finding f-5x2k --for p-0901 -o exits.zip
    """
    _write(About(kind="finding", id=ident, printed=printed), reader, target)


@dossier.command("plan")
def plan_dossier(ident: Ident, reader: Reader, target: Target, printed: Printed = False) -> None:
    """Write a plan into one sealed file, with what a person may see of its findings."""
    _write(About(kind="plan", id=ident, printed=printed), reader, target)


@dossier.command("factory")
def factory_dossier(ident: Ident, reader: Reader, target: Target, printed: Printed = False) -> None:
    """Write a factory into one sealed file, with what a person may see of its findings."""
    _write(About(kind="factory", id=ident, printed=printed), reader, target)


@dossier.command("key")
def show_key(as_json: AsJson = False) -> None:
    """Show the public key that dossiers are sealed with here.

    Publish it: readers compare it.

    Example:

        mendwork dossier key
    """
    public = public_text(sealing_key(settings().sealing_key_file))
    if as_json:
        show_json({"algorithm": "Ed25519", "public": public})
    else:
        typer.echo(public)


@dossier.command("verifier")
def show_verifier() -> None:
    """Print the program that checks a dossier without Mendwork.

    It is one file, and needs Python alone.

    Example:

        mendwork dossier verifier > verifier.py && python verifier.py exits.zip
    """
    typer.echo(Path(verifier.__file__).read_text(encoding="utf-8"), nl=False)


def verify(
    file: Annotated[Path, typer.Argument(help="The dossier.", metavar="FILE")],
    key: Annotated[str, typer.Option("--key", help="The public key that you trust, in base64.")] = "",
    witness: Annotated[
        list[str] | None,
        typer.Option("--witness", help="A last line of a mail, in quotes.", metavar="'ID ENTRIES DIGEST'"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check offline that a sealed dossier is, byte by byte, as it was sealed, and that its ledgers hold.

    A seal shows that nothing changed since. That nothing was written anew before, mails show: each names in
    its last lines the ledgers that it was about, how many entries they had, and the digest of the last. Both
    sides of a committee have such mails. Give their lines as `--witness`, as many as you like.

    Exit code 1 means that something does not hold.

    Examples:

        mendwork verify exits.zip --key "$(mendwork dossier key)"

        mendwork verify exits.zip --witness "$LAST_LINE_OF_A_MAIL"
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Fault(f"{file} cannot be read: {error.strerror}") from error
    verdict = verifier.verify(data, key, witness or ())
    if as_json:
        show_json(verdict)
    else:
        for line in verifier.sentences(verdict, key):
            out().print(line, soft_wrap=True, markup=False)
    sys.exit(1 if verdict.faults else 0)


def _write(about: About, reader: str, target: Path) -> None:
    given, now = settings(), datetime.now(UTC)
    sealer = Sealer(key=sealing_key(given.sealing_key_file), origin=given.public_url)
    with database(given) as store, reading(store) as connection:
        known = people.person(connection, reader)
        if known is None:
            raise Fault(f"there is no person {reader!r}: `--for` takes an id of the directory")
        caller = Caller(known, people.actor(connection, known.id, now))
        try:
            data = sealed_dossier(connection, caller, about, sealer, now)
        except ProblemError as error:
            unseen = f"there is no {about.kind} {about.id!r} that {reader} may see"
            raise Fault(unseen if error.problem.status == NOT_FOUND else error.problem.detail) from error
    target.write_bytes(data)
    out().print(f"{target}: {len(data):,} bytes, sealed with {public_text(sealer.key)}", soft_wrap=True)
