"""The command about factories: factories, as a list or one with its levels."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy import Connection

from remediation.permissions import Reach
from service.command_line.storing import database
from service.command_line.telling import AsJson, counted, out, show_json, show_table
from service.faults import Fault
from storage import factory_levels, programmes, totals
from storage.database import reading
from storage.programmes import Factory
from storage.totals import Total

EVERYWHERE = Reach(everywhere=True)


def list_factories(
    factory: Annotated[
        str, typer.Argument(help="A factory's id, to see how it climbed; all without.", metavar="[FACTORY]")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """List the factories with their open and overdue findings and their level of escalation; or one's levels.

    A factory stands as high as the highest of its open findings.

    Examples:

        mendwork factories
        mendwork factories BD-0117
    """
    with database() as store, reading(store) as connection:
        if factory:
            _one(connection, factory, as_json=as_json)
        else:
            _all(connection, as_json=as_json)


def _all(connection: Connection, *, as_json: bool) -> None:
    known = programmes.factories_within(connection, EVERYWHERE)
    sums = _sums(connection, len(known))
    since = {factory: level.at for factory, level in factory_levels.latest(connection).items()}
    found = [_row(each, sums.get(each.id), since.get(each.id)) for each in known]
    if as_json:
        show_json(found)
        return
    rows = [
        (
            each["id"],
            each["name"],
            each["country"],
            each["open"],
            each["overdue"],
            each["level"],
            each["since"],
        )
        for each in found
    ]
    show_table("", ("Factory", "Name", "Country", "Open", "Overdue", "Level", "Since (UTC)"), rows)


def _sums(connection: Connection, many: int) -> dict[str, Total]:
    now = datetime.now(UTC)
    found = totals.totals(
        connection, "factory", now, visible=EVERYWHERE, restricted=EVERYWHERE, limit=many + 1
    )
    return {each.key: each for each in found}


def _row(factory: Factory, total: Total | None, since: datetime | None) -> dict[str, object]:
    return {
        "id": factory.id,
        "name": factory.name,
        "programme": factory.programme,
        "country": factory.country,
        "open": total.open if total else 0,
        "overdue": total.overdue if total else 0,
        "level": total.level if total else 0,
        "since": f"{since:%Y-%m-%d %H:%M}" if since else None,
    }


def _one(connection: Connection, factory: str, *, as_json: bool) -> None:
    known = programmes.factory(connection, factory)
    if known is None:
        raise Fault(f"there is no factory {factory!r}. `mendwork factories` lists them")
    levels = factory_levels.history(connection, [factory]).get(factory, ())
    if as_json:
        show_json({"factory": known, "levels": levels})
        return
    out().print(f"{known.id} {known.name}: {counted(len(levels), 'change')} of level", markup=False)
    rows = [(f"{each.at:%Y-%m-%d %H:%M}", each.weight.level, each.finding, each.seq) for each in levels]
    show_table("", ("Since (UTC)", "Level", "By finding", "Entry"), rows)
