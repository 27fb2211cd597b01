"""Reports name photos and documents: bound to their digests, sent along with the form, never lost."""

import json
from typing import Any

from httpx2 import Response

from remediation.words import PersonId
from tests.evidence.files import PAGE, a_pdf, a_photo
from tests.service.browsing import Form, Reader, browser, form_of, opened
from tests.service.stage import AMINA, BAO, BUYER, CHLOE, HOST, Live, Theatre, key
from tests.service.test_bad_input import problem
from tests.service.test_evidence import handed_in


async def a_promise(live: Live) -> str:
    """Begin a finding, and let both sides promise one action."""
    finding = await live.begin()
    await live.agree(finding)
    return finding


async def photo_of(live: Live, finding: str, person: str = BAO, seed: int = 1, **said: Any) -> str:  # noqa: ANN401 - as `handed_in` takes it
    at = f"/api/v1/findings/{finding}/evidence"
    answer = await handed_in(live.theatre, person, a_photo(seed), at=at, **said)
    piece: str = answer.json()["id"]
    return piece


def facts(theatre: Theatre, finding: str, kind: str) -> list[dict[str, object]]:
    with theatre.database.connect() as connection:
        query = "SELECT body FROM ledger WHERE finding = ? AND kind = ? ORDER BY seq"
        return [json.loads(row.body) for row in connection.exec_driver_sql(query, (finding, kind))]


async def posted(theatre: Theatre, person: PersonId, form: Form, *files: bytes, **typed: str) -> Response:
    """Send a form with files, as a browser does."""
    data = {name: values for name, values in form.data.items() if name not in {"camera", "new"}}
    parts = [("new", (f"{number}.jpg", content)) for number, content in enumerate(files)]
    filled = data | {name: [value] for name, value in typed.items()}
    async with browser(theatre, person) as client:
        return await client.post(form.action, data=filled | {"send": "yes"}, files=parts)


async def test_a_report_is_bound_to_the_digest_of_the_file(live: Live) -> None:
    finding = await a_promise(live)
    piece = await photo_of(live, finding)
    done = {"action": "a1", "percent": 100, "files": [piece]}
    for verb, body in (("record-progress", done), ("report-fixed", {"files": [piece]})):
        assert (await live.say(BAO, finding, verb, **body)).status_code == 200
    async with live.theatre.act(AMINA) as client:
        told = (await client.get(f"/api/v1/findings/{finding}/evidence/{piece}")).json()
        story = (await client.get(f"/api/v1/findings/{finding}/timeline")).json()["entries"]
    assert told["named"]
    for kind in ("progress_recorded", "fix_reported"):
        (fact,) = facts(live.theatre, finding, kind)
        assert fact["files"] == [{"id": piece, "digest": told["sha256"]}]
    assert [each["id"] for each in story[-1]["files"]] == [piece]


async def test_what_a_report_names_is_not_taken_back(live: Live) -> None:
    finding = await a_promise(live)
    piece = await photo_of(live, finding)
    await live.say(BAO, finding, "record-progress", action="a1", percent=50, files=[piece])
    async with live.theatre.act(BAO) as client:
        told = problem(await client.delete(f"/api/v1/findings/{finding}/evidence/{piece}"))
    assert (told.status, told.code) == (409, "already_named")


async def test_nobody_names_what_the_finding_has_not_or_what_they_do_not_see(live: Live) -> None:
    finding, other = await a_promise(live), await live.begin()
    elsewhere = await photo_of(live, other)
    hidden = await photo_of(live, finding, CHLOE, confidential="true")
    back = await photo_of(live, finding, seed=2)
    async with live.theatre.act(BAO) as client:
        assert (await client.delete(f"/api/v1/findings/{finding}/evidence/{back}")).status_code == 204
    for piece in (elsewhere, hidden, back, "e-nonsense"):
        answer = await live.say(BAO, finding, "record-progress", action="a1", percent=100, files=[piece])
        told = problem(answer)
        assert told.status == 422
        assert told.errors is not None
        assert told.errors[0].field == "files[0]"
        assert "no photo or document" in told.errors[0].message
    assert facts(live.theatre, finding, "progress_recorded") == []


