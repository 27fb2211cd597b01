"""Plans, factories and their committees: what the caller's roles reach."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import Connection

from activities.calendars import calendar_of
from remediation.permissions import Action, Reach, Thing, can, reach
from remediation.words import Side, Stage
from service import levels
from service.api.shapes import Named
from service.auth import Caller, SignedIn, permit
from service.context import Context, Shared
from service.lacking import lacking
from service.problems import documented, not_found
from storage import committees, factory_days, people, programmes, totals
from storage.database import reading
from storage.factory_days import OwnDays
from storage.programmes import Factory
from storage.totals import Total

MOST = 200
router = APIRouter(prefix="/api/v1", max_body_size=0)

Id = Annotated[str, Path(max_length=100)]
After = Annotated[str, Query(max_length=100, description="`next` of the page before; none for the first.")]
Limit = Annotated[int, Query(ge=1, le=MOST)]


class PlanShape(BaseModel):
    """An improvement plan: how its findings stand in sum."""

    id: str
    programme: str
    factory: Named
    findings: int
    open: int
    overdue: int
    level: int = Field(description="The highest level of the ladder among its findings.")
    by_stage: dict[Stage, int]
    next_due: AwareDatetime | None


class PlanPage(BaseModel):
    """A page of plans, by id."""

    items: list[PlanShape]
    next: str | None


class FactoryItem(BaseModel):
    """A factory, and how its findings stand in sum."""

    id: str
    name: str
    programme: str
    country: str
    zone: str
    rest_days: tuple[int, ...] = Field(description="ISO weekdays; Monday is 1.")
    language: str
    active: bool
    findings: int
    open: int
    overdue: int
    level: int = Field(description="The highest level of the ladder among its findings.")
    level_since: AwareDatetime | None = Field(description="Since when; null where it has never climbed.")


class HolidaysShape(BaseModel):
    """How far the public holidays of the country are known."""

    known: tuple[int, ...] = Field(description="Years of which they are known.")
    missing: tuple[int, ...] = Field(description="Years without: nothing moves off public holidays then.")
    estimated: tuple[date, ...] = Field(description="Days that depend on the moon and may yet shift.")


class FactoryShape(FactoryItem):
    """A factory, and how far the public holidays of its country are known."""

    holidays: HolidaysShape


class FactoryList(BaseModel):
    """The factories that the caller's roles reach, by name."""

    items: list[FactoryItem]


class SeatShape(BaseModel):
    """A committee seat."""

    person: Named
    side: Side
    elected: bool
    co_chair: bool


class CommitteeShape(BaseModel):
    """A factory's committee today."""

    factory: str
    seats: list[SeatShape]
    warnings: list[str] = Field(description="What the committee lacks; it may work all the same.")


@router.get("/plans", tags=["plans"], summary="List plans", responses=documented())
def list_plans(context: Shared, caller: SignedIn, after: After = "", limit: Limit = 50) -> PlanPage:
    """Give the improvement plans with findings that the caller may see, and how these stand."""
    with reading(context.database) as connection:
        found = _totals(context, connection, caller, "plan", after=after, limit=limit + 1)
        names = _factory_names(connection, found)
    items = [_plan(each, names) for each in found[:limit]]
    return PlanPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/plans/{plan}", tags=["plans"], summary="One plan", responses=documented(404))
def one_plan(context: Shared, caller: SignedIn, plan: Id) -> PlanShape:
    """Give one improvement plan. Its findings are those of `/findings?plan=`."""
    with reading(context.database) as connection:
        found = _totals(context, connection, caller, "plan", keys=(plan,))
        names = _factory_names(connection, found)
    if not found:
        raise not_found("This plan")
    return _plan(found[0], names)


@router.get("/factories", tags=["factories"], summary="List factories", responses=documented())
def list_factories(context: Shared, caller: SignedIn) -> FactoryList:
    """Give the factories that the caller's roles reach, and how their findings stand."""
    with reading(context.database) as connection:
        known = programmes.factories_within(connection, reach(caller.actor, Action.VIEW_FACTORY))
        sums = _totals(context, connection, caller, "factory", limit=len(known) + 1)
        since = levels.since(connection, caller, known)
    by_factory = {each.key: each for each in sums}
    return FactoryList(items=[_factory(each, by_factory.get(each.id), since.get(each.id)) for each in known])


