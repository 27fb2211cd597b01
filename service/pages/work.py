"""My work: what waits for the viewer, by when, what happens otherwise, and the one thing to do about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks, Query, Response
from sqlalchemy import Connection

from notifications.wording import N_
from remediation.gatherings.gathering import Kind, kind_of
from remediation.gatherings.summary import GatheringSummary
from remediation.permissions import Action, Actor, Reach, can, reach
from remediation.waiting import Ask, Wait, otherwise
from remediation.watched import Watched
from remediation.words import Severity, SubjectId
from service import saying
from service.auth import Caller
from service.context import Shared
from service.pages.offers import Offer, Stand, stand, stand_around
from service.pages.rendering import page
from service.pages.session import Viewer
from service.speaking import say
from storage import findings, gatherings, programmes, repeats, waiting
from storage.database import reading
from storage.figures import Scope

router = APIRouter(include_in_schema=False, max_body_size=0)

ON_A_PAGE = 20
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A finding or gathering in the list: where its page is, its name, its factory's, and how grave it is."""

    id: SubjectId
    at: str
    name: str
    about: str
    """What it is about, without a word that somebody wrote."""
    factory: str
    open: str
    """What the link to its page says."""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One finding or gathering on which something waits for the viewer."""

    matter: Matter
    what: str
    due: datetime
    day: date
    otherwise: str
    offer: Offer | None
    """What can be done about it at once; None where it must be looked at first."""
    more: int
    """How many other things wait there."""


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
    context: Shared,
    viewer: Viewer,
    after: BackgroundTasks,
    number: Annotated[int, Query(alias="page", ge=1, le=500)] = 1,
) -> Response:
    """Show what waits for the viewer, the soonest due first."""
    now = context.clock()
    scope = Scope(
        reach(viewer.actor, Action.VIEW_FINDING), reach(viewer.actor, Action.VIEW_FINDING, restricted=True)
    )
    with reading(context.database) as connection:
        found = context.counted.of(connection, Mine(viewer.actor, number), scope, now, after)
        todos = list(_todos(connection, viewer, found.ids, now))
        again = _again(connection, viewer.actor)
    return page(
        "work.html",
        viewer=viewer.person,
        groups=[(title, chosen) for title, chosen in _grouped(todos, now) if chosen],
        total=found.total,
        again=again,
        earlier=number - 1,
        later=number + 1 if number * ON_A_PAGE < found.total else 0,
        now=now,
    )


def _grouped(todos: list[Todo], now: datetime) -> Iterator[tuple[str, list[Todo]]]:
    yield say("Late"), [each for each in todos if each.due <= now]
    yield say("Within a week"), [each for each in todos if now < each.due <= now + SOON]
    yield say("Later"), [each for each in todos if now + SOON < each.due]


def _todos(
    connection: Connection, viewer: Caller, ids: tuple[SubjectId, ...], now: datetime
) -> Iterator[Todo]:
    found = stands(connection, viewer, ids, now)
    for standing, matter in (found[each] for each in ids):
        soonest = standing.waiting()
        if soonest:
            yield _todo(standing, matter, soonest)


def _again(connection: Connection, actor: Actor) -> list[tuple[repeats.Undecided, str]]:
    """Give the plans in which it is to be said what repeats a former finding, with their factories' names."""
    places = reach(actor, Action.LINK_REPEAT)
    if places.nowhere:
        return []
    beyond = reach(actor, Action.LINK_REPEAT, restricted=True)
    plans = repeats.undecided(connection, places, beyond, ON_A_PAGE)
    factories = Reach(factories=frozenset(each.factory for each in plans))
    names = programmes.names_within(connection, factories) if plans else {}
    return [(each, names.get(each.factory, each.factory)) for each in plans]


Found = dict[SubjectId, tuple[Stand, Matter]]


def stands(connection: Connection, viewer: Caller, ids: tuple[SubjectId, ...], now: datetime) -> Found:
    """Give where somebody stands before findings and gatherings at an aware instant, and their names."""
    return {**_findings(connection, viewer, ids, now), **_gatherings(connection, viewer, ids, now)}


def _findings(connection: Connection, viewer: Caller, ids: tuple[SubjectId, ...], now: datetime) -> Found:
    own = [each for each in ids if kind_of(each) is None]
    cases, found = findings.cases(connection, own), Found()
    for each in findings.listed(connection, own):
        row = each.summary
        standing = stand(cases[row.finding], each, viewer, now)
        texts = can(viewer.actor, Action.VIEW_TEXTS, standing.thing) is not None
        point = saying.point(row.point)
        matter = Matter(
            id=row.finding,
            at=f"/findings/{quote(row.finding, safe='')}",
            name=(each.question_text if texts else "") or point,
            about=point,
            factory=each.factory_name,
            open=say("Open the finding"),
            severity=row.severity,
        )
        found[row.finding] = standing, matter
    return found


def _gatherings(connection: Connection, viewer: Caller, ids: tuple[SubjectId, ...], now: datetime) -> Found:
    some = gatherings.some(connection, [each for each in ids if kind_of(each) is not None])
    places = Reach(factories=frozenset(row.factory for row, _ in some))
    names = programmes.names_within(connection, places) if some else {}
    return {
        row.gathering: (
            stand_around(case, row, viewer, now),
            matter_of(row, names.get(row.factory, row.factory)),
        )
        for row, case in some
    }


def matter_of(row: GatheringSummary, factory: str) -> Matter:
    """Give a gathering as a list names it, with its factory's name."""
    words = OF_A_GATHERING[row.kind]
    at, name = f"{words.prefix}/{quote(row.own, safe='')}", saying.GATHERINGS[row.kind]
    return Matter(id=row.gathering, at=at, name=name, about=name, factory=factory, open=say(words.open))


@dataclass(frozen=True, slots=True)
class InWords:
    """How gatherings of a kind stand in a list: under which address, and what a link to one says."""

    prefix: str
    open: str


OF_A_GATHERING: Mapping[Kind, InWords] = {
    Kind.PLAN: InWords("/plans", N_("Open the plan")),
    Kind.MEETING: InWords("/meetings", N_("Open the meeting")),
    Kind.VISIT: InWords("/visits", N_("Open the visit")),
}


def _todo(standing: Stand, matter: Matter, waits: tuple[Wait, ...]) -> Todo:
    first = waits[0]
    return Todo(
        matter=matter,
        what=what_waits(first),
        due=first.due,
        day=standing.watched.calendar.last_day(first.due),
        otherwise=otherwise_said(standing.watched, first),
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


def otherwise_said(watched: Watched, wait: Wait) -> str:
    """Say what happens on a finding or gathering if nobody acts."""
    step = otherwise(watched, wait)
    if isinstance(wait.what, Ask) and wait.what in _LAPSE:
        return say(_LAPSE[wait.what])
    if step is None:
        return say("Nothing more is sent about it: it waits until it is done.")
    return say(
        "Otherwise level %(level)s on %(day)s: %(told)s will be told.",
        level=step.level,
        day=saying.day(watched.calendar.local(step.at).date()),
        told=saying.listed(saying.THE_ROLE[role] for role in step.told),
    )
