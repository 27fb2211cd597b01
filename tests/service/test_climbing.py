"""What people read of the ladder: how far something has climbed, why, and how that was answered."""

from datetime import UTC, datetime, timedelta
from typing import Any

from remediation.orders import AcceptRecoveryPlan, Acknowledge, FileRecoveryPlan, Order, Snooze
from remediation.words import CommandId, NoteId, PersonId, Role
from service.saying import day as spelt
from tests.service.browsing import browser
from tests.service.stage import BAO, CHLOE, DHAKA, TOMAS, Theatre, a_life
from tests.storage.builders import Life

LATE_REVIEW = 21 + 25
"""Days since its issue: the review was owed within 21, and level 3 is reached."""


def at_level_three() -> Life:
    life = a_life("f1", ago=LATE_REVIEW)
    return life.keep_time(datetime.now(UTC))


def ordered(life: Life, person: PersonId, acting: Role, kind: type[Order], **fields: Any) -> Life:  # noqa: ANN401
    order = kind(id=CommandId(f"{kind.__name__}-{person}"), by=person, acting=acting, **fields)
    case, entries = life.case.obey(order, datetime.now(UTC))
    return Life(case, (*life.entries, *entries))


async def review_of(theatre: Theatre) -> dict[str, Any]:
    async with theatre.act(CHLOE) as client:
        owed = (await client.get("/api/v1/findings/f1/deadlines")).json()["owed"]
    return next(each for each in owed if each["key"] == "review")


async def the_page(theatre: Theatre, person: PersonId = CHLOE) -> str:
    async with browser(theatre, person) as client:
        return (await client.get("/findings/f1")).text


async def test_what_has_climbed_names_its_reason(theatre: Theatre) -> None:
    theatre.keep(at_level_three())
    review = await review_of(theatre)
    assert (review["level"], review["lateness"]) == (3, "no_cooperation")
    assert "escalated to level 3 (no cooperation)" in await the_page(theatre)


async def test_an_answer_is_shown_with_the_day_it_holds_until(theatre: Theatre) -> None:
    about = {"obligation": "review"}
    life = ordered(at_level_three(), TOMAS, Role.TEAM_LEADER, Acknowledge, **about)
    life = ordered(life, TOMAS, Role.TEAM_LEADER, Snooze, **about, days=3, reason=NoteId("n"))
    theatre.keep(life)
    review, now = await review_of(theatre), datetime.now(UTC)
    until = DHAKA.add_working_days(DHAKA.today(now), 5)
    assert datetime.fromisoformat(review["acknowledged_until"]) == DHAKA.end_of(until)
    shown = await the_page(theatre)
    assert f"acknowledged until {spelt(until)}, the next step put off to" in shown
    (fourth,) = {each["at"] for each in await planned(theatre) if each["level"] == 4}
    assert fourth == review["snoozed_until"], "the next step is foretold for the day it was put off to"


async def planned(theatre: Theatre) -> list[dict[str, Any]]:
    async with theatre.act(CHLOE) as client:
        found: list[dict[str, Any]] = (await client.get("/api/v1/findings/f1/deadlines")).json()["planned"]
    return [each for each in found if each["obligation"] == "review"]


async def test_an_accepted_plan_is_shown_with_its_last_day(theatre: Theatre) -> None:
    until = DHAKA.today(datetime.now(UTC)) + timedelta(days=20)
    about = {"obligation": "review"}
    plan = {"note": NoteId("n"), "until": until}
    life = ordered(at_level_three(), BAO, Role.MANAGER, FileRecoveryPlan, **about, **plan)
    life = ordered(life, TOMAS, Role.TEAM_LEADER, AcceptRecoveryPlan, **about, reason=NoteId("n"))
    theatre.keep(life)
    review = await review_of(theatre)
    assert (review["level"], review["recovery_plan_until"]) == (2, until.isoformat())
    shown = await the_page(theatre)
    assert f"recovery plan until {spelt(until)}" in shown
    assert "Down from level 3 to level 2: a recovery plan was accepted." in shown


async def test_each_form_offers_only_what_waits_for_such_an_answer(theatre: Theatre) -> None:
    theatre.keep(at_level_three())
    async with browser(theatre, BAO) as client:
        form = (await client.get("/findings/f1/file-recovery-plan")).text
    assert 'value="review"' in form
    assert 'value="commit"' not in form, "which is late, but asks for no plan yet"
    async with browser(theatre, TOMAS) as client:
        page = (await client.get("/findings/f1")).text
    assert "The manager has not filed a recovery plan yet." in page
