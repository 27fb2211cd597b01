"""Verification visits over the service: planned, hidden or announced, recorded, refused, reported."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response

from activities.mailroom import Mailroom, MailroomSettings
from notifications.postman import MailServer, Security
from remediation.gatherings.visit.facts import VisitPlanned
from remediation.words import FindingId, PersonId, PlanId
from service import feeding
from service.auth import Caller
from service.engine import Engine
from storage import letters, messages, people
from storage.database import reading
from tests.rules.cast import a_closed_case
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    BUYER,
    CHLOE,
    DHAKA,
    HOST,
    LOTUS,
    NEIGHBOUR,
    PROGRAMME,
    TOMAS,
    Live,
    key,
    token_of,
)
from tests.storage.builders import Life

FIX, EVIDENCE = "report-fixed", ["Photo 12 in the safety folder"]


def today(days: int = 0) -> str:
    """Give a local day of the factory, so many from today."""
    return (datetime.now(UTC) + timedelta(hours=6, days=days)).date().isoformat()


async def fixed(live: Live) -> str:
    """Take a finding to a reported fix."""
    finding = await live.begin()
    await live.agree(finding)
    done = {"action": "a1", "percent": 100, "evidence": EVIDENCE}
    assert (await live.say(BAO, finding, "record-progress", **done)).status_code == 200
    assert (await live.say(BAO, finding, FIX, evidence=EVIDENCE)).status_code == 200
    return finding


async def planned(live: Live, *findings: str, announced: bool, on: int = 0) -> str:
    """Let Chloé plan a visit, and give its id."""
    body = {"factory": LOTUS, "on": today(on), "announced": announced, "findings": findings}
    async with live.theatre.act(CHLOE) as client:
        answer = await client.post("/api/v1/visits", json=body, headers=key())
    assert answer.status_code == 201, answer.text
    visit: str = answer.json()["visit"]
    return visit


async def say(live: Live, person: PersonId, visit: str, verb: str, **body: Any) -> Response:  # noqa: ANN401
    async with live.theatre.act(person) as client:
        return await client.post(f"/api/v1/visits/{visit}/{verb}", json=body, headers=key())


async def look(live: Live, person: PersonId, path: str) -> Response:
    """Read an address as a program does, or a page as a browser does."""
    if path.startswith("/api/"):
        async with live.theatre.act(person) as client:
            return await client.get(path)
    async with live.theatre.act(None, Accept="text/html") as client:
        client.cookies.set("mendwork", token_of(person))
        return await client.get(path)


async def stage_of(live: Live, finding: str) -> str:
    stage: str = (await look(live, CHLOE, f"/api/v1/findings/{finding}")).json()["stage"]
    return stage


def outcome(finding: str, verdict: str, **told: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"finding": finding, "verdict": verdict, "evidence": EVIDENCE, **told}


async def test_a_visit_takes_its_outcomes_to_the_findings_and_tells_what_they_said(live: Live) -> None:
    passes, partly, fails, other = [await fixed(live) for _ in range(4)]
    visit = await planned(live, passes, partly, fails, other, announced=True)
    assert await stage_of(live, passes) == "verifying"  # the factory knows: each fix is booked
    assert (await say(live, CHLOE, visit, "begin-visit", on=today())).status_code == 200
    # Tomas looks at one by himself meanwhile; the visit's own outcome for it is refused, and kept.
    assert (
        await live.say(TOMAS, other, "verify", verdict="pass", modality="on_site", evidence=EVIDENCE)
    ).is_success
    remains = [{"id": "a1", "verdict": "fail", "due": today(20)}]
    for body in (
        outcome(passes, "pass", note="The exit is open."),
        outcome(partly, "partial", actions=remains),
        outcome(fails, "fail"),
        outcome(other, "fail"),
    ):
        assert (await say(live, CHLOE, visit, "record-outcome", **body)).status_code == 200
    stages = [await stage_of(live, each) for each in (passes, partly, fails, other)]
    assert stages == ["closed", "committed", "under_review", "closed"]
    shown = (await look(live, CHLOE, f"/api/v1/visits/{visit}")).json()
    said = {each["finding"]: each["outcomes"][-1] for each in shown["lines"]}
    assert {of: each["delivery"] for of, each in said.items()} == {
        passes: "taken",
        partly: "taken",
        fails: "taken",
        other: "refused",
    }
    assert said[other]["code"] == "not_at_this_stage"
    # Two advisors record the same finding: one typed refusal, and the first outcome stands.
    again = await say(live, TOMAS, visit, "record-outcome", **outcome(passes, "fail"))
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    assert live.theatre.ledger(passes).count("verified") == 1

    assert (await say(live, CHLOE, visit, "end-visit", summary="Two exits are open.")).status_code == 200
    for person in (CHLOE, AMINA):
        report = await look(live, person, f"/visits/{visit}/report")
        assert report.status_code == 200
        assert "Two exits are open." in report.text
    assert "The finding did not accept it" not in report.text  # staff matters, not Amina's
    late = await say(live, CHLOE, visit, "record-outcome", **outcome(other, "pass"))
    assert late.json()["code"] == "not_at_this_stage"


async def test_the_factory_sees_nothing_of_an_unannounced_visit_until_it_begins(live: Live) -> None:
    finding = await fixed(live)
    before = await look(live, BAO, f"/api/v1/findings/{finding}")
    visit = await planned(live, finding, announced=False)
    paths = [f"/visits/{visit}", f"/visits/{visit}/report", f"/api/v1/visits/{visit}"]
    for person in (BAO, AMINA, NEIGHBOUR, BUYER):
        assert [(await look(live, person, path)).status_code for path in paths] == [404] * 3
        assert visit not in (await look(live, person, "/api/v1/visits")).text
        assert visit not in (await look(live, person, "/visits")).text
        answer = await say(live, person, visit, "begin-visit", on=today())
        assert answer.status_code == 404
    after = await look(live, BAO, f"/api/v1/findings/{finding}")
    assert (after.json(), after.headers["ETag"]) == (before.json(), before.headers["ETag"])
    everywhere = ("/", "/findings", f"/findings/{finding}", f"/factories/{LOTUS}", "/plans")
    programs = (f"/api/v1/findings/{finding}/timeline", f"/api/v1/factories/{LOTUS}")
    for path in (*everywhere, *programs):
        assert visit not in (await look(live, BAO, path)).text, path
    room = Mailroom(live.theatre.database, MailroomSettings(server=NO_SERVER, public_url=HOST))
    await room.address(datetime.now(UTC))
    told = {person for person in (*FACTORY_PEOPLE, CHLOE) if told_of_visits(live, person)}
    assert told == {CHLOE}, "no letter of a visit that is not announced goes to the factory"
    assert visit in (await look(live, CHLOE, "/visits")).text
    assert (await say(live, CHLOE, visit, "begin-visit", on=today())).status_code == 200
    for person in (BAO, AMINA):
        assert (await look(live, person, f"/visits/{visit}")).status_code == 200
    assert (await look(live, NEIGHBOUR, f"/visits/{visit}")).status_code == 404
    assert (await look(live, BUYER, f"/visits/{visit}")).status_code == 404
    turned_away = {"hindrance": "access_refused", "reason": "The gate stayed shut."}
    assert (await say(live, CHLOE, visit, "cancel-visit", **turned_away)).is_success


NO_SERVER = MailServer(host="localhost", port=1, sender="a@b.example", security=Security.NONE)
FACTORY_PEOPLE = (BAO, BINH, AMINA, ASHA)


def told_of_visits(live: Live, person: PersonId) -> bool:
    """Tell whether a message to somebody, sent or not, is about a visit that is not announced."""
    with reading(live.theatre.database) as connection:
        carried = [letters.carried_by(connection, each.id) for each in messages.of_person(connection, person)]
        facts = [each.fact for several in carried for each in several]
    return any(isinstance(each, VisitPlanned) and not each.announced for each in facts)


async def test_checks_that_fall_due_come_onto_the_agenda_and_what_was_seen_reaches_the_findings(
    live: Live,
) -> None:
    held, broke = [await closed_two_days_ago(live, name) for name in ("f-held", "f-broke")]
    visit = await planned(live, await fixed(live), announced=False, on=80)  # so late is when they are due
    shown = (await look(live, CHLOE, f"/api/v1/visits/{visit}")).json()
    checks = {each["finding"]: each["check"] for each in shown["lines"]}
    assert (checks[held], checks[broke]) == ("effectiveness", "effectiveness")
    assert (await say(live, CHLOE, visit, "begin-visit", on=today())).is_success
    partial = await say(live, CHLOE, visit, "record-outcome", **outcome(broke, "partial"))
    assert partial.json()["code"] == "field_invalid"
    for finding, verdict in ((held, "pass"), (broke, "fail")):
        assert (await say(live, CHLOE, visit, "record-outcome", **outcome(finding, verdict))).is_success
    assert live.theatre.ledger(held)[-2:] == ["effectiveness_checked", "ended"]
    assert live.theatre.ledger(broke)[-2:] == ["effectiveness_checked", "reopened"]
    assert await stage_of(live, held) == "sustained"
    again = (await look(live, CHLOE, f"/api/v1/findings/{broke}")).json()
    assert (again["stage"], again["attempt"], again["severity"]) == ("under_review", 2, "critical")
    assert (await say(live, CHLOE, visit, "end-visit")).is_success
    report = (await look(live, CHLOE, f"/visits/{visit}/report")).text
    assert "the fix did not hold" in report.lower()


async def closed_two_days_ago(live: Live, finding: str) -> str:
    """Let the life of a finding go on that was verified two days ago; its check is due in 88 days."""
    where: dict[str, Any] = {"programme": PROGRAMME, "factory": LOTUS, "plan": PlanId("plan-1")}
    at = datetime.now(UTC) - timedelta(days=2)
    about: dict[str, Any] = {"finding": FindingId(finding), "point": "emergency-preparedness"}
    story = a_closed_case(calendar=DHAKA, at=at, **where, **about)
    live.theatre.keep(Life(story.case, tuple(story.entries)))
    await Engine(live.client, task_queue=live.queue).start(story.case)
    return finding


async def feed_of(live: Live, person: PersonId) -> list[Any]:
    """Give the entries of somebody's calendar, as the program that keeps it reads them."""
    context = live.theatre.app.state.context
    with reading(live.theatre.database) as connection:
        actor = people.actor(connection, person, context.clock())
        (known,) = people.people_of(connection, [person]).values()
        caller = Caller(person=known, actor=actor)
        return feeding.entries(connection, caller, "", context.clock(), "https://mendwork.example")


