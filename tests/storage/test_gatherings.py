"""Gatherings in SQL, on both databases: recorded once, read back, looked at by the steward and reconciler."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, delete, update

from activities.opening import put_gatherings_on_record
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.gathering import Kind
from remediation.gatherings.plan import FilePlan, plan_opened
from remediation.permissions import Reach
from remediation.policy import Policy
from remediation.words import (
    CommandId,
    FactoryId,
    GatheringId,
    PlanId,
    PlanStage,
    ProgrammeId,
    Role,
    Severity,
    Stage,
)
from storage import gatherings, ledger, letters, subjects
from storage.codec import gathering_recording_of
from storage.database import reading, writing
from storage.findings import EVERYWHERE, NOWHERE
from storage.gatherings import Asked
from storage.ledger import LedgerUnreadable
from storage.plan_news import plan_news, tally
from storage.recording import LedgerForked, record
from storage.tables import gatherings as rows
from storage.tables import waits
from tests.storage.builders import BAO, CHLOE, DHAKA, MONDAY, a_life, agreed, recordings

PLAN = GatheringId("plan:plan-1")


def opened(connection: Connection, plan: str = "plan-1") -> GatheringCase:
    policy = Policy()
    places = (ProgrammeId("bd"), FactoryId("lotus"), "a-1", None, policy.version, DHAKA.version)
    call = (plan_opened(PlanId(plan), *places), policy, DHAKA, CHLOE)
    (case,) = put_gatherings_on_record(connection, [call], MONDAY)
    return case


def filed(case: GatheringCase) -> tuple[GatheringCase, object]:
    order = FilePlan(id=CommandId("c1"), by=BAO, acting=Role.MANAGER)
    after, entries = case.obey(order, MONDAY + timedelta(days=1))
    return after, gathering_recording_of(after, entries)


def test_it_is_opened_once_and_reads_back_as_its_ledger_adds_up_to(cast: Engine) -> None:
    with writing(cast) as connection:
        case = opened(connection)
    with writing(cast) as connection:
        assert opened(connection) == case, "what is on record stays as it is"
    with reading(cast) as connection:
        assert gatherings.case(connection, PLAN) == gatherings.refold(connection, PLAN) == case
        assert subjects.case(connection, PLAN) == subjects.refold(connection, PLAN)
        assert (subjects.seq_of(connection, PLAN), subjects.seq_of(connection, GatheringId("plan:no"))) == (
            1,
            0,
        )
        assert gatherings.case(connection, "plan:no") is None
        assert gatherings.find(connection, "plan:no") is None
        with pytest.raises(LedgerUnreadable):
            gatherings.refold(connection, "plan:no")


def test_recording_it_twice_changes_nothing_and_a_fork_is_refused(cast: Engine) -> None:
    with writing(cast) as connection:
        after, recording = filed(opened(connection))
        gatherings.record_gatherings(connection, [recording, recording])  # type: ignore[list-item]
    with writing(cast) as connection:
        gatherings.record_gatherings(connection, [recording])  # type: ignore[list-item]
        assert gatherings.case(connection, PLAN) == after
        kinds = [each.kind.value for each in letters.of_finding(connection, PLAN)]
        assert kinds == ["plan_filed"] * 4
        assert not ledger.broken_chains(connection)
        assert list(subjects.stages(connection, PLAN))[-1][1] is PlanStage.FILED
        assert subjects.stage_at(connection, PLAN, 1) is PlanStage.AWAITED
    other, entries = after.keep_time(MONDAY + timedelta(days=400))
    assert (other, entries) == (after, ())
    late = FilePlan(id=CommandId("c2"), by=BAO, acting=Role.MANAGER)
    with reading(cast) as connection:
        before = gatherings.refold(connection, PLAN, until=1)
    fork = gathering_recording_of(*before.obey(late, MONDAY + timedelta(days=2)))
    with pytest.raises(LedgerForked), writing(cast) as connection:
        gatherings.record_gatherings(connection, [fork])


def test_a_row_that_is_not_what_its_ledger_adds_up_to_is_seen(cast: Engine) -> None:
    with writing(cast) as connection:
        opened(connection)
        assert gatherings.astray(connection) == ()
        connection.execute(delete(waits).where(waits.c.finding == PLAN))
        assert gatherings.astray(connection) == (PLAN,), "what waits is not what should"
        connection.execute(update(rows).values(state=rows.c.state + " "))
        connection.execute(update(rows).values(policy="no-such-policy"))
        assert gatherings.astray(connection, [PLAN]) == (PLAN,)


def test_a_list_has_what_may_be_seen_and_is_asked_for(cast: Engine) -> None:
    with writing(cast) as connection:
        opened(connection)
        opened(connection, "plan-2")
        elsewhere = Reach(factories=frozenset({"jasmine"}))
        every = gatherings.listed(connection, Asked(), visible=EVERYWHERE, restricted=NOWHERE)
        asked = Asked(kind=Kind.PLAN, own=["plan-2"], ended=False)
        one = gatherings.listed(connection, asked, visible=EVERYWHERE, restricted=EVERYWHERE)
        none = gatherings.listed(connection, Asked(), visible=elsewhere, restricted=elsewhere)
    assert [each.own for each in every] == ["plan-1", "plan-2"]
    assert [(each.own, each.next_due_day, each.looks_at is not None) for each in one] == [
        ("plan-2", every[0].next_due_day, True)
    ]
    assert none == ()


def test_the_steward_hears_what_the_findings_add_up_to(cast: Engine) -> None:
    lives = [agreed(a_life("f1")), agreed(a_life("f2"))]
    alarm = a_life("f3", severity=Severity.ZERO_TOLERANCE, factory_told=False)
    with writing(cast) as connection:
        opened(connection)
        assert plan_news(connection, MONDAY) == (), "a plan without findings has no news"
        record(connection, recordings([*lives, alarm]))
        (news,) = plan_news(connection, MONDAY)
        assert (news.plan, news.all_committed, news.all_ended, news.report_due) == (
            "plan-1",
            True,
            False,
            False,
        )
        assert tally(connection, news.plan, MONDAY).stages == {Stage.COMMITTED: 2}, "without the alarm"
        assert tally(connection, PlanId("plan-9"), MONDAY).findings == 0
        (later,) = plan_news(connection, datetime(2026, 4, 2, tzinfo=UTC))
        assert (later.report_due, later.reports) == (True, 0)
