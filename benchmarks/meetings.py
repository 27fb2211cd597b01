"""A committee commits forty findings in one go: from the last vote until every finding is committed."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from time import perf_counter
from typing import Any

from activities.opening import put_gatherings_on_record
from benchmarks.measure import Bench
from benchmarks.worker import OURS
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.gathering import Kind, gathering_id
from remediation.gatherings.meeting.facts import MeetingCalled, Vote
from remediation.gatherings.meeting.orders import BeginMeeting, RecordAttendance, VoteTogether
from remediation.orders import Order, PlannedAction, Propose, Sign, verb
from remediation.policy import Policy
from remediation.words import (
    ActionId,
    ActionKind,
    CommandId,
    Digest,
    FactoryId,
    FindingId,
    PersonId,
    ProgrammeId,
    Role,
    Severity,
)
from service.commands import deliver
from service.engine import Engine
from service.votes import deliver_votes
from storage import commands
from storage.codec import order_json, recording_of
from storage.commands import Command
from storage.database import writing
from storage.recording import record
from tests.life.stage import ACTING, AMINA, BAO, DHAKA, SEATS, a_case
from workflows.messages import Receipt

FORTY = 40
PLAN = Digest("a" * 64)


async def forty(bench: Bench) -> float:
    """Give how many seconds it takes (40 findings, proposed and signed by the other side before)."""
    engine, at = Engine(bench.client, patience=60, task_queue=OURS), datetime.now(UTC)
    findings = await asyncio.gather(*(_signed_once(bench, engine, at) for _ in range(FORTY)))
    meeting = await _in_session(bench, engine, at)
    votes = tuple(Vote(finding=each, revision=PLAN) for each in findings)
    command = await asyncio.to_thread(_received, bench, meeting, _order(BAO, VoteTogether, votes=votes))
    began = perf_counter()
    await deliver(engine, bench.database, command)
    answers = await deliver_votes(engine, bench.database, command)
    took = perf_counter() - began
    committed = sum(isinstance(each, Receipt) and "committed" in each.facts for each in answers)
    if committed < FORTY:
        message = f"only {committed} of {FORTY} findings were committed"
        raise RuntimeError(message)
    return took


async def _signed_once(bench: Bench, engine: Engine, at: datetime) -> FindingId:
    case, entry = a_case(FindingId(uuid.uuid4().hex), Severity.MAJOR, at)

    def put() -> None:
        with writing(bench.database) as connection:
            record(connection, [recording_of(case, (entry,))])

    await asyncio.to_thread(put)
    await engine.start(case)
    due = DHAKA.today(at) + timedelta(days=60)
    action = PlannedAction(id=ActionId("a1"), kind=ActionKind.CORRECTIVE, owner=BAO, due=due)
    finding = case.finding.id
    await engine.give(finding, _order(AMINA, Propose, revision=PLAN, actions=(action,)))
    await engine.give(finding, _order(AMINA, Sign, revision=PLAN))
    return finding


async def _in_session(bench: Bench, engine: Engine, at: datetime) -> GatheringCase:
    called = MeetingCalled(
        gathering=gathering_id(Kind.MEETING, uuid.uuid4().hex),
        programme=ProgrammeId("better"),
        factory=FactoryId("dhaka"),
        policy=Policy().version,
        calendar=DHAKA.version,
        acting=Role.WORKER_CO_CHAIR,
        seats=SEATS,
        starts=at,
        length=90,
    )

    def put() -> GatheringCase:
        with writing(bench.database) as connection:
            (case,) = put_gatherings_on_record(connection, [(called, Policy(), DHAKA, AMINA)], at)
        return case

    case = await asyncio.to_thread(put)
    await engine.start(case)
    everybody = tuple(seat.person for seat in SEATS)
    await engine.give(called.gathering, _order(AMINA, BeginMeeting, seats=SEATS))
    await engine.give(called.gathering, _order(AMINA, RecordAttendance, present=everybody))
    return case


def _received(bench: Bench, meeting: GatheringCase, order: Order) -> Command:
    command = Command(
        id=order.id,
        person=order.by,
        key=order.id,
        finding=meeting.state.id,
        verb=verb(type(order)),
        order=order_json(order),
        digest=sha256(order.id.encode()).hexdigest(),
        received_at=datetime.now(UTC),
    )
    with writing(bench.database) as connection:
        return commands.receive(connection, command)


def _order(by: PersonId, kind: type[Order], **fields: Any) -> Order:  # noqa: ANN401 - of any order
    return kind(id=CommandId(uuid.uuid4().hex), by=by, acting=ACTING[by], **fields)
