"""Every date that people see can say why: on the page and by the API."""

from datetime import datetime

from remediation.words import Severity
from tests.service.stage import AMINA, CHLOE, Theatre, a_life


async def test_each_deadline_and_each_letter_ahead_says_why(theatre: Theatre) -> None:
    theatre.keep(a_life(ago=25))
    async with theatre.act(AMINA) as client:
        said = (await client.get("/api/v1/findings/f1/deadlines")).json()
    for owed in said["owed"]:
        began, counted = owed["why"]
        assert (began["kind"], began["values"]["cause"]) == ("began", "issued")
        assert (
            counted["text"]
            == f"Policy default-1 gives {counted['values']['span']['amount']} days ({owed['key']}, major)."
        )
        assert (counted["at"], counted["day"]) == (owed["due"], owed["due_day"])
    for letter in said["planned"]:
        assert datetime.fromisoformat(letter["why"][-1]["at"]) <= datetime.fromisoformat(letter["at"])
    assert said["fix_by"]["why"][-1]["at"] == said["fix_by"]["by"]


async def test_a_letter_that_an_outage_delays_keeps_the_instant_it_was_meant_for(theatre: Theatre) -> None:
    theatre.keep(a_life(ago=40))
    async with theatre.act(CHLOE) as client:
        (first, *_) = (await client.get("/api/v1/findings/f1/deadlines")).json()["planned"]
    assert first["why"][-1]["at"] < first["at"]


async def test_a_finding_without_a_last_day_has_none_to_explain(theatre: Theatre) -> None:
    theatre.keep(a_life(severity=Severity.COLLABORATIVE))
    async with theatre.act(AMINA) as client:
        assert (await client.get("/api/v1/findings/f1/deadlines")).json()["fix_by"] is None


async def test_the_page_tells_it_in_words(theatre: Theatre) -> None:
    theatre.keep(a_life())
    async with theatre.act(None, Cookie=f"mendwork=token-of-{AMINA}") as browser:
        page = (await browser.get("/findings/f1")).text
    assert "Why this date?" in page
    assert "Policy default-1 gives 30 days (commit, major)." in page
    assert "days before the due day." in page
