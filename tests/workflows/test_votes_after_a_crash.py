"""Votes of a meeting whose worker died once they stood in SQL: each reaches its finding, and once."""

import uuid
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from remediation.gatherings.meeting.facts import Ballot, Printed, Vote
from remediation.gatherings.meeting.orders import (
    BeginMeeting,
    PrintSheet,
    RecordAttendance,
    RecordPaper,
    VoteTogether,
    WitnessPaper,
)
from remediation.orders import Attached, Order, Propose
from remediation.policy import Policy
from remediation.words import CommandId, Digest, EvidenceId, FindingId, PersonId
from service.courier import Courier
from storage import gatherings, versions
from storage.codec import gathering_recording_of
from storage.database import reading, writing
from storage.ledger import astray, broken_chains
from tests.life.stage import ACTING, AMINA, BAO, CHLOE, DHAKA, SEATS, Life, a_stage
from tests.life.stage import Stage as Theatre

PLAN = Digest("a" * 64)
EVERYBODY = tuple(seat.person for seat in SEATS)


@pytest.fixture(scope="module")
async def theatre(
    skipping: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Theatre]:
    async with a_stage(skipping, tmp_path_factory.mktemp("stage")) as stage:
        with writing(stage.database) as connection:
            versions.keep_policy(connection, Policy())
            versions.keep_calendar(connection, DHAKA)
        yield stage


async def at_the_table(theatre: Theatre) -> tuple[Life, tuple[Life, Life]]:
    """Give a meeting in session with everybody there, and two findings with a plan on the table."""
    findings = (await theatre.begin(), await theatre.begin())
    for each in findings:
        await each.order(AMINA, Propose, revision=PLAN, actions=(each.action(),))
    meeting = await theatre.begin_meeting(days=0)
    await meeting.order(AMINA, BeginMeeting, seats=SEATS)
    await meeting.order(AMINA, RecordAttendance, present=EVERYBODY)
    return meeting, findings


def died(life: Life, person: PersonId, kind: type[Order], **fields: Any) -> Order:  # noqa: ANN401
    """Record what an order leads to, as a worker does just before it dies: nobody hears of it."""
    order = kind(id=CommandId(uuid.uuid4().hex), by=person, acting=ACTING[person], **fields)
    with writing(life.database) as connection:
        case = gatherings.case(connection, life.finding)
        assert case is not None
        after, entries = case.obey(order, datetime.now(UTC))
        gatherings.record_gatherings(connection, [gathering_recording_of(after, entries)])
    return order


async def delivered(life: Life) -> int:
    """Let the courier go round a minute later; give how many commands are decided thereby."""
    return await Courier(life.database, life.engine).deliver_all(datetime.now(UTC) + timedelta(minutes=1))


def votes(*findings: Life) -> tuple[Vote, ...]:
    return tuple(Vote(finding=FindingId(each.finding), revision=PLAN) for each in findings)


async def test_votes_given_together_arrive_once_though_nobody_was_left_to_bring_them(
    theatre: Theatre,
) -> None:
    meeting, findings = await at_the_table(theatre)
    orders = [died(meeting, person, VoteTogether, votes=votes(*findings)) for person in (AMINA, BAO)]
    assert all(each.ledger() == ["issued", "proposed"] for each in findings), "nothing has arrived"
    assert await delivered(meeting) == 4
    for order in orders:
        assert (await meeting.engine.give(meeting.finding, order)).facts == ("voted_together",)
    assert await delivered(meeting) == 0, "whoever goes round again finds nothing to do"
    for each in findings:
        assert Counter(each.ledger())["signed"] == 2
        assert each.ledger()[-1] == "committed"
    assert meeting.ledger()[-2:] == ["voted_together"] * 2
    nothing_is_wrong(meeting)


async def test_what_was_witnessed_on_paper_arrives_once_as_well(theatre: Theatre) -> None:
    meeting, findings = await at_the_table(theatre)
    lines = tuple(Printed(finding=each.finding, revision=each.revision) for each in votes(*findings))
    await meeting.order(AMINA, PrintSheet, lines=lines)
    ballots = tuple(Ballot(person=person, signs=(1, 2)) for person in (AMINA, BAO))
    photo = Attached(id=EvidenceId("e"), digest=Digest("b" * 64))
    await meeting.order(AMINA, RecordPaper, sheet=1, ballots=ballots, files=(photo,))
    order = died(meeting, CHLOE, WitnessPaper, paper=1)
    assert await delivered(meeting) == 4
    receipt = await meeting.engine.give(meeting.finding, order)
    assert receipt.facts == ("paper_witnessed", "voted_together", "voted_together")
    assert await delivered(meeting) == 0
    assert all(Counter(each.ledger())["signed"] == 2 for each in findings)
    nothing_is_wrong(meeting)


def nothing_is_wrong(meeting: Life) -> None:
    with reading(meeting.database) as connection:
        assert not broken_chains(connection)
        assert meeting.finding not in astray(connection)
