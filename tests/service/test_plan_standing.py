"""A plan as a whole: who files it, on its page and by the API, and the reports that people read."""

import uuid
from datetime import UTC, datetime, timedelta

from activities.opening import put_gatherings_on_record
from remediation.gatherings.plan import ReportProgress, Tally, plan_opened
from remediation.policy import Policy
from remediation.words import SYSTEM, CommandId, PlanId, Role, Stage
from service.engine import Engine
from storage import gatherings
from storage.codec import gathering_recording_of
from storage.database import writing
from tests.life.stage import DHAKA
from tests.service.browsing import Reader, browser, done
from tests.service.stage import AMINA, BAO, BUYER, CHLOE, LOTUS, NEIGHBOUR, OUTSIDER, PROGRAMME, Live, key

TALLY = Tally(stages={Stage.COMMITTED: 2, Stage.SUSTAINED: 1}, overdue=1)


async def open_plan(live: Live, *, ago: float = 0) -> PlanId:
    """Open a plan with one finding so many days ago, and let its life begin."""
    plan, at = PlanId(f"p-{uuid.uuid4().hex[:8]}"), datetime.now(UTC) - timedelta(days=ago)
    await live.begin(plan=plan)
    opened = plan_opened(plan, PROGRAMME, LOTUS, "as-1", None, Policy().version, DHAKA.version)
    with writing(live.theatre.database) as connection:
        (case,) = put_gatherings_on_record(connection, [(opened, Policy(), DHAKA, CHLOE)], at)
    await Engine(live.client, task_queue=live.queue).start(case)
    return plan


async def test_the_committee_files_its_plan_on_the_page(live: Live) -> None:
    plan = await open_plan(live)
    async with browser(live.theatre, AMINA) as client:
        page = Reader((await client.get(f"/plans/{plan}")).text)
        assert "The plan is to be filed by" in page.text
        assert f"/plans/{plan}/file-plan" in page.links
        form = Reader((await client.get(f"/plans/{plan}/file-plan")).text).forms[-1]
        places = set()
        for _ in range(2):  # a second click has one effect
            answer = await client.post(form.action, data=form.data)
            assert answer.status_code == 303
            places.add(answer.headers["Location"])
        after = Reader((await client.get(places.pop())).text)
        assert not places
        assert "Filed on" in after.text
        assert "Done: File the improvement plan" in after.text
        assert f"/plans/{plan}/file-plan" not in after.links
        late = await client.post(form.action, data=form.data | {"key": ["another"], "version": [""]})
    assert late.status_code == 409
    assert "The improvement plan is filed already." in late.text
    assert live.theatre.ledger(f"plan:{plan}") == ["plan_opened", "plan_filed"]


async def test_who_may_not_file_it_is_told_so_or_sees_nothing(live: Live) -> None:
    plan = await open_plan(live)
    path = f"/api/v1/plans/{plan}"
    for person, expected in ((CHLOE, 403), (BUYER, 403), (NEIGHBOUR, 404), (OUTSIDER, 404)):
        async with live.theatre.act(person) as client:
            answer = await client.post(f"{path}/file-plan", json={}, headers=key())
        assert answer.status_code == expected, person
    for person, expected in ((BUYER, 200), (NEIGHBOUR, 404), (OUTSIDER, 404)):
        async with live.theatre.act(person) as client:
            assert (await client.get(f"{path}/standing")).status_code == expected, person


async def test_the_api_files_a_plan_and_tells_its_standing(live: Live) -> None:
    plan = await open_plan(live)
    async with live.theatre.act(BAO) as client:
        before = (await client.get(f"/api/v1/plans/{plan}/standing")).json()
        stray = await client.post(f"/api/v1/plans/{plan}/file-plan", json={"at": "x"}, headers=key())
        filed = await client.post(
            f"/api/v1/plans/{plan}/file-plan", json={}, headers=key() | {"If-Match": '"1"'}
        )
        after = (await client.get(f"/api/v1/plans/{plan}/standing")).json()
        told = (await client.get(f"/api/v1/commands/{filed.json()['command']}")).json()
    assert (before["stage"], before["version"], before["level"], before["reports"]) == ("awaited", 1, 0, [])
    assert stray.status_code == 422
    assert (filed.status_code, filed.headers["ETag"], filed.json()["stage"]) == (200, '"2"', "filed")
    assert (after["stage"], after["version"], told["facts"]) == ("filed", 2, ["plan_filed"])
    assert after["filed_at"]


