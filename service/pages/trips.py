"""Building a trip: what is due at the viewer's factories, by urgency and travel, to pick and plan from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from remediation.gatherings.gathering import own_id
from remediation.gatherings.visit.choosing import Candidate, Stop, stops
from remediation.permissions import Action, Reach, reach
from remediation.words import FindingId
from service.api.values import Day
from service.auth import Caller, forbidden
from service.context import Context, Shared
from service.pages.findings import READ
from service.pages.form_data import Data, data_of, first
from service.pages.keys import new_key, usable_key
from service.pages.rendering import page
from service.pages.session import Viewer
from service.problems import ProblemError
from service.speaking import say
from service.visiting import planning
from storage import findings, programmes, visits
from storage.database import reading
from storage.figures import Scope
from storage.findings import Listed

router = APIRouter(prefix="/visits", include_in_schema=False, max_body_size=64 * 1024)

MOST_FIELDS = 1500
MOST_STOPS = 30
_DAY: TypeAdapter[Any] = TypeAdapter(Day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A stop as the page shows it; `planned` are days of visits there that are planned already."""

    stop: Stop
    name: str
    listed: dict[FindingId, Listed]
    planned: tuple[object, ...]


@router.api_route("/plan", methods=READ)
def trip_page(context: Shared, viewer: Viewer, region: Annotated[str, Query(max_length=2)] = "") -> Response:
    """Show what is due, factory by factory, the most urgent first; `region` is a country's code."""
    return _page(context, viewer, region, {})


@router.post("/plan")
async def plan_trip(request: Request, context: Shared, viewer: Viewer) -> Response:
    """Plan a visit to each factory of which a finding was chosen, and lead to it, or to all visits."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        data = data_of(form)
    key, chosen = usable_key(data), dict(_wishes(viewer, data))
    wishes = {factory: wish for factory, wish in chosen.items() if wish is not None}
    if not key or not wishes or len(wishes) < len(chosen):
        detail = _lacking(chosen) if key else ""
        return await run_in_threadpool(_page, context, viewer, "", data, detail)
    planned = []
    for factory, wish in wishes.items():
        try:
            planned.append(await planning.plan(context, viewer, wish, f"{key}.{factory}"))
        except ProblemError as error:
            if error.problem.status not in {409, 422}:
                raise
            return await run_in_threadpool(_page, context, viewer, "", data, error.problem.detail)
    at = f"/{own_id(planned[0])}" if len(planned) == 1 else ""
    return RedirectResponse(f"/visits{at}", status_code=303)


def _lacking(chosen: Mapping[str, planning.Wish | None]) -> str:
    """Say what is missing. Nothing is planned before all of it can be."""
    if chosen:
        return say("Say on which day you visit each factory that you chose.")
    return say("Choose at least one finding to look at.")


def _wishes(viewer: Caller, data: Data) -> Iterator[tuple[str, planning.Wish | None]]:
    """Give what is wished for at each factory; None where the day is missing or none."""
    for name, values in data.items():
        factory = name.removeprefix("look.")
        if factory == name:
            continue
        try:
            day = _DAY.validate_python(first(data, f"on.{factory}"))
        except ValidationError:
            yield factory, None
            continue
        yield (
            factory,
            planning.Wish(
                factory=factory,
                on=day,
                announced=first(data, f"announced.{factory}") == "yes",
                verifier=viewer.person.id,
                findings=tuple(dict.fromkeys(values)),
            ),
        )


def _page(context: Context, viewer: Caller, region: str, data: Data, detail: str = "") -> Response:
    within = reach(viewer.actor, Action.PLAN_VISIT)
    if within.nowhere:
        raise forbidden(Action.PLAN_VISIT)
    now = context.clock()
    scope = Scope(within, reach(viewer.actor, Action.PLAN_VISIT, restricted=True))
    with reading(context.database) as connection:
        places, regions = _places(connection, scope, region, now)
    return page(
        "visit_plan.html",
        status=422 if detail else 200,
        viewer=viewer.person,
        sites=places[:MOST_STOPS],
        more=len(places) - MOST_STOPS,
        regions=regions,
        region=region,
        data=data,
        detail=detail,
        key=new_key(),
        now=now,
    )


def _places(
    connection: Connection, scope: Scope, region: str, now: datetime
) -> tuple[list[Place], list[str]]:
    due = visits.due(connection, scope)
    within = Reach(factories=frozenset(each.factory for each in due))
    factories = {each.id: each for each in programmes.factories_within(connection, within)}
    every = [
        Candidate(
            finding=each.finding,
            factory=each.factory,
            region=factories[each.factory].country,
            severity=each.severity,
            check=each.check,
            due=each.due,
            since=each.reported_on,
        )
        for each in due
        if each.factory in factories
    ]
    chosen = [each for each in every if region in {"", each.region}]
    ahead = visits.visits(connection, scope.visible, scope.restricted, over=False, limit=200)
    taken = {line.item.finding for each in ahead for line in each.lines}
    shown = stops((each for each in chosen if each.finding not in taken), now)
    ids = [one.finding for each in shown[:MOST_STOPS] for one in each.candidates]
    listed = {each.summary.finding: each for each in findings.listed(connection, ids)}
    places = [
        Place(
            stop=each,
            name=factories[each.factory].name,
            listed={one.finding: listed[one.finding] for one in each.candidates if one.finding in listed},
            planned=tuple(sorted({one.on for one in ahead if one.factory == each.factory})),
        )
        for each in shown
    ]
    return places, sorted({each.region for each in every})
