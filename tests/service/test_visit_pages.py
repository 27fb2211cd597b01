"""Visits in the browser without a script: a trip built from what is due, and all forms of one visit."""

from datetime import UTC, datetime, timedelta
from typing import Any

from httpx2 import AsyncClient, Response

from remediation.gatherings.visit.agenda import visit_gathering
from remediation.words import FactoryId, FindingId, PlanId
from storage import comments, evidence
from storage.database import reading
from tests.evidence.files import a_photo
from tests.rules.cast import Story, a_case
from tests.service.browsing import Form, Reader, browser, opened, sent
from tests.service.stage import (
    AMINA,
    BAO,
    CHLOE,
    DHAKA,
    HOST,
    LOTUS,
    PADMA,
    PROGRAMME,
    TOMAS,
    Live,
    Theatre,
)
from tests.service.test_visits import fixed, outcome, planned, say, stage_of, today
from tests.storage.builders import Life


async def form_at(client: AsyncClient, path: str, ending: str) -> Form:
    """Give the form of a page that is sent to an address with such an ending."""
    page = await client.get(path)
    assert page.status_code == 200, page.text
    return next(each for each in Reader(page.text).forms if each.action.endswith(ending))


async def after(client: AsyncClient, answer: Response) -> str:
    """Follow where a form that was taken leads, and give what is read there."""
    assert answer.status_code == 303, Reader(answer.text).text
    return Reader((await client.get(HOST + answer.headers["Location"])).text).text


def reported(finding: str, factory: FactoryId, ago: int, severity: str = "major") -> Life:
    """Give the story of a finding whose fix was reported so many days ago."""
    at = datetime.now(UTC) - timedelta(days=ago)
    told: dict[str, Any] = {"plan": PlanId("plan-1"), "point": "emergency-preparedness"}
    where: dict[str, Any] = {"programme": PROGRAMME, "factory": factory, "calendar": DHAKA, "at": at}
    story: Story = a_case(severity, finding=FindingId(finding), **told, **where).commit().fix()
    return Life(story.case, tuple(story.entries))


async def test_a_trip_is_built_from_what_is_due_the_most_urgent_first(theatre: Theatre) -> None:
    theatre.keep(reported("f-late", PADMA, 50), reported("f-soon", LOTUS, 20), reported("f-new", LOTUS, 2))
    async with browser(theatre, CHLOE) as client:
        page = Reader((await client.get("/visits/plan")).text)
        assert page.text.index("Padma Knit") < page.text.index("Lotus Garments"), "what is late comes first"
        assert "overdue by" in page.text
        form = await opened(client, "/visits/plan")
        assert [each for each in form.ids if each.startswith("l-")] == ["l-f-late", "l-f-soon", "l-f-new"]
        nothing = await sent(client, form)
        assert (nothing.status_code, "Choose at least one finding" in nothing.text) == (422, True)

        chosen: dict[str, Any] = {"look.lotus": ["f-soon", "f-new"], "look.padma": ["f-late"]}
        dayless = await sent(client, form, **chosen, **{"on.lotus": today(3)})
        assert (dayless.status_code, "Say on which day" in dayless.text) == (422, True)
        again = Reader(dayless.text).forms[-1].data
        kept = again["look.lotus"], again["look.padma"], again["on.lotus"]
        assert kept == (["f-soon", "f-new"], ["f-late"], [today(3)])

        days = {"on.lotus": today(3), "on.padma": today(4), "announced.padma": "yes"}
        for _ in range(2):  # a second tap plans nothing more
            assert (await sent(client, form, **chosen, **days)).headers["Location"] == "/visits"
        async with theatre.act(CHLOE) as program:
            listed = (await program.get("/api/v1/visits")).json()["visits"]
        told = {each["factory"]: (each["on"], each["announced"], len(each["lines"])) for each in listed}
        assert told == {"lotus": (today(3), False, 2), "padma": (today(4), True, 1)}
        assert len(listed) == 2
        assert "Nothing is to be verified" in Reader((await client.get("/visits/plan")).text).text
    async with browser(theatre, BAO) as client:
        assert (await client.get("/visits/plan")).status_code == 403


