"""Commands about leave: absence enter, list, call-off and covered."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from service import leave
from service.command_line.reaching import the_person
from service.command_line.storing import database
from service.command_line.telling import AsJson, out, show_json, show_table
from service.faults import Fault
from storage import absences
from storage.absences import Absence, Leave
from storage.database import reading, writing

absence = typer.Typer(help="Leave: who is away, and who stands in for them.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(help="Id or e-mail address.", metavar="PERSON")]
First = Annotated[
    datetime, typer.Argument(help="The first day of absence.", metavar="FIRST", formats=["%Y-%m-%d"])
]
By = Annotated[str, typer.Option("--by", metavar="PERSON", help="Who says so; without it, they themselves.")]
RECENT = timedelta(days=60)


@absence.command("enter")
def enter_absence(  # noqa: PLR0913 - an absence's parts
    person: Who,
    first: First,
    last: Annotated[
        datetime, typer.Argument(help="The last day of absence.", metavar="LAST", formats=["%Y-%m-%d"])
    ],
    deputy: Annotated[str, typer.Option(metavar="PERSON", help="Who reads and acts in their place.")] = "",
    reason: Annotated[str, typer.Option(help="Why; few may read it.")] = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Enter an absence, or correct the one that begins on the same day. Days are local to each factory.

    Who is away is replaced in every letter that an advisor, a manager or the staff are owed: by the deputy,
    else by the deputy's deputy, else by the next role up. The deputy may do what they may, for these days.
    Committee seats are never lent.

    Examples:

        mendwork absence enter chloe@programme.example 2026-12-21 2027-01-03 --deputy p-0902
        mendwork absence enter p-0102 2026-12-24 2026-12-31 --by p-0901
    """
    now = datetime.now(UTC)
    with database() as store, writing(store) as connection:
        somebody = the_person(connection, person)
        asked = Leave(
            person=somebody.id,
            first=first.date(),
            last=last.date(),
            deputy=the_person(connection, deputy).id if deputy else None,
            reason=reason,
        )
        author = the_person(connection, by).id if by else somebody.id
        try:
            entered = leave.enter(connection, asked, author, now)
        except leave.LeaveRefused as error:
            raise Fault(str(error)) from error
    if as_json:
        show_json(entered)
    else:
        _tell(somebody.name, entered)


@absence.command("list")
def list_absences(
    person: Annotated[str, typer.Argument(help="Id or e-mail address; everybody without.")] = "",
    as_json: AsJson = False,
) -> None:
    """List absences that last, lie ahead, or ended in the last sixty days.

    Without a person, everybody's.

    Example:

        mendwork absence list
    """
    since = datetime.now(UTC).date() - RECENT
    with database() as store, reading(store) as connection:
        whose = the_person(connection, person).id if person else None
        found = absences.lasting(connection, since, whose)
    if as_json:
        show_json(found)
        return
    rows = [(each.person, each.first, each.last, each.deputy, each.entered_by) for each in found]
    show_table("", ("Person", "First day", "Last day", "Deputy", "Entered by"), rows)


@absence.command("call-off")
def call_off(person: Who, first: First, by: By = "", as_json: AsJson = False) -> None:
    """Call an absence off, by its first day.

    They are there again, and the deputy's roles end.

    Example:

        mendwork absence call-off p-0901 2026-12-21
    """
    now = datetime.now(UTC)
    with database() as store, writing(store) as connection:
        somebody = the_person(connection, person)
        known = _known(leave.find(connection, somebody.id, first.date()), somebody.name, first.date())
        author = the_person(connection, by).id if by else somebody.id
        absences.call_off(connection, known, author, now)
    if as_json:
        show_json({"person": somebody.id, "first": known.first, "called_off_by": author})
    else:
        out().print(f"{somebody.name}'s absence from {known.first} is called off.", markup=False)


@absence.command("covered")
def list_covered(person: Who, as_json: AsJson = False) -> None:
    """List the latest letters that others got in somebody's place.

    Whoever was away finds here what was read for them.

    Example:

        mendwork absence covered p-0901
    """
    with database() as store, reading(store) as connection:
        found = absences.covered(connection, the_person(connection, person).id)
    if as_json:
        show_json(found)
        return
    rows = [
        (f"{each.sent_at:%Y-%m-%d %H:%M}", each.finding, each.kind, each.reader, each.state) for each in found
    ]
    show_table("", ("When (UTC)", "Finding", "Letter", "Read by", "State"), rows)


def _known(known: Absence | None, name: str, first: date) -> Absence:
    if known is None:
        message = f"{name} has no absence that begins on {first}. `mendwork absence list` shows them all"
        raise Fault(message)
    return known


def _tell(name: str, entered: Absence) -> None:
    instead = entered.deputy or "the next role up"
    out().print(
        f"{name} is away from {entered.first} to {entered.last}. In their place: {instead}.",
        markup=False,
        highlight=False,
    )
