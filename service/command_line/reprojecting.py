"""Commands that show which dates would move, and move them when that is confirmed: calendar, policy apply."""

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from remediation.permissions import Action, Thing
from remediation.words import FactoryId, ProgrammeId, Role
from service import reprojecting
from service.api.calendars import MoveShape, Reprojected, calendar_shape, preview_shape, summed
from service.auth import Caller, permit
from service.command_line.directory import policy
from service.command_line.reaching import reach_engine, the_person, the_programme
from service.command_line.simulating import policy_in
from service.command_line.storing import database
from service.command_line.telling import AsJson, counted, coverage_lines, out, settings, show_json, show_table
from service.faults import Fault
from service.problems import ProblemError
from service.reprojecting import Confirmation, Preview
from service.settings import Settings
from service.spreading import spread
from storage import factory_days, people, programmes
from storage.commands import Command
from storage.database import reading, writing
from storage.factory_days import DayKind, OwnDays
from storage.programmes import Factory

By = Annotated[str, typer.Option("--by", metavar="PERSON", help="Id or e-mail address of who confirms.")]
Confirm = Annotated[
    str, typer.Option("--confirm", metavar="DIGEST", help="Do what was shown by this digest.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept with each finding.")]
WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?(?:=(.{1,100}))?")


def show_or_change_calendar(  # noqa: PLR0913 - the options of the command
    factory: Annotated[str, typer.Argument(help="The factory's id.", metavar="FACTORY")],
    holiday: Annotated[list[str] | None, typer.Option(help="A holiday of its own: DATE[=NAME].")] = None,
    shutdown: Annotated[list[str] | None, typer.Option(help="Days it is shut: FROM..TO[=NAME].")] = None,
    workday: Annotated[list[str] | None, typer.Option(help="A day worked all the same: DATE[=NAME].")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="Take away its days that begin on DATE.")] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Let open findings follow the days as they are.")
    ] = False,
    by: By = "",
    reason: Reason = "",
    confirm: Confirm = "",
    as_json: AsJson = False,
) -> None:
    """Show a factory's days; with other days, which open dates would move; with --confirm, move them.

    Nothing is stored and no date moves until what was shown is confirmed by its digest (docs/calendars.md).

    Examples:

        mendwork calendar BD-0117
        mendwork calendar BD-0117 --holiday 2026-03-26="Independence Day" --shutdown 2026-04-10..2026-04-14
        mendwork calendar BD-0117 --holiday 2026-03-26 --by p-0901 --reason "…" --confirm 3f9a…
    """
    given = settings()
    added = [
        *_days(DayKind.HOLIDAY, holiday),
        *_days(DayKind.SHUTDOWN, shutdown),
        *_days(DayKind.WORKDAY, workday),
    ]
    now = datetime.now(UTC)
    with database(given) as store:
        with reading(store) as connection:
            place = _factory(connection, factory)
            days = _merged(factory_days.days_of(connection, place.id), added, remove or ())
            if not (added or remove or follow):
                _tell_calendar(connection, place, now, as_json=as_json)
                return
            if not confirm:
                preview, _ = reprojecting.days_shown(connection, place, days, now)
                _tell_preview(preview, as_json=as_json)
                return
        thing = Thing(place.programme, FactoryId(place.id))

        def stored(connection: Connection) -> tuple[Command, ...]:
            asked = _asked(connection, Action.REPROJECT, thing, by, reason, confirm)
            return reprojecting.confirm_days(connection, place, days, asked)

        _tell_done(_carried_out(given, store, stored), as_json=as_json)


@policy.command("apply")
def apply_policy(  # noqa: PLR0913 - the options of the command
    file: Annotated[Path, typer.Argument(help="A TOML file.", metavar="FILE")],
    programme: Annotated[str, typer.Option(help="The programme's id; not needed where there is one.")] = "",
    keep_dates: Annotated[
        bool, typer.Option("--keep-dates", help="For new findings only: open ones keep their policy.")
    ] = False,
    by: By = "",
    reason: Reason = "",
    confirm: Confirm = "",
    as_json: AsJson = False,
) -> None:
    """Show which open dates would move under a policy; with --confirm move them, with --keep-dates none.

    Nothing is stored and no date moves until what was shown is confirmed by its digest (docs/policy.md).

    Examples:

        mendwork policy apply samples/policy.toml
        mendwork policy apply samples/policy.toml --by petra@programme.example --reason "…" --confirm 3f9a…
    """
    given, wanted = settings(), policy_in(file)
    with database(given) as store:
        with reading(store) as connection:
            home = programmes.programme(connection, the_programme(connection, programme))
            assert home is not None  # noqa: S101 - it was named among those there are
            if not (confirm or keep_dates):
                preview = reprojecting.policy_shown(connection, home, wanted, datetime.now(UTC))
                _tell_preview(preview, as_json=as_json)
                return
        thing = Thing(ProgrammeId(home.id))

        def stored(connection: Connection) -> tuple[Command, ...]:
            asked = _asked(connection, Action.MANAGE_POLICY, thing, by, reason, confirm)
            return reprojecting.confirm_policy(connection, home, wanted, asked, reproject=not keep_dates)

        _tell_done(_carried_out(given, store, stored), as_json=as_json)


