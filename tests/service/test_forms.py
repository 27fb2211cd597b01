"""Acting on a finding in the browser, with forms alone: each role's way, and what goes wrong on it."""

import gzip
from datetime import UTC, date, datetime, timedelta

import pytest

from remediation.orders import VERBS
from remediation.possible import CANDIDATES
from remediation.words import CommandId, FactoryId, PersonId, PlanId, Severity
from service.api.bodies import BODIES
from service.pages.acts import ACTS
from storage import commands
from storage.commands import Refused
from storage.database import writing
from tests.service.browsing import Reader, browser, done, form_of, opened, sent
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BUYER,
    CHLOE,
    DINA,
    NEIGHBOUR,
    OUTSIDER,
    PADMA,
    PETRA,
    STATEMENT,
    TOMAS,
    Live,
    Theatre,
    a_life,
    a_plan,
)

SMALL = 15 * 1024
PHOTO = "Photo 12 in the safety folder"


def in_days(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def a_proposal(due: str | None = None) -> dict[str, str]:
    return {
        "root_cause": "Only the guard has keys.",
        "actions__0__kind": "corrective",
        "actions__0__description": "Take the lock off",
        "actions__0__owner": BAO,
        "actions__0__due": due or in_days(60),
        "actions__0__evidence_expected": "A photograph",
    }


def test_every_verb_has_its_form() -> None:
    assert set(ACTS) == set(BODIES)
    assert {VERBS[verb] for verb in ACTS} == set(CANDIDATES)


async def test_the_committee_agrees_and_the_manager_fixes(live: Live) -> None:
    finding = await live.begin()
    at = f"/findings/{finding}"
    async with browser(live.theatre, BAO) as bao, browser(live.theatre, AMINA) as amina:
        assert f"{at}/propose" in Reader((await amina.get(at)).text).links
        assert "asked to read and sign it" in await done(amina, f"{at}/propose", **a_proposal())
        assert "Only the guard has keys." in (await bao.get(f"{at}/sign")).text
        assert "exactly this text" in await done(amina, f"{at}/sign")
        assert "holds from now on" in await done(bao, f"{at}/sign")
        await done(bao, f"{at}/record-progress", percent="100", evidence=f"{PHOTO}\n\nThe guard's log")
        assert "somebody independent will verify" in await done(bao, f"{at}/report-fixed", evidence=PHOTO)
    async with browser(live.theatre, ASHA) as asha:
        assert "on site" in await done(asha, f"{at}/object-to-fix", reason="It is locked at night.")
    assert live.theatre.ledger(finding) == [
        "issued",
        "proposed",
        "signed",
        "signed",
        "committed",
        "progress_recorded",
        "fix_reported",
        "fix_objected",
    ]


async def test_the_advisor_decides_a_later_date_and_verifies(live: Live) -> None:
    finding = await live.begin()
    await live.agree(finding)
    at = f"/findings/{finding}"
    async with browser(live.theatre, AMINA) as amina, browser(live.theatre, BAO) as bao:
        asked = {"until": in_days(70), "reason": "The lock is on order.", "interim_protection": "A guard"}
        await done(amina, f"{at}/request-extension", **asked)
        assert "The lock is on order." in (await bao.get(f"{at}/cosign-extension")).text
        await done(bao, f"{at}/cosign-extension")
    async with browser(live.theatre, CHLOE) as chloe:
        shown = Reader((await chloe.get(at)).text)
        assert f"{at}/decide-extension" in shown.links
        assert "A guard" in (await chloe.get(f"{at}/decide-extension")).text
        await done(chloe, f"{at}/decide-extension", granted="true", reason="Parts are on order.")
    async with browser(live.theatre, BAO) as bao:
        await done(bao, f"{at}/record-progress", percent="100", evidence=PHOTO)
        await done(bao, f"{at}/report-fixed", evidence=PHOTO)
    async with browser(live.theatre, CHLOE) as chloe:
        offered = (await chloe.get(f"{at}/book-verification")).text
        assert "Tomas Novak" in offered
        assert "Amina Rahman" not in form_text(offered)
        visit = {"verifier": TOMAS, "modality": "on_site", "on": in_days(2)}
        await done(chloe, f"{at}/book-verification", **visit)
        found = {"verdict": "partial", "modality": "on_site", "evidence": PHOTO}
        await done(chloe, f"{at}/verify", **found, remaining__0__due=in_days(20))
    assert live.theatre.ledger(finding)[-2:] == ["verification_booked", "verified"]


def form_text(page: str) -> str:
    return page[page.index('<form class="act"') :]


async def test_the_team_leader_decides_a_dispute_and_reopens(live: Live) -> None:
    finding = await live.begin()
    at = f"/findings/{finding}"
    async with browser(live.theatre, BAO) as bao:
        await done(bao, f"{at}/dispute", reason="The exit was unlocked on the day.")
    async with browser(live.theatre, TOMAS) as tomas:
        first = Reader((await tomas.get(at)).text)
        assert f"{at}/decide-dispute" in first.links
        page = (await tomas.get(f"{at}/decide-dispute")).text
        assert "The exit was unlocked on the day." in page
        told = await done(tomas, f"{at}/decide-dispute", outcome="upheld", reason="Seen on video.")
        assert "life is over" in told
        assert "new attempt" in await done(tomas, f"{at}/reopen", reason="The video was of another day.")


async def test_the_duty_officer_decides_an_alarm_and_the_manager_contains(live: Live) -> None:
    finding = await live.begin(severity=Severity.ZERO_TOLERANCE, factory_told=False)
    at = f"/findings/{finding}"
    async with browser(live.theatre, BAO) as bao:
        assert (await bao.get(at)).status_code == 404
        assert (await bao.get(f"{at}/contain")).status_code == 404
    async with browser(live.theatre, DINA) as dina:
        await done(dina, f"{at}/decide-alarm", confirmed="true", reason="Two people saw it.")
        await done(dina, f"{at}/notify-authority", note="The inspectorate, by letter.")
    async with browser(live.theatre, BAO) as bao:
        await done(bao, f"{at}/contain", evidence=PHOTO)
    async with browser(live.theatre, PETRA) as petra:
        await done(petra, f"{at}/cease", reason="The factory has closed.")


async def test_no_agreement_leads_to_mediation_and_an_interim_plan(live: Live) -> None:
    finding = await live.begin()
    at = f"/findings/{finding}"
    async with browser(live.theatre, AMINA) as amina, browser(live.theatre, BAO) as bao:
        await done(amina, f"{at}/propose", root_cause="None.", no_action_reason="It is not our gate.")
        await done(bao, f"{at}/refuse", reason="It is our gate.")
        await done(bao, f"{at}/declare-deadlock", reason="We disagree about the gate.")
        await done(bao, f"{at}/file-interim-plan", **a_proposal())
    async with browser(live.theatre, CHLOE) as chloe:
        page = (await chloe.get(f"{at}/close-mediation")).text
        assert "We disagree about the gate." in page
        await done(chloe, f"{at}/approve-no-action", reason="It is the neighbour's gate.")
        await done(chloe, f"{at}/allow-later-date", until=in_days(120), reason="The neighbour needs time.")
        await done(chloe, f"{at}/close-mediation", reason="They will meet again.")


async def test_a_second_click_has_one_effect_and_the_same_answer(live: Live) -> None:
    finding = await live.begin()
    async with browser(live.theatre, AMINA) as amina:
        form = await opened(amina, f"/findings/{finding}/propose")
        first = await sent(amina, form, **a_proposal())
        again = await sent(amina, form, **a_proposal())
        assert (first.status_code, again.status_code) == (303, 303)
        assert first.headers["Location"] == again.headers["Location"]
    assert live.theatre.ledger(finding) == ["issued", "proposed"]


async def test_a_form_sent_again_with_other_words_is_shown_again_with_a_new_key(live: Live) -> None:
    finding = await live.begin()
    async with browser(live.theatre, AMINA) as amina:
        form = await opened(amina, f"/findings/{finding}/propose")
        await sent(amina, form, **a_proposal())
        answer = await sent(amina, form, **a_proposal(in_days(50)))
        assert answer.status_code == 409
        assert "was sent before, with other words" in answer.text
        after = form_of(answer)
        assert after.data["key"] != form.data["key"]
        assert after.data["actions[0].due"] == [in_days(50)]
        assert (await sent(amina, after)).status_code == 303


async def test_what_is_missing_is_said_at_the_field_and_nothing_typed_is_lost(live: Live) -> None:
    finding = await live.begin()
    typed = a_proposal() | {"actions__0__due": "soon", "root_cause": ""}
    async with browser(live.theatre, AMINA) as amina:
        form = await opened(amina, f"/findings/{finding}/propose")
        answer = await sent(amina, form, **typed)
        assert answer.status_code == 422
        page = Reader(answer.text)
        assert "There is a problem" in page.text
        assert {"#f-root-cause", "#f-actions-0-due"} <= set(page.links)
        assert {link[1:] for link in page.links if link.startswith("#f-")} <= set(page.ids)
        assert "Root cause: This field is required." in page.text
        assert "Actions 1, By which day: Write a date as YYYY-MM-DD" in page.text
        again = form_of(answer)
        assert again.data["actions[0].description"] == ["Take the lock off"]
        assert again.data["actions[0].owner"] == [BAO]
        assert again.data["key"] == form.data["key"]
        assert 'aria-invalid="true"' in answer.text
        told = await sent(amina, again, root_cause="Keys", actions__0__due=in_days(30))
        assert told.status_code == 303
    assert live.theatre.ledger(finding) == ["issued", "proposed"]


async def test_the_rules_refusal_comes_back_at_the_field(live: Live) -> None:
    finding = await live.begin()
    async with browser(live.theatre, AMINA) as amina:
        form = await opened(amina, f"/findings/{finding}/propose")
        answer = await sent(amina, form, **a_proposal(in_days(400)))
        assert answer.status_code == 409
        page = Reader(answer.text)
        assert "the last day the policy allows" in page.text
        assert "#f-actions" in page.links
        again = form_of(answer)
        assert again.data["root_cause"] == ["Only the guard has keys."]
        assert (await sent(amina, again, actions__0__due=in_days(30))).status_code == 303


async def test_one_more_row_is_given_without_sending_anything(live: Live) -> None:
    finding = await live.begin()
    async with browser(live.theatre, AMINA) as amina:
        form = await opened(amina, f"/findings/{finding}/propose")
        assert "actions[1].due" in form.data
        assert "actions[2].due" not in form.data
        answer = await amina.post(
            form.action, data={**form.data, "root_cause": ["Keys"], "more": ["actions"]}
        )
        more = form_of(answer)
        assert answer.status_code == 200
        assert "actions[2].due" in more.data
        assert more.data["root_cause"] == ["Keys"]
        second = {name.replace("__0__", "__2__"): value for name, value in a_proposal().items()}
        assert (await sent(amina, more, **second)).status_code == 303
    assert live.theatre.ledger(finding) == ["issued", "proposed"]


async def test_an_edit_begins_with_what_is_on_the_table_and_shows_what_changed(live: Live) -> None:
    finding = await live.begin()
    at = f"/findings/{finding}"
    async with browser(live.theatre, AMINA) as amina, browser(live.theatre, BAO) as bao:
        await done(amina, f"{at}/propose", **a_proposal())
        edit = await opened(bao, f"{at}/propose")
        assert edit.data["actions[0].description"] == ["Take the lock off"]
        old = await opened(amina, f"{at}/sign")
        assert (await sent(bao, edit, actions__0__due=in_days(20))).status_code == 303
        late = await sent(amina, old)
        assert late.status_code == 409
        assert "has changed since you opened it" in late.text
        page = (await amina.get(f"{at}/sign")).text
        assert "What changed since the revision before" in page
        assert "Action 1: By which day" in page
        assert f"<ins>{in_days(20)}</ins>" in page


async def test_who_was_overtaken_reads_what_happened_and_sends_again(live: Live) -> None:
    finding = await live.begin()
    at = f"/findings/{finding}"
    async with browser(live.theatre, BAO) as bao, browser(live.theatre, AMINA) as amina:
        form = await opened(bao, f"{at}/dispute")
        await done(amina, f"{at}/propose", **a_proposal())
        answer = await sent(bao, form, reason="It was open.")
        assert answer.status_code == 412
        assert "Somebody has acted on the finding since" in answer.text
        assert "Amina Rahman" in Reader(answer.text).text
        assert (await sent(bao, form_of(answer))).status_code == 303
    assert live.theatre.ledger(finding) == ["issued", "proposed", "disputed"]


async def test_who_was_overtaken_by_a_workers_vote_is_not_told_whose(live: Live) -> None:
    finding = await live.begin()
    at = f"/findings/{finding}"
    async with browser(live.theatre, BAO) as bao, browser(live.theatre, ASHA) as asha:
        await done(bao, f"{at}/propose", **a_proposal())
        form = await opened(bao, f"{at}/declare-deadlock")
        await done(asha, f"{at}/refuse", reason="PLANTED reason")
        answer = await sent(bao, form, reason="Nobody answers.")
        assert answer.status_code == 412
        assert "A worker member" in answer.text
        assert "Asha" not in answer.text
        assert (await sent(bao, form_of(answer))).status_code == 303


async def test_a_command_that_was_refused_later_is_told_with_the_rules_words(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre, AMINA) as amina:
        answer = await sent(amina, await opened(amina, "/findings/f1/dispute"), reason="It was open.")
        command = CommandId(answer.headers["Location"].rpartition("=")[2])
        refusal = Refused(code="too_late", detail="It is too late for this.", field="", at=datetime.now(UTC))
        with writing(theatre.database) as connection:
            commands.refuse(connection, command, refusal)
        after = Reader((await amina.get(answer.headers["Location"])).text)
    assert "Not possible: Dispute the finding" in after.text
    assert "It is too late for this." in after.text


async def test_what_is_not_possible_is_told_in_the_rules_own_words(live: Live) -> None:
    finding = await live.begin()
    async with browser(live.theatre, BAO) as bao:
        page = Reader((await bao.get(f"/findings/{finding}")).text)
        assert f"/findings/{finding}/report-fixed" not in page.links
        assert "To report a fix, the finding must be committed; it is issued." in page.text
        answer = await bao.get(f"/findings/{finding}/report-fixed")
    assert "This is not possible now." in answer.text
    assert all(form.action == "/sign-out" for form in Reader(answer.text).forms)


async def test_a_command_that_nobody_decides_yet_is_kept_and_looked_at_again(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre, AMINA) as amina:
        answer = await sent(amina, await opened(amina, "/findings/f1/dispute"), reason="It was open.")
        assert answer.status_code == 303
        after = await amina.get(answer.headers["Location"])
        assert "Not decided yet" in after.text
        assert answer.headers["Location"] in Reader(after.text).links
    async with browser(theatre, BAO) as bao:
        assert "Not decided yet" not in (await bao.get(answer.headers["Location"])).text
    assert theatre.count("commands") == 1


@pytest.mark.parametrize("verb", ["reseat", "nothing", "Sign", "si%67n2"])
async def test_there_are_no_other_forms(theatre: Theatre, verb: str) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre, CHLOE) as chloe:
        assert (await chloe.get(f"/findings/f1/{verb}")).status_code in {404, 422}
        assert (await chloe.post(f"/findings/f1/{verb}")).status_code in {404, 422}


