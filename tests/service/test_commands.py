"""Commands over HTTP, carried out by the real engine: what is answered, and what the ledger holds then."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from remediation.words import Severity
from service.api.bodies import BODIES
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    BUYER,
    CHLOE,
    DINA,
    NEIGHBOUR,
    TOMAS,
    Live,
    a_plan,
    key,
)


def day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


async def test_a_finding_goes_through_its_life_by_its_verbs(live: Live) -> None:
    finding = await live.begin()
    await live.agree(finding)
    evidence = ["photograph 17"]
    steps: list[tuple[str, str, dict[str, Any]]] = [
        (BAO, "record-progress", {"action": "a1", "percent": 100, "evidence": evidence}),
        (BAO, "report-fixed", {"evidence": evidence, "note": "All exits are open."}),
        (AMINA, "object-to-fix", {"reason": "The back door is still locked."}),
        (CHLOE, "book-verification", {"verifier": TOMAS, "modality": "on_site", "on": day(3)}),
        (TOMAS, "verify", {"verdict": "pass", "modality": "on_site", "evidence": evidence}),
    ]
    for person, verb, body in steps:
        answer = await live.say(person, finding, verb, **body)
        assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["status"], told["stage"], told["facts"]) == ("done", "closed", ["verified"])
    assert answer.headers["ETag"] == f'"{told["version"]}"'
    assert live.theatre.ledger(finding) == [
        "issued",
        "proposed",
        "signed",
        "signed",
        "committed",
        "progress_recorded",
        "fix_reported",
        "fix_objected",
        "verification_booked",
        "verified",
    ]


async def test_the_same_click_twice_has_one_effect_and_one_answer(live: Live) -> None:
    finding = await live.begin()
    once, plan = key(), a_plan()
    async with live.theatre.act(BAO) as client:
        first = await client.post(f"/api/v1/findings/{finding}/propose", json=plan, headers=once)
        again = await client.post(f"/api/v1/findings/{finding}/propose", json=plan, headers=once)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert live.theatre.ledger(finding) == ["issued", "proposed"]


async def test_a_click_told_again_much_later_gives_the_answer_of_then(live: Live) -> None:
    finding = await live.begin()
    once, plan = key(), a_plan()
    async with live.theatre.act(BAO) as client:
        first = await client.post(f"/api/v1/findings/{finding}/propose", json=plan, headers=once)
        await live.agree(finding, description="Something else")
        again = await client.post(f"/api/v1/findings/{finding}/propose", json=plan, headers=once)
        shown = (await client.get(f"/api/v1/commands/{first.json()['command']}")).json()
    assert first.json() == again.json() == shown
    assert shown["stage"] == "under_review"


async def test_ten_clicks_at_the_same_moment_have_one_effect(live: Live) -> None:
    finding = await live.begin()
    once, plan = key(), a_plan()
    async with live.theatre.act(BAO) as client:
        path = f"/api/v1/findings/{finding}/propose"
        answers = await asyncio.gather(*(client.post(path, json=plan, headers=once) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert live.theatre.ledger(finding) == ["issued", "proposed"]


async def test_a_key_used_for_another_request_is_a_conflict(live: Live) -> None:
    finding = await live.begin()
    once = key()
    async with live.theatre.act(BAO) as client:
        path = f"/api/v1/findings/{finding}"
        await client.post(f"{path}/propose", json=a_plan(), headers=once)
        other = await client.post(f"{path}/propose", json=a_plan(description="Other words"), headers=once)
        verb = await client.post(f"{path}/declare-deadlock", json={"reason": "no"}, headers=once)
    for answer in (other, verb):
        assert answer.status_code == 409
        assert answer.json()["code"] == "idempotency_key_reused"
        assert "new key" in answer.json()["way_out"]
    assert live.theatre.ledger(finding) == ["issued", "proposed"]


async def test_two_people_may_happen_to_use_the_same_key(live: Live) -> None:
    finding = await live.begin()
    same = key()
    for person in (BAO, AMINA):
        async with live.theatre.act(person) as client:
            plan = a_plan(description=f"As {person} sees it")
            answer = await client.post(f"/api/v1/findings/{finding}/propose", json=plan, headers=same)
        assert answer.status_code == 200
    assert live.theatre.ledger(finding) == ["issued", "proposed", "proposed"]


async def test_a_refusal_names_its_code_its_field_and_changes_nothing(live: Live) -> None:
    finding = await live.begin()
    far = a_plan(due=(datetime.now(UTC) + timedelta(days=400)).date())
    answer = await live.say(BAO, finding, "propose", **far)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "date_beyond_policy")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "last day the policy allows" in problem["detail"]
    assert problem["errors"][0]["field"]
    assert live.theatre.ledger(finding) == ["issued"]


async def test_a_refused_command_stays_refused_whoever_asks_again(live: Live) -> None:
    finding = await live.begin()
    once = key()
    far = a_plan(due=(datetime.now(UTC) + timedelta(days=400)).date())
    async with live.theatre.act(BAO) as client:
        first = await client.post(f"/api/v1/findings/{finding}/propose", json=far, headers=once)
        again = await client.post(f"/api/v1/findings/{finding}/propose", json=far, headers=once)
        with live.theatre.database.connect() as connection:
            query = "SELECT id FROM commands WHERE finding = ?"
            command = connection.exec_driver_sql(query, (finding,)).scalar_one()
        told = (await client.get(f"/api/v1/commands/{command}")).json()
    assert first.status_code == again.status_code == 409
    assert first.json() == again.json()
    assert (told["status"], told["code"]) == ("refused", "date_beyond_policy")


async def test_a_signature_is_bound_to_the_revision_that_was_read(live: Live) -> None:
    finding = await live.begin()
    await live.say(BAO, finding, "propose", **a_plan())
    async with live.theatre.act(AMINA) as client:
        read = (await client.get(f"/api/v1/findings/{finding}")).json()["proposal"]["revision"]
    await live.say(BAO, finding, "propose", **a_plan(description="Something cheaper"))
    answer = await live.say(AMINA, finding, "sign", revision=read)
    assert (answer.status_code, answer.json()["code"]) == (409, "revision_outdated")
    assert live.theatre.ledger(finding) == ["issued", "proposed", "proposed"]


async def test_an_edit_shows_what_it_changed(live: Live) -> None:
    finding = await live.begin()
    await live.say(BAO, finding, "propose", **a_plan())
    await live.say(BAO, finding, "propose", **a_plan(description="Fit panic bars", owner=BINH))
    async with live.theatre.act(AMINA) as client:
        path = f"/api/v1/findings/{finding}/proposals"
        first, second = (await client.get(path)).json()["items"]
        shown = (await client.get(f"{path}/{second['revision']}")).json()
        before = (await client.get(f"{path}/{first['revision']}")).json()
    assert (shown["number"], shown["author"]["name"]) == (2, "Bao Tran")
    assert {change["field"]: change["after"] for change in shown["changes"]} == {
        "actions[0].description": "Fit panic bars",
        "actions[0].owner": BINH,
    }
    assert before["changes"] == []


async def test_who_may_not_is_told_who_may(live: Live) -> None:
    finding = await live.begin()
    answer = await live.say(CHLOE, finding, "report-fixed", evidence=["a photograph"])
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["roles"]) == (403, "not_permitted", ["manager"])
    assert "manager" in problem["way_out"]
    assert live.theatre.ledger(finding) == ["issued"]


async def test_everybody_outside_is_told_there_is_no_such_finding(live: Live) -> None:
    finding = await live.begin()
    for verb in BODIES:
        for person in (NEIGHBOUR, "omar"):
            async with live.theatre.act(person) as client:
                path = f"/api/v1/findings/{finding}/{verb.replace('_', '-')}"
                answer = await client.post(path, json=_BODIES[verb], headers=key())
            assert answer.status_code == 404, (verb, person, answer.text)
    assert live.theatre.ledger(finding) == ["issued"]


async def test_a_buyer_can_do_nothing(live: Live) -> None:
    finding = await live.begin()
    for verb in BODIES:
        async with live.theatre.act(BUYER) as client:
            path = f"/api/v1/findings/{finding}/{verb.replace('_', '-')}"
            assert (await client.post(path, json=_BODIES[verb], headers=key())).status_code == 403
    assert live.theatre.ledger(finding) == ["issued"]


_TEXT, _REVISION = "words", "a" * 64
_BODIES: dict[str, dict[str, Any]] = {
    "amend": {"severity": "minor", "note": _TEXT},
    "dispute": {"reason": _TEXT},
    "decide_dispute": {"outcome": "upheld", "reason": _TEXT},
    "propose": a_plan(),
    "sign": {"revision": _REVISION},
    "refuse": {"revision": _REVISION, "reason": _TEXT},
    "approve_no_action": {"revision": _REVISION, "reason": _TEXT},
    "allow_later_date": {"until": day(100), "reason": _TEXT},
    "declare_deadlock": {"reason": _TEXT},
    "close_mediation": {"reason": _TEXT},
    "file_interim_plan": a_plan(),
    "record_progress": {"action": "a1", "percent": 10},
    "request_extension": {"actions": ["a1"], "until": day(9), "reason": _TEXT, "interim_protection": _TEXT},
    "cosign_extension": {},
    "decide_extension": {"granted": True, "reason": _TEXT},
    "suspend": {"cause": "parts_on_order", "until": day(9), "reason": _TEXT},
    "countersign_suspension": {},
    "decline_suspension": {"reason": _TEXT},
    "end_suspension": {"reason": _TEXT},
    "report_fixed": {"evidence": [_TEXT]},
    "object_to_fix": {"reason": _TEXT},
    "concur_with_fix": {},
    "take_back": {"what": "fix_report"},
    "book_verification": {"verifier": TOMAS, "modality": "on_site", "on": day(3)},
    "verify": {"verdict": "pass", "modality": "on_site", "evidence": [_TEXT]},
    "check_effectiveness": {"held": True, "on": day(0), "evidence": [_TEXT]},
    "reopen": {"reason": _TEXT},
    "supersede": {"successor": "f2"},
    "cease": {"reason": _TEXT},
    "decide_alarm": {"confirmed": True, "reason": _TEXT},
    "notify_authority": {"note": _TEXT},
    "contain": {"evidence": [_TEXT]},
    "acknowledge": {"obligation": "commit"},
    "snooze": {"obligation": "commit", "days": 2, "reason": _TEXT},
    "file_recovery_plan": {"obligation": "commit", "note": _TEXT, "until": day(20)},
    "accept_recovery_plan": {"obligation": "commit", "reason": _TEXT},
    "return_recovery_plan": {"obligation": "commit", "reason": _TEXT},
    "decide_consequence": {"obligation": "commit", "consequence": "referral", "reason": _TEXT},
}


async def test_every_body_refuses_a_field_it_does_not_know(live: Live) -> None:
    finding = await live.begin()
    assert set(_BODIES) == set(BODIES)
    for verb, body in _BODIES.items():
        for stray in ({"stage": "closed"}, {"by": AMINA}, {"id": "x"}, {"at": "2020-01-01"}):
            async with live.theatre.act(BAO) as client:
                path = f"/api/v1/findings/{finding}/{verb.replace('_', '-')}"
                answer = await client.post(path, json=body | stray, headers=key())
            fields = [error["field"] for error in answer.json()["errors"]]
            assert (answer.status_code, fields) == (422, list(stray)), verb
    assert live.theatre.ledger(finding) == ["issued"]


async def test_a_command_may_insist_on_the_version_that_was_read(live: Live) -> None:
    finding = await live.begin()
    async with live.theatre.act(BAO) as client:
        path = f"/api/v1/findings/{finding}"
        read = (await client.get(path)).headers["ETag"]
        fresh = await client.post(f"{path}/propose", json=a_plan(), headers=key() | {"If-Match": read})
        stale = await client.post(
            f"{path}/propose", json=a_plan(owner=BINH), headers=key() | {"If-Match": read}
        )
    assert fresh.status_code == 200
    assert (stale.status_code, stale.json()["code"]) == (412, "version_changed")
    assert stale.headers["ETag"] == fresh.headers["ETag"]
    assert live.theatre.ledger(finding) == ["issued", "proposed"]


async def test_a_second_try_is_answered_though_its_own_success_moved_the_version(live: Live) -> None:
    finding = await live.begin()
    once = key()
    async with live.theatre.act(BAO) as client:
        path, plan = f"/api/v1/findings/{finding}", a_plan()
        once["If-Match"] = (await client.get(path)).headers["ETag"]
        first = await client.post(f"{path}/propose", json=plan, headers=once)
        again = await client.post(f"{path}/propose", json=plan, headers=once)
    assert (first.status_code, again.status_code) == (200, 200)


async def test_after_the_end_only_a_reopening_goes_on(live: Live) -> None:
    finding = await live.begin()
    assert (await live.say(TOMAS, finding, "cease", reason="The factory closed.")).json()["stage"] == "ceased"
    late = await live.say(BAO, finding, "propose", **a_plan())
    assert (late.status_code, late.json()["code"]) == (409, "not_at_this_stage")
    reopened = await live.say(TOMAS, finding, "reopen", reason="It opened again.")
    assert (reopened.status_code, reopened.json()["stage"]) == (200, "under_review")
    assert (await live.say(BAO, finding, "propose", **a_plan())).status_code == 200
    assert live.theatre.ledger(finding) == ["issued", "ended", "reopened", "proposed"]


async def test_the_last_command_of_a_life_is_answered_the_same_after_it(live: Live) -> None:
    finding = await live.begin()
    once = key()
    async with live.theatre.act(TOMAS) as client:
        path = f"/api/v1/findings/{finding}/cease"
        first = await client.post(path, json={"reason": "Closed."}, headers=once)
        again = await client.post(path, json={"reason": "Closed."}, headers=once)
    assert first.json() == again.json()
    assert first.status_code == again.status_code == 200


async def test_texts_stay_in_sql_and_only_their_ids_go_to_the_engine(live: Live) -> None:
    finding = await live.begin()
    await live.say(BAO, finding, "propose", **a_plan())
    await live.say(AMINA, finding, "declare-deadlock", reason="PLANTED they will not listen")
    handle = live.client.get_workflow_handle(f"finding:{finding}")
    history = (await handle.fetch_history()).to_json()
    assert "PLANTED" not in history
    assert "Keys are kept" not in history
    async with live.theatre.act(ASHA) as client:
        story = (await client.get(f"/api/v1/findings/{finding}/timeline")).json()["entries"]
    assert story[-1]["notes"] == [{"purpose": "reason", "text": "PLANTED they will not listen"}]


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("propose", a_plan(owner=NEIGHBOUR), "actions[0].owner"),
        ("propose", a_plan(owner="nobody"), "actions[0].owner"),
        ("file-interim-plan", a_plan(owner=CHLOE), "actions[0].owner"),
    ],
)
async def test_only_people_of_the_factory_can_own_an_action(
    live: Live, verb: str, body: dict[str, Any], field: str
) -> None:
    finding = await live.begin()
    answer = await live.say(BAO, finding, verb, **body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert live.theatre.ledger(finding) == ["issued"]


async def test_only_field_staff_verify_and_witness(live: Live) -> None:
    finding = await live.begin()
    booked = await live.say(CHLOE, finding, "book-verification", verifier=BAO, modality="desktop", on=day(3))
    signed = await live.say(AMINA, finding, "sign", revision=_REVISION, method="paper", witness=BINH)
    assert [booked.status_code, signed.status_code] == [422, 422]
    assert booked.json()["errors"][0]["field"] == "verifier"
    assert signed.json()["errors"][0]["field"] == "witness"


async def test_the_successor_is_a_finding_of_the_same_factory(live: Live) -> None:
    finding, next_cycle = await live.begin(), await live.begin()
    nowhere = await live.say(CHLOE, finding, "supersede", successor="nothing")
    assert nowhere.json()["errors"][0]["field"] == "successor"
    there = await live.say(CHLOE, finding, "supersede", successor=next_cycle)
    assert there.json()["stage"] == "superseded"


async def test_an_alarm_is_decided_by_the_duty_officer_before_the_factory_knows(live: Live) -> None:
    finding = await live.begin(severity=Severity.ZERO_TOLERANCE, factory_told=False)
    async with live.theatre.act(BAO) as bao:
        assert (await bao.get(f"/api/v1/findings/{finding}")).status_code == 404
        answer = await live.say(DINA, finding, "decide-alarm", confirmed=True, reason="PLANTED seen myself")
        assert answer.status_code == 200, answer.text
        assert (await bao.get(f"/api/v1/findings/{finding}")).status_code == 200
        story = (await bao.get(f"/api/v1/findings/{finding}/timeline")).text
    assert "PLANTED seen" not in story


async def test_who_holds_two_roles_may_say_in_which_they_act(live: Live) -> None:
    finding = await live.begin()
    answer = await live.say(BAO, finding, "dispute", reason="Not our building.", acting="management_member")
    assert answer.status_code == 200
    wrong = await live.say(BAO, finding, "dispute", reason="Not our building.", acting="team_leader")
    assert wrong.status_code == 403
