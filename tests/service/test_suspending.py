"""Suspending a finding through the API, and what people then read of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.service.stage import (
    AMINA,
    BAO,
    BUYER,
    CHLOE,
    DHAKA,
    NEIGHBOUR,
    OUTSIDER,
    TOMAS,
    Live,
    token_of,
)

REASON = "The steel for the second stair comes by ship."


def day(days: int) -> str:
    return (DHAKA.today(datetime.now(UTC)) + timedelta(days=days)).isoformat()


async def shown(live: Live, person: str, finding: str, what: str = "") -> Any:  # noqa: ANN401 - JSON
    async with live.theatre.act(person) as client:
        return (await client.get(f"/api/v1/findings/{finding}{what}")).json()


async def page(live: Live, person: str, finding: str) -> str:
    client = live.theatre.act(None, Accept="text/html")
    client.cookies.set("mendwork", token_of(person))
    async with client:
        return (await client.get(f"/findings/{finding}")).text


async def asked(live: Live, days: int = 11) -> str:
    """Let Chloé ask to suspend a finding with one promise; give the finding."""
    finding = await live.begin()
    await live.agree(finding)
    body = {"cause": "parts_on_order", "until": day(days), "reason": REASON}
    assert (await live.say(CHLOE, finding, "suspend", **body)).status_code == 200
    return finding


async def test_who_may_ask_and_countersign(live: Live) -> None:
    finding = await asked(live)
    body = {"cause": "flood", "until": day(3), "reason": REASON}
    for person, status in ((AMINA, 403), (BAO, 403), (TOMAS, 403), (NEIGHBOUR, 404), (OUTSIDER, 404)):
        assert (await live.say(person, finding, "suspend", **body)).status_code == status
        assert (await live.say(person, finding, "end-suspension", reason=REASON)).status_code in {status, 409}
    for person, status in ((AMINA, 403), (BAO, 403), (CHLOE, 403), (NEIGHBOUR, 404), (OUTSIDER, 404)):
        assert (await live.say(person, finding, "countersign-suspension")).status_code == status
    unlisted = await live.say(CHLOE, finding, "suspend", **{**body, "cause": "no money"})
    assert unlisted.status_code == 422


async def test_a_request_is_shown_until_it_is_decided(live: Live) -> None:
    finding = await asked(live)
    found = await shown(live, BAO, finding)
    assert found["suspension"]["cause"] == "parts_on_order"
    assert (found["suspension"]["until"], found["stands_still"]) == (day(11), False)
    assert "The team leader has not countersigned yet" in await page(live, BAO, finding)
    owed = (await shown(live, CHLOE, finding, "/deadlines"))["owed"]
    assert [each["owner"] for each in owed if each["duty"] == "decide_suspension"] == ["team_leader"]
    assert (await live.say(TOMAS, finding, "decline-suspension", reason="Not yet.")).status_code == 200
    found = await shown(live, BAO, finding)
    assert (found["suspension"], found["standstills"]) == (None, [])


async def test_the_page_says_that_the_clock_stands_still_and_until_when(live: Live) -> None:
    finding = await asked(live)
    assert (await live.say(TOMAS, finding, "countersign-suspension")).status_code == 200
    found = await shown(live, AMINA, finding)
    assert found["stands_still"] is True
    still = {"cause": "parts_on_order", "first": day(0), "last": day(11), "days": 12}
    assert found["standstills"] == [still]
    (promise,) = found["promises"]
    moved = datetime.fromisoformat(promise["due"]) - datetime.fromisoformat(promise["original_due"])
    assert moved == timedelta(days=12)
    read = await page(live, AMINA, finding)
    assert "The factory's clock stands still up to and including" in read.replace("&#39;", "'")
    assert "because parts are on order" in read
    assert "first promised for" in read
    assert REASON in read, "who sees the timeline reads why"
    hidden = await shown(live, BUYER, finding)
    assert hidden["standstills"] == [{**still, "cause": None}], "why is for those who read the texts"


async def test_the_dates_say_why_and_what_is_sent_next_is_its_end(live: Live) -> None:
    finding = await asked(live)
    await live.say(TOMAS, finding, "countersign-suspension")
    ahead = await shown(live, BAO, finding, "/deadlines")
    promise = next(each for each in ahead["owed"] if each["duty"] == "action")
    assert [line["kind"] for line in promise["why"]] == ["promised", "suspension_added"]
    assert promise["why"][-1]["text"].endswith("because parts were on order: 12 days more.")
    first = ahead["planned"][0]
    assert (first["kind"], first["duty"], first["level"]) == ("resumed", None, None)
    assert first["why"][0]["kind"] == "resumes"
    assert "The clock runs again" in await page(live, BAO, finding)


async def test_ended_early_the_page_tells_how_it_went(live: Live) -> None:
    finding = await asked(live)
    await live.say(TOMAS, finding, "countersign-suspension")
    ended = await live.say(CHLOE, finding, "end-suspension", reason="The ship came early.")
    assert ended.json()["facts"] == ["suspension_ended"]
    again = await live.say(CHLOE, finding, "end-suspension", reason="Again.")
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    (still,) = (await shown(live, BAO, finding))["standstills"]
    assert (still["last"], still["days"]) == (day(0), 1)
    told = [each["text"] for each in (await shown(live, BAO, finding, "/timeline"))["entries"][-3:]]
    assert told[0].startswith("Chloé Martin asked that the clock stand still up to and including")
    assert told[1].startswith("Tomas Novak countersigned the suspension: from")
    assert told[2].endswith("what it moved is 11 days earlier again.")
