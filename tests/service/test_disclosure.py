"""Who sees what: texts, names, votes, restricted findings and unannounced visits, role by role."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from remediation.orders import Dispute, Reseat
from remediation.permissions import Grant, ScopeKind
from remediation.words import CommandId, NoteId, PersonId, Role, Severity
from storage import people
from storage.database import writing
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    BUYER,
    CHLOE,
    DINA,
    LOTUS,
    NEIGHBOUR,
    OPERATOR,
    OUTSIDER,
    PETRA,
    QUESTION,
    SEATS,
    STATEMENT,
    TOMAS,
    Live,
    Theatre,
    a_life,
    a_plan,
    save_person,
)

WORKERS, MANAGEMENT = (AMINA, ASHA), (BAO, BINH)
VERA = PersonId("vera")
STAFF = (CHLOE, TOMAS, PETRA, DINA)
REFUSAL, OBJECTION = "PLANTED refusal of Binh", "PLANTED objection of Asha"


@pytest.fixture(scope="module")
async def argued(live: Live) -> str:
    """A finding over which people voted, refused and objected, with a visit booked."""
    with writing(live.theatre.database) as connection:
        save_person(connection, VERA, "Vera Verifier")
        people.give(connection, VERA, Grant(Role.ADVISOR, ScopeKind.ALL))
    finding = await live.begin()
    await live.say(BAO, finding, "propose", **a_plan())
    async with live.theatre.act(AMINA) as client:
        shown = (await client.get(f"/api/v1/findings/{finding}")).json()
    revision = shown["proposal"]["revision"]
    await live.say(BINH, finding, "refuse", revision=revision, reason=REFUSAL)
    await live.say(AMINA, finding, "sign", revision=revision)
    await live.say(BAO, finding, "sign", revision=revision)
    done = {"action": "a1", "percent": 100, "evidence": ["a photograph"]}
    await live.say(BAO, finding, "record-progress", **done)
    await live.say(BAO, finding, "report-fixed", evidence=["a photograph"])
    await live.say(ASHA, finding, "object-to-fix", reason=OBJECTION)
    on = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    visit = {"verifier": VERA, "modality": "on_site", "on": on}
    answer = await live.say(CHLOE, finding, "book-verification", **visit)
    assert answer.status_code == 200, answer.text
    return finding


async def everything(theatre: Theatre, person: str, finding: str) -> str:
    """Give all that a person can read about a finding, by every address."""
    texts = []
    async with theatre.act(person) as client:
        for path in ("", "/timeline", "/deadlines", "/proposals", "/letters"):
            answer = await client.get(f"/api/v1/findings/{finding}{path}")
            texts.append(answer.text if answer.status_code == 200 else "")
        texts.append((await client.get("/api/v1/findings")).text)
    async with theatre.act(None, Cookie=f"mendwork=token-of-{person}") as browser:
        texts += [(await browser.get(path)).text for path in ("/findings", f"/findings/{finding}")]
    return "\n".join(texts)


async def story(theatre: Theatre, person: str, finding: str) -> dict[str, Any]:
    async with theatre.act(person) as client:
        entries = (await client.get(f"/api/v1/findings/{finding}/timeline")).json()["entries"]
    return {entry["kind"]: entry for entry in entries}


@pytest.mark.parametrize("person", [*WORKERS, *STAFF])
async def test_worker_members_and_staff_know_which_worker_spoke(
    live: Live, argued: str, person: PersonId
) -> None:
    told = await story(live.theatre, person, argued)
    assert told["fix_objected"]["who"] == {"id": ASHA, "name": "Asha Begum"}
    assert told["fix_objected"]["notes"][0]["text"] == OBJECTION


@pytest.mark.parametrize("person", MANAGEMENT)
async def test_management_knows_that_a_worker_objected_and_neither_who_nor_why(
    live: Live, argued: str, person: PersonId
) -> None:
    told = await story(live.theatre, person, argued)
    assert told["fix_objected"]["who"] is None
    assert told["fix_objected"]["text"].startswith("A worker member objected")
    assert OBJECTION not in await everything(live.theatre, person, argued)


@pytest.mark.parametrize("person", WORKERS)
async def test_workers_know_the_reason_of_a_refusal_and_not_which_manager_refused(
    live: Live, argued: str, person: PersonId
) -> None:
    told = await story(live.theatre, person, argued)
    assert told["refused"]["who"] is None
    assert told["refused"]["notes"][0]["text"] == REFUSAL
    assert "Binh Le" not in told["refused"]["text"]


async def test_each_side_sees_its_own_votes_and_the_other_sides_tally(live: Live) -> None:
    finding = await live.begin()
    await live.say(BAO, finding, "propose", **a_plan())
    async with live.theatre.act(ASHA) as asha, live.theatre.act(BINH) as binh:
        revision = (await asha.get(f"/api/v1/findings/{finding}")).json()["proposal"]["revision"]
        await live.say(AMINA, finding, "sign", revision=revision)
        await live.say(ASHA, finding, "refuse", revision=revision, reason="too late a date")
        seen_by_worker = (await asha.get(f"/api/v1/findings/{finding}")).json()["proposal"]["votes"]
        seen_by_manager = (await binh.get(f"/api/v1/findings/{finding}")).json()["proposal"]["votes"]
    own = {vote["side"]: vote for vote in seen_by_worker}["worker"]
    others = {vote["side"]: vote for vote in seen_by_manager}["worker"]
    assert [each["name"] for each in own["signed_by"]] == ["Amina Rahman"]
    assert [each["name"] for each in own["refused_by"]] == ["Asha Begum"]
    assert (others["signed"], others["refused"], others["seats"]) == (1, 1, 2)
    assert (others["signed_by"], others["refused_by"]) == (None, None)


async def test_a_manager_without_a_seat_does_not_learn_why_a_proposal_was_refused(live: Live) -> None:
    finding = await live.begin()
    owner = PersonId("tariq")
    with writing(live.theatre.database) as connection:
        save_person(connection, owner, "Tariq Top")
        people.give(connection, owner, Grant(Role.TOP_MANAGEMENT, ScopeKind.FACTORY, LOTUS))
    await live.say(BAO, finding, "propose", **a_plan())
    async with live.theatre.act(AMINA) as client:
        revision = (await client.get(f"/api/v1/findings/{finding}")).json()["proposal"]["revision"]
    await live.say(ASHA, finding, "refuse", revision=revision, reason="PLANTED why Asha refused")
    text = await everything(live.theatre, owner, finding)
    assert "PLANTED why Asha" not in text
    assert "refused to sign" in text
    assert "proposal_refused" not in text, "who is told of a refusal is the author's and the members' to know"


@pytest.mark.parametrize("person", [*WORKERS, *MANAGEMENT])
async def test_the_factory_does_not_know_of_a_visit_ahead(live: Live, argued: str, person: PersonId) -> None:
    text = await everything(live.theatre, person, argued)
    assert "Vera" not in text
    assert "on_site" not in text
    assert "arranged the verification of the fix" in text


@pytest.mark.parametrize("person", STAFF)
async def test_staff_know_of_the_visit(live: Live, argued: str, person: PersonId) -> None:
    told = await story(live.theatre, person, argued)
    assert "Vera Verifier, on site" in told["verification_booked"]["text"]


async def test_a_buyer_sees_where_a_finding_stands_and_no_names_or_words(live: Live, argued: str) -> None:
    async with live.theatre.act(BUYER) as client:
        shown = (await client.get(f"/api/v1/findings/{argued}")).json()
        for path in ("timeline", "deadlines", "proposals", "letters"):
            assert (await client.get(f"/api/v1/findings/{argued}/{path}")).status_code == 403
        assert (await client.get("/api/v1/people?factory=lotus")).status_code == 403
        assert (await client.get("/api/v1/factories/lotus/committee")).status_code == 403
    assert (shown["stage"], shown["severity"]) == ("verifying", "major")
    text = await everything(live.theatre, BUYER, argued)
    for hidden in ("PLANTED", "Keys are kept", "second exit", STATEMENT, QUESTION, *_NAMES):
        assert hidden not in text


_NAMES = ("Amina", "Asha", "Bao", "Binh", "Chloé", "Tomas", "Petra", "Dina")


@pytest.mark.parametrize("person", [NEIGHBOUR, OUTSIDER, OPERATOR])
async def test_others_find_nothing_at_any_address(live: Live, argued: str, person: PersonId) -> None:
    async with live.theatre.act(person) as client:
        for path in ("", "/timeline", "/deadlines", "/proposals", "/proposals/" + "a" * 64, "/letters"):
            assert (await client.get(f"/api/v1/findings/{argued}{path}")).status_code == 404
        assert (await client.get("/api/v1/findings")).json()["items"] == []
        assert (await client.get("/api/v1/findings?factory=lotus&overdue=true")).json()["items"] == []
        assert (await client.get("/api/v1/plans")).json()["items"] == []
        assert (await client.get("/api/v1/plans/plan-1")).status_code == 404
        assert (await client.get(f"/api/v1/people/{AMINA}")).status_code == (
            200 if person == OPERATOR else 404
        )
        assert (await client.get(f"/api/v1/people/{AMINA}/letters")).status_code == 404
    text = await everything(live.theatre, person, argued)
    assert "PLANTED" not in text
    assert argued not in text.replace(f"/findings/{argued}", "")


@pytest.mark.parametrize("person", [*WORKERS, *MANAGEMENT, BUYER, NEIGHBOUR, OUTSIDER, OPERATOR])
async def test_a_restricted_finding_does_not_exist_for_the_factory(
    theatre: Theatre, person: PersonId
) -> None:
    theatre.keep(a_life("zt", severity=Severity.ZERO_TOLERANCE, factory_told=False, plan="hidden-plan"))
    async with theatre.act(person) as client:
        assert (await client.get("/api/v1/findings/zt")).status_code == 404
        assert (await client.get("/api/v1/findings")).json()["items"] == []
        assert (await client.get("/api/v1/plans")).json()["items"] == []
        counted = (await client.get("/api/v1/factories")).json()["items"]
    assert all(factory["findings"] == factory["level"] == 0 for factory in counted)


@pytest.mark.parametrize("person", STAFF)
async def test_staff_see_a_restricted_finding(theatre: Theatre, person: PersonId) -> None:
    theatre.keep(a_life("zt", severity=Severity.ZERO_TOLERANCE, factory_told=False))
    async with theatre.act(person) as client:
        shown = (await client.get("/api/v1/findings/zt")).json()
        listed = (await client.get("/api/v1/findings")).json()["items"]
    assert (shown["restricted"], shown["alarm"]) == (True, "raised")
    assert [item["id"] for item in listed] == ["zt"]


@pytest.mark.parametrize("person", MANAGEMENT)
async def test_whoever_spoke_for_the_workers_stays_unnamed_after_leaving_the_committee(
    theatre: Theatre, person: PersonId
) -> None:
    stood, now = a_life(), datetime.now(UTC)
    given: dict[str, Any] = {"id": CommandId("c1"), "by": AMINA, "acting": Role.WORKER_CO_CHAIR}
    stood = stood.obey(Dispute(**given, reason=NoteId("n1")), now)
    given = {"id": CommandId("c2"), "by": CHLOE, "acting": Role.ADVISOR}
    theatre.keep(
        stood.obey(Reseat(**given, seats=tuple(each for each in SEATS if each.person != AMINA)), now)
    )
    told = await story(theatre, person, "f1")
    assert told["disputed"]["who"] is None
    assert told["disputed"]["text"].startswith("A worker member disputed")
    assert "Amina" not in await everything(theatre, person, "f1")


async def test_a_suspicion_cancelled_before_the_factory_knew_is_never_told_to_it(live: Live) -> None:
    finding = await live.begin(severity=Severity.ZERO_TOLERANCE, factory_told=False)
    reason = "PLANTED nobody was locked in"
    answer = await live.say(DINA, finding, "decide-alarm", confirmed=False, reason=reason, severity="major")
    assert answer.status_code == 200, answer.text
    for person in (AMINA, BAO):
        text = await everything(live.theatre, person, finding)
        assert "PLANTED nobody" not in text
        assert "tolerance alarm" not in text
        assert "alarm_" not in (await _kinds(live.theatre, person, finding))
    assert "cancelled the zero-tolerance alarm" in await everything(live.theatre, TOMAS, finding)


async def _kinds(theatre: Theatre, person: str, finding: str) -> str:
    told = await story(theatre, person, finding)
    return " ".join(told)


async def test_names_of_recipients_and_reasons_of_failure_are_for_staff(live: Live, argued: str) -> None:
    async with live.theatre.act(BINH) as binh, live.theatre.act(CHLOE) as chloe:
        seen = (await binh.get(f"/api/v1/findings/{argued}/letters")).json()["items"]
        known = (await chloe.get(f"/api/v1/findings/{argued}/letters")).json()["items"]
    asked = [letter for letter in seen if letter["kind"] == "sign_proposal"]
    assert {letter["person"]["id"] for letter in asked if letter["person"]} == {BINH}
    assert {letter["person"]["id"] for letter in known if letter["kind"] == "sign_proposal"} == {
        AMINA,
        ASHA,
        BAO,
        BINH,
    }
