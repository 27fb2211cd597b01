"""Planning a visit: what is wished for is checked, put on record, and begins its life."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from activities.opening import put_gatherings_on_record
from remediation.calendar import Calendar
from remediation.finding import Finding
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.visit.agenda import plannable, visit_gathering
from remediation.gatherings.visit.facts import Item, VisitPlanned
from remediation.gatherings.visit.state import Visit
from remediation.obligations import AFTER_REPORT
from remediation.permissions import Action, Thing, can
from remediation.refusals import Refusal
from remediation.words import Check, FactoryId, GatheringId, PersonId, ProgrammeId, Stage
from service.auth import Caller, permit
from service.context import Context
from service.problems import FieldProblem, ProblemError, invalid, not_found
from service.receiving import key_reused
from service.refusing import in_words
from service.speaking import say
from service.visiting import errands
from storage import findings, gatherings, people, programmes, versions
from storage.commands import by_key
from storage.database import reading, writing
from storage.programmes import Factory


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A visit that somebody wants: to which factory and findings, on which local day, by whom, how."""

    factory: str
    on: date
    announced: bool
    verifier: str
    findings: tuple[str, ...]


async def plan(context: Context, caller: Caller, wish: Wish, key: str) -> GatheringId:
    """Plan a visit, and give its id; the same one for the same key.

    Raises the problems 403, 404, 409 (the key was used for another visit, or the rules refuse) and 422.
    """
    case = await run_in_threadpool(_on_record, context, caller, wish, key)
    if context.engine is not None:
        # What does not start now, the reconciler starts: the visit stands in SQL.
        await context.engine.start_soon(case)
    await errands.run(context.engine, context.database, case.state.id, context.clock())
    return case.state.id


def _on_record(context: Context, caller: Caller, wish: Wish, key: str) -> GatheringCase:
    own = visit_gathering(f"v-{by_key(caller.person.id, key)}")
    with reading(context.database) as connection:
        factory = _factory(connection, caller, wish)
        known = gatherings.case(connection, own)
        if known is not None:
            return _same(known, wish)
        home = programmes.programme(connection, factory.programme)
        assert home is not None  # noqa: S101 - a factory has its programme
        policy = versions.policy(connection, home.policy)
        calendar = versions.calendar(connection, factory.calendar)
        planned = VisitPlanned(
            gathering=own,
            programme=ProgrammeId(factory.programme),
            factory=FactoryId(factory.id),
            policy=policy.version,
            calendar=calendar.version,
            verifier=_verifier(context, connection, factory, wish),
            on=wish.on,
            announced=wish.announced,
            items=tuple(_items(connection, factory, wish)),
        )
    now = context.clock()
    _judged(planned, calendar, now)
    with writing(context.database) as connection:
        (case,) = put_gatherings_on_record(connection, [(planned, policy, calendar, caller.person.id)], now)
    return case


def _factory(connection: Connection, caller: Caller, wish: Wish) -> Factory:
    factory = programmes.factory(connection, wish.factory)
    if factory is None:
        raise not_found("This factory")
    thing = _thing(factory)
    permit(caller, Action.PLAN_VISIT, thing, seen_by=Action.VIEW_FACTORY, what="This factory")
    return factory


def _thing(factory: Factory) -> Thing:
    return Thing(ProgrammeId(factory.programme), FactoryId(factory.id))


def _same(known: GatheringCase, wish: Wish) -> GatheringCase:
    assert isinstance(known.state, Visit)  # noqa: S101 - its id says so
    planned = known.state.planned
    told = (planned.factory, planned.on, planned.announced, planned.verifier)
    if told != (wish.factory, wish.on, wish.announced, wish.verifier):
        raise key_reused()
    return known


def _verifier(context: Context, connection: Connection, factory: Factory, wish: Wish) -> PersonId:
    actor = people.actor(connection, wish.verifier, context.clock())
    if can(actor, Action.VERIFY, _thing(factory)) is None:
        message = say("No advisor or team leader of this factory is known by this id.")
        raise invalid(FieldProblem(field="verifier", message=message))
    return actor.person


def _items(connection: Connection, factory: Factory, wish: Wish) -> Iterator[Item]:
    cases = findings.cases(connection, list(wish.findings))
    for place, each in enumerate(wish.findings):
        case = next((case for of, case in cases.items() if of == each), None)
        if case is None or case.finding.factory != factory.id:
            message = say("This factory has no finding of this id.")
            raise invalid(FieldProblem(field=f"findings[{place}]", message=message))
        check = check_of(case.finding)
        if check is None:
            message = say("Nothing is to be verified or checked on this finding now.")
            raise invalid(FieldProblem(field=f"findings[{place}]", message=message))
        yield Item(finding=case.finding.id, check=check, fixers=case.finding.fixers)


def check_of(finding: Finding) -> Check | None:
    """Give what a visit would check on a finding now; None where there is nothing."""
    fix = finding.fix
    if fix is None:
        return None
    if finding.path in AFTER_REPORT:
        return Check.OBJECTION if fix.objected else Check.FIX
    return Check.EFFECTIVENESS if finding.stage is Stage.CLOSED else None


def _judged(planned: VisitPlanned, calendar: Calendar, now: datetime) -> None:
    try:
        plannable(planned, calendar, now)
    except Refusal as refused:
        said = in_words(str(refused))
        errors = [FieldProblem(field=refused.field, message=said)] if refused.field else None
        raise ProblemError(409, refused.code, said, errors=errors) from refused
