"""One programme over two cycles: a plan filed late, forty promises in one meeting, visits, and repeats."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from remediation.gatherings.gathering import Kind, gathering_id
from remediation.words import FindingId, GatheringId
from storage import repeats
from storage.database import writing
from tests.life.programme import Findings, Programme, a_programme, day, path_of
from tests.life.two_cycles import (
    FOUND,
    FOUND_AGAIN,
    GRAVITY,
    REPORTS,
    TOLD_OF,
    everything_is_told_by_the_dossier,
    nobody_is_named_to_a_buyer,
    pages_tell_what_the_reports_hold,
    workers_stay_unnamed_to_the_manager,
)
from tests.service.stage import AMINA, ASHA, BAO, BINH, CHLOE, LOTUS, PROGRAMME


@pytest.fixture
async def programme(skipping: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[Programme]:
    async with a_programme(skipping, tmp_path) as programme:
        yield programme


async def test_what_a_factory_promised_is_followed_over_two_cycles(programme: Programme) -> None:
    plan, first = await programme.assess(1, FOUND, GRAVITY)
    found = {name: each.finding for name, each in first.items()}
    await nobody_files_the_plan_until_its_ladder_has_climbed(programme, plan, found)
    await the_committee_adopts_forty_plans_in_one_meeting_and_refuses_one(programme, found)
    await the_refused_plan_comes_back_with_an_earlier_date(programme, found["hoses"])
    await a_later_date_is_asked_for_and_granted(programme, found["lamps"])
    await fixes_pass_hold_in_part_and_fail_on_a_visit_and_a_worker_objects(programme, found)
    await a_later_visit_sees_which_fix_has_held(programme, plan, found["exits"], found["lamps"])
    other, again = await three_are_found_again_by_the_next_assessment(programme, plan, found)
    await each_repeat_goes_on_as_is_usual(programme, found, again)

    await programme.until(183, plan, other)
    standing = [await programme.look(AMINA, f"{path_of(each)}/standing") for each in (plan, other)]
    assert [each["reports"] for each in standing] == REPORTS
    await pages_tell_what_the_reports_hold(programme, plan)
    await everything_is_told_by_the_dossier(programme)
    await workers_stay_unnamed_to_the_manager(programme, found)
    await nobody_is_named_to_a_buyer(programme)


async def nobody_files_the_plan_until_its_ladder_has_climbed(
    programme: Programme, plan: GatheringId, found: Findings
) -> None:
    programme.on(10)
    due = {each: 80 if name in TOLD_OF else 170 for name, each in found.items()}
    await asyncio.gather(*(programme.propose(each, due=on) for each, on in due.items()))
    await programme.until(32, plan)
    late = await programme.look(BAO, f"{path_of(plan)}/standing")
    assert (late["stage"], late["level"]) == ("awaited", 2), "no cooperation skips the first level"
    assert programme.letters(plan)["plan_overdue"] == ["advisor"]
    await programme.give(CHLOE, plan, "acknowledge", obligation="file_plan")
    filed = await programme.give(BAO, plan, "file-plan")
    assert (filed["facts"], filed["stage"]) == (["plan_filed"], "filed")


async def the_committee_adopts_forty_plans_in_one_meeting_and_refuses_one(
    programme: Programme, found: Findings
) -> None:
    meeting = await called_for(programme, 35, found)
    programme.on(35)
    await programme.reach(*found.values())
    await programme.give(CHLOE, meeting, "begin-meeting")
    await programme.give(CHLOE, meeting, "record-attendance", present=[AMINA, ASHA, BAO, BINH])
    adopted = [
        {"finding": each, "revision": programme.state(each).proposal.revision}
        for name, each in found.items()
        if name != "hoses"
    ]
    hoses = {"finding": found["hoses"], "revision": programme.state(found["hoses"]).proposal.revision}
    refused = hoses | {"reason": "Eighty days without water are too long."}
    await programme.vote(AMINA, meeting, "vote-together", votes=[*adopted, refused])
    await programme.vote(ASHA, meeting, "vote-together", votes=[refused])
    await programme.vote(BAO, meeting, "vote-together", votes=[*adopted, hoses])

    assert Counter(programme.stages(*found.values())) == {"committed": 40, "under_review": 1}
    shown = await programme.look(BAO, path_of(meeting))
    became = Counter((each["verb"], each["status"], each["code"]) for each in shown["votes"])
    # Bao signs what both workers have refused: the finding itself turns his signature down.
    assert became == {
        ("sign", "done", None): 80,
        ("refuse", "done", None): 2,
        ("sign", "refused", "proposal_missing"): 1,
    }
    told = programme.letters(found["hoses"])
    assert told["proposal_refused"] == ["management_member", "management_member"]
    assert sorted(told["proposal_failed"]) == ["advisor", "management_co_chair", "worker_co_chair"]
    await minuted_and_signed(programme, meeting, found["hoses"])


async def called_for(programme: Programme, on: int, found: Findings) -> GatheringId:
    agenda = [{"kind": "sign", "finding": each} for each in found.values()]
    call = {"starts": f"{day(on).isoformat()}T10:00:00+06:00", "length": 90, "agenda": agenda}
    called = await programme.post(AMINA, f"factories/{LOTUS}/meetings", call)
    assert called.status_code == 201, called.text
    return gathering_id(Kind.MEETING, called.json()["id"])


async def minuted_and_signed(programme: Programme, meeting: GatheringId, refused: FindingId) -> None:
    await programme.give(CHLOE, meeting, "end-meeting", remarks="The hoses come back with an earlier date.")
    minutes = (await programme.look(ASHA, path_of(meeting)))["minutes"]
    results = [(each["stage"], each["counted"], each["turned_down"]) for each in minutes["results"]]
    assert Counter(results) == {("committed", 2, 0): 40, ("under_review", 2, 1): 1}
    assert [each["finding"] for each in minutes["results"] if each["turned_down"]] == [refused]
    for member in (ASHA, BINH):
        await programme.vote(member, meeting, "sign-minutes", minutes=minutes["digest"])
    assert programme.stages(meeting) == ["agreed"]


async def the_refused_plan_comes_back_with_an_earlier_date(programme: Programme, hoses: FindingId) -> None:
    programme.on(36)
    await programme.propose(hoses, due=70)
    for member in (ASHA, BAO):
        await programme.give(member, hoses, "sign", revision=programme.state(hoses).proposal.revision)
    assert programme.stages(hoses) == ["committed"]


async def a_later_date_is_asked_for_and_granted(programme: Programme, lamps: FindingId) -> None:
    programme.on(50)
    asked = {"until": day(100).isoformat(), "reason": "They are at sea.", "interim_protection": "Torches"}
    member = {"acting": "management_member"}
    await programme.give(BAO, lamps, "request-extension", actions=["a1"], **asked, **member)
    await programme.give(ASHA, lamps, "cosign-extension")
    (before,) = (await programme.look(AMINA, path_of(lamps)))["promises"]
    await programme.give(CHLOE, lamps, "decide-extension", granted=True, reason="They are.")
    (after,) = (await programme.look(AMINA, path_of(lamps)))["promises"]
    assert (before["due"], after["due"]) == (day(80).isoformat(), day(100).isoformat())
    assert after["original_due"] == before["due"]


async def fixes_pass_hold_in_part_and_fail_on_a_visit_and_a_worker_objects(
    programme: Programme, found: Findings
) -> None:
    four = [exits, alarms, drills, lamps] = [found[each] for each in ("exits", "alarms", "drills", "lamps")]
    programme.on(52)
    for each in four:
        await programme.fix(each)
    await programme.give(AMINA, exits, "concur-with-fix")
    visit = await programme.visit(58, exits, alarms, drills)
    assert programme.stages(visit, *four) == [
        "planned",
        "verifying",
        "verifying",
        "verifying",
        "fix_reported",
    ]
    programme.on(54)
    await programme.give(ASHA, lamps, "object-to-fix", reason="They go out after a minute.")
    await programme.reach(visit)
    await programme.steward.look(programme.clock())  # what is objected to comes onto the agenda by itself

    programme.on(58)
    await programme.give(CHLOE, visit, "begin-visit", on=day(58).isoformat())
    remains = {"id": "a1", "verdict": "fail", "due": day(100).isoformat()}
    await programme.see(visit, exits, "pass")
    await programme.see(visit, alarms, "partial", actions=[remains])
    await programme.see(visit, drills, "fail")
    desk = {"finding": lamps, "verdict": "pass", "modality": "desktop", "evidence": ["A film"]}
    unseen = await programme.post(CHLOE, f"{path_of(visit)}/record-outcome", desk)
    assert (unseen.status_code, unseen.json()["code"]) == (409, "on_site_required")
    await programme.see(visit, lamps, "pass")
    await programme.give(CHLOE, visit, "end-visit", summary="The alarms of one hall are silent.")
    assert await checklist(programme, visit) == {
        exits: ("fix", "pass", "taken"),
        alarms: ("fix", "partial", "taken"),
        drills: ("fix", "fail", "taken"),
        lamps: ("objection", "pass", "taken"),
    }
    assert programme.stages(visit, *four) == ["ended", "closed", "committed", "under_review", "closed"]
    assert programme.state(drills).attempt == 2


async def checklist(programme: Programme, visit: GatheringId) -> dict[str, tuple[str, str, str]]:
    """Give what was to be checked of each finding, the last outcome, and what became of that."""
    lines = (await programme.look(CHLOE, path_of(visit)))["lines"]
    last = {each["finding"]: (each["check"], each["outcomes"][-1]) for each in lines}
    return {of: (check, outcome["verdict"], outcome["delivery"]) for of, (check, outcome) in last.items()}


async def a_later_visit_sees_which_fix_has_held(
    programme: Programme, plan: GatheringId, exits: FindingId, lamps: FindingId
) -> None:
    await programme.until(138, plan)
    await programme.reach(exits, lamps)
    visit = await programme.visit(140, exits)  # the lamps are to be checked soon, too, and come along
    programme.on(140)
    await programme.give(CHLOE, visit, "begin-visit", on=day(140).isoformat())
    await programme.see(visit, exits, "pass")
    await programme.see(visit, lamps, "fail")
    await programme.give(CHLOE, visit, "end-visit")
    assert await checklist(programme, visit) == {
        exits: ("effectiveness", "pass", "taken"),
        lamps: ("effectiveness", "fail", "taken"),
    }
    assert programme.stages(visit, exits, lamps) == ["ended", "sustained", "under_review"]
    assert programme.state(lamps).severity == "critical", "one up: the fix did not hold"


async def three_are_found_again_by_the_next_assessment(
    programme: Programme, plan: GatheringId, found: Findings
) -> tuple[GatheringId, Findings]:
    await programme.until(155, plan)
    with writing(programme.live.theatre.database) as connection:
        repeats.load(connection, PROGRAMME, {"drills": "drills-new"}, programme.clock())
    other, second = await programme.assess(2, FOUND_AGAIN, dict.fromkeys(FOUND_AGAIN, "major"))
    assert {name: (each.repeat_of, each.severity) for name, each in second.items()} == {
        "exits": (found["exits"], "critical"),
        "alarms": (found["alarms"], "critical"),
        "drills-new": (found["drills"], "critical"),
        "soap": (None, "major"),
    }
    return other, {name: each.finding for name, each in second.items()}


async def each_repeat_goes_on_as_is_usual(programme: Programme, found: Findings, again: Findings) -> None:
    """What was sustained is linked, what is promised carries on, what has no promise begins afresh."""
    await programme.reach(found["alarms"], found["drills"])
    for question, earlier, basis, then, became in (
        ("exits", "exits", "question", "link", ["sustained", "issued"]),
        ("alarms", "alarms", "question", "carry_on", ["committed", "superseded"]),
        ("drills-new", "drills", "crosswalk", "supersede", ["superseded", "issued"]),
    ):
        said = await programme.post(CHLOE, f"findings/{again[question]}/repeat", {"repeats": True})
        repeat = said.json()["repeat"]
        assert (repeat["basis"], repeat["then"], said.json()["refused"]) == (basis, then, []), question
        assert programme.stages(found[earlier], again[question]) == became, question
