"""The programme's view: countries, compliance points and trends, for who may see findings of all of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Path, Response
from sqlalchemy import Connection

from notifications.wording import N_
from remediation.figures import Kept, months, on_time, percent
from remediation.permissions import Action, Thing, can
from remediation.words import FactoryId
from service import saying
from service.auth import Caller
from service.context import Shared
from service.pages import counting
from service.pages.charts import Chart, Part, Row
from service.pages.findings import READ
from service.pages.rendering import page
from service.pages.session import Elsewhere, Viewer
from service.problems import not_found
from service.speaking import say, spoken
from storage import programmes, trends
from storage.database import reading
from storage.figures import Scope
from storage.programmes import Programme
from storage.trends import FactoryFigures, PointFigures, Step

router = APIRouter(prefix="/programmes", include_in_schema=False, max_body_size=0)

MONTHS = 12
MOST_POINTS = 15
ESCALATED = 3
"""From this level on a factory is counted as escalated: its top management and the team leader are told."""
_MEANINGS = (
    (N_("Escalated factories"), N_("Factories with an open finding at level 3 or higher.")),
    (N_("Days to a verified fix"), N_("From the beginning of an attempt to its verification, on average.")),
    (N_("Reopened"), N_("The fix failed its verification, did not hold, or the finding was taken up again.")),
    (
        N_("Fixes that held"),
        N_("Verified fixes that were shown to hold, of those that held or were reopened after all."),
    ),
    (
        N_("Month"),
        N_("The month in which a step was taken, or for which something was promised, at the factory."),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country of the programme in numbers."""

    code: str
    name: str
    factories: int
    escalated: int
    open: int
    overdue: int
    share: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that is counted for a programme's page: over months, compliance points and countries."""

    since: tuple[date, ...]
    steps: Mapping[tuple[Step, date], int]
    promises: Mapping[date, Mapping[Kept, int]]
    points: tuple[PointFigures, ...]
    held: tuple[int, int]
    sums: Mapping[str, Counter[str]]
    kept: Mapping[str, Counter[Kept]]


@router.api_route("", methods=READ)
def programmes_page(context: Shared, viewer: Viewer) -> Response:
    """Show the programmes that the viewer may see as a whole; a single one at once."""
    with reading(context.database) as connection:
        seen = [each for each in programmes.all_programmes(connection) if _sees(viewer, each)]
    if len(seen) == 1:
        raise Elsewhere(f"/programmes/{seen[0].id}")
    return page("programmes.html", viewer=viewer.person, programmes=seen)


@router.api_route("/{programme}", methods=READ)
def programme_page(
    context: Shared,
    viewer: Viewer,
    programme: Annotated[str, Path(max_length=100)],
    after: BackgroundTasks,
) -> Response:
    """Show one programme: no names of people, and no texts of findings, whoever looks."""
    now = context.clock()
    with reading(context.database) as connection:
        known = programmes.programme(connection, programme)
        if known is None or not _sees(viewer, known):
            raise not_found("This programme")
        scope = counting.scope(viewer.actor, programme=known.id)
        figures = context.counted.of(connection, _figures, scope, now, after)
    since, steps, promises, points = figures.since, figures.steps, figures.promises, figures.points
    return page(
        "programme.html",
        viewer=viewer.person,
        programme=known,
        countries=_countries(figures),
        share=on_time(_sum(promises)),
        held=percent(*figures.held),
        charts=[_flow(steps, since), _again(steps, since), _kept(promises, since)],
        frequent=points[:MOST_POINTS],
        left_out=len(points) - MOST_POINTS,
        webhooks=can(viewer.actor, Action.MANAGE_HOOKS, Thing(known.id)) is not None,
        meanings=[*counting.meanings(), *((say(word), say(meaning)) for word, meaning in _MEANINGS)],
    )


def _sees(viewer: Caller, programme: Programme) -> bool:
    return can(viewer.actor, Action.VIEW_FINDING, Thing(programme.id)) is not None


def _figures(connection: Connection, scope: Scope, now: datetime) -> Figures:
    since = months(now.date(), MONTHS)
    at = programmes.countries_of(connection, scope.programme or "")
    return Figures(
        since=since,
        steps=trends.by_month(connection, scope, since[0]),
        promises=trends.promises_by_month(connection, scope, since[0], now),
        points=trends.by_point(connection, scope),
        held=trends.held(connection, scope),
        sums=_summed(trends.by_factory(connection, scope, now), at),
        kept=_kept_in(trends.promises_by_factory(connection, scope, now), at),
    )


