"""Improvement plans: all of them, and one with its findings by cluster, its progress, ages and promises."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks, Depends, Path, Query, Response
from sqlalchemy import Connection

from remediation.attempts import Attempt
from remediation.catalogue import CLUSTERS
from remediation.figures import Age, Kept
from remediation.gatherings.plan import plan_gathering
from remediation.permissions import Action, Reach, Thing, can, reach
from remediation.words import FindingId, PersonId, Severity, Stage
from service import listing
from service.api.shapes import FindingItem
from service.auth import Caller
from service.context import Shared
from service.listing import OnPage, Wanted
from service.pages import counting
from service.pages.charts import Chart
from service.pages.findings import READ, tidied
from service.pages.plan_standing import standing
from service.pages.rendering import page
from service.pages.sent import sent as what_became
from service.pages.session import Viewer
from service.pages.taking_along import files
from service.problems import not_found
from service.repeating import pairs_of_plan
from storage import assessments, attempts, figures, people, programmes, totals, waiting
from storage.assessments import Subject
from storage.database import reading
from storage.findings import MOST_ON_A_PAGE
from storage.totals import Total

router = APIRouter(prefix="/plans", include_in_schema=False, max_body_size=0)

ON_A_PAGE = 50
_PLACES = {cluster.id: cluster.number for cluster in CLUSTERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A finding of the plan: how it stands, what is promised, and who still owes an action."""

    item: FindingItem
    attempt: Attempt | None
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """The findings of a cluster in numbers."""

    id: str
    total: int
    open: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The plan's findings that are asked for, by cluster; `owners` are ids and names of who owes actions."""

    number: int
    more: bool
    groups: tuple[tuple[str, list[Entry]], ...]
    subject: Subject | None
    owners: tuple[tuple[str, str], ...]


