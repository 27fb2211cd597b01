"""What the story of two cycles is about, and what is to be read of it in the end: reports and dossiers."""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from remediation.gatherings.gathering import own_id
from remediation.words import GatheringId
from service.sealed.verifier import verify
from tests.life.programme import Findings, Programme
from tests.sealed.dossiers import dossier, everything_in, record_of
from tests.service.browsing import browser
from tests.service.stage import AMINA, ASHA, BAO, BINH, BUYER, CHLOE, LOTUS, NAMES

POINT = "OSH;Emergency Preparedness"
TOLD_OF = {
    "exits": f"{POINT};Are all exits open?",
    "alarms": f"{POINT};Do the alarms work?",
    "drills": f"{POINT};Are drills held?",
    "lamps": f"{POINT};Do the emergency lamps work?",
    "hoses": f"{POINT};Are the hoses long enough?",
}
DOORS = {f"door-{number}": f"{POINT};Does fire door {number} shut?" for number in range(1, 37)}
FOUND = TOLD_OF | DOORS
"""Forty findings of which the committee adopts the plans in one meeting, and one whose plan it refuses."""
GRAVITY = dict.fromkeys(TOLD_OF, "major") | dict.fromkeys(DOORS, "collaborative")
FOUND_AGAIN = {
    "exits": TOLD_OF["exits"],
    "alarms": TOLD_OF["alarms"],
    "drills-new": TOLD_OF["drills"],
    "soap": "OSH;Welfare Facilities;Is there soap?",
}
ROLES = {
    AMINA: "worker co-chair",
    ASHA: "worker member",
    BAO: "manager",
    BINH: "management member",
    CHLOE: "advisor",
    None: "-",
}
"""By which role the story tells of each of the cast; a dash stands for the clock, or for somebody unnamed."""


def report(number: int, on: str, overdue: int, **stages: int) -> dict[str, Any]:
    """Give a progress report as the API tells it."""
    ended = stages.get("sustained", 0) + stages.get("superseded", 0)
    counts = {"findings": sum(stages.values()), "completed": ended, "overdue": overdue}
    return {"number": number, "on": on, **counts, "by_stage": stages}


REPORTS = [
    [
        report(1, "2040-02-01", 5, under_review=41),
        report(2, "2040-03-01", 0, under_review=1, committed=38, closed=2),
        report(3, "2040-04-01", 2, under_review=1, committed=38, closed=2),  # hoses and drills are late
        report(4, "2040-05-01", 3, under_review=1, committed=38, closed=2),  # the alarms are, too
        report(5, "2040-06-01", 39, under_review=2, committed=38, sustained=1),  # no door was looked at again
        # Nor were the lamps, and the drills are another finding's now.
        report(6, "2040-07-01", 39, under_review=1, committed=38, sustained=1, superseded=1),
    ],
    [report(1, "2040-07-01", 3, issued=3, superseded=1)],
]
"""The progress reports of both cycles' plans."""

PROPOSED = ["2040-01-01: advisor issued", "2040-01-11: manager proposed"]
LATE = [*PROPOSED, "2040-02-01: - escalated"]
ADOPTED = ["2040-02-05: worker co-chair signed; manager signed; manager committed"]
REPORTED = "manager progress_recorded; manager fix_reported"
LATER = "extension"
FOUND_NOW = ["2040-06-04: advisor issued"]
STORIES = {
    "exits 1": [
        *(*LATE, *ADOPTED),
        f"2040-02-22: {REPORTED}; worker co-chair fix_concurred; advisor verification_booked",
        "2040-02-28: advisor verified",
        "2040-05-20: advisor effectiveness_checked; advisor ended",
    ],
    "alarms 1": [
        *(*LATE, *ADOPTED),
        f"2040-02-22: {REPORTED}; advisor verification_booked",
        "2040-02-28: advisor verified",
        # What remains was due on 10 April. Nobody acknowledges level 2 within three working days.
        *(f"2040-{each}: - escalated" for each in ("04-11", "04-17", "04-22", "05-26")),
        "2040-06-04: advisor repeat_linked",
    ],
    "drills 1": [
        *(*LATE, *ADOPTED),
        f"2040-02-22: {REPORTED}; advisor verification_booked",
        "2040-02-28: advisor verified; advisor reopened",
        *(f"2040-{each}: - escalated" for each in ("03-31", "04-04", "05-13")),
        "2040-06-04: advisor ended",
    ],
    "lamps 1": [
        *(*LATE, *ADOPTED),
        f"2040-02-20: manager {LATER}_requested; worker member {LATER}_cosigned; advisor {LATER}_decided",
        f"2040-02-22: {REPORTED}",
        "2040-02-24: worker member fix_objected; advisor verification_booked",
        "2040-02-28: advisor verified",
        "2040-05-20: advisor effectiveness_checked; advisor reopened",
    ],
    "hoses 1": [
        *LATE,
        "2040-02-05: worker co-chair refused; worker member refused; worker member proposal_failed",
        "2040-02-06: - escalated; manager proposed; worker member signed; manager signed; manager committed",
    ],
    **{f"{each} 1": [*PROPOSED, *ADOPTED] for each in DOORS},
    **{f"{each} 2": FOUND_NOW for each in ("exits", "drills-new", "soap")},
    "alarms 2": ["2040-06-04: advisor issued; advisor ended"],
}
"""What is told of each finding by its question and cycle, without reminders."""
STAGES = {
    **{f"{each} 1": "committed" for each in ("alarms", "hoses", *DOORS)},
    **{f"{each} 2": "issued" for each in ("exits", "drills-new", "soap")},
    "exits 1": "sustained",
    "lamps 1": "under_review",
    "drills 1": "superseded",
    "alarms 2": "superseded",
}
TAKEN = "advisor outcome_recorded; - outcome_taken"
HELD = "advisor meeting_begun; advisor attendance_recorded"
VOTED = "worker co-chair voted_together; worker member voted_together; manager voted_together"
SIGNED = "worker member minutes_signed; management member minutes_signed; management member minutes_agreed"
GATHERED = [
    (
        "plan filed",
        "2040-01-01: advisor plan_opened",
        "2040-02-01: - escalated",
        "2040-02-02: - progress_reported; advisor acknowledged; manager plan_filed",
        *(f"2040-{each:02}-02: - progress_reported" for each in range(3, 8)),
    ),
    (
        "meeting agreed",
        "2040-02-02: worker co-chair meeting_called",
        f"2040-02-05: {HELD}; {VOTED}; advisor meeting_ended; {SIGNED}",
    ),
    (
        "visit ended",
        "2040-02-22: advisor visit_planned",
        "2040-02-24: - agenda_extended",
        f"2040-02-28: advisor visit_begun; {TAKEN}; {TAKEN}; {TAKEN}; {TAKEN}; advisor visit_ended",
    ),
    (
        "visit ended",
        "2040-05-18: advisor visit_planned; - agenda_extended",
        f"2040-05-20: advisor visit_begun; {TAKEN}; {TAKEN}; advisor visit_ended",
    ),
    ("plan awaited", "2040-06-04: advisor plan_opened", "2040-07-02: - progress_reported"),
]
"""What is told of plans, meetings and visits, in the order in which they began."""