async def test_an_announced_visit_stands_in_calendars_under_one_uid(
    live: Live,
) -> None:
    finding = await fixed(live)
    visit = await planned(live, finding, announced=True, on=5)
    before = {str(each["UID"]): each for each in await feed_of(live, BAO)}
    put_off = {"on": today(9), "hindrance": "factory", "reason": "An audit is on that day."}
    assert (await say(live, CHLOE, visit, "postpone-visit", **put_off)).is_success
    after = {str(each["UID"]): each for each in await feed_of(live, BAO)}
    at = f"https://mendwork.example/visits/{visit}"
    moved = [
        (uid, before[uid].DTSTART.isoformat(), each.DTSTART.isoformat())
        for uid, each in after.items()
        if str(each.get("URL")) == at
    ]
    assert [(was, now) for _, was, now in moved] == [(today(5), today(9))]
    secret = await planned(live, await fixed(live), announced=False, on=5)
    assert secret not in str([each.to_ical() for each in await feed_of(live, BAO)])
    assert secret in str([each.to_ical() for each in await feed_of(live, CHLOE)])
    for each in (visit, secret):
        assert (await say(live, CHLOE, each, "cancel-visit", hindrance="programme", reason="Ill.")).is_success


async def test_an_objection_comes_onto_the_next_visits_agenda_by_itself(live: Live) -> None:
    first, second = await fixed(live), await fixed(live)
    visit = await planned(live, first, announced=True, on=2)
    assert (await live.say(AMINA, second, "object-to-fix", reason="Locked again at night.")).is_success
    assert (await live.say(AMINA, first, "object-to-fix", reason="Locked again at night.")).is_success
    await say(live, CHLOE, visit, "begin-visit", on=today())
    shown = (await look(live, CHLOE, f"/api/v1/visits/{visit}")).json()
    checks = {each["finding"]: each["check"] for each in shown["lines"]}
    assert (checks[first], checks[second]) == ("objection", "objection")
    desk = await say(live, CHLOE, visit, "record-outcome", **outcome(first, "pass", modality="desktop"))
    assert desk.json()["code"] == "on_site_required"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"on": "2020-01-01"}, "date_in_the_past"),
        ({"findings": ["nobody"]}, "invalid"),
        ({"verifier": BAO}, "invalid"),
        ({"factory": "nowhere"}, "not_found"),
    ],
)
async def test_what_cannot_be_planned_is_refused_by_name(
    live: Live, changed: dict[str, Any], code: str
) -> None:
    finding = await fixed(live)
    body = {"factory": LOTUS, "on": today(), "announced": True, "findings": [finding]} | changed
    async with live.theatre.act(CHLOE) as client:
        answer = await client.post("/api/v1/visits", json=body, headers=key())
    assert answer.json()["code"].startswith(code), answer.text
    async with live.theatre.act(BAO) as client:
        assert (await client.post("/api/v1/visits", json=body, headers=key())).status_code in {403, 404}