async def test_the_manager_reports_with_two_photos_sent_along_in_the_form(live: Live) -> None:
    finding = await a_promise(live)
    at = f"/findings/{finding}"
    async with browser(live.theatre, BAO) as client:
        form = await opened(client, f"{at}/record-progress")
        answer = await posted(live.theatre, BAO, form, a_photo(), a_pdf(), action="a1", percent="100")
        assert answer.status_code == 303, Reader(answer.text).text
        form = await opened(client, f"{at}/report-fixed")
        answer = await posted(live.theatre, BAO, form, a_photo(3), a_photo(4))
        assert answer.status_code == 303, Reader(answer.text).text
        shown = (await client.get(HOST + answer.headers["Location"])).text
    (done,) = facts(live.theatre, finding, "progress_recorded")
    (fixed,) = facts(live.theatre, finding, "fix_reported")
    assert (len(done["files"]), len(fixed["files"])) == (2, 2)  # type: ignore[arg-type]
    assert shown.count('class="thumbs"') == 2
    assert "Take it back" not in shown
    async with browser(live.theatre, CHLOE) as chloe:
        verifying = (await chloe.get(f"{at}/book-verification")).text
    assert fixed["files"][0]["id"] in verifying or 'class="thumbs"' in verifying  # type: ignore[index]


async def test_a_form_that_comes_back_has_kept_the_photos(live: Live) -> None:
    finding = await a_promise(live)
    async with browser(live.theatre, BAO) as client:
        form = await opened(client, f"/findings/{finding}/record-progress")
        wrong = await posted(live.theatre, BAO, form, a_photo(), PAGE, action="a1", percent="100")
        assert wrong.status_code == 422
        assert "File 2: Pages and drawings" in Reader(wrong.text).text
        again = form_of(wrong)
        assert len(again.data["files"]) == 1
        assert again.data["percent"] == ["100"]
        answer = await posted(live.theatre, BAO, again)
        assert answer.status_code == 303, Reader(answer.text).text
    (fact,) = facts(live.theatre, finding, "progress_recorded")
    assert [each["id"] for each in fact["files"]] == again.data["files"]  # type: ignore[attr-defined]


async def test_a_second_click_keeps_and_reports_once(live: Live) -> None:
    finding = await a_promise(live)
    async with browser(live.theatre, BAO) as client:
        form = await opened(client, f"/findings/{finding}/record-progress")
    for _ in range(2):
        answer = await posted(live.theatre, BAO, form, a_photo(), action="a1", percent="100")
        assert answer.status_code == 303, Reader(answer.text).text
    assert len(facts(live.theatre, finding, "progress_recorded")) == 1
    async with live.theatre.act(BAO) as client:
        assert len((await client.get(f"/api/v1/findings/{finding}/evidence")).json()["items"]) == 1


async def test_what_was_handed_in_before_is_ticked_for_who_did(live: Live) -> None:
    finding = await a_promise(live)
    mine, hers = await photo_of(live, finding), await photo_of(live, finding, AMINA, 2)
    async with browser(live.theatre, BAO) as client:
        form = await opened(client, f"/findings/{finding}/record-progress")
        page = (await client.get(f"/findings/{finding}/record-progress")).text
    assert form.data["files"] == [mine]
    assert hers in page


async def test_who_may_not_report_keeps_no_photo_with_the_form(live: Live) -> None:
    finding = await a_promise(live)
    data = {"key": key()["Idempotency-Key"], "send": "yes"}
    async with browser(live.theatre, BUYER) as client:
        files = {"new": ("a.jpg", a_photo())}
        answer = await client.post(f"/findings/{finding}/report-fixed", data=data, files=files)
    assert answer.status_code == 403
    async with live.theatre.act(CHLOE) as client:
        assert (await client.get(f"/api/v1/findings/{finding}/evidence")).json()["items"] == []


def test_containment_verification_and_the_later_check_name_photos_too(theatre: Theatre) -> None:
    bodies = theatre.app.openapi()["components"]["schemas"]
    naming = {name for name, body in bodies.items() if "files" in body.get("properties", {})}
    assert {"Contain", "Verify", "CheckEffectiveness", "ReportFixed", "RecordProgress"} <= naming
