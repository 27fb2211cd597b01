"""Lives that findings lead, each a scenario on the stage: played live by tests, kept as golden histories."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from remediation.gatherings.meeting.facts import Vote
from remediation.gatherings.meeting.orders import (
    BeginMeeting,
    EndMeeting,
    MoveMeeting,
    RecordAttendance,
    SignMinutes,
    VoteTogether,
)
from remediation.gatherings.plan import CompletePlan, FilePlan, ReportProgress, Tally
from remediation.gatherings.visit.orders import (
    BeginVisit,
    EndVisit,
    NoteOutcome,
    PostponeVisit,
    RecordOutcome,
)
from remediation.orders import (
    AcceptRecoveryPlan,
    Acknowledge,
    CheckEffectiveness,
    ConcurWithFix,
    Contain,
    CosignExtension,
    CountersignSuspension,
    DecideAlarm,
    DecideConsequence,
    DecideDispute,
    DecideExtension,
    DeclareDeadlock,
    Dispute,
    FileInterimPlan,
    FileRecoveryPlan,
    NotifyAuthority,
    Propose,
    RecordProgress,
    Refuse,
    RemainingAction,
    ReportFixed,
    RequestExtension,
    ReturnRecoveryPlan,
    Sign,
    Snooze,
    Suspend,
    Verify,
)
from remediation.words import (
    SYSTEM,
    ActionId,
    Consequence,
    Digest,
    DisputeOutcome,
    FindingId,
    Hindrance,
    Modality,
    NoteId,
    Role,
    Severity,
    SignatureMethod,
    SuspensionCause,
    Verdict,
)
from remediation.words import Stage as StageWord
from service.engine import OrderRefusedError
from tests.life.stage import AMINA, ASHA, BAO, BINH, CHLOE, DHAKA, DINA, ERIK, RUTH, SEATS, TOMAS, Life, Stage

NOTE = NoteId("note-1")
PHOTO = (NoteId("photo-1"),)
PLAN = Digest("revision-1")
FIRST = ActionId("a1")
LATE = f"action:{FIRST}"


async def commit(life: Life, *, days: int = 60, revision: Digest = PLAN) -> None:
    """Let the committee agree on one action, owned by Bao."""
    await life.order(AMINA, Propose, revision=revision, actions=(life.action(days=days),))
    await life.order(AMINA, Sign, revision=revision)
    await life.order(BAO, Sign, revision=revision, method=SignatureMethod.SHARED_DEVICE)


async def fix(life: Life) -> None:
    """Let Bao do the action and report the fix."""
    await life.order(BAO, RecordProgress, action=FIRST, percent=50, note=NOTE)
    await life.order(BAO, RecordProgress, action=FIRST, percent=100, evidence=PHOTO)
    await life.order(BAO, ReportFixed, evidence=PHOTO)


async def verify(life: Life, verdict: Verdict = Verdict.PASS) -> None:
    """Let Erik, who neither planned nor fixed, look on site."""
    await life.order(ERIK, Verify, verdict=verdict, modality=Modality.ON_SITE, evidence=PHOTO)


async def prove(life: Life) -> None:
    """Let ninety days pass, and the fix hold."""
    await life.later(days=90)
    await life.order(CHLOE, CheckEffectiveness, held=True, on=life.day(0), evidence=PHOTO)


async def approved(stage: Stage) -> Life:
    """Both sides sign, the fix is made, verified from a desk, and holds."""
    life = await stage.begin()
    await commit(life)
    await life.later(days=20)
    await fix(life)
    await life.order(AMINA, ConcurWithFix)
    await life.order(ERIK, Verify, verdict=Verdict.PASS, modality=Modality.DESKTOP, evidence=PHOTO)
    await prove(life)
    return life


async def refused(stage: Stage) -> Life:
    """The workers refuse a first revision until it can no longer pass, and sign a better one."""
    life = await stage.begin()
    await life.order(BAO, Propose, revision=Digest("too-little"), actions=(life.action(days=85),))
    await life.order(AMINA, Refuse, revision=Digest("too-little"), reason=NOTE)
    await life.order(ASHA, Refuse, revision=Digest("too-little"), reason=NOTE)
    await commit(life, days=30)
    return life


async def deadlocked(stage: Stage) -> Life:
    """The sides cannot agree; mediation runs out, and management files an interim plan."""
    life = await stage.begin()
    await life.order(AMINA, Propose, revision=PLAN, actions=(life.action(),))
    await life.order(BINH, DeclareDeadlock, reason=NOTE)
    await life.later(days=16)
    await life.order(BAO, FileInterimPlan, revision=Digest("interim"), actions=(life.action(days=20),))
    return life


async def escalated_to_the_top(stage: Stage) -> Life:
    """An action is promised and then nothing happens until the decision panel is asked, and decides."""
    life = await stage.begin()
    await commit(life, days=5)
    await life.later(days=100)
    decided = {"obligation": LATE, "consequence": Consequence.REFERRAL, "reason": NOTE}
    await life.order(RUTH, DecideConsequence, **decided)
    await life.later(days=10)
    return life


async def recovered(stage: Stage) -> Life:
    """Seen, and put off; a recovery plan is returned, a better one accepted; then only part is done."""
    life = await stage.begin()
    await commit(life, days=5)
    await life.later(days=5 + 8)
    await life.order(CHLOE, Acknowledge, obligation=LATE)
    await life.order(CHLOE, Snooze, obligation=LATE, days=2, reason=NOTE)
    await life.later(days=14)
    for decision in (ReturnRecoveryPlan, AcceptRecoveryPlan):
        await life.order(BAO, FileRecoveryPlan, obligation=LATE, note=NOTE, until=life.day(20))
        await life.order(TOMAS, decision, obligation=LATE, reason=NOTE)
    await life.later(days=24)
    await life.order(BAO, RecordProgress, action=FIRST, percent=100, evidence=PHOTO, slip_reason=NOTE)
    await life.order(BAO, ReportFixed, evidence=PHOTO)
    remaining = (RemainingAction(id=FIRST, due=life.day(10)),)
    partly = {"verdict": Verdict.PARTIAL, "remaining": remaining}
    await life.order(ERIK, Verify, modality=Modality.ON_SITE, evidence=PHOTO, **partly)
    await life.later(days=14)
    return life


async def extended(stage: Stage) -> Life:
    """Both sides ask for a later date, the advisor grants it; a second one the team leader denies."""
    life = await stage.begin()
    await commit(life, days=40)
    for decider, granted in ((CHLOE, True), (TOMAS, False)):
        until = life.day(50)
        asked = {"actions": (FIRST,), "until": until, "reason": NOTE, "interim_protection": NOTE}
        await life.order(BAO, RequestExtension, acting=Role.MANAGEMENT_MEMBER, **asked)
        await life.order(ASHA, CosignExtension)
        await life.order(decider, DecideExtension, granted=granted, reason=NOTE)
        await life.later(days=3)
    return life


async def suspended(stage: Stage) -> Life:
    """Two people stop the clock of a late action for parts on order; it runs again by itself."""
    life = await stage.begin()
    await commit(life, days=5)
    await life.later(days=8)
    asked = {"cause": SuspensionCause.PARTS_ON_ORDER, "until": life.day(11), "reason": NOTE}
    await life.order(CHLOE, Suspend, **asked)
    await life.order(TOMAS, CountersignSuspension)
    await life.later(days=11)
    await life.later(days=10)
    return life


async def disputed(stage: Stage) -> Life:
    """The manager disputes; after ten days the team leader amends the severity, and the days are added."""
    life = await stage.begin()
    await life.order(BAO, Dispute, reason=NOTE)
    await life.later(days=10)
    decided = {"outcome": DisputeOutcome.PARTLY, "severity": Severity.MINOR, "reason": NOTE}
    await life.order(TOMAS, DecideDispute, **decided)
    await commit(life)
    return life


async def failed_then_fixed(stage: Stage) -> Life:
    """The first fix fails on site; the second attempt passes and holds."""
    life = await stage.begin()
    await commit(life)
    await fix(life)
    await verify(life, Verdict.FAIL)
    await commit(life, revision=Digest("revision-2"))
    await fix(life)
    await verify(life)
    await prove(life)
    return life


async def zero_tolerance(stage: Stage) -> Life:
    """An alarm is confirmed within hours and contained; the normal path runs beside it."""
    life = await stage.begin(Severity.ZERO_TOLERANCE)
    await life.later(hours=5)
    await life.order(DINA, DecideAlarm, confirmed=True, reason=NOTE)
    await life.order(DINA, NotifyAuthority, note=NOTE)
    await life.order(BAO, Contain, evidence=PHOTO)
    await commit(life, days=10)
    await fix(life)
    await verify(life)
    return life


async def rolled_over(stage: Stage) -> Life:
    """Many revisions make a long history; it is carried into a new run."""
    life = await stage.begin()
    for number in range(12):
        await life.order(BAO, Propose, revision=Digest(f"draft-{number}"), actions=(life.action(),))
    with pytest.raises(OrderRefusedError):
        await life.order(AMINA, Sign, revision=Digest("draft-1"))
    await commit(life)
    return life


async def plan_filed_late(stage: Stage) -> Life:
    """A plan that nobody files climbs; then it is filed, reported on, and completes."""
    life = await stage.begin_plan()
    await life.later(days=33)
    await life.order(CHLOE, Acknowledge, obligation="file_plan")
    await life.later(days=8)
    await life.order(AMINA, FilePlan)
    tally = Tally(stages={StageWord.COMMITTED: 2})
    await life.order(SYSTEM, ReportProgress, number=1, tally=tally)
    await life.order(SYSTEM, CompletePlan, tally=Tally(stages={StageWord.SUSTAINED: 2}))
    await life.handle.result()
    return life


async def met(stage: Stage) -> Life:
    """The committee is called, meets on another day, votes, and signs its minutes after a reminder."""
    life = await stage.begin_meeting()
    await life.later(days=4)
    starts = life.now + timedelta(days=9)
    await life.order(BAO, MoveMeeting, starts=starts, length=60, reason=NOTE)
    await life.later(days=9, minutes=5)
    await life.order(AMINA, BeginMeeting, seats=SEATS)
    everybody = tuple(seat.person for seat in SEATS)
    await life.order(CHLOE, RecordAttendance, present=everybody)
    vote = Vote(finding=FindingId("f-1"), revision=PLAN)
    await life.order(AMINA, VoteTogether, votes=(vote,))
    await life.order(CHLOE, EndMeeting, remarks=NOTE)
    await life.later(days=8)
    minutes = json.loads(life.row().state)["state"]["minutes"]
    for person in (AMINA, BAO):
        await life.order(person, SignMinutes, minutes=minutes)
    await life.handle.result()
    return life


async def visited(stage: Stage) -> Life:
    """A visit is put off, held late and reported: an outcome is refused, recorded anew, and accepted."""
    findings = (FindingId("f-1"), FindingId("f-2"))
    life = await stage.begin_visit(*findings)
    later = DHAKA.today(life.now) + timedelta(days=20)
    await life.order(ERIK, PostponeVisit, on=later, hindrance=Hindrance.FACTORY, reason=NOTE)
    await life.later(days=22)
    await life.order(ERIK, BeginVisit, on=later)
    for number, code in ((1, "not_at_this_stage"), (2, "")):
        await life.order(ERIK, RecordOutcome, finding=findings[0], verdict=Verdict.PASS, evidence=(NOTE,))
        if number == 1:
            await life.order(SYSTEM, NoteOutcome, finding=findings[0], number=number, code=code)
    await life.later(days=9)
    await life.order(ERIK, EndVisit, summary=NOTE)
    await life.order(SYSTEM, NoteOutcome, finding=findings[0], number=2)
    await life.handle.result()
    return life


SCENARIOS: dict[str, Callable[[Stage], Awaitable[Life]]] = {
    scenario.__name__: scenario
    for scenario in (
        approved,
        refused,
        deadlocked,
        escalated_to_the_top,
        recovered,
        extended,
        suspended,
        disputed,
        failed_then_fixed,
        zero_tolerance,
        rolled_over,
        plan_filed_late,
        visited,
        met,
    )
}
