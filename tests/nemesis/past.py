"""Findings with a past: issued and agreed on long ago by the rules themselves, and then put on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, update

from remediation.calendar import Calendar, Offset
from remediation.case import Case, open_case
from remediation.facts import Issued
from remediation.ledger import Entry
from remediation.orders import Order, PlannedAction, Propose, Sign
from remediation.permissions import Grant, ScopeKind
from remediation.policy import Policy, Reminders
from remediation.words import (
    ActionId,
    ActionKind,
    CommandId,
    Digest,
    FactoryId,
    FindingId,
    PlanId,
    Role,
    Severity,
)
from storage import people, versions
from storage.codec import recording_of
from storage.committees import Term, save_term
from storage.programmes import Factory, save_factory
from storage.recording import record
from storage.tables import letters
from tests.service.stage import AMINA, BAO, CHLOE, PROGRAMME, SEATS

REVISION = Digest("a" * 64)
BEFORE = "before the scenario"


@dataclass(frozen=True)
class Place:
    """A factory with its calendar, and the policy of its findings, which says when mornings begin."""

    id: FactoryId
    calendar: Calendar
    policy: Policy

    def morning(self, day: date) -> datetime:
        """Give the instant at which notices go out on a local day."""
        return self.calendar.instant(day, self.policy.reminders.at)


def a_place(name: str, zone: str, minutes: int, morning: datetime) -> Place:
    """Give a factory so many minutes east of Greenwich whose mornings begin at the clock of an instant."""
    calendar = Calendar(f"morning-{name}", zone, (Offset(datetime(2020, 1, 1, tzinfo=UTC), minutes),))
    clock: time = calendar.local(morning).time()
    return Place(FactoryId(name), calendar, Policy(version=f"morning-{name}", reminders=Reminders(at=clock)))


def settle(connection: Connection, place: Place) -> None:
    """Enter a factory into the directory, with Amina and Bao's committee and Bao as its manager."""
    versions.keep_policy(connection, place.policy)
    versions.keep_calendar(connection, place.calendar)
    home = Factory(
        id=place.id,
        programme=PROGRAMME,
        name=place.id.title(),
        country="BD",
        zone=place.calendar.zone,
        rest_days=(),
        language="en",
        calendar=place.calendar.version,
    )
    save_factory(connection, home)
    people.give(connection, BAO, Grant(Role.MANAGER, ScopeKind.FACTORY, place.id))
    for seat in SEATS:
        save_term(connection, Term(factory=place.id, seat=seat, since=date(2025, 1, 1)))


@dataclass(frozen=True)
class Past:
    """A finding's case, and the entries that led to it."""

    case: Case
    entries: tuple[Entry, ...]

    def obey(self, order: Order, at: datetime) -> "Past":
        """Let an order have been given at an instant."""
        case, entries = self.case.obey(order, at)
        return Past(case, (*self.entries, *entries))

    def until(self, at: datetime) -> "Past":
        """Let the clock have done all that it owed until an instant."""
        case, entries = self.case.keep_time(at)
        return Past(case, (*self.entries, *entries))


def a_past(finding: str, place: Place, issued_at: datetime) -> Past:
    """Give a major finding that was issued at an instant."""
    issued = Issued(
        finding=FindingId(finding),
        programme=PROGRAMME,
        factory=place.id,
        plan=PlanId(f"plan-{place.id}"),
        point="emergency-preparedness",
        question="q1",
        severity=Severity.MAJOR,
        assessor=CHLOE,
        repeat_of=None,
        proof_by_interview=False,
        policy=place.policy.version,
        calendar=place.calendar.version,
        seats=SEATS,
        factory_told=True,
    )
    case, entry = open_case(issued, place.policy, place.calendar, issued_at, CHLOE)
    return Past(case, (entry,))


def promised(finding: str, place: Place, due: Sequence[date], issued_at: datetime) -> Past:
    """Give a finding on which both sides agreed an hour later, with an action for each day."""
    actions = tuple(
        PlannedAction(id=ActionId(f"a{number}"), kind=ActionKind.CORRECTIVE, owner=BAO, due=day)
        for number, day in enumerate(due, 1)
    )
    past, at = a_past(finding, place, issued_at), issued_at + timedelta(hours=1)
    orders = (
        Propose(
            id=CommandId(f"{finding}-p"),
            by=BAO,
            acting=Role.MANAGEMENT_MEMBER,
            revision=REVISION,
            actions=actions,
        ),
        Sign(id=CommandId(f"{finding}-a"), by=AMINA, acting=Role.WORKER_MEMBER, revision=REVISION),
        Sign(id=CommandId(f"{finding}-b"), by=BAO, acting=Role.MANAGEMENT_MEMBER, revision=REVISION),
    )
    for order in orders:
        past = past.obey(order, at)
    return past


def put_on_record(connection: Connection, pasts: Sequence[Past]) -> None:
    """Store cases with their ledgers; what they led to then is taken as sent."""
    record(connection, [recording_of(past.case, past.entries) for past in pasts])
    connection.execute(update(letters).values(state="skipped", reason=BEFORE))
