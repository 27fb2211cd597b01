"""Other days and another policy: what is shown is what moves, once, and only when it is confirmed."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import AsyncClient

from activities.calendars import calendar_of
from remediation.calendar import Calendar
from remediation.case import open_case
from remediation.facts import Issued
from remediation.notices import next_wake
from remediation.policy import Policy
from remediation.spans import Span, Unit
from remediation.words import Duty, FindingId, Severity
from service.engine import Engine
from storage import findings, versions
from storage.codec import fact_of
from storage.database import reading, writing
from storage.ledger import refold
from storage.programmes import factory, save_factory
from tests.service.stage import (
    AMINA,
    BAO,
    CHLOE,
    LOTUS,
    NEIGHBOUR,
    OPERATOR,
    PETRA,
    PROGRAMME,
    Live,
    Theatre,
    a_life,
    key,
)
from tests.storage.builders import Life
from workflows.messages import Head, workflow_id

DAYS = f"/api/v1/factories/{LOTUS}/calendar"
POLICY = f"/api/v1/programmes/{PROGRAMME}/policy"
WHY = {"reason": "The government declared it yesterday."}
_USUAL = Policy()
IN_WORKING_DAYS = replace(
    _USUAL,
    version="working-days",
    terms=_USUAL.terms
    | {
        Severity.MAJOR: replace(
            _USUAL.terms[Severity.MAJOR],
            review=Span(15, Unit.WORKING_DAYS),
            commit=Span(25, Unit.WORKING_DAYS),
        )
    },
)
FASTER = """
version = "faster-1"

