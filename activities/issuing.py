"""An assessment's findings, issued: recorded in SQL many at once, then a running workflow each.

SQL comes first, so that a workflow always goes on with a case that is on record. What was recorded
before a crash is started from the record.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, Engine
from temporalio import activity

from activities.opening import put_gatherings_on_record
from remediation.calendar import Calendar
from remediation.case import Case, open_case
from remediation.facts import Issued
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.plan import PlanOpened, plan_gathering, plan_opened
from remediation.orders import Seat
from remediation.policy import Policy
from remediation.words import GatheringId, PersonId, Severity
from storage import findings, versions
from storage.assessments import Subject, assessment, subjects_of
from storage.codec import recording_of
from storage.committees import committee
from storage.database import reading, writing
from storage.programmes import Factory, factory, programme
from storage.recording import record

AT_ONCE = 32
"""Starts on their way at the same time: enough to keep a server busy, few enough to share it."""
RECORDED_AT_ONCE = 100
BEAT_SECONDS = 1.0
"""Between signs of life to the server: one after each start would cost a twentieth of a worker's time."""


class Issuer:
    """Issues assessments. `start` starts one case's workflow, and may be called again for the same one."""

    def __init__(
        self,
        engine: Engine,
        start: Callable[[Case | GatheringCase], Awaitable[None]],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take the database, what starts a workflow, and what tells the present instant."""
        self._engine = engine
        self._start = start
        self._clock = clock

    @activity.defn(name="issue_findings")
    async def issue_findings(self, assessment: str) -> int:
        """Record and start every finding of an assessment, and give their number. Safe to repeat."""
        subjects = await asyncio.to_thread(self._subjects, assessment)
        places, beat = asyncio.Semaphore(AT_ONCE), _Beat()
        try:
            # The next part is recorded while the last of this one are still being started.
            async with asyncio.TaskGroup() as starting:
                async for case in self._recorded(subjects):
                    await places.acquire()
                    starting.create_task(self._start_at(places, beat, case))
        except* Exception as failed:
            raise failed.exceptions[0] from failed
        return len(subjects)

    async def _recorded(self, subjects: Sequence[Subject]) -> AsyncIterator[Case | GatheringCase]:
        opened: set[GatheringId] = set()
        grounds = Grounds()
        for first in range(0, len(subjects), RECORDED_AT_ONCE):
            part = subjects[first : first + RECORDED_AT_ONCE]
            for case in await asyncio.to_thread(self._on_record, part, opened, grounds):
                yield case

    async def _start_at(self, places: asyncio.Semaphore, beat: "_Beat", case: Case | GatheringCase) -> None:
        try:
            await self._start(case)
            beat()
        finally:
            places.release()

    def _subjects(self, assessment: str) -> tuple[Subject, ...]:
        with reading(self._engine) as connection:
            return subjects_of(connection, assessment)

    def _on_record(
        self, subjects: Sequence[Subject], opened: set[GatheringId], grounds: "Grounds"
    ) -> list[Case | GatheringCase]:
        """Record a part of the findings, with the plans that no part before has `opened`."""
        now = self._clock()
        with writing(self._engine) as connection:
            cases = put_on_record(connection, subjects, now, grounds)
            beginning = [each for each in subjects if plan_gathering(each.plan) not in opened]
            plans = put_plans_on_record(connection, beginning, now, grounds)
        opened.update(plan.state.id for plan in plans)
        return [*cases, *plans]


class _Beat:
    """Gives the server a sign of life, at most one a second."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if now - self._last >= BEAT_SECONDS:
            self._last = now
            activity.heartbeat()


def put_on_record(
    connection: Connection, subjects: Sequence[Subject], at: datetime, grounds: "Grounds | None" = None
) -> list[Case]:
    """Record that findings are issued at an aware instant, and give the cases of those whose life goes on.

    What is on record already stays as it is; `grounds` are those looked up before. Raises LookupError
    when a finding's factory, programme, assessment or their versions are not stored.
    """
    known = findings.stages(connection, (subject.finding for subject in subjects))
    grounds = grounds or Grounds()
    fresh = [
        open_case(issued(subject, ground), ground.policy, ground.calendar, at, ground.assessor)
        for subject in subjects
        if subject.finding not in known
        for ground in [grounds.of(connection, subject, at)]
    ]
    record(connection, [recording_of(case, (entry,)) for case, entry in fresh])
    recorded = (findings.case(connection, finding) for finding in known)
    going_on = [case for case in recorded if case is not None and not case.finding.ended]
    return [*(case for case, _ in fresh), *going_on]


def put_plans_on_record(
    connection: Connection, subjects: Sequence[Subject], at: datetime, grounds: "Grounds | None" = None
) -> list[GatheringCase]:
    """Record that the plans of findings are opened, and give the cases of those whose life goes on.

    None is opened for findings that the factory is not told of: its letters would tell of them. Safe to
    repeat. Raises LookupError as `put_on_record` does.
    """
    grounds = grounds or Grounds()
    calls = [
        (_plan_opened(subject, ground), ground.policy, ground.calendar, ground.assessor)
        for subject in subjects
        for ground in [grounds.of(connection, subject, at)]
        if issued(subject, ground).factory_told
    ]
    return put_gatherings_on_record(connection, calls, at)


def _plan_opened(subject: Subject, ground: "Ground") -> PlanOpened:
    return plan_opened(
        subject.plan,
        ground.factory.programme,
        ground.factory.id,
        subject.assessment,
        ground.released,
        ground.policy.version,
        ground.calendar.version,
    )


@dataclass(frozen=True, slots=True)
class Ground:
    """What all findings of one factory in one assessment have in common."""

    factory: Factory
    policy: Policy
    calendar: Calendar
    seats: tuple[Seat, ...]
    assessor: PersonId
    released: date | None = None


class Grounds:
    """Looks each factory's ground up once, for all findings of a file."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[tuple[str, str], Ground] = {}

    def of(self, connection: Connection, subject: Subject, at: datetime) -> Ground:
        """Give a finding's ground, as it stood when the first of its factory was issued, at an aware instant.

        Raises LookupError when its factory, programme, assessment or their versions are not stored.
        """
        key = (subject.assessment, subject.factory)
        if key not in self._known:
            self._known[key] = _look_up(connection, subject, at)
        return self._known[key]


def _look_up(connection: Connection, subject: Subject, at: datetime) -> Ground:
    place = factory(connection, subject.factory)
    home = programme(connection, place.programme) if place else None
    imported = assessment(connection, subject.assessment)
    if place is None or home is None or imported is None:
        message = f"finding {subject.finding}: its factory, programme or assessment is not stored"
        raise LookupError(message)
    calendar = versions.calendar(connection, place.calendar)
    seats = committee(connection, place.id, calendar.today(at))
    policy = versions.policy(connection, home.policy)
    return Ground(place, policy, calendar, seats, imported.by, imported.released)


def issued(subject: Subject, ground: Ground) -> Issued:
    """Give the fact that a finding is issued on its ground."""
    held_back = subject.severity is Severity.ZERO_TOLERANCE and not ground.policy.tell_factory_when_raised
    return Issued(
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