@router.get("/factories/{factory}", tags=["factories"], summary="One factory", responses=documented(404))
def one_factory(context: Shared, caller: SignedIn, factory: Id) -> FactoryShape:
    """Give one factory, and how its findings stand."""
    with reading(context.database) as connection:
        known = visible_factory(connection, caller, factory)
        sums = _totals(context, connection, caller, "factory", keys=(factory,))
        since = levels.since(connection, caller, [known])
        days = factory_days.days_of(connection, factory)
    item = _factory(known, sums[0] if sums else None, since.get(known.id))
    return FactoryShape(**item.model_dump(), holidays=holidays_of(known, days, context.clock()))


def holidays_of(place: Factory, days: Sequence[OwnDays], now: datetime) -> HolidaysShape:
    """Give how far a factory's public holidays are known from an aware instant's year on."""
    coverage = calendar_of(place, days, now.year).coverage
    return HolidaysShape(known=coverage.known, missing=coverage.missing, estimated=coverage.estimated)


@router.get(
    "/factories/{factory}/committee",
    tags=["committees"],
    summary="A factory's committee",
    responses=documented(403, 404),
)
def one_committee(context: Shared, caller: SignedIn, factory: Id) -> CommitteeShape:
    """Give the seats of a factory's committee today."""
    with reading(context.database) as connection:
        known = visible_factory(connection, caller, factory)
        permit(caller, Action.VIEW_PEOPLE, thing_of(known), seen_by=Action.VIEW_FACTORY)
        return committee(connection, known, context.clock())


def committee(connection: Connection, factory: Factory, now: datetime) -> CommitteeShape:
    """Give a factory's committee at an aware instant."""
    today = factory.today(now)
    seats = committees.committee(connection, factory.id, today)
    lacks = lacking(committees.terms(connection, factory.id), today)
    names = people.people_of(connection, (seat.person for seat in seats))
    shown = [
        SeatShape(
            person=Named(id=seat.person, name=names[seat.person].name),
            side=seat.side,
            elected=seat.elected,
            co_chair=seat.co_chair,
        )
        for seat in seats
    ]
    return CommitteeShape(factory=factory.id, seats=shown, warnings=lacks)


def visible_factory(connection: Connection, caller: Caller, factory: str) -> Factory:
    """Give a factory that the caller may see. Raises the problem 404."""
    known = programmes.factory(connection, factory)
    if known is None or can(caller.actor, Action.VIEW_FACTORY, thing_of(known)) is None:
        raise not_found("This factory")
    return known


def thing_of(factory: Factory) -> Thing:
    """Give a factory as permissions know it."""
    return Thing(factory.programme, factory.id)


def _totals(  # noqa: PLR0913 - a list is asked for with all of these
    context: Context,
    connection: Connection,
    caller: Caller,
    by: str,
    *,
    keys: tuple[str, ...] | None = None,
    after: str = "",
    limit: int = MOST,
) -> tuple[Total, ...]:
    return totals.totals(
        connection,
        "plan" if by == "plan" else "factory",
        context.clock(),
        visible=reach(caller.actor, Action.VIEW_FINDING),
        restricted=reach(caller.actor, Action.VIEW_FINDING, restricted=True),
        keys=keys,
        after=after,
        limit=limit,
    )


def _factory_names(connection: Connection, found: Iterable[Total]) -> dict[str, str]:
    within = Reach(factories=frozenset(each.factory for each in found))
    return programmes.names_within(connection, within)


def _plan(total: Total, names: dict[str, str]) -> PlanShape:
    return PlanShape(
        id=total.key,
        programme=total.programme,
        factory=Named(id=total.factory, name=names.get(total.factory, total.factory)),
        findings=total.findings,
        open=total.open,
        overdue=total.overdue,
        level=total.level,
        by_stage=total.by_stage,
        next_due=total.next_due,
    )


def _factory(factory: Factory, total: Total | None, since: datetime | None) -> FactoryItem:
    return FactoryItem(
        id=factory.id,
        name=factory.name,
        programme=factory.programme,
        country=factory.country,
        zone=factory.zone,
        rest_days=factory.rest_days,
        language=factory.language,
        active=factory.active,
        findings=total.findings if total else 0,
        open=total.open if total else 0,
        overdue=total.overdue if total else 0,
        level=total.level if total else 0,
        level_since=since,
    )