[terms.major]
commit = "28d"
"""


def a_real_calendar(theatre: Theatre, now: datetime) -> Calendar:
    """Let the factory have the calendar that its settings make, and give it."""
    with writing(theatre.database) as connection:
        place = factory(connection, LOTUS)
        assert place is not None
        calendar = calendar_of(place, (), now.year).calendar
        versions.keep_calendar(connection, calendar)
        versions.keep_policy(connection, IN_WORKING_DAYS)
        save_factory(connection, replace(place, calendar=calendar.version))
    return calendar


def a_finding(name: str, policy: Policy, calendar: Calendar, at: datetime) -> Life:
    """Issue a major finding under a policy and calendar at an aware instant."""
    entry = a_life(name, policy=policy.version, calendar=calendar.version).entries[0]
    issued = fact_of(entry.kind, entry.body)
    assert isinstance(issued, Issued)
    case, entry = open_case(issued, policy, calendar, at, CHLOE)
    return Life(case, (entry,))


def a_holiday(day: date) -> dict[str, Any]:
    return {"days": [{"kind": "holiday", "first": day.isoformat(), "name": "Declared"}]}


def stands(theatre: Theatre, finding: str) -> dict[str, datetime]:
    """Give the dates of a finding as the read model has them."""
    with reading(theatre.database) as connection:
        case = findings.case(connection, finding)
        assert case is not None
        assert case.finding == refold(connection, finding).finding
    return {Duty.REVIEW: case.finding.review_by, Duty.COMMIT: case.finding.commit_by}


async def begin(live: Live, *lives: Life) -> None:
    live.theatre.keep(*lives)
    for life in lives:
        await Engine(live.client, task_queue=live.queue).start(life.case)


async def wakes_at(live: Live, finding: str) -> datetime | None:
    head = await live.client.get_workflow_handle(workflow_id(FindingId(finding))).query(
        "head", result_type=Head
    )
    assert isinstance(head, Head)
    return head.wakes_at


@dataclass
class Declared:
    """A holiday declared after the fact, a finding that spans it, and one that counts all days."""

    theatre: Theatre
    spans: str
    plain: str
    calendar: Calendar
    day: date

    @property
    def body(self) -> dict[str, Any]:
        return a_holiday(self.day)

    def stand(self) -> dict[str, dict[str, datetime]]:
        return {each: stands(self.theatre, each) for each in (self.spans, self.plain)}

    def kinds(self, finding: str) -> list[str]:
        return self.theatre.ledger(finding)

    async def confirm(self, client: AsyncClient) -> dict[str, Any]:
        """Confirm what is shown, and give the one date that it moves."""
        shown = (await client.post(f"{DAYS}/preview", json=self.body)).json()
        (move,) = shown["moves"]
        given = self.body | WHY | {"digest": shown["digest"]}
        assert (await client.put(DAYS, json=given, headers=key())).status_code == 200
        return dict(move)


@pytest.fixture
async def declared(live: Live) -> Declared:
    theatre, now = live.theatre, datetime.now(UTC)
    calendar = a_real_calendar(theatre, now)
    spans, plain = f"w{uuid4().hex[:8]}", f"p{uuid4().hex[:8]}"
    await begin(
        live, a_finding(spans, IN_WORKING_DAYS, calendar, now), a_finding(plain, Policy(), calendar, now)
    )
    # Between the two dates: only the later one spans it.
    day = calendar.add_working_days(calendar.today(now), 20)
    return Declared(theatre, spans, plain, calendar, day)


async def test_what_a_holiday_added_after_the_fact_would_move_is_shown_and_moves_nothing(
    declared: Declared,
) -> None:
    before = declared.stand()
    async with declared.theatre.act(CHLOE) as chloe:
        shown = (await chloe.post(f"{DAYS}/preview", json=declared.body)).json()
        (move,) = shown["moves"]
        assert (move["finding"], move["key"]) == (declared.spans, "commit")
        last = declared.calendar.last_day(before[declared.spans][Duty.COMMIT])
        assert move["old_day"] == last.isoformat()
        assert move["new_day"] == declared.calendar.add_working_days(last, 1).isoformat()
        assert "now off" in move["why"]
        other = declared.body | WHY | {"digest": "0" * 64}
        refused = await chloe.put(DAYS, json=other, headers=key())
    assert (refused.status_code, refused.json()["code"]) == (409, "preview_outdated")
    assert refused.json()["way_out"]
    assert declared.stand() == before
    assert declared.kinds(declared.spans) == declared.kinds(declared.plain) == ["issued"]


async def test_what_is_confirmed_moves_once_however_often_it_is_sent(declared: Declared) -> None:
    before = declared.stand()
    async with declared.theatre.act(CHLOE) as chloe:
        shown = (await chloe.post(f"{DAYS}/preview", json=declared.body)).json()
        same, confirmed = key(), declared.body | WHY | {"digest": shown["digest"]}
        told = await chloe.put(DAYS, json=confirmed, headers=same)
        assert told.status_code == 200, told.text
        assert (told.json()["pending"], told.json()["refused"]) == (0, [])
        again = await chloe.put(DAYS, json=confirmed, headers=same)
        assert again.json() == told.json(), "the same request has one effect"
        nothing = (await chloe.post(f"{DAYS}/preview", json=declared.body)).json()
        assert (nothing["findings"], nothing["moves"]) == (0, [])
        more = declared.body | WHY | {"digest": nothing["digest"]}
        twice = await chloe.put(DAYS, json=more, headers=key())
        assert (twice.status_code, twice.json()["findings"]) == (200, 0)
    moved = {Duty.COMMIT: datetime.fromisoformat(shown["moves"][0]["new"])}
    spans = before[declared.spans] | moved
    assert declared.stand() == {declared.spans: spans, declared.plain: before[declared.plain]}
    for finding in (declared.spans, declared.plain):
        assert declared.kinds(finding).count("reprojected") == 1


async def test_a_date_that_moved_says_why_and_the_factory_s_days_say_what_is_new(declared: Declared) -> None:
    async with declared.theatre.act(CHLOE) as chloe:
        await declared.confirm(chloe)
        owed = (await chloe.get(f"/api/v1/findings/{declared.spans}/deadlines")).json()["owed"]
        days = (await chloe.get(DAYS)).json()
    why = next(each for each in owed if each["key"] == "commit")["why"]
    assert [line["kind"] for line in why] == ["began", "counted", "moved"]
    day = declared.day.isoformat()
    assert days["days"] == [{"kind": "holiday", "first": day, "last": day, "name": "Declared"}]
    assert days["behind"] == 0


async def test_who_is_to_hear_of_a_move_is_told_and_the_clock_wakes_for_it(
    live: Live, declared: Declared
) -> None:
    async with declared.theatre.act(CHLOE) as chloe:
        await declared.confirm(chloe)
    with reading(declared.theatre.database) as connection:
        case = findings.case(connection, declared.spans)
        listed = findings.find(connection, declared.spans)
        letters = connection.exec_driver_sql(
            "SELECT finding, role FROM letters WHERE kind = 'dates_moved' ORDER BY role"
        ).all()
    assert case is not None
    assert listed is not None
    assert await wakes_at(live, declared.spans) == next_wake(case.finding)
    assert listed.summary.next_due == declared.stand()[declared.spans][Duty.REVIEW]
    roles = ("advisor", "management_co_chair", "manager", "worker_co_chair")
    assert [role for finding, role in letters if finding == declared.spans] == [*roles]
    assert declared.plain not in {finding for finding, _ in letters}


async def test_a_policy_is_for_new_findings_unless_its_moves_are_confirmed(live: Live) -> None:
    theatre, finding, now = live.theatre, f"f{uuid4().hex[:8]}", datetime.now(UTC)
    calendar = a_real_calendar(theatre, now)
    await begin(live, a_finding(finding, Policy(), calendar, now))
    before = stands(theatre, finding)
    async with theatre.act(PETRA) as petra:
        shown = (await petra.post(f"{POLICY}/preview", json={"policy": FASTER})).json()
        mine = [each for each in shown["moves"] if each["finding"] == finding]
        assert [(each["key"], each["why"]) for each in mine] == [
            ("commit", "the policy gives 28 days instead of 30 days")
        ]
        kept = await petra.put(POLICY, json={"policy": FASTER, "reproject": False} | WHY, headers=key())
        assert (kept.status_code, kept.json()["findings"]) == (200, 0)
        assert stands(theatre, finding) == before
        version = (await petra.get(POLICY)).json()
        assert version["version"] == "faster-1"
        assert version["behind"] >= 1

        confirmed = {"policy": FASTER, "reproject": True, "digest": shown["digest"]} | WHY
        told = await petra.put(POLICY, json=confirmed, headers=key())
        assert told.status_code == 200, told.text
        assert (told.json()["pending"], told.json()["refused"]) == (0, [])
    assert stands(theatre, finding)[Duty.COMMIT] == datetime.fromisoformat(mine[0]["new"])
    assert theatre.ledger(finding) == ["issued", "reprojected"]


@pytest.mark.parametrize(
    ("person", "address", "status"),
    [
        (BAO, DAYS, 403),
        (AMINA, DAYS, 403),
        (NEIGHBOUR, DAYS, 404),
        ("omar", DAYS, 404),
        (CHLOE, DAYS, 200),
        (OPERATOR, DAYS, 200),
        (CHLOE, POLICY, 403),
        (BAO, POLICY, 404),
        ("omar", POLICY, 404),
        (PETRA, POLICY, 200),
    ],
)
async def test_only_who_may_is_shown_what_would_move(
    theatre: Theatre, person: str, address: str, status: int
) -> None:
    body = a_holiday(date(2026, 12, 24)) if address == DAYS else {"policy": FASTER}
    async with theatre.act(person) as client:
        assert (await client.post(f"{address}/preview", json=body)).status_code == status
        if status != 200:
            more = WHY | {"digest": "0" * 64} | ({} if address == DAYS else {"reproject": True})
            assert (await client.put(address, json=body | more, headers=key())).status_code == status
    assert theatre.count("commands") == 0


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ([{"kind": "holiday", "first": "2026-02-30"}], "days[0].first"),
        ([{"kind": "feast", "first": "2026-02-03"}], "days[0].kind"),
        ([{"kind": "shutdown", "first": "2026-02-03", "last": "2026-02-01"}], "days[0]"),
        ([{"kind": "shutdown", "first": "2026-02-03", "last": "2028-02-01"}], "days[0]"),
        ([{"kind": "holiday", "first": "2026-02-03"}] * 2, "body"),
    ],
)
async def test_days_that_cannot_be(theatre: Theatre, days: list[dict[str, Any]], field: str) -> None:
    async with theatre.act(CHLOE) as chloe:
        answer = await chloe.post(f"{DAYS}/preview", json={"days": days})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_a_policy_that_cannot_be_read_is_told_key_by_key(theatre: Theatre) -> None:
    async with theatre.act(PETRA) as petra:
        answer = await petra.post(f"{POLICY}/preview", json={"policy": "version = 1"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "policy")


async def test_a_version_never_changes(theatre: Theatre) -> None:
    async with theatre.act(PETRA) as petra:
        first = await petra.put(POLICY, json={"policy": FASTER, "reproject": False} | WHY, headers=key())
        other = FASTER.replace("28d", "27d")
        second = await petra.put(POLICY, json={"policy": other, "reproject": False} | WHY, headers=key())
    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (409, "version_taken")


async def test_shutdowns_and_days_made_up_for_are_shown_with_what_is_not_known(theatre: Theatre) -> None:
    days = [
        {"kind": "shutdown", "first": "2026-12-20", "last": "2026-12-27", "name": "Maintenance"},
        {"kind": "workday", "first": "2027-01-08", "last": "2027-01-08", "name": "For 20 December"},
    ]
    async with theatre.act(CHLOE) as chloe:
        shown = (await chloe.post(f"{DAYS}/preview", json={"days": days})).json()
        body = {"days": days, "digest": shown["digest"]} | WHY
        assert (await chloe.put(DAYS, json=body, headers=key())).status_code == 200
        kept = (await chloe.get(DAYS)).json()
    assert kept["days"] == days
    assert kept["version"] == shown["version"]
    assert kept["holidays"]["known"]
    assert kept["holidays"]["estimated"], "Eid hangs on the moon"


async def test_while_the_engine_is_away_the_days_change_and_the_findings_wait(theatre: Theatre) -> None:
    now = datetime.now(UTC)
    calendar = a_real_calendar(theatre, now)
    theatre.keep(a_finding("f1", IN_WORKING_DAYS, calendar, now))
    body = a_holiday(calendar.add_working_days(calendar.today(now), 3))
    async with theatre.act(CHLOE) as chloe:
        shown = (await chloe.post(f"{DAYS}/preview", json=body)).json()
        confirmed = body | WHY | {"digest": shown["digest"]}
        answers = [await chloe.put(DAYS, json=confirmed, headers=same) for same in [key()] for _ in range(2)]
        other = await chloe.put(
            DAYS, json=confirmed | {"reason": "Another."}, headers=answers[0].request.headers
        )
    assert [each.status_code for each in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["pending"] == 1
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert theatre.count("commands") == 1
    assert len(shown["moves"]) == 2
    assert stands(theatre, "f1")[Duty.COMMIT] < datetime.fromisoformat(shown["moves"][1]["new"])
    assert timedelta(0) < datetime.fromisoformat(shown["moves"][0]["new"]) - now