@router.api_route("", methods=READ)
def plans_page(
    context: Shared, viewer: Viewer, after: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """Show the plans with findings that the viewer may see."""
    with reading(context.database) as connection:
        found = _totals(connection, viewer, context.clock(), after=after, limit=ON_A_PAGE + 1)
        within = Reach(factories=frozenset(each.factory for each in found))
        names = programmes.names_within(connection, within)
    shown = found[:ON_A_PAGE]
    return page(
        "plans.html",
        viewer=viewer.person,
        plans=[(each, names.get(each.factory, each.factory)) for each in shown],
        after=after,
        later=shown[-1].key if len(found) > ON_A_PAGE else "",
        files=files("/plans", trackers=False),
        now=context.clock(),
    )


@router.api_route("/{of}", methods=READ, dependencies=[Depends(tidied)])
def plan_page(  # noqa: PLR0913 - each is a part of the request
    context: Shared,
    viewer: Viewer,
    of: Annotated[str, Path(max_length=100)],
    asked: OnPage,
    after: BackgroundTasks,
    sent: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """Show one plan: what it adds up to, and its findings by cluster, narrowed as the address says."""
    plan, now = of, context.clock()
    path = f"/plans/{quote(plan, safe='')}"
    wanted = replace(asked, plan=plan, limit=MOST_ON_A_PAGE)
    scope = counting.scope(viewer.actor, plan=plan)
    with reading(context.database) as connection:
        total, factory, thing = plan_of(connection, viewer, plan, now)
        whole = standing(connection, viewer, plan, now)
        clusters = figures.by_cluster(connection, scope, now)
        over_time = context.counted.of(connection, counting.over_time, scope, now, after)
        texts = can(viewer.actor, Action.VIEW_TEXTS, thing) is not None
        shown = _shown(connection, viewer, wanted, now, texts=texts)
        repeats = list(pairs_of_plan(connection, viewer, plan))
    narrowed = replace(wanted, plan=None, cursor=None, limit=listing.USUAL_LIMIT)
    return page(
        "plan.html",
        viewer=viewer.person,
        plan=plan,
        sent=what_became(context.database, viewer, plan_gathering(plan), sent),
        total=total,
        whole=whole,
        repeats=repeats,
        may_link=can(viewer.actor, Action.LINK_REPEAT, thing) is not None,
        factory=factory,
        clusters=_rows(clusters),
        charts=_charts(path, total, *over_time),
        shown=shown,
        asked=asked,
        filtered=narrowed.address(path, None) != path,
        files=files(f"{path}/sheet"),
        may_propose=can(viewer.actor, Action.PROPOSE, thing) is not None,
        texts=texts,
        meets=can(viewer.actor, Action.VIEW_MEETINGS, thing) is not None,
        ahead=can(viewer.actor, Action.VIEW_DEADLINES, thing) is not None,
        stages=list(Stage),
        severities=list(Severity),
        meanings=counting.meanings(),
        kept=counting.KEPT,
        now=now,
    )


def _charts(path: str, total: Total, by_age: Mapping[Age, int], kept: Mapping[Kept, int]) -> list[Chart]:
    return [
        counting.progress(total.by_stage, path),
        counting.ages(by_age, path),
        counting.promises(kept, path),
    ]


def _shown(connection: Connection, viewer: Caller, wanted: Wanted, now: datetime, *, texts: bool) -> Shown:
    """Give the findings that are asked for; who owes their actions only with `texts`."""
    found = listing.page(connection, viewer, wanted, now)
    owners = waiting.owners(connection, wanted.plan or "") if texts else {}
    names = _names(connection, owners.values())
    subjects = assessments.find_subjects(connection, [each.id for each in found.items[:1]])
    return Shown(
        number=len(found.items),
        more=found.next is not None,
        groups=tuple(_groups(connection, found.items, owners, names)),
        subject=next(iter(subjects.values()), None),
        owners=tuple(sorted(names.items(), key=lambda each: each[1])),
    )


def plan_of(
    connection: Connection, viewer: Caller, plan: str, now: object
) -> tuple[Total, programmes.Factory | None, Thing]:
    """Give a plan in numbers, its factory, and what it is as a thing. Raises the problem 404."""
    found = _totals(connection, viewer, now, keys=(plan,))
    if not found:
        raise not_found("This plan")
    factory = programmes.factory(connection, found[0].factory)
    return found[0], factory, Thing(found[0].programme, found[0].factory)


def _totals(connection: Connection, viewer: Caller, now: object, **asked: object) -> tuple[Total, ...]:
    visible, restricted = (
        reach(viewer.actor, Action.VIEW_FINDING, restricted=each) for each in (False, True)
    )
    return totals.totals(connection, "plan", now, visible=visible, restricted=restricted, **asked)  # type: ignore[arg-type]


def _names(connection: Connection, owners: Iterable[tuple[PersonId, ...]]) -> dict[str, str]:
    every = {person for each in owners for person in each}
    return {each.id: each.name for each in people.people_of(connection, every).values()} if every else {}


def _groups(
    connection: Connection,
    items: list[FindingItem],
    owners: Mapping[FindingId, tuple[PersonId, ...]],
    names: Mapping[str, str],
) -> Iterator[tuple[str, list[Entry]]]:
    """Give the findings by cluster, in the catalogue's order, the soonest due first within each."""
    tried = attempts.kept_attempts(connection, [each.id for each in items]) if items else {}
    ordered = sorted(items, key=lambda each: (_PLACES.get(each.cluster, len(_PLACES) + 1), each.cluster))
    for cluster, together in groupby(ordered, key=lambda each: each.cluster):
        yield (
            cluster,
            [
                Entry(
                    item=each,
                    attempt=next(iter(reversed(tried.get(each.id, ()))), None),
                    owners=tuple(names.get(one, one) for one in owners.get(FindingId(each.id), ())),
                )
                for each in together
            ],
        )


def _rows(clusters: Mapping[str, figures.Cluster]) -> list[ClusterRow]:
    ordered = sorted(clusters, key=lambda each: (_PLACES.get(each, len(_PLACES) + 1), each))
    return [
        ClusterRow(
            id=each,
            total=sum(clusters[each].stages.values()),
            open=counting.open_of(clusters[each].stages),
            overdue=clusters[each].overdue,
        )
        for each in ordered
    ]