def told(story: list[Mapping[str, Any]]) -> Iterator[str]:
    """Tell a story by day, role and fact, without reminders, of which other tests tell."""
    for day, happened in groupby(story, lambda each: str(each["local"])[:10]):
        facts = [f"{ROLES[each['who'] and each['who']['id']]} {each['kind']}" for each in happened]
        if lasting := [each for each in facts if each != "- reminded"]:
            yield f"{day}: {'; '.join(lasting)}"


async def pages_tell_what_the_reports_hold(programme: Programme, plan: GatheringId) -> None:
    """Hold that a report's page counts as its report does, beside the one before."""
    async with browser(programme.live.theatre, AMINA) as client:
        page = (await client.get(f"/plans/{own_id(plan)}/reports/2")).text
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page)
    assert {words: re.findall(r">(\d+)<", numbers) for words, numbers in rows} == {
        "All": ["41", "41"],
        "Ended": ["0", "0"],
        "Overdue": ["0", "5"],
        "under review": ["1", "41"],
        "committed": ["38", "0"],
        "closed": ["2", "0"],
    }


async def everything_is_told_by_the_dossier(programme: Programme) -> None:
    """Hold that the advisor's dossier of the factory tells all of it, and is as it was sealed."""
    data = await dossier(programme.live.theatre, CHLOE, f"factories/{LOTUS}")
    record, verdict = record_of(data), verify(data)
    findings = {f"{each['question']} {each['cycle']}": each for each in record["findings"]}
    assert {name: list(told(each["story"])) for name, each in findings.items()} == STORIES
    assert {name: each["stage"] for name, each in findings.items()} == STAGES
    gathered = [(f"{each['kind']} {each['stage']}", *told(each["story"])) for each in record["gatherings"]]
    assert gathered == GATHERED
    late = [name for name in findings if name not in {f"{door} 1" for door in DOORS}]
    assert late[:2] == ["hoses 1", "alarms 1"], "the soonest due come first"

    assert (verdict.faults, verdict.withheld) == ([], 0)
    subjects = [each["id"] for each in (*record["findings"], *record["gatherings"])]
    assert verdict.heads == {each: len(programme.live.theatre.ledger(each)) for each in subjects}
    everything = everything_in(data)
    assert "Amina Rahman voted to sign 40 plans. Amina Rahman voted to refuse 1 plan." in everything
    assert "Asha Begum objected to the reported fix: it must be seen on site." in everything


async def workers_stay_unnamed_to_the_manager(programme: Programme, found: Findings) -> None:
    """Hold that the manager's dossiers tell that workers refused and objected, and not who."""
    for question, said in (
        ("hoses", "A worker member refused to sign the proposal."),
        ("lamps", "A worker member objected to the reported fix: it must be seen on site."),
    ):
        data = await dossier(programme.live.theatre, BAO, f"findings/{found[question]}")
        everything = everything_in(data)
        assert verify(data).faults == []
        assert said in everything
        assert [
            each for each in (AMINA, ASHA) if f'"{each}"' in everything or NAMES[each] in everything
        ] == []


async def nobody_is_named_to_a_buyer(programme: Programme) -> None:
    """Hold that a buyer's dossier tells stages and dates alone, of findings and plans, and can be checked."""
    data = await dossier(programme.live.theatre, BUYER, f"factories/{LOTUS}")
    record, verdict = record_of(data), verify(data)
    assert {f"{each['question']} {each['cycle']}": each["stage"] for each in record["findings"]} == STAGES
    assert [each["kind"] for each in record["gatherings"]] == ["plan", "plan"]
    assert (verdict.faults, verdict.withheld) == ([], sum(verdict.heads.values()))
    assert not any(each["story"] for each in (*record["findings"], *record["gatherings"]))
    everything = everything_in(data).replace(NAMES[BUYER], "")
    words = ("Take the lock off", "Eighty days", "They go out", "safety folder", *NAMES.values())
    assert [each for each in (*words, *(f'"{each}"' for each in ROLES if each)) if each in everything] == []
