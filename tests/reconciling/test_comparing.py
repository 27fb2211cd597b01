"""The reconciler: mends what is safe, reports what is not, and leaves alone what is well."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import func, update
from temporalio.testing import ActivityEnvironment

from remediation.orders import Sign
from remediation.words import FindingId, Stage
from service.reconciling.comparing import IN_A_PART, Share
from service.reconciling.schedule import SCHEDULE, ReconcilerMetrics, Rounds, keep_schedule
from service.reconciling.troubles import WAYS_OUT, Code, Report, Trouble
from storage.database import writing
from storage.tables import factory_levels, findings
from storage.tables import letters as letter_rows
from tests.life.stage import AMINA, BAO
from tests.reconciling.stage import REVISION, Ward
from tests.service.stage import LOTUS
from workflows.messages import workflow_id


async def test_it_finds_nothing_where_all_is_well(ward: Ward) -> None:
    async with ward.worker():
        for _ in range(3):
            await ward.propose(await ward.begin())
        await ward.index_knows(3)
        report = await ward.reconciler().reconcile()
    assert (report.open, report.compared, report.troubles) == (3, 3, ())


async def test_it_starts_a_terminated_workflow_again(ward: Ward) -> None:
    async with ward.worker():
        finding = await ward.begin()
        receipt = await ward.propose(finding)
        await ward.client.get_workflow_handle(workflow_id(finding)).terminate("by mistake")
        await ward.index_knows(0)

        seen = await ward.reconciler(dry=True).reconcile()
        assert [(each.code, each.subject) for each in seen.left] == [(Code.NO_WORKFLOW, finding)]
        assert not seen.for_a_person
        assert not await ward.engine.runs(finding)
        report = await ward.reconciler().reconcile()
        assert not report.left
        await ward.assert_sound()
        assert (await ward.order(finding, AMINA, Sign, revision=REVISION)).seq == receipt.seq + 1
        await ward.index_knows(1)
        assert (await ward.reconciler().reconcile()).troubles == ()


async def test_it_reports_a_stuck_finding_and_why(ward: Ward) -> None:
    finding = await ward.begin(ago=100)  # its first reminders are long due, and no worker runs
    await ward.index_knows(1)
    report = await ward.reconciler(patience=0.5).reconcile()
    codes = {each.code for each in report.for_a_person if each.subject == finding}
    assert codes == {Code.SILENT, Code.STUCK}
    assert report.mended == frozenset()
    async with ward.worker():
        while (await ward.head(finding)).seq == 1:
            pass  # asking is a call to the worker
        await ward.assert_sound()
        await ward.deliver_mail()
        assert (await ward.reconciler().reconcile()).troubles == ()


async def test_it_starts_a_workflow_again_that_is_behind_its_ledger(ward: Ward) -> None:
    async with ward.worker():
        finding, twin = await ward.begin(), await ward.begin()
        await ward.propose(finding)
        old = await ward.runs(finding)
        await ward.go_on_in_sql(finding)  # as if the server had been put back from an older copy
        await ward.index_knows(2)
        report = await ward.reconciler().reconcile()
        assert [(each.code, each.subject) for each in report.mended] == [(Code.BEHIND, finding)]
        assert await ward.runs(finding) != old
        await ward.assert_sound()
        assert (await ward.head(twin)).seq == 1


async def test_it_counts_a_factorys_level_anew_that_is_astray(ward: Ward) -> None:
    async with ward.worker():
        finding = await ward.begin()
        with writing(ward.database) as connection:
            connection.execute(
                factory_levels.insert().values(
                    factory=LOTUS, number=1, level=4, known=4, at=datetime.now(UTC), finding=finding, seq=1
                )
            )
        await ward.index_knows(1)
        report = await ward.reconciler().reconcile()
        assert [(each.code, each.subject) for each in report.mended] == [(Code.LEVEL_ASTRAY, LOTUS)]
        assert (await ward.reconciler().reconcile()).troubles == ()


async def test_an_order_is_carried_out_though_sql_holds_more_than_its_workflow(ward: Ward) -> None:
    async with ward.worker():
        finding = await ward.begin()
        await ward.propose(finding)
        await ward.go_on_in_sql(
            finding
        )  # as after a kill between the commit and the end of the workflow task
        receipt = await ward.order(finding, BAO, Sign, revision=REVISION)
        assert (receipt.facts, receipt.stage) == (("signed", "committed"), Stage.COMMITTED)
        await ward.index_knows(1)
        assert not (await ward.reconciler().reconcile()).troubles
        await ward.assert_sound()


async def test_it_rebuilds_the_read_model_from_the_ledger(ward: Ward) -> None:
    async with ward.worker():
        spoilt, lost = await ward.begin(), await ward.begin()
        await ward.propose(spoilt)
        with writing(ward.database) as connection:
            row = update(findings).where(findings.c.id == spoilt)
            changed = func.replace(findings.c.state, '"attempt":1', '"attempt":7')
            connection.execute(row.values(state=changed))
            connection.execute(findings.delete().where(findings.c.id == lost))
        report = await ward.reconciler().reconcile()
        mended = {(each.code, each.subject) for each in report.mended}
        assert mended == {(Code.ASTRAY, spoilt), (Code.ASTRAY, lost)}
        await ward.assert_sound()


async def test_it_reports_broken_chains_and_letters_that_nobody_takes(ward: Ward) -> None:
    async with ward.worker():
        finding = await ward.begin()
        long_ago = datetime.now(UTC) - timedelta(hours=2)
        with writing(ward.database) as connection:
            connection.execute(update(letter_rows).values(not_before=long_ago))
        ward.spoil_the_ledger()
        report = await ward.reconciler().reconcile()
    assert {each.code for each in report.for_a_person} == {Code.BROKEN_CHAIN, Code.LETTER_WAITS}
    assert report.mended == frozenset()
    assert [each.subject for each in report.troubles if each.code is Code.BROKEN_CHAIN] == [finding]


async def test_a_scheduled_round_counts_for_prometheus(ward: Ward) -> None:
    registry = CollectorRegistry()
    rounds = Rounds(ward.database, ward.engine, metrics=ReconcilerMetrics(registry), pause=0)
    async with ward.worker():
        finding = await ward.begin()
        await ward.client.get_workflow_handle(workflow_id(finding)).terminate("by mistake")
        await ward.index_knows(0)
        assert await ActivityEnvironment().run(rounds.reconcile) == {"no_workflow": 1}
    said = generate_latest(registry).decode()
    assert 'mendwork_reconcile_mended_total{code="no_workflow"} 1.0' in said
    assert 'mendwork_reconcile_troubles{code="no_workflow"} 0.0' in said


def test_what_a_round_left_is_shown_until_another_worker_may_know_better() -> None:
    registry, times = CollectorRegistry(), [datetime(2026, 3, 2, 9, tzinfo=UTC)]
    metrics = ReconcilerMetrics(registry, clock=lambda: times[-1])
    metrics.tell(Report(open=1, compared=1, troubles=(Trouble(Code.STUCK, "f1"),)))
    assert 'mendwork_reconcile_troubles{code="stuck"} 1.0' in generate_latest(registry).decode()
    times.append(times[0] + timedelta(minutes=21))
    assert 'mendwork_reconcile_troubles{code="stuck"} 0.0' in generate_latest(registry).decode()


async def test_the_schedule_is_made_once_and_its_rounds_run(ward: Ward) -> None:
    assert await keep_schedule(ward.engine)
    assert not await keep_schedule(ward.engine)
    async with ward.worker():
        await ward.begin()
        await ward.index_knows(1)
        handle = ward.client.get_schedule_handle(SCHEDULE)
        await handle.trigger()
        while not (actions := (await handle.describe()).info.recent_actions):
            pass  # describing is a call to the server
        action = actions[0].action
        round_ = ward.client.get_workflow_handle(action.workflow_id)  # type: ignore[attr-defined]
        assert await round_.result() == {}


def test_every_finding_has_its_turn() -> None:
    ids = [FindingId(f"f{number}") for number in range(3 * IN_A_PART - 7)]
    shares = [Share(number).of(ids) for number in range(100, 103)]
    assert max(map(len, shares)) <= IN_A_PART
    assert frozenset().union(*shares) == frozenset(ids)
    assert Share(41).of(ids[:5]) == frozenset(ids[:5])


def test_every_code_says_what_was_seen_and_what_to_do() -> None:
    runbook = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text()
    assert WAYS_OUT.keys() == set(Code)
    assert [code for code in Code if f"`{code.value}`" not in runbook] == []