def _summed(factories: Iterable[FactoryFigures], at: Mapping[str, str]) -> dict[str, Counter[str]]:
    """Give what is counted of the factories by their countries."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for each in factories:
        own = sums[at.get(each.factory, "")]
        own.update(factories=1, escalated=int(each.level >= ESCALATED), open=each.open, overdue=each.overdue)
    return sums


def _kept_in(
    factories: Iterable[tuple[FactoryId, Counter[Kept]]], at: Mapping[str, str]
) -> dict[str, Counter[Kept]]:
    """Give what became of the factories' promises by their countries."""
    kept: dict[str, Counter[Kept]] = defaultdict(Counter)
    for factory, counted in factories:
        kept[at.get(factory, "")].update(counted)
    return kept


def _countries(figures: Figures) -> list[Country]:
    rows = [
        Country(
            code=code,
            name=saying.country(code),
            share=on_time(figures.kept.get(code, {})),
            **{name: own[name] for name in _COUNTED},
        )
        for code, own in figures.sums.items()
    ]
    return sorted(rows, key=lambda each: (-each.open, each.name))


_COUNTED = ("factories", "escalated", "open", "overdue")


def _sum(promises: Mapping[date, Mapping[Kept, int]]) -> Counter[Kept]:
    every: Counter[Kept] = Counter()
    for counted in promises.values():
        every.update(counted)
    return every


def _flow(steps: Mapping[tuple[Step, date], int], since: tuple[date, ...]) -> Chart:
    """Chart what was issued and what was verified, month by month."""
    rows = tuple(_pair(steps, month, Step.ISSUED, Step.CLOSED) for month in since)
    issued, closed = (sum(row.numbers[place] for row in rows) for place in (0, 1))
    sentence = say(
        "In twelve months %(issued)s findings were issued, and the fixes of %(closed)s were verified.",
        issued=spoken().number(issued),
        closed=spoken().number(closed),
    )
    legend = (("ahead", say("issued")), ("good", say("fix verified")))
    heads = (say("Month"), *(meaning for _, meaning in legend))
    return Chart(say("Issued and verified"), sentence, heads, rows, legend)


def _again(steps: Mapping[tuple[Step, date], int], since: tuple[date, ...]) -> Chart:
    """Chart what was promised, and what was reopened."""
    rows = tuple(_pair(steps, month, Step.COMMITTED, Step.REOPENED, "plain", "late") for month in since)
    promised, reopened = (sum(row.numbers[place] for row in rows) for place in (0, 1))
    sentence = say(
        "In twelve months committees made %(promised)s commitments, and %(reopened)s findings were reopened.",
        promised=spoken().number(promised),
        reopened=spoken().number(reopened),
    )
    legend = (("plain", say("committed")), ("late", say("reopened")))
    heads = (say("Month"), *(meaning for _, meaning in legend))
    return Chart(say("Committed and reopened"), sentence, heads, rows, legend)


def _pair(  # noqa: PLR0913 - two bars and their looks
    steps: Mapping[tuple[Step, date], int],
    month: date,
    one: Step,
    other: Step,
    look: str = "ahead",
    other_look: str = "good",
) -> Row:
    numbers = (steps.get((one, month), 0), steps.get((other, month), 0))
    bars = ((Part(numbers[0], look),), (Part(numbers[1], other_look),))
    said = f"{spoken().number(numbers[0])} / {spoken().number(numbers[1])}"
    return Row(spoken().month(month), numbers, bars, said=said)


def _kept(promises: Mapping[date, Mapping[Kept, int]], since: tuple[date, ...]) -> Chart:
    """Chart what became of promises by the month they were made for."""
    rows = tuple(counting.kept_row(spoken().month(month), promises.get(month, {})) for month in since)
    share = on_time(_sum({month: promises.get(month, {}) for month in since}))
    sentence = (
        say("No promise has been due yet.")
        if share is None
        else say(
            "Of the promises for these twelve months %(share)s were kept on time.",
            share=spoken().percent(share),
        )
    )
    legend = counting.kept_legend()
    heads = (say("Month"), *(meaning for _, meaning in legend))
    return Chart(say("Promises kept, by the month promised"), sentence, heads, rows, legend)
