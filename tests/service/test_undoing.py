"""Undo: offered right after the act, and on the finding for as long as nobody else has acted on it."""

import pytest
from httpx2 import AsyncClient

from tests.service.browsing import Reader, browser, done, form_of, opened, sent
from tests.service.stage import AMINA, ASHA, BAO, CHLOE, HOST, TOMAS, Live, a_plan, token_of
from tests.service.test_pins import PIN, give_pin, hidden

PHOTO = "Photo 12 in the safety folder"
UNDO = "As long as nobody else has acted on it."


async def after(client: AsyncClient, path: str, **typed: str) -> str:
    """Fill in a form, send it, and give the page that it leads to."""
    answer = await sent(client, await opened(client, path), **typed)
    return (await client.get(HOST + answer.headers["Location"])).text


async def test_a_manager_undoes_a_report_right_after_it_and_the_workers_are_told(live: Live) -> None:
    finding = await live.begin()
    await live.agree(finding)
    at = f"/findings/{finding}"
    async with browser(live.theatre, BAO) as bao:
        assert UNDO not in await after(bao, f"{at}/record-progress", percent="100", evidence=PHOTO)
        assert "You can take it back" in (await bao.get(f"{at}/report-fixed")).text
        told = await after(bao, f"{at}/report-fixed", evidence=PHOTO)
        assert UNDO in told
        undone = await sent(bao, next(form for form in Reader(told).forms if "take-back" in form.action))
        text = Reader((await bao.get(HOST + undone.headers["Location"])).text).text
        assert "Done: Take back what you said" in text
        assert "Bao Tran took the report of the fix back" in text
        await done(bao, f"{at}/report-fixed", evidence=PHOTO)
    assert live.theatre.ledger(finding)[-3:] == ["fix_reported", "taken_back", "fix_reported"]
    with live.theatre.database.connect() as connection:
        told_of = connection.exec_driver_sql("SELECT role FROM letters WHERE kind = 'taken_back'").scalars()
        assert sorted(told_of) == ["advisor", "worker_co_chair"]


async def test_what_others_have_acted_on_is_offered_no_more_and_says_why(live: Live) -> None:
    finding = await live.begin()
    await live.agree(finding)
    at = f"/findings/{finding}"
    async with browser(live.theatre, BAO) as bao, browser(live.theatre, CHLOE) as chloe:
        await done(bao, f"{at}/record-progress", percent="100", evidence=PHOTO)
        assert f"{at}/take-back" not in Reader((await bao.get(at)).text).links
        told = await after(bao, f"{at}/report-fixed", evidence=PHOTO)
        assert f"{at}/take-back" in Reader(told).links
        kept = next(form for form in Reader(told).forms if "take-back" in form.action)
        await live.say(CHLOE, finding, "book-verification", verifier=TOMAS, modality="on_site", on=a_day())
        overtaken = await sent(bao, kept)
        assert overtaken.status_code == 412
        assert "Somebody has acted on the finding" in Reader(overtaken.text).text
        again = await sent(bao, form_of(overtaken)) if Reader(overtaken.text).forms else overtaken
        assert "its verification decides" in Reader(again.text).text
        shown = Reader((await bao.get(at)).text)
        assert f"{at}/take-back" not in shown.links
        assert "Take back" not in shown.text
        assert "take-back" not in (await chloe.get(at)).text


def a_day() -> str:
    return a_plan()["actions"][0]["due"]  # type: ignore[no-any-return]


async def test_on_a_shared_device_a_vote_is_taken_back_by_pin_alone(live: Live) -> None:
    finding = await live.begin()
    await live.say(BAO, finding, "propose", **a_plan())
    give_pin(live.theatre, ASHA)
    async with live.theatre.act(None, Accept="text/html") as client:
        await client.post("/sign-in/token", data={"token": token_of(ASHA), "shared": "true"})
        form = hidden((await client.get(f"/findings/{finding}/sign")).text)
        signed = await client.post(
            f"/findings/{finding}/sign", data=form | {"pin": PIN, "method": "shared_device"}
        )
        page = Reader((await client.get(HOST + signed.headers["Location"])).text)
        undo = next(form for form in page.forms if "take-back" in form.action)
        without = await sent(client, undo)
        assert (without.status_code, live.theatre.ledger(finding)[-1]) == (422, "signed")
        assert (await sent(client, form_of(without), pin=PIN)).status_code == 303
    assert live.theatre.ledger(finding)[-1] == "taken_back"


@pytest.mark.parametrize(
    ("verb", "says"),
    [
        ("acknowledge", "It stays on record, and cannot be undone."),
        ("propose", "Another plan can take its place until both sides have signed."),
    ],
)
async def test_a_form_says_what_can_be_done_about_it_afterwards(live: Live, verb: str, says: str) -> None:
    finding = await live.begin(ago=40)
    async with browser(live.theatre, CHLOE if verb == "acknowledge" else AMINA) as client:
        assert says in (await client.get(f"/findings/{finding}/{verb}")).text