async def test_a_plan_that_is_late_waits_for_who_owes_it_and_for_who_was_told(live: Live) -> None:
    plan = await open_plan(live, ago=32)
    for person, verb in ((BAO, "file-plan"), (CHLOE, "acknowledge")):
        async with browser(live.theatre, person) as client:
            waiting = Reader((await client.get("/")).text)
        assert f"/plans/{plan}/{verb}" in waiting.links
        assert "Improvement plan" in waiting.text
    for person in (AMINA, NEIGHBOUR, OUTSIDER, BUYER):
        async with browser(live.theatre, person) as client:
            assert f"/plans/{plan}" not in (await client.get("/")).text


async def test_the_advisor_acknowledges_a_plan_that_is_late_and_may_put_its_next_step_off(live: Live) -> None:
    plan = await open_plan(live, ago=32)
    async with browser(live.theatre, CHLOE) as client:
        page = Reader((await client.get(f"/plans/{plan}")).text)
        form = Reader((await client.get(f"/plans/{plan}/snooze")).text).forms[-1]
        unread = await client.post(form.action, data=form.data | {"obligation": ["file_plan"]})
        await done(client, f"/plans/{plan}/acknowledge", obligation="file_plan")
        stale = await client.post(form.action, data=form.data | {"days": ["2"], "reason": ["On leave."]})
        await done(client, f"/plans/{plan}/snooze", days="2", reason="Eid.")
    assert "The plan was to be filed by" in page.text
    assert f"/plans/{plan}/acknowledge" in page.links
    assert (unread.status_code, "needs another look" in unread.text) == (422, True)
    assert (stale.status_code, "Somebody else has acted" in stale.text) == (412, True)
    assert live.theatre.ledger(f"plan:{plan}")[-2:] == ["acknowledged", "snoozed"]
    async with live.theatre.act(CHLOE) as client:
        standing = (await client.get(f"/api/v1/plans/{plan}/standing")).json()
    assert standing["level"] == 2


async def test_a_report_is_read_by_all_who_see_the_plan(live: Live) -> None:
    plan = await open_plan(live)
    with writing(live.theatre.database) as connection:
        case = gatherings.case(connection, f"plan:{plan}")
        assert case is not None
        order = ReportProgress(id=CommandId("r"), by=SYSTEM, acting=Role.SYSTEM, number=1, tally=TALLY)
        after, entries = case.obey(order, datetime.now(UTC) + timedelta(days=40))
        gatherings.record_gatherings(connection, [gathering_recording_of(after, entries)])
    for person in (BAO, CHLOE, BUYER):
        async with browser(live.theatre, person) as client:
            page = Reader((await client.get(f"/plans/{plan}")).text)
            assert f"/plans/{plan}/reports/1" in page.links
            report = await client.get(f"/plans/{plan}/reports/1")
            missing = await client.get(f"/plans/{plan}/reports/2")
        assert Reader(report.text).text.count("Progress report 1") == 1
        assert (report.status_code, missing.status_code) == (200, 404)
    async with browser(live.theatre, BAO) as client:
        paper = await client.get(f"/plans/{plan}/reports/1/paper")
    assert paper.status_code == 200, paper.text
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    async with live.theatre.act(BUYER) as client:
        told = (await client.get(f"/api/v1/plans/{plan}/standing")).json()
    assert told["next_report"] is None
    assert [(each["number"], each["findings"], each["completed"]) for each in told["reports"]] == [(1, 3, 1)]
