"""The command about sessions: where a person is signed in, and ending that."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from service.command_line.reaching import the_person
from service.command_line.storing import database
from service.command_line.telling import AsJson, show_json, show_table
from service.signing_in import forget_passkeys, revoke
from storage.database import reading, writing
from storage.sessions import of_person


def sessions(
    person: Annotated[str, typer.Argument(help="Id or e-mail address.", metavar="PERSON")],
    end: Annotated[
        bool, typer.Option("--end", help="End them all at once, and forget the passkeys.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show where a person is signed in to the pages; with --end, sign them out everywhere.

    Their passkeys are forgotten with it: one on a lost phone would let its finder in again.

    Tokens are another thing: `mendwork token PERSON --list`.

    Examples:

        mendwork sessions amina@padma.example
        mendwork sessions p-0101 --end
    """
    now = datetime.now(UTC)
    with database() as store:
        with reading(store) as connection:
            somebody = the_person(connection, person)
            held = of_person(connection, somebody.id, now)
        if end:
            with writing(store) as connection:
                for each in held:
                    revoke(connection, each, now)
                forget_passkeys(connection, somebody.id, now)
    if as_json:
        show_json({"person": somebody.id, "ended": end, "sessions": held})
        return
    rows = [(each.device, each.means, each.opened_at, each.seen_at, each.expires_at) for each in held]
    show_table("Ended" if end else "", ("Device", "By", "Since", "Last seen", "Until"), rows)
