"""Each role's main journey in a real browser: with scripts in English, and without any from right to left."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from remediation.words import Severity
from service.pages.acts import OUTCOMES
from tests.browser.acting import PHOTO, PLAN, Way, choose, in_days, send, speak, take_up
from tests.browser.site import DESK, Site
from tests.service.stage import AMINA, BAO, CHLOE, OUTSIDER, TOMAS

CLOSED = "Closed: the fix was verified, and must prove to hold"
REVIEW_LATE = 46
"""Days since a major finding was issued: its review is so late that level 3 is reached."""


JOURNEYS = {
    "scripts": Way(scripts=True, language="en"),
    "no scripts, Arabic": Way(scripts=False, language="ar"),
}
TRAVELLERS = (AMINA, BAO, CHLOE, TOMAS)


@pytest.fixture(params=JOURNEYS)
def way(request: pytest.FixtureRequest, site: Site) -> Iterator[Way]:
    """Let everybody read the language of the journey."""
    chosen = JOURNEYS[request.param]
    speak(site, TRAVELLERS, chosen.language)
    yield chosen
    speak(site, TRAVELLERS, "en")


async def test_the_committee_signs_on_two_phones_and_the_manager_reports_the_fix(
    site: Site, way: Way
) -> None:
    finding = await site.live.begin()
    amina = await site.open(AMINA, java_script_enabled=way.scripts)
    bao = await site.open(BAO, java_script_enabled=way.scripts)

    await take_up(bao, finding)
    assert way.next("propose") in await send(bao, **PLAN, **{"actions[0].due": in_days(60)})

    await take_up(amina, finding)
    await expect(amina.get_by_text("Only the guard has keys.")).to_be_visible()
    assert way.next("sign") in await send(amina)
    await take_up(bao, finding)
    assert way.says(OUTCOMES["committed"]) in await send(bao)

    await take_up(bao, finding)
    await send(bao, percent="100", evidence=PHOTO)
    await take_up(bao, finding)
    assert way.next("report_fixed") in await send(bao, evidence=PHOTO)
    await choose(amina, finding, "concur-with-fix")
    assert way.next("concur_with_fix") in await send(amina)
    assert site.live.theatre.ledger(finding)[-2:] == ["fix_reported", "fix_concurred"]


async def test_the_advisor_acknowledges_an_escalation(site: Site, way: Way) -> None:
    finding = await site.live.begin(ago=REVIEW_LATE)
    chloe = await site.open(CHLOE, java_script_enabled=way.scripts)
    await choose(chloe, finding, "acknowledge")
    assert way.next("acknowledge") in await send(chloe, obligation="review")
    assert site.live.theatre.ledger(finding)[-1] == "acknowledged"


async def test_the_advisor_decides_a_later_date_and_books_and_records_a_verification(
    site: Site, way: Way
) -> None:
    finding = await site.live.begin()
    await site.live.agree(finding)
    asked = {
        "actions": ["a1"],
        "until": in_days(70),
        "reason": "It is on order.",
        "interim_protection": "Guard",
    }
    assert (await site.live.say(AMINA, finding, "request-extension", **asked)).status_code == 200
    assert (await site.live.say(BAO, finding, "cosign-extension")).status_code == 200
    chloe = await site.open(CHLOE, java_script_enabled=way.scripts, **DESK)

    await take_up(chloe, finding)
    await expect(chloe.get_by_text("It is on order.")).to_be_visible()
    told = await send(chloe, granted="true", reason="The panic bars come in March.")
    assert way.next("decide_extension") in told
    assert site.live.theatre.ledger(finding)[-1] == "extension_decided"

    done = {"action": "a1", "percent": 100, "evidence": [PHOTO]}
    assert (await site.live.say(BAO, finding, "record-progress", **done)).status_code == 200
    assert (await site.live.say(BAO, finding, "report-fixed", evidence=[PHOTO])).status_code == 200
    assert (await site.live.say(AMINA, finding, "concur-with-fix")).status_code == 200
    await choose(chloe, finding, "book-verification")
    await send(chloe, verifier=CHLOE, modality="desktop", on=in_days(2))
    await take_up(chloe, finding)
    await send(chloe, verdict="pass", modality="desktop", evidence=PHOTO)
    await expect(chloe.locator(".stage")).to_contain_text(way.says(CLOSED))


async def test_the_team_leader_decides_a_dispute(site: Site, way: Way) -> None:
    finding = await site.live.begin(severity=Severity.CRITICAL)
    reason = "The exit was unlocked on the day."
    assert (await site.live.say(BAO, finding, "dispute", reason=reason)).status_code == 200
    tomas = await site.open(TOMAS, java_script_enabled=way.scripts)
    await take_up(tomas, finding)
    await expect(tomas.get_by_text(reason)).to_be_visible()
    told = await send(tomas, outcome="partly", severity="major", reason="One exit of two was open.")
    assert way.next("decide_dispute") in told
    assert site.live.theatre.ledger(finding)[-1] == "dispute_decided"


async def test_an_outsider_sees_nothing_of_it(site: Site) -> None:
    finding = await site.live.begin()
    omar = await site.open(OUTSIDER)
    await omar.goto("/findings")
    await expect(omar.get_by_text("There are no findings that you may see.")).to_be_visible()
    answer = await omar.goto(f"/findings/{finding}")
    assert answer is not None
    assert answer.status == 404
