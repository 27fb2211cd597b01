"""A plan's findings, issued: what stands in SQL about them becomes a running workflow each."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine
from temporalio import activity

from remediation.beginning import Begin
from remediation.calendar import Calendar
from remediation.facts import Issued
from remediation.orders import Seat
from remediation.policy import Policy
from remediation.words import PersonId, PlanId, Severity
from storage import versions
from storage.assessments import Subject, assessment, subjects_of_plan
from storage.committees import committee
from storage.database import reading
from storage.programmes import Factory, factory, programme

AT_ONCE = 32
"""Starts on their way at the same time: enough to keep a server busy, few enough to share it."""


class Issuer:
    """Issues plans. `start` starts one finding's workflow and may be called again for the same one."""

    def __init__(self, engine: Engine, start: Callable[[Begin], Awaitable[None]]) -> None:
        """Take the database, and what starts a workflow."""
        self._engine = engine
        self._start = start

    @activity.defn(name="issue_findings")
    async def issue_findings(self, plan: PlanId) -> int:
        """Start every finding of a plan, and give their number. Safe to repeat."""
        beginnings = await asyncio.to_thread(self._beginnings, plan)
        places = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._issue(begin, places) for begin in beginnings))
        return len(beginnings)

    async def _issue(self, begin: Begin, places: asyncio.Semaphore) -> None:
        async with places:
            await self._start(begin)
            activity.heartbeat()

    def _beginnings(self, plan: PlanId) -> list[Begin]:
        with reading(self._engine) as connection:
            return beginnings(connection, plan, datetime.now(UTC))


def beginnings(connection: Connection, plan: PlanId, at: datetime) -> list[Begin]:
    """Give how each finding of a plan begins, with the policy, calendar and committee of an aware instant.

    Raises LookupError when the plan's factory, programme or their versions are not stored.
    """
    subjects = subjects_of_plan(connection, plan)
    if not subjects:
        return []
    ground = _ground(connection, subjects[0], at)
    return [_begin(subject, ground, at) for subject in subjects]


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all findings of a plan have in common."""

    factory: Factory
    policy: Policy
    calendar: Calendar
    seats: tuple[Seat, ...]
    assessor: PersonId


def _ground(connection: Connection, subject: Subject, at: datetime) -> _Ground:
    place = factory(connection, subject.factory)
    home = programme(connection, place.programme) if place else None
    imported = assessment(connection, subject.assessment)
    if place is None or home is None or imported is None:
        message = f"plan {subject.plan}: its factory, programme or assessment is not in the directory"
        raise LookupError(message)
    calendar = versions.calendar(connection, place.calendar)
    seats = committee(connection, place.id, calendar.today(at))
    return _Ground(place, versions.policy(connection, home.policy), calendar, seats, imported.by)


def _begin(subject: Subject, ground: _Ground, at: datetime) -> Begin:
    held_back = subject.severity is Severity.ZERO_TOLERANCE and not ground.policy.tell_factory_when_raised
    issued = Issued(
        finding=subject.finding,
        programme=ground.factory.programme,
        factory=ground.factory.id,
        plan=subject.plan,
        point=subject.point,
        question=subject.question,
        severity=subject.severity,
        assessor=ground.assessor,
        repeat_of=subject.repeat_of,
        proof_by_interview=subject.proof_by_interview,
        policy=ground.policy.version,
        calendar=ground.calendar.version,
        seats=ground.seats,
        factory_told=not held_back,
    )
    return Begin(issued=issued, policy=ground.policy, calendar=ground.calendar, at=at, by=ground.assessor)
