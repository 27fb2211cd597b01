"""Commands about people and policies: token, and policy check."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from remediation.policy_file import PolicyRefused, read_policy
from service.command_line.reaching import the_person
from service.command_line.storing import database
from service.command_line.telling import AsJson, out, show_json, show_table
from service.faults import Fault
from storage.database import reading, writing
from storage.people import TokenNote, issue_token, revoke, tokens_of

policy = typer.Typer(
    help="Policies: the days, reminders, ladder and limits of a programme.", no_args_is_help=True
)


def token(
    person: Annotated[str, typer.Argument(help="Id or e-mail address.", metavar="PERSON")],
    label: Annotated[str, typer.Option(help="What the token is for.")] = "command line",
    list_them: Annotated[bool, typer.Option("--list", help="List the person's tokens instead.")] = False,
    revoke_one: Annotated[
        str, typer.Option("--revoke", metavar="BEGINNING", help="End the token whose SHA-256 begins so.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Give a person a token to use the API with.

    It is shown once: only its SHA-256 is kept. The pages need none: people sign in by mail.

    Examples:

        mendwork token p-0103 --label "Rafiq's phone"
        mendwork token shirin@padma.example --list
        mendwork token p-0103 --revoke 3f9a
    """
    with database() as store:
        with reading(store) as connection:
            somebody = the_person(connection, person)
            held = tokens_of(connection, somebody.id)
        if list_them:
            _list(held, as_json=as_json)
            return
        now = datetime.now(UTC)
        with writing(store) as connection:
            if revoke_one:
                revoke(connection, _the_token(held, revoke_one).sha256, now)
                answer = {"person": somebody.id, "revoked": _the_token(held, revoke_one).sha256}
            else:
                answer = {"person": somebody.id, "token": issue_token(connection, somebody.id, label, now)}
    if as_json:
        show_json(answer)
    else:
        typer.echo(answer.get("token") or f"The token is revoked; {somebody.name} cannot use it any more.")


@policy.command("check")
def check_policy(
    file: Annotated[Path, typer.Argument(help="A TOML file.", metavar="FILE")], as_json: AsJson = False
) -> None:
    """Check a policy file: every key at fault is named, with what is expected there.

    docs/policy.md describes the file.

    Example:

        mendwork policy check samples/policy.toml
    """
    try:
        read = read_policy(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Fault(f"{file} cannot be read ({error.strerror}). Give the path of a TOML file") from error
    except UnicodeDecodeError as error:
        raise Fault(f"{file} is not UTF-8 text. Save it as such") from error
    except PolicyRefused as refused:
        _tell_faults(file, refused, as_json=as_json)
        raise typer.Exit(1) from refused
    if as_json:
        show_json({"version": read.version, "errors": []})
    else:
        out().print(f"{file} is good: policy version {read.version}.", markup=False, highlight=False)


def _tell_faults(file: Path, refused: PolicyRefused, *, as_json: bool) -> None:
    if as_json:
        show_json({"version": None, "errors": refused.errors})
        return
    out().print(f"{file} cannot be used:", markup=False, highlight=False)
    for fault in refused.errors:
        out().print(f"  {fault}", markup=False, highlight=False, soft_wrap=True)


def _list(held: tuple[TokenNote, ...], *, as_json: bool) -> None:
    if as_json:
        show_json(held)
        return
    rows = [(each.sha256[:12], each.label, each.created_at, each.revoked_at) for each in held]
    show_table("", ("SHA-256", "For", "Since", "Revoked"), rows)


def _the_token(held: tuple[TokenNote, ...], beginning: str) -> TokenNote:
    found = [each for each in held if each.sha256.startswith(beginning) and each.revoked_at is None]
    if len(found) != 1:
        said = "several tokens begin" if found else "no token in force begins"
        raise Fault(f"{said} with {beginning!r}. `--list` shows them")
    return found[0]
