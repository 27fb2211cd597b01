"""A plan's progress reports and its closing summary, as its ledger holds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from remediation.gatherings.plan import Plan, PlanCompleted, ProgressReported, Tally, plan_gathering
from service.problems import not_found
from storage import gatherings, ledger
from storage.codec import fact_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a plan's findings added up to on a local day. The closing one is `final`."""

    number: int
    on: date
    tally: Tally
    final: bool = False


def standing_of(connection: Connection, plan: str) -> Plan:
    """Give a plan's state. Raises the problem 404 where it was opened before plans were gatherings."""
    case = gatherings.case(connection, plan_gathering(plan))
    if case is None or not isinstance(case.state, Plan):
        raise not_found("This plan")
    return case.state


def reports_of(connection: Connection, plan: str) -> tuple[Report, ...]:
    """Give a plan's progress reports in order, and its closing summary last."""
    return tuple(_reports(connection, plan))


def _reports(connection: Connection, plan: str) -> Iterator[Report]:
    number = 0
    for entry in ledger.entries(connection, plan_gathering(plan)):
        fact = fact_of(entry.kind, entry.body)
        if isinstance(fact, ProgressReported):
            number = fact.number
            yield Report(number=number, on=fact.on, tally=fact.tally)
        if isinstance(fact, PlanCompleted):
            yield Report(number=number + 1, on=fact.on, tally=fact.tally, final=True)
