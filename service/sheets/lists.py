"""The lists as sheets: findings as they are filtered, plans and factories."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from remediation.permissions import Action, Reach, reach
from remediation.vocabularies import Vocabulary, status_word
from remediation.words import FactoryId, Stage
from service import codes, listing, saying
from service.api.shapes import FindingItem
from service.auth import Caller
from service.context import Context
from service.listing import Wanted
from service.problems import FieldProblem, ProblemError, invalid
from service.sheets.writing import Cell, Heading, Sheet
from service.speaking import say, spoken
from storage import programmes, totals
from storage.database import reading
from storage.findings import MOST_ON_A_PAGE
from storage.programmes import Factory
from storage.totals import Total

MOST_ROWS = 50_000
"""So many rows a sheet of findings may have; a longer list is narrowed first."""
PLANS_AT_ONCE = 200

Places = Mapping[FactoryId, Factory]


def status_in(stage: Stage, words: Vocabulary) -> str:
    """Give what a stage is called: in the language spoken, or in a tracker's own word."""
    return codes.STAGES[stage] if words is Vocabulary.MENDWORK else status_word(stage, words)


def findings_sheet(context: Context, viewer: Caller, wanted: Wanted, words: Vocabulary) -> Sheet:
    """Give all findings of a list. Writing it raises the problem 422 where there are too many."""
    now = context.clock()
    with reading(context.database) as connection:
        within = reach(viewer.actor, Action.VIEW_FINDING)
        places = {each.id: each for each in programmes.factories_within(connection, within)}
    headings = [
        Heading(name=say("Finding"), width=20),
        Heading(name=say("Requirement"), width=50),
        Heading(name=say("Compliance point"), width=26),
        Heading(name=say("Cluster"), width=22),
        Heading(name=say("Factory"), width=24),
        Heading(name=say("Factory ID")),
        Heading(name=say("Plan"), width=20),
        Heading(name=say("Severity")),
        Heading(name=say("Status"), width=16),
        Heading(name=say("Attempt"), width=9),
        Heading(name=say("Level"), width=9),
        Heading(name=say("Overdue"), width=10),
        Heading(name=say("Due next"), day=True),
        Heading(name=say("What is owed"), width=36),
        Heading(name=say("Issued on"), day=True),
    ]
    rows = (_finding(each, words, places) for each in every_item(context, viewer, wanted, now))
    return Sheet(title=say("Findings"), headings=headings, rows=rows)


def every_item(context: Context, viewer: Caller, wanted: Wanted, now: datetime) -> Iterator[FindingItem]:
    """Give the items of all pages. Each page is a reading of its own, so that none lasts long."""
    asked: Wanted | None = replace(wanted, cursor=None, limit=MOST_ON_A_PAGE)
    count = 0
    while asked is not None:
        with reading(context.database) as connection:
            shown = listing.page(connection, viewer, asked, now)
        count += len(shown.items)
        if count > MOST_ROWS:
            raise _too_many()
        yield from shown.items
        asked = replace(asked, cursor=shown.next) if shown.next else None


def _too_many() -> ProblemError:
    most = spoken().number(MOST_ROWS)
    message = say("The list has more than %(most)s rows. Narrow it, by factory for example.", most=most)
    return invalid(FieldProblem(field="factory", message=message))


def _finding(each: FindingItem, words: Vocabulary, places: Places) -> list[Cell]:
    return [
        each.id,
        each.question_text or each.question,
        saying.point(each.point),
        saying.cluster(each.cluster),
        each.factory.name,
        each.factory.id,
        each.plan,
        saying.SEVERITY[each.severity],
        status_in(each.stage, words),
        each.attempt,
        each.level,
        _yes(each.overdue),
        each.next_due_day,
        saying.DUTY[each.next_duty] if each.next_duty else None,
        _day(each.issued_at, places.get(FactoryId(each.factory.id))),
    ]


def _yes(known: bool) -> str:  # noqa: FBT001 - it is the word for it
    return say("yes") if known else say("no")


def _day(instant: datetime | None, place: Factory | None) -> date | None:
    """Give the factory's local day."""
    if instant is None:
        return None
    return place.today(instant) if place else instant.date()


def plans_sheet(context: Context, viewer: Caller) -> Sheet:
    """Give all plans with findings that the viewer may see."""
    headings = [
        Heading(name=say("Plan"), width=20),
        Heading(name=say("Factory"), width=30),
        Heading(name=say("Factory ID")),
        *_sum_headings(),
        Heading(name=say("Due next"), day=True),
    ]
    return Sheet(title=say("Improvement plans"), headings=headings, rows=_plans(context, viewer))


def _sum_headings() -> list[Heading]:
    names = (say("Findings"), say("Open"), say("Overdue"), say("Level"))
    return [Heading(name=name, width=12) for name in names]


def _plans(context: Context, viewer: Caller) -> Iterator[list[Cell]]:
    after, now = "", context.clock()
    while True:
        with reading(context.database) as connection:
            visible, restricted = _seen(viewer)
            found = totals.totals(
                connection,
                "plan",
                now,
                visible=visible,
                restricted=restricted,
                after=after,
                limit=PLANS_AT_ONCE,
            )
            within = Reach(factories=frozenset(each.factory for each in found))
            places = {each.id: each for each in programmes.factories_within(connection, within)}
        for each in found:
            place = places.get(each.factory)
            named = [each.key, place.name if place else each.factory, each.factory]
            yield [*named, *_sums(each), _day(each.next_due, place)]
        if len(found) < PLANS_AT_ONCE:
            return
        after = found[-1].key


def _seen(viewer: Caller) -> tuple[Reach, Reach]:
    """Give where the viewer sees findings, and where those that factories must not see."""
    return (
        reach(viewer.actor, Action.VIEW_FINDING),
        reach(viewer.actor, Action.VIEW_FINDING, restricted=True),
    )


def _sums(total: Total | None) -> list[Cell]:
    if total is None:
        return [0, 0, 0, 0]
    return [total.findings, total.open, total.overdue, total.level]


def factories_sheet(context: Context, viewer: Caller, text: str) -> Sheet:
    """Give the factories that the viewer may see and whose name holds a text."""
    headings = [
        Heading(name=say("Factory ID")),
        Heading(name=say("Factory"), width=30),
        Heading(name=say("Country"), width=18),
        Heading(name=say("Active"), width=10),
        *_sum_headings(),
    ]
    return Sheet(title=say("Factories"), headings=headings, rows=_factories(context, viewer, text))


def _factories(context: Context, viewer: Caller, text: str) -> Iterator[list[Cell]]:
    now = context.clock()
    with reading(context.database) as connection:
        known = programmes.factories_within(connection, reach(viewer.actor, Action.VIEW_FACTORY))
    found = [each for each in known if text.strip().lower() in each.name.lower()]
    for start in range(0, len(found), PLANS_AT_ONCE):
        part = found[start : start + PLANS_AT_ONCE]
        keys = tuple(each.id for each in part)
        with reading(context.database) as connection:
            visible, restricted = _seen(viewer)
            known_sums = totals.totals(
                connection, "factory", now, visible=visible, restricted=restricted, keys=keys
            )
        sums = {each.key: each for each in known_sums}
        for each in part:
            named = [each.id, each.name, saying.country(each.country), _yes(each.active)]
            yield [*named, *_sums(sums.get(each.id))]