async def test_another_factorys_finding_is_not_there(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"), a_life("p1", factory=FactoryId(PADMA), plan=PlanId("p")))
    form = {"key": "k1", "reason": "none", "version": "1"}
    for person, finding in ((NEIGHBOUR, "f1"), (AMINA, "p1"), (OUTSIDER, "f1")):
        async with browser(theatre, person) as client:
            assert (await client.get(f"/findings/{finding}/dispute")).status_code == 404
            assert (await client.post(f"/findings/{finding}/dispute", data=form)).status_code == 404
    assert theatre.count("commands") == 0


async def test_who_may_not_is_told_who_may(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre, BUYER) as bea:
        page = await bea.get("/findings/f1")
        assert "What you can do now" not in page.text
        assert STATEMENT not in page.text
        for verb in ACTS:
            path = f"/findings/f1/{verb.replace('_', '-')}"
            for answer in (await bea.get(path), await bea.post(path, data={"key": "k"})):
                assert answer.status_code == 403
                assert not any(name in answer.text for name in ("Amina", "Bao", "PLANTED"))
    assert theatre.count("commands") == 0


async def test_another_sites_form_does_nothing(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre, AMINA) as amina:
        form = await opened(amina, "/findings/f1/dispute")
        answer = await amina.post(
            form.action, data={**form.data, "reason": "x"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403
        keyless = await amina.post(form.action, data={"reason": "x"})
        assert form_of(keyless).data["key"] != [""]
    assert theatre.count("commands") == 0


async def test_nobody_signed_in_is_led_to_sign_in_first(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre) as client:
        answer = await client.get("/findings/f1/dispute")
    assert answer.headers["Location"].startswith("/sign-in?to=%2Ffindings%2Ff1%2Fdispute")


async def test_what_was_sent_can_be_told_only_to_who_sent_it(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre, AMINA) as amina:
        for other in ("nonsense", "c-abc"):
            assert "Not decided yet" not in (await amina.get(f"/findings/f1?sent={other}")).text


@pytest.mark.parametrize("person", [AMINA, BAO, CHLOE, TOMAS, DINA, PETRA])
async def test_every_form_is_whole_small_and_labelled(live: Live, person: PersonId) -> None:
    finding = await live.begin(ago=0)
    await live.say(BAO, finding, "propose", **a_plan())
    async with browser(live.theatre, person) as client:
        style = len(gzip.compress((await client.get("/static/mendwork.css")).content))
        page = await client.get(f"/findings/{finding}")
        Reader(page.text)
        assert len(gzip.compress(page.content)) < SMALL
        for verb in ACTS:
            answer = await client.get(f"/findings/{finding}/{verb.replace('_', '-')}")
            if answer.status_code == 403:
                continue
            assert answer.status_code == 200
            Reader(answer.text)
            assert len(gzip.compress(answer.content)) + style < SMALL


async def test_asking_for_forms_changes_nothing(live: Live) -> None:
    finding = await live.begin()
    async with browser(live.theatre, AMINA) as amina:
        for verb in ("sign", "propose", "dispute"):
            for method in ("GET", "HEAD"):
                answer = await amina.request(method, f"/findings/{finding}/{verb}?sent=1")
                assert answer.status_code == 200
    assert live.theatre.ledger(finding) == ["issued"]


async def test_a_later_date_is_dated_in_words(live: Live) -> None:
    finding = await live.begin()
    await live.agree(finding)
    async with browser(live.theatre, AMINA) as amina:
        page = (await amina.get(f"/findings/{finding}/request-extension")).text
    day = date.fromisoformat(in_days(60))
    assert f"Take the lock off the second exit, by {day.day} {day:%B %Y}" in page
