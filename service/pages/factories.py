"""Factories: all of them, and one with its committee, its calendar, its level and how its findings stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Response
from sqlalchemy import Connection

from activities.calendars import calendar_of
from notifications.wording import N_
from remediation.calendar import Calendar
from remediation.permissions import Action, Reach, can, reach
from remediation.words import Side
from service import levels, saying
from service.api.places import thing_of, visible_factory
from service.auth import Caller
from service.context import Shared
from service.lacking import lacking, tenure
from service.pages import counting
from service.pages.charts import Chart
from service.pages.findings import READ, tidied
from service.pages.rendering import page
from service.pages.session import FINDINGS, Viewer
from service.pages.taking_along import files
from service.speaking import Said, say
from storage import committees, factory_days, figures, people, programmes, totals
from storage.committees import Term
from storage.database import reading
from storage.factory_days import DayKind, OwnDays
from storage.programmes import Factory
from storage.totals import Total

router = APIRouter(prefix="/factories", include_in_schema=False, max_body_size=0)

ON_A_PAGE = 50
AHEAD = timedelta(days=120)
FEW = 5
"""A smaller number of people is as good as a name: it is not told to who must not read names."""
ONE_DAY = timedelta(days=1)
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
OWN = Said(
    {
        DayKind.HOLIDAY: N_("the factory's own holiday"),
        DayKind.SHUTDOWN: N_("the factory is shut"),
        DayKind.WORKDAY: N_("worked, to make up for another day"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who holds a seat, or held it, and for which term."""

    name: str
    term: Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Local days that are not as other days of the week, and who says so."""

    first: date
    last: date
    what: str


@router.api_route("", methods=READ, dependencies=[Depends(tidied)])
def factories_page(
    context: Shared,
    viewer: Viewer,
    text: Annotated[str, Query(max_length=100)] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=500)] = 1,
) -> Response:
    """Show the factories that the viewer may see, by name."""
    now = context.clock()
    with reading(context.database) as connection:
        names = programmes.names_within(connection, reach(viewer.actor, Action.VIEW_FACTORY))
        found = [each for each, name in names.items() if text.strip().lower() in name.lower()]
        part = frozenset(found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE])
        shown = programmes.factories_within(connection, Reach(factories=part))
        sums = _totals(connection, viewer, shown, now)
    return page(
        "factories.html",
        viewer=viewer.person,
        factories=[(each, sums.get(each.id)) for each in shown],
        text=text,
        files=files(f"/factories?{urlencode({'text': text})}" if text else "/factories", trackers=False),
        found=len(found),
        earlier=number - 1,
        later=number + 1 if number * ON_A_PAGE < len(found) else 0,
        now=now,
    )


@router.api_route("/{factory}", methods=READ)
def factory_page(context: Shared, viewer: Viewer, factory: Annotated[str, Path(max_length=100)]) -> Response:
    """Show one factory."""
    now = context.clock()
    with reading(context.database) as connection:
        known = visible_factory(connection, viewer, factory)
        terms = committees.terms(connection, known.id)
        names = can(viewer.actor, Action.VIEW_PEOPLE, thing_of(known)) is not None
        climbed = levels.known_levels(connection, viewer, [known]).get(known.id, ())
        scope = counting.scope(viewer.actor, factory=known.id)
        stages = _totals(connection, viewer, [known], now).get(known.id)
        charts = _charts(connection, scope, stages, known, now) if stages else []
        own = factory_days.days_of(connection, known.id)
        who = people.people_of(connection, {each.seat.person for each in terms}) if names else {}
        plans = totals.plans_of(connection, known.id, *_seen(viewer))
    today = known.today(now)
    calendar = calendar_of(known, own, today.year)
    members = [Member(name=who[each.seat.person].name, term=each) for each in terms if names]
    return page(
        "factory.html",
        meets=can(viewer.actor, Action.VIEW_MEETINGS, thing_of(known)) is not None,
        viewer=viewer.person,
        factory=known,
        total=stages,
        climbed=list(reversed(climbed)),
        charts=charts,
        plans=plans,
        names=names,
        sides=[(side, _on(terms, side, today), _sitting(members, side, today)) for side in Side],
        former=[each for each in members if each.term.until and each.term.until < today],
        coming=[each for each in members if each.term.since > today],
        warnings=lacking(terms, today, counts=names),
        few=FEW,
        rest=saying.listed(say(WEEKDAYS[day - 1]) for day in known.rest_days),
        closures=_closures(calendar.calendar, own, today, named=names),
        coverage=calendar.coverage,
        meanings=counting.meanings(),
        now=now,
    )


def _seen(viewer: Caller) -> tuple[Reach, Reach]:
    """Give where the viewer may see findings, and where also those that factories must not see."""
    return (
        reach(viewer.actor, Action.VIEW_FINDING),
        reach(viewer.actor, Action.VIEW_FINDING, restricted=True),
    )


def _totals(
    connection: Connection, viewer: Caller, shown: Sequence[Factory], now: datetime
) -> dict[str, Total]:
    visible, restricted = _seen(viewer)
    keys = tuple(each.id for each in shown)
    found = totals.totals(connection, "factory", now, visible=visible, restricted=restricted, keys=keys)
    return {each.key: each for each in found}


def _charts(
    connection: Connection, scope: figures.Scope, total: Total, factory: Factory, now: datetime
) -> list[Chart]:
    return [
        counting.progress(total.by_stage, FINDINGS, factory=factory.id),
        counting.ages(figures.by_age(connection, scope, now), FINDINGS, factory=factory.id),
        counting.promises(figures.promises(connection, scope, now), FINDINGS, factory=factory.id),
    ]


def _on(terms: Iterable[Term], side: Side, today: date) -> int:
    return sum(each.seat.side is side and tenure(each).covers(today) for each in terms)


def _sitting(members: Iterable[Member], side: Side, today: date) -> list[Member]:
    """Give who sits on a side today, co-chairs first."""
    sitting = [each for each in members if each.term.seat.side is side and tenure(each.term).covers(today)]
    return sorted(sitting, key=lambda each: (not each.term.seat.co_chair, each.name))


def _closures(calendar: Calendar, own: Sequence[OwnDays], today: date, *, named: bool) -> list[Closure]:
    """Give the days ahead that are unlike others of the week; what the factory calls them where `named`."""
    last = today + AHEAD
    its = [each for each in own if each.first <= last and each.last >= today]
    taken = {day for each in its for day in _each(each)}
    public = [
        Closure(
            first=day,
            last=day,
            what=say("public holiday, estimated: it may yet shift")
            if day in calendar.estimated
            else say("public holiday"),
        )
        for day in calendar.holidays
        if today <= day <= last and day not in taken
    ]
    shown = [
        Closure(
            first=each.first,
            last=each.last,
            what=f"{OWN[each.kind]}: {each.name}" if each.name and named else OWN[each.kind],
        )
        for each in its
    ]
    return sorted((*public, *shown), key=lambda each: each.first)


def _each(own: OwnDays) -> Iterable[date]:
    return (own.first + ONE_DAY * number for number in range((own.last - own.first).days + 1))
