"""Either store is lost or put back from an older copy: everything goes on, and nothing is sent twice."""

from pathlib import Path

from remediation.gatherings.plan import FilePlan
from remediation.orders import Cease, Sign
from remediation.words import CommandId, NoteId
from service.reconciling import temporal
from service.reconciling.resurrecting import Remedy
from service.reconciling.troubles import Code
from tests.life.stage import AMINA, BAO, TOMAS
from tests.reconciling.stage import REVISION, Ward
from workflows.messages import workflow_id


async def test_a_lost_temporal_store_is_rebuilt_with_the_same_dates_and_nothing_sent_twice(
    ward: Ward,
) -> None:
    async with ward.worker():
        fresh, proposed, committed = [await ward.begin() for _ in range(3)]
        plan = await ward.begin_plan()
        filed = await ward.order(plan, BAO, FilePlan, id=CommandId("file"))
        click = CommandId("click")
        first = await ward.propose(proposed, id=click)
        await ward.commit(committed)
        sent = await ward.deliver_mail()
    wakes = ward.wakes()

    await ward.lose_temporal()
    done = await ward.resurrect()
    assert {each.finding for each in done.of(Remedy.STARTED)} == {fresh, proposed, committed, plan}
    async with ward.worker():
        assert ward.wakes() == wakes
        await ward.assert_sound()
        assert await ward.deliver_mail() == sent > 0
        assert await ward.propose(proposed, id=click) == first, (
            "an order given again is not carried out twice"
        )
        assert await ward.order(plan, BAO, FilePlan, id=CommandId("file")) == filed
        assert (await ward.order(proposed, AMINA, Sign, revision=REVISION)).seq == first.seq + 1
        await ward.assert_sound()
    assert not [each for each in (await ward.resurrect()).outcomes if each.remedy is not Remedy.FINE]


async def test_an_older_temporal_store_gives_way_to_sql(ward: Ward, tmp_path: Path) -> None:
    async with ward.worker():
        behind, untouched = await ward.begin(), await ward.begin()
        await ward.propose(behind)
    ward.server.stop()
    ward.copy_temporal(tmp_path / "copy")
    await ward.restart_server()
    async with ward.worker():
        await ward.order(behind, AMINA, Sign, revision=REVISION)
        new = await ward.begin()
        sent = await ward.deliver_mail()
    wakes = ward.wakes()

    await ward.put_back_temporal(tmp_path / "copy")
    done = await ward.resurrect()
    assert {each.finding for each in done.of(Remedy.STARTED)} == {behind, new}
    assert [each.finding for each in done.of(Remedy.FINE)] == [untouched]
    async with ward.worker():
        assert ward.wakes() == wakes
        await ward.assert_sound()
        assert await ward.deliver_mail() == sent


async def test_an_older_database_is_rebuilt_from_the_workflows_and_nothing_sent_twice(
    ward: Ward, tmp_path: Path
) -> None:
    async with ward.worker():
        moved, still, plan = await ward.begin(), await ward.begin(), await ward.begin_plan()
        await ward.propose(moved)  # its letters wait when the copy is made, and leave afterwards
        ward.copy_sql(tmp_path / "hour-ago.db")
        await ward.order(moved, AMINA, Sign, revision=REVISION)
        await ward.order(plan, BAO, FilePlan)
        born, opened = await ward.begin(), await ward.begin_plan()
        await ward.commit(born)
        sent = await ward.deliver_mail()
        while not {moved, still, plan, born, opened} <= await temporal.running(ward.engine):
            pass  # the server's index lags; asking it is a call
    wakes = ward.wakes()

    ward.put_back_sql(tmp_path / "hour-ago.db")
    assert ward.wakes().keys() == {moved, still}
    seen = await ward.resurrect(dry=True)
    assert ward.wakes().keys() == {moved, still}, "a dry run changes nothing"
    done = await ward.resurrect(older_sql=True)
    assert seen.outcomes == done.outcomes
    assert {each.finding for each in done.of(Remedy.RECOVERED)} == {moved, plan, born, opened}
    async with ward.worker():
        assert ward.wakes() == wakes
        await ward.assert_sound()
        assert await ward.deliver_mail() == sent > 0
        assert {reason for state, reason in ward.letter_states() if state == "skipped"} == {"recovered"}
        await ward.order(moved, BAO, Sign, revision=REVISION)
        assert await ward.deliver_mail() > sent, "what happens from now on is told as ever"
        await ward.assert_sound()
    again = await ward.resurrect(older_sql=True)
    assert {each.remedy for each in again.outcomes} == {Remedy.FINE}


async def test_a_finding_that_ended_since_the_copy_was_made_is_ended_again(
    ward: Ward, tmp_path: Path
) -> None:
    async with ward.worker():
        ceased = await ward.begin()
        await ward.propose(ceased)
        ward.copy_sql(tmp_path / "hour-ago.db")
        await ward.order(ceased, TOMAS, Cease, reason=NoteId("n1"))
        await ward.client.get_workflow_handle(workflow_id(ceased)).result()
        sent = await ward.deliver_mail()

    ward.put_back_sql(tmp_path / "hour-ago.db")
    report = await ward.reconciler().reconcile()
    assert [each.code for each in report.for_a_person] == [Code.ENDED_EARLY]
    done = await ward.resurrect(older_sql=True)
    assert [each.remedy for each in done.outcomes] == [Remedy.RECOVERED]
    assert ward.wakes() == {ceased: None}
    assert await ward.deliver_mail() == sent
    assert (await ward.reconciler().reconcile()).troubles == ()


async def test_what_ran_on_before_sql_was_rebuilt_leaves_no_gap(ward: Ward, tmp_path: Path) -> None:
    async with ward.worker():
        finding = await ward.begin()
        ward.copy_sql(tmp_path / "hour-ago.db")
        await ward.propose(finding)
        await ward.deliver_mail()
    ward.put_back_sql(tmp_path / "hour-ago.db")
    async with ward.worker():
        await ward.order(finding, AMINA, Sign, revision=REVISION)
        report = await ward.reconciler().reconcile()
        assert {each.code for each in report.for_a_person} >= {Code.AHEAD, Code.BROKEN_CHAIN}
        done = await ward.resurrect()
        assert [each.remedy for each in done.outcomes] == [Remedy.RECOVERED]
        await ward.assert_sound()
        assert (await ward.reconciler().reconcile()).troubles == ()