async def test_a_whole_visit_works_without_scripts(live: Live) -> None:
    passes, partly = await fixed(live), await fixed(live)
    visit = await planned(live, passes, partly, announced=True)
    at = f"/visits/{visit}"
    async with browser(live.theatre, CHLOE) as client:
        assert at in Reader((await client.get("/visits")).text).links
        begun = await sent(client, await form_at(client, at, "/begin-visit"))
        assert "Under way" in await after(client, begun)

        form = await form_at(client, at, f"/outcomes/{passes}")
        photo = {"camera": ("exit.jpg", a_photo(), "image/jpeg")}
        taken = await client.post(form.action, data={**form.data, "verdict": "pass"}, files=photo)
        assert "Done: Record an outcome" in await after(client, taken)

        form = await form_at(client, at, f"/outcomes/{partly}")
        bare = await sent(client, form, verdict="partial", evidence="The lock was there.")
        assert bare.status_code == 409
        assert "says which actions were found undone" in Reader(bare.text).text
        form = next(each for each in Reader(bare.text).forms if each.action.endswith(partly))
        assert (form.data["verdict"], form.data["evidence"]) == (["partial"], ["The lock was there."])
        mended = await sent(client, form, **{"seen.a1": "fail", "due.a1": today(20)})
        assert "Done: Record an outcome" in await after(client, mended)

        ended = await sent(client, await form_at(client, at, "/end-visit"), summary="One of two is open.")
        assert "Ended" in await after(client, ended)
        report = Reader((await client.get(f"{at}/report")).text).text
        assert "One of two is open." in report
        assert "Passed or held: 1. In part: 1." in report
    assert [await stage_of(live, each) for each in (passes, partly)] == ["closed", "committed"]
    with reading(live.theatre.database) as connection:
        assert len(evidence.of_finding(connection, passes)) == 1


async def test_what_is_no_longer_to_be_recorded_can_be_kept_as_a_comment_by_who_wrote_it(live: Live) -> None:
    finding = await fixed(live)
    visit = await planned(live, finding, announced=True)
    at = f"/visits/{visit}/outcomes/{finding}"
    async with browser(live.theatre, CHLOE) as client:
        form = await opened(client, at)
        begin = await form_at(client, f"/visits/{visit}", "/begin-visit")
        assert (await say(live, TOMAS, visit, "begin-visit", on=today())).is_success
        assert (await say(live, TOMAS, visit, "record-outcome", **outcome(finding, "pass"))).is_success
        # That the visit has begun is what the form wishes for: nothing to mend.
        assert (await sent(client, begin)).headers["Location"] == f"/visits/{visit}"

        typed = {"verdict": "fail", "seen.a1": "fail", "note": "Ask at night."}
        photo = {"camera": ("exit.jpg", a_photo(), "image/jpeg")}
        refused = await client.post(form.action, data={**form.data, **typed}, files=photo)
        assert refused.status_code == 409
        assert "Somebody%20has%20recorded%20an%20outcome" in refused.headers["Mendwork-Why"]
        back = next(each for each in Reader(refused.text).forms if each.action == at)
        assert back.data["note"] == ["Ask at night."]
        back.action += "/comment"
        for _ in range(2):  # a second tap says nothing twice
            assert (await sent(client, back)).headers["Location"].startswith(f"/findings/{finding}#comment-")
        empty = await client.post(f"{at}/comment", data={"key": "an-own-key"})
        assert (empty.status_code, "Write what you want to say." in empty.text) == (422, True)
        long = await client.post(f"{at}/comment", data={"key": "another-key", "note": "a" * 2001})
        assert (long.status_code, "Shorten it" in long.text) == (422, True)
    async with browser(live.theatre, AMINA) as client:
        assert (await client.post(f"{at}/comment", data={"key": "k", "note": "x"})).status_code == 403
    with reading(live.theatre.database) as connection:
        (said,) = comments.of_finding(connection, finding)
        assert [each.by for each in evidence.of_finding(connection, finding)] == [CHLOE]
    assert said.text.splitlines()[0] == "Seen on a visit, and not recorded as its outcome: failed."
    assert said.text.splitlines()[2] == "Ask at night."
    assert live.theatre.ledger(visit_gathering(visit)).count("outcome_recorded") == 1
