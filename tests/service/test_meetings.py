"""Committee meetings by the API: called once, held on one device, votes that reach findings, minutes."""

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from httpx2 import Response

from notifications.invitation import uid
from remediation.words import Severity
from service.auth import caller_by_token
from service.engine import Engine
from service.feeding import entries
from service.pins import set_pin
from storage import commands, notes
from storage.database import reading, writing
from tests.evidence.files import a_photo
from tests.service.browsing import Reader, browser
from tests.service.meetings import put_meeting
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    BUYER,
    CHLOE,
    HOST,
    LOTUS,
    NEIGHBOUR,
    OUTSIDER,
    SEATS,
    Live,
    Theatre,
    a_life,
    a_plan,
    key,
    token_of,
)

PIN = "270491"
SHARED: dict[str, Any] = {"method": "shared_device", "pin": True}
HERE = [seat.person for seat in SEATS]


def a_call(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    starts = (datetime.now(UTC) + timedelta(days=7)).isoformat()
    return {"starts": starts, "length": 60, "place": "Canteen", "agenda": [], **changed}


async def called(theatre: Theatre, person: str, body: dict[str, Any], **headers: str) -> Response:
    async with theatre.act(person) as client:
        at = f"/api/v1/factories/{LOTUS}/meetings"
        return await client.post(at, json=body, headers=key() | headers)


async def test_a_member_calls_the_committee_once_for_a_key(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    body = a_call(agenda=[{"kind": "sign", "finding": "f1"}, {"kind": "other", "text": "The fan"}])
    again = {"Idempotency-Key": uuid.uuid4().hex}
    first = await called(theatre, AMINA, body, **again)
    assert first.status_code == 201, first.text
    assert (await called(theatre, AMINA, body, **again)).json() == first.json()
    other = await called(theatre, AMINA, a_call(length=61), **again)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    async with theatre.act(CHLOE) as client:
        shown = (await client.get(first.headers["Location"])).json()
        listed = (await client.get(f"/api/v1/factories/{LOTUS}/meetings")).json()["items"]
    assert [each["id"] for each in listed] == [first.json()["id"]]
    assert (shown["stage"], shown["place"], shown["sequence"]) == ("called", "Canteen", 0)
    assert [(each["kind"], each["finding"], each["text"]) for each in shown["agenda"]] == [
        ("sign", "f1", None),
        ("other", None, "The fan"),
    ]
    assert not shown["quorum"]["met"]


async def test_a_calendar_bears_the_meeting_as_its_invitation_does(theatre: Theatre) -> None:
    context, now = theatre.app.state.context, datetime.now(UTC)
    with writing(theatre.database) as connection:
        put_meeting(connection, "m-1")
    with reading(theatre.database) as connection:
        for person, bears in ((AMINA, True), (CHLOE, True), (BUYER, False), (NEIGHBOUR, False)):
            caller = caller_by_token(context, connection, token_of(person))
            assert caller is not None
            found = {str(each["UID"]) for each in entries(connection, caller, LOTUS, now, HOST)}
            assert (uid("meeting:m-1", HOST) in found) == bears, person


async def test_who_may_not_call_or_see_is_told_so_or_nothing(theatre: Theatre) -> None:
    theatre.keep(a_life("hidden", factory_told=False, severity=Severity.ZERO_TOLERANCE))
    for person, status in ((BUYER, 403), (NEIGHBOUR, 404), (OUTSIDER, 404)):
        assert (await called(theatre, person, a_call())).status_code == status, person
    past = await called(theatre, BAO, a_call(starts="2020-01-01T00:00:00Z"))
    assert (past.status_code, past.json()["code"]) == (409, "date_in_the_past")
    for finding in ("none", "hidden"):
        unknown = await called(theatre, BAO, a_call(agenda=[{"kind": "review", "finding": finding}]))
        assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "agenda[0].finding")
    with writing(theatre.database) as connection:
        put_meeting(connection, "m-1")
    for person, status in ((BUYER, 404), (NEIGHBOUR, 404), (OUTSIDER, 404), (CHLOE, 200)):
        async with theatre.act(person) as client:
            assert (await client.get("/api/v1/meetings/m-1")).status_code == status, person


async def a_proposal(live: Live) -> tuple[str, str]:
    """Issue a finding, let Bao propose, and give its id with the revision to sign."""
    finding = await live.begin()
    assert (await live.say(BAO, finding, "propose", **a_plan())).status_code == 200
    async with live.theatre.act(AMINA) as client:
        shown = (await client.get(f"/api/v1/findings/{finding}")).json()
    return finding, shown["proposal"]["revision"]


async def say(live: Live, meeting: str, verb: str, *, pin: bool = False, **body: Any) -> Response:  # noqa: ANN401
    """Let Chloé's device give a command on a meeting; with a PIN in the name of a `member`."""
    member = body.pop("member", None)
    headers = key() | ({"Signing-Member": member} if member else {}) | ({"Signing-Pin": PIN} if pin else {})
    async with live.theatre.act(CHLOE) as client:
        return await client.post(f"/api/v1/meetings/{meeting}/{verb}", json=body, headers=headers)


async def called_about(live: Live, *findings: str) -> str:
    """Let a meeting about findings begin its life, on a day that has come. Everybody has a PIN."""
    for person in HERE:
        set_pin(live.theatre.app.state.context, person, PIN)
    own = f"m-{uuid.uuid4().hex[:8]}"
    with writing(live.theatre.database) as connection:
        case = put_meeting(connection, own, findings=findings)
    await Engine(live.client, task_queue=live.queue).start(case)
    return own


async def test_members_sign_on_one_device_and_each_finding_judges_for_itself(live: Live) -> None:
    proposals = [await a_proposal(live) for _ in range(3)]
    own = await called_about(live, *(finding for finding, _ in proposals))
    votes = [{"finding": finding, "revision": revision} for finding, revision in proposals]
    assert (await say(live, own, "begin-meeting")).status_code == 200
    early = await say(live, own, "vote-together", member=AMINA, votes=votes, **SHARED)
    assert early.json()["code"] == "not_present"
    assert (await say(live, own, "record-attendance", present=HERE)).status_code == 200
    unproven = await say(live, own, "vote-together", member=AMINA, votes=votes, method="shared_device")
    assert unproven.json()["code"] == "pin_required"
    advisor = await say(live, own, "vote-together", votes=votes, **SHARED)
    assert advisor.status_code in {403, 422}

    signed = await say(live, own, "vote-together", member=AMINA, votes=votes, **SHARED)
    assert signed.json()["facts"] == ["voted_together"], signed.text
    outdated = {**votes[1], "revision": "0" * 64}
    refusing = {**votes[2], "reason": "The date is too late"}
    after = await say(live, own, "vote-together", member=BAO, votes=[votes[0], outdated, refusing], **SHARED)
    assert after.status_code == 200, after.text
    async with live.theatre.act(ASHA) as client:
        shown = (await client.get(f"/api/v1/meetings/{own}")).json()
    assert shown["quorum"]["met"]
    told = [(each["finding"], each["verb"], each["status"], each["code"]) for each in shown["votes"][3:]]
    assert told == [
        (votes[0]["finding"], "sign", "done", None),
        (votes[1]["finding"], "sign", "refused", "revision_outdated"),
        (votes[2]["finding"], "refuse", "done", None),
    ]
    assert BAO not in str(shown["votes"])
    assert "committed" in live.theatre.ledger(votes[0]["finding"])
    with reading(live.theatre.database) as connection:
        reasons = [each.text for each in notes.notes_of(connection, votes[2]["finding"]).values()]
        assert "The date is too late" in reasons
        assert commands.pending(connection, datetime.now(UTC)) == ()
    await minuted_and_signed(live, own)


async def minuted_and_signed(live: Live, own: str) -> None:
    ended = await say(live, own, "end-meeting", remarks="All agreed to meet again.")
    assert ended.json()["stage"] == "minuted", ended.text
    async with live.theatre.act(AMINA) as client:
        minutes = (await client.get(f"/api/v1/meetings/{own}")).json()["minutes"]
    assert [(each["stage"], each["counted"], each["turned_down"]) for each in minutes["results"]] == [
        ("committed", 2, 0),
        ("under_review", 1, 1),
        ("under_review", 2, 0),
    ]
    for member in (AMINA, BINH):
        sent = await say(live, own, "sign-minutes", member=member, minutes=minutes["digest"], **SHARED)
        assert sent.status_code == 200, sent.text
    assert live.theatre.ledger(f"meeting:{own}")[-2:] == ["minutes_signed", "minutes_agreed"]
    late = await say(live, own, "set-agenda", agenda=[])
    assert late.json()["code"] == "not_at_this_stage"


async def test_a_meeting_is_called_on_its_page(live: Live) -> None:
    async with browser(live.theatre, AMINA) as client:
        page = Reader((await client.get(f"/factories/{LOTUS}/meetings")).text)
        form = next(each for each in page.forms if each.action.endswith("/meetings"))
        day = {"day": ["2020-01-01"], "time": ["10:00"], "other": ["The fan\nThe tea"]}
        wrong = await client.post(form.action, data=form.data | day)
        assert (wrong.status_code, "This time has passed" in wrong.text) == (409, True)
        assert "2020-01-01" in wrong.text, "what was typed is still there"
        ahead = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
        sent = await client.post(form.action, data=form.data | day | {"day": [ahead]})
        assert sent.status_code == 303
        called = await client.get(sent.headers["Location"])
        assert "The tea" in called.text
        assert "Move the meeting" in called.text


async def test_a_meeting_is_held_on_its_page(live: Live) -> None:
    finding, revision = await a_proposal(live)
    own = await called_about(live, finding)
    async with browser(live.theatre, AMINA) as client:

        async def sends(verb: str, **fields: Any) -> Response:  # noqa: ANN401 - a form's fields
            return await client.post(f"/meetings/{own}/{verb}", data={"key": uuid.uuid4().hex, **fields})

        led = await client.get(f"/meetings/{own}/sign-minutes")
        assert led.headers["Location"] == f"/meetings/{own}#sign-minutes"
        assert (await sends("begin-meeting")).status_code == 303
        assert (await sends("record-attendance", present=HERE)).status_code == 303
        seen = await client.get(f"/meetings/{own}?live=1")
        assert "There is a quorum." in seen.text
        assert seen.headers["Refresh"] == "15"
        ballot = next(each for each in Reader(seen.text).forms if each.action.endswith("/vote-together"))
        assert f"vote.{finding}" not in ballot.data, "nothing is chosen before somebody chooses"
        printed = {f"revision.{finding}": revision}
        vote = printed | {f"vote.{finding}": "sign"}
        for problem, fields in (
            ("Choose: sign, refuse or neither.", printed),
            ("Say why it is refused.", printed | {f"vote.{finding}": "refuse"}),
            ("Choose at least one plan", printed | {f"vote.{finding}": "neither"}),
            ("needs the member&#39;s own PIN", {**vote, "member": BAO}),
            ("not the member&#39;s PIN", {**vote, "member": BAO, "pin": "111111"}),
        ):
            refused = await sends("vote-together", **fields)
            assert (refused.status_code, problem in refused.text) == (422, True), refused.text[:900]
        for member in (BAO, AMINA):
            assert (await sends("vote-together", **vote, member=member, pin=PIN)).status_code == 303
        assert "Votes that count: 2" in (await client.get(f"/meetings/{own}")).text
        assert (await sends("end-meeting", remarks="Tea is served")).status_code == 303
        page = Reader((await client.get(f"/meetings/{own}")).text)
        assert "Tea is served" in page.text
        form = next(each for each in page.forms if each.action.endswith("/sign-minutes"))
        for member in (AMINA, BAO):
            signed = {"member": member, "pin": PIN, "key": uuid.uuid4().hex}
            assert (await client.post(form.action, data=form.data | signed)).status_code == 303
        assert "Both sides have signed its minutes" in (await client.get(f"/meetings/{own}")).text
    assert "committed" in live.theatre.ledger(finding)
    for person, status in ((OUTSIDER, 404), (NEIGHBOUR, 404), (BUYER, 404)):
        async with browser(live.theatre, person) as client:
            assert (await client.get(f"/meetings/{own}")).status_code == status


async def says(live: Live, at: str, person: str, verb: str, **body: Any) -> Response:  # noqa: ANN401 - any JSON
    """Let somebody give a command on their own device."""
    async with live.theatre.act(person) as client:
        return await client.post(f"{at}/{verb}", json=body, headers=key())


async def test_a_sheet_counts_neither_what_was_edited_since_nor_who_has_voted_already(live: Live) -> None:
    (kept, revision), (edited, _) = [await a_proposal(live) for _ in range(2)]
    at = f"/api/v1/meetings/{await called_about(live, kept, edited)}"
    assert (await says(live, at, AMINA, "print-sheet")).json()["facts"] == ["sheet_printed"]
    assert (await says(live, at, CHLOE, "print-sheet")).json()["code"] == "same_as_before"
    for verb, body in (("begin-meeting", {}), ("record-attendance", {"present": HERE})):
        assert (await says(live, at, AMINA, verb, **body)).status_code == 200
    another = a_plan() | {"root_cause": "Another cause"}
    assert (await live.say(BAO, edited, "propose", **another)).status_code == 200
    voted = await says(live, at, AMINA, "vote-together", votes=[{"finding": kept, "revision": revision}])
    assert voted.status_code == 200, voted.text

    photo = {"file": ("sheet.jpg", a_photo())}
    async with live.theatre.act(CHLOE) as client:
        refused = await client.post(f"{at}/evidence", files=photo, headers=key())
    assert refused.status_code == 403, "who witnesses does not enter"
    async with live.theatre.act(BINH) as client:
        handed_in = await client.post(f"{at}/evidence", files=photo, headers=key())
    assert handed_in.status_code == 201, handed_in.text
    piece = handed_in.json()
    ballots: list[dict[str, Any]] = [{"person": each, "signs": [1, 2]} for each in (AMINA, BAO)]
    ballots.append({"person": ASHA, "refuses": [{"number": 1, "reason": "Too late"}]})
    entered = await says(live, at, BINH, "record-paper", sheet=1, ballots=ballots, files=[piece["id"]])
    assert entered.status_code == 200, entered.text
    assert (await says(live, at, BAO, "witness-paper", paper=1)).status_code == 403
    once = key()
    async with live.theatre.act(CHLOE) as client:
        witnessed = await client.post(f"{at}/witness-paper", json={"paper": 1}, headers=once)
    assert witnessed.json()["facts"] == ["paper_witnessed", *["voted_together"] * 3], witnessed.text

    async with live.theatre.act(CHLOE) as client:
        while any(each["status"] == "pending" for each in (await client.get(at)).json()["votes"]):
            await client.post(f"{at}/witness-paper", json={"paper": 1}, headers=once)  # brings what is left
        told = (await client.get(at)).json()
        file = await client.get(f"{at}/evidence/{piece['id']}/file")
    assert sha256(file.content).hexdigest() == piece["sha256"]
    became = Counter((each["finding"], each["status"], each["code"]) for each in told["votes"][1:])
    # Votes go out side by side: Amina's is turned down as given before, or as later than the commitment.
    assert (kept, "refused") in {(of, status) for of, status, _ in became}
    assert live.theatre.ledger(kept).count("signed") == 2, "Amina's own vote stands"
    assert became[edited, "refused", "revision_outdated"] == 2
    assert "committed" in live.theatre.ledger(kept)
    assert "signed" not in live.theatre.ledger(edited)
    (paper,) = told["papers"]
    assert (paper["status"], paper["files"], len(paper["ballots"])) == ("witnessed", [piece["id"]], 3)
    async with live.theatre.act(AMINA) as client:
        (unseen,) = (await client.get(at)).json()["papers"]
        assert (unseen["files"], unseen["ballots"]) == ([], []), "who signed what is told to few"
        assert (await client.get(f"{at}/evidence/{piece['id']}/file")).status_code == 404
