"""Calendar feeds: what waits for somebody, in their own calendar, under an address that can be ended."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import Response
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from remediation.orders import DecideDispute, Dispute
from remediation.permissions import Grant, ScopeKind
from remediation.words import CommandId, DisputeOutcome, NoteId, Role, Severity
from storage import people
from storage.database import writing
from tests.service.browsing import Reader, browser
from tests.service.stage import (
    AMINA,
    BAO,
    CHLOE,
    LOTUS,
    NAMES,
    NEIGHBOUR,
    PADMA,
    QUESTION,
    TOMAS,
    Theatre,
    a_life,
)

DISPUTE = Dispute(id=CommandId("c1"), by=AMINA, acting=Role.WORKER_CO_CHAIR, reason=NoteId("n1"))
REJECTED = DecideDispute(
    id=CommandId("c2"),
    by=TOMAS,
    acting=Role.TEAM_LEADER,
    outcome=DisputeOutcome.REJECTED,
    reason=NoteId("n2"),
)


async def address(theatre: Theatre, person: str, factory: str = "") -> str:
    """Let somebody make a feed, and give the path of its address."""
    async with browser(theatre, person) as client:
        answer = await client.post("/me/calendar", data={"factory": factory})
    found = re.search(r'value="http[^"]*?(/calendar/[\w-]+\.ics)"', answer.text)
    assert found, answer.text
    return found[1]


async def fetched(theatre: Theatre, path: str, **headers: str) -> Response:
    async with theatre.act(None) as program:
        return await program.get(path, headers=headers)


async def read(theatre: Theatre, path: str) -> Calendar:
    """Read a feed with another library than the one that wrote it."""
    answer = await fetched(theatre, path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return IcsCalendarStream.calendar_from_ics(answer.text)


def days_of(calendar: Calendar) -> dict[str, str]:
    """Give the day of each entry by its UID."""
    return {str(each.uid): str(each.dtstart) for each in calendar.events}


async def test_the_manager_sees_each_due_day_in_his_calendar(theatre: Theatre) -> None:
    life = a_life("f1")
    theatre.keep(life)
    calendar = await read(theatre, await address(theatre, BAO))
    due = life.case.finding.calendar.last_day(life.case.finding.review_by)
    [event] = [each for each in calendar.events if "Review" in (each.summary or "")]
    assert event.dtstart == due
    assert (event.summary or "").endswith("Emergency Preparedness, Lotus Garments")
    assert "/findings/f1" in (event.description or "")
    assert "Otherwise level" in (event.description or "")


async def test_an_entry_goes_while_nothing_is_due_and_comes_back_moved_as_the_same(
    theatre: Theatre,
) -> None:
    now = datetime.now(UTC)
    life = a_life("f1", ago=3)
    theatre.keep(life)
    path = await address(theatre, BAO)
    before = days_of(await read(theatre, path))
    disputed = life.obey(DISPUTE, now - timedelta(days=2))
    theatre.keep(disputed)
    assert (await read(theatre, path)).events == []
    theatre.keep(disputed.obey(REJECTED, now))
    after = days_of(await read(theatre, path))
    assert after.keys() == before.keys()
    assert all(after[uid] > before[uid] for uid in before)


async def test_a_feed_names_no_person_and_quotes_no_text(theatre: Theatre) -> None:
    theatre.keep(a_life("f1", ago=40).keep_time(datetime.now(UTC)))
    text = (await fetched(theatre, await address(theatre, CHLOE))).text.replace("\r\n ", "")
    assert "BEGIN:VEVENT" in text
    assert [each for each in (*NAMES.values(), QUESTION, "PLANTED") if each in text] == []


async def test_each_hears_of_what_waits_for_them_and_of_nobody_elses(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    assert (await read(theatre, await address(theatre, NEIGHBOUR))).events == []
    secret = a_life("f2", severity=Severity.ZERO_TOLERANCE, factory_told=False)
    theatre.keep(secret)
    text = (await fetched(theatre, await address(theatre, BAO))).text
    assert "/findings/f2" not in text


async def test_an_ended_address_is_known_no_more_and_a_role_that_is_gone_empties_it(theatre: Theatre) -> None:
    theatre.keep(a_life("f1", ago=40).keep_time(datetime.now(UTC)))
    path = await address(theatre, CHLOE)
    assert (await read(theatre, path)).events
    with writing(theatre.database) as connection:
        people.take(connection, CHLOE, Grant(Role.ADVISOR, ScopeKind.PROGRAMME, "bd"))
    assert (await read(theatre, path)).events == []
    async with browser(theatre, CHLOE) as client:
        [form] = [
            each
            for each in Reader((await client.get("/me/calendar")).text).forms
            if each.action.endswith("/end")
        ]
        async with browser(theatre, AMINA) as other:
            assert (await other.post(form.action)).status_code == 404
        assert (await client.post(form.action)).status_code == 303
    assert (await fetched(theatre, path)).status_code == 404


async def test_a_feed_of_one_factory_leaves_out_the_others(theatre: Theatre) -> None:
    with writing(theatre.database) as connection:
        people.give(connection, BAO, Grant(Role.MANAGER, ScopeKind.FACTORY, PADMA))
    theatre.keep(a_life("f1"), a_life("f2", factory=PADMA))
    assert {each.url for each in (await read(theatre, await address(theatre, BAO))).events} >= {
        "http://127.0.0.1:8080/findings/f1",
        "http://127.0.0.1:8080/findings/f2",
    }
    only = await read(theatre, await address(theatre, BAO, LOTUS))
    assert {each.url for each in only.events} == {"http://127.0.0.1:8080/findings/f1"}


async def test_a_calendar_that_asks_again_is_told_that_nothing_changed(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    path = await address(theatre, BAO)
    first = await fetched(theatre, path)
    again = await fetched(theatre, path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    theatre.keep(a_life("f2"))
    assert (await fetched(theatre, path, **{"If-None-Match": first.headers["ETag"]})).status_code == 200


async def test_a_feed_speaks_its_readers_language(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    with writing(theatre.database) as connection:
        bao = people.person(connection, BAO)
        assert bao is not None
        people.save_person(connection, replace(bao, language="fr"))
    text = (await fetched(theatre, await address(theatre, BAO))).text
    assert "Examiner la non-conformité" in text.replace("\r\n ", "")


async def test_a_feed_of_a_factory_that_is_not_ones_own_is_not_made(theatre: Theatre) -> None:
    async with browser(theatre, BAO) as client:
        answer = await client.post("/me/calendar", data={"factory": PADMA})
    assert ".ics" not in answer.text


@pytest.mark.parametrize("line", ["METHOD:PUBLISH", "VERSION:2.0", "REFRESH-INTERVAL;VALUE=DURATION:PT4H"])
async def test_calendar_programs_find_what_they_ask_for(theatre: Theatre, line: str) -> None:
    theatre.keep(a_life("f1"))
    answer = await fetched(theatre, await address(theatre, BAO))
    lines = answer.content.split(b"\r\n")
    assert line.encode() in lines
    assert max(map(len, lines)) <= 75
    assert all(b"\n" not in each for each in lines)
