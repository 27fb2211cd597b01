"""My work: what waits for the viewer, by when, what happens otherwise, and the one thing to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from notifications.wording import N_
from remediation.finding import Finding as State
from remediation.permissions import Action, Actor, can, reach
from remediation.waiting import Ask, Wait, otherwise
from service import saying
from service.api.shapes import FindingItem
from service.auth import Caller
from service.context import Shared
from service.pages.offers import Offer, Stand, stand
from service.pages.rendering import page
from service.pages.session import Viewer
from service.showing import item
from service.speaking import say
from storage import findings, waiting
from storage.database import reading
from storage.figures import Scope
from storage.findings import Listed

router = APIRouter(include_in_schema=False, max_body_size=0)

ON_A_PAGE = 20
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One finding on which something waits for the viewer."""

    finding: FindingItem
    what: str
    due: datetime
    day: date
    otherwise: str
    offer: Offer | None
    """What can be done about it at once; None where the finding must be looked at first."""
    more: int
    """How many other things wait on the same finding."""


@dataclass(frozen=True, slots=True)
class Mine:
    """Counts what waits for somebody, and finds a page of it."""

    actor: Actor
    page: int

    def __call__(self, connection: Connection, scope: Scope, now: datetime) -> waiting.Found:
        """Give the page and the number within a scope at an aware instant."""
        part = slice((self.page - 1) * ON_A_PAGE, self.page * ON_A_PAGE)
        seen = scope.visible, scope.restricted
        return waiting.found_for(connection, self.actor, seen, now, part=part)


@router.api_route("/", methods=["GET", "HEAD"])
def my_work(
    context: Shared, viewer: Viewer, number: Annotated[int, Query(alias="page", ge=1, le=500)] = 1
) -> Response:
    """Show what waits for the viewer, the soonest due first."""
    now = context.clock()
    scope = Scope(
        reach(viewer.actor, Action.VIEW_FINDING), reach(viewer.actor, Action.VIEW_FINDING, restricted=True)
    )
    with reading(context.database) as connection:
        found = context.counted.of(connection, Mine(viewer.actor, number), scope, now)
        todos = list(_todos(connection, viewer, findings.listed(connection, found.ids), now))
    return page(
        "work.html",
        viewer=viewer.person,
        groups=[(title, chosen) for title, chosen in _grouped(todos, now) if chosen],
        total=found.total,
        earlier=number - 1,
        later=number + 1 if number * ON_A_PAGE < found.total else 0,
        now=now,
    )


def _grouped(todos: list[Todo], now: datetime) -> Iterator[tuple[str, list[Todo]]]:
    yield say("Late"), [each for each in todos if each.due <= now]
    yield say("Within a week"), [each for each in todos if now < each.due <= now + SOON]
    yield say("Later"), [each for each in todos if now + SOON < each.due]


def _todos(
    connection: Connection, viewer: Caller, listed: tuple[Listed, ...], now: datetime
) -> Iterator[Todo]:
    cases = findings.cases(connection, [each.summary.finding for each in listed])
    for each in listed:
        standing = stand(cases[each.summary.finding], each, viewer, now)
        soonest = standing.waiting()
        if soonest:
            yield _todo(standing, each, soonest)


def _todo(standing: Stand, listed: Listed, waits: tuple[Wait, ...]) -> Todo:
    first, calendar = waits[0], standing.finding.calendar
    texts = can(standing.caller.actor, Action.VIEW_TEXTS, standing.thing) is not None
    return Todo(
        finding=item(listed, standing.now, texts=texts),
        what=what_waits(first),
        due=first.due,
        day=calendar.last_day(first.due),
        otherwise=otherwise_said(standing.finding, first),
        offer=standing.answer(first),
        more=len(waits) - 1,
    )


def what_waits(wait: Wait) -> str:
    """Give what waits in words."""
    return saying.ASKS[wait.what] if isinstance(wait.what, Ask) else saying.DUTY[wait.what]


_LAPSE = {
    Ask.COSIGN: N_("Otherwise the dates stay as they are."),
    Ask.ANSWER_REPORT: N_("Otherwise the time to object ends."),
}


def otherwise_said(finding: State, wait: Wait) -> str:
    """Say what happens on a finding if nobody acts."""
    step = otherwise(finding, wait)
    if isinstance(wait.what, Ask) and wait.what in _LAPSE:
        return say(_LAPSE[wait.what])
    if step is None:
        return say("Nothing more is sent about it: it waits until it is done.")
    return say(
        "Otherwise level %(level)s on %(day)s: %(told)s will be told.",
        level=step.level,
        day=saying.day(finding.calendar.local(step.at).date()),
        told=saying.listed(saying.THE_ROLE[role] for role in step.told),
    )