def _days(kind: DayKind, given: Iterable[str] | None) -> list[OwnDays]:
    return [_day(kind, each) for each in given or ()]


def _day(kind: DayKind, text: str) -> OwnDays:
    match = WRITTEN.fullmatch(text)
    with suppress(ValueError):
        if match is not None:
            first = date.fromisoformat(match[1])
            last = date.fromisoformat(match[2]) if match[2] else first
            if first <= last:
                return OwnDays(first, last, kind, match[3] or "")
    raise Fault(f"--{kind.value} {text!r}: write a day as 2026-03-26, or several as 2026-04-10..2026-04-14")


def _merged(
    known: Sequence[OwnDays], added: Sequence[OwnDays], removed: Iterable[str]
) -> tuple[OwnDays, ...]:
    """Give the days a factory has with those that are added, without those that begin on a removed day."""
    away = {_day(DayKind.HOLIDAY, each).first for each in removed}
    days = {(each.kind, each.first): each for each in known if each.first not in away}
    return tuple(sorted((days | {(each.kind, each.first): each for each in added}).values()))


def _factory(connection: Connection, wanted: str) -> Factory:
    place = programmes.factory(connection, wanted)
    if place is None:
        raise Fault(f"there is no factory {wanted!r}. `mendwork factories` lists them")
    return place


def _asked(  # noqa: PLR0913 - what a confirmation is made of
    connection: Connection, action: Action, thing: Thing, by: str, reason: str, confirm: str
) -> Confirmation:
    if not (by and reason):
        raise Fault("say with --by who confirms, and with --reason why: both are kept with each finding")
    person, now = the_person(connection, by), datetime.now(UTC)
    caller = Caller(person, people.actor(connection, person.id, now))
    role = _permitted(caller, action, thing)
    # The same confirmation typed again is the same request.
    key = sha256(f"{confirm}\n{reason}".encode()).hexdigest()
    return Confirmation(by=person.id, acting=role, digest=confirm, reason=reason, key=key, at=now)


def _permitted(caller: Caller, action: Action, thing: Thing) -> Role:
    try:
        return permit(caller, action, thing, seen_by=Action.VIEW_FACTORY, what="This place")
    except ProblemError as problem:
        raise Fault(f"{caller.person.name}: {problem.problem.detail}") from problem


def _carried_out(
    given: Settings, store: Database, stored: Callable[[Connection], tuple[Command, ...]]
) -> Reprojected:
    try:
        with writing(store) as connection:
            orders = stored(connection)
    except ProblemError as problem:
        raise Fault(f"{problem.problem.detail} {problem.problem.way_out or ''}".strip()) from problem

    async def deliver() -> Reprojected:
        try:
            engine = await reach_engine(given) if orders else None
        except Fault:
            engine = None  # what nobody decides now, the courier of the service delivers
        return summed("", orders, await spread(engine, store, orders, given.command_patience))

    return asyncio.run(deliver())


def _tell_calendar(connection: Connection, place: Factory, now: datetime, *, as_json: bool) -> None:
    shape = calendar_shape(connection, place, now)
    if as_json:
        show_json(shape.model_dump(mode="json"))
        return
    rows = [(each.first, each.last, each.kind, each.name) for each in shape.days]
    show_table(f"{place.id}: days of its own", ("First", "Last", "Kind", "Name"), rows)
    for line in coverage_lines(shape.country, shape.holidays):
        _say(line)
    if shape.behind:
        _say(f"Open findings that follow other days still: {shape.behind}.")


def _tell_preview(preview: Preview, *, as_json: bool) -> None:
    shape = preview_shape(preview)
    if as_json:
        show_json(shape.model_dump(mode="json"))
        return
    if shape.moves:
        rows = [_row(each) for each in shape.moves]
        show_table("What would move", ("Finding", "What", "From", "To", "Why"), rows)
    findings = counted(shape.findings, "open finding")
    _say(f"{counted(len(shape.moves), 'date')} would move; {findings} would follow.")
    _say("Nothing has moved. To do it, type the same with --by, --reason and:")
    _say(f"  --confirm {shape.digest}")


def _row(move: MoveShape) -> tuple[object, ...]:
    return move.finding, move.what, move.old_day or "-", move.new_day or "-", move.why


def _tell_done(done: Reprojected, *, as_json: bool) -> None:
    if as_json:
        show_json(done.model_dump(mode="json", exclude={"version"}))
    else:
        later = f", {done.pending} of them as soon as a worker answers" if done.pending else ""
        _say(f"It is kept. Open findings that follow: {done.findings}{later}.")
        for each in done.refused:
            _say(f"Not {each.finding}: {each.detail}")
    if done.refused:
        raise typer.Exit(1)


def _say(line: str) -> None:
    out().print(line, markup=False, highlight=False, soft_wrap=True)
