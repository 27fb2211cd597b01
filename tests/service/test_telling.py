"""Every kind of fact told in plain words: to staff, who hear all, and to a side that must not hear it all."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from remediation import facts
from remediation.facts import KINDS, Fact
from remediation.moves import Move, Why
from remediation.orders import OnPaper, PlannedAction, RemainingAction
from remediation.permissions import Action, Actor, Grant, ScopeKind, Thing
from remediation.policy import Policy
from remediation.words import (
    SYSTEM,
    ActionId,
    ActionKind,
    Alarm,
    Consequence,
    Digest,
    DisputeOutcome,
    Duty,
    FindingId,
    GatheringId,
    Lateness,
    Modality,
    NoteId,
    PersonId,
    Relief,
    Role,
    Severity,
    Side,
    SignatureMethod,
    Stage,
    Statement,
    SuspensionCause,
    Verdict,
)
from service.sight import Sight, sight
from service.telling import Setting, tell
from tests.service.stage import AMINA, BAO, BINH, CHLOE, DHAKA, LOTUS, NAMES, PROGRAMME, SEATS, TOMAS, a_life

DAY = date(2026, 4, 9)
END = datetime(2026, 4, 9, 18, tzinfo=UTC)  # the end of that day in Dhaka
NOTE, REVISION = NoteId("n"), Digest("a" * 64)
PAPER = OnPaper(
    meeting=GatheringId("meeting:m-1"), sheet=2, recorder=BAO, witness=CHLOE, photos=(Digest("5" * 64),)
)
A1 = ActionId("a1")
PROMISE = PlannedAction(id=A1, kind=ActionKind.CORRECTIVE, owner=BAO, due=DAY)
ISSUED = facts.Issued(
    finding=a_life().case.finding.id,
    programme=PROGRAMME,
    factory=LOTUS,
    plan=a_life().case.finding.plan,
    point="p",
    question="q",
    severity=Severity.MAJOR,
    assessor=CHLOE,
    repeat_of=a_life().case.finding.id,
    proof_by_interview=False,
    policy="default-1",
    calendar="dhaka-1",
    seats=SEATS,
    factory_told=True,
)
A_MOVE = Move(
    key=Duty.COMMIT,
    duty=Duty.COMMIT,
    owner=Role.MANAGER,
    old=datetime(2026, 3, 31, 18, tzinfo=UTC),
    new=datetime(2026, 4, 1, 18, tzinfo=UTC),
    old_day=date(2026, 3, 31),
    new_day=date(2026, 4, 1),
    why=Why(days_off=(date(2026, 3, 26),)),
)
LATE = {
    "obligation": "commit",
    "duty": Duty.COMMIT,
    "due": END,
    "due_day": DAY,
    "owner": Role.MANAGER,
    "person": None,
    "scheduled": END,
}
CLIMBED = {name: value for name, value in LATE.items() if name != "scheduled"} | {
    "lateness": Lateness.NO_COOPERATION
}


@dataclass(frozen=True)
class Case:
    fact: Fact
    by: PersonId
    staff: str
    others: str = ""
    """What a member of the other side hears; the same as staff if empty."""
    name: str = field(default="")


def case(fact: Fact, by: PersonId, staff: str, others: str = "") -> Case:
    return Case(fact, by, staff, others or staff, facts.kind(type(fact)))


CASES = [
    case(
        ISSUED, CHLOE, "Chloé Martin issued the finding as major. It repeats a finding of an earlier cycle."
    ),
    case(
        facts.Amended(severity=Severity.MINOR, note=NOTE),
        CHLOE,
        "Chloé Martin corrected the finding: it is minor now.",
    ),
    case(
        facts.Disputed(reason=NOTE, decide_by=END),
        AMINA,
        "Amina Rahman disputed the finding. The team leader decides by 9 April 2026.",
        "A worker member disputed the finding. The team leader decides by 9 April 2026.",
    ),
    case(
        facts.DisputeDecided(
            outcome=DisputeOutcome.PARTLY, reason=NOTE, severity=Severity.MINOR, days_added=3
        ),
        TOMAS,
        "Tomas Novak upheld the dispute in part: the finding is minor now. "
        "The 3 days it took are added to the dates.",
    ),
    case(
        facts.DisputeDecided(
            outcome=DisputeOutcome.REJECTED, reason=NOTE, severity=Severity.MAJOR, days_added=0
        ),
        TOMAS,
        "Tomas Novak rejected the dispute: the finding stands.",
    ),
    case(
        facts.Proposed(
            revision=REVISION, number=2, author=BAO, actions=(PROMISE,), no_action=False, signers=()
        ),
        BAO,
        "Bao Tran proposed revision 2 of the plan: 1 action. "
        "It takes the place of the revision before, and signatures start anew.",
    ),
    case(
        facts.Proposed(revision=REVISION, number=1, author=BAO, actions=(), no_action=True, signers=()),
        BAO,
        "Bao Tran proposed revision 1 of the plan: to take no action.",
    ),
    case(
        facts.Signed(
            revision=REVISION, person=AMINA, side=Side.WORKER, method=SignatureMethod.PAPER, witness=CHLOE
        ),
        AMINA,
        "Amina Rahman signed the proposal on paper, witnessed by Chloé Martin.",
        "A worker member signed the proposal on paper.",
    ),
    case(
        facts.Signed(
            revision=REVISION,
            person=AMINA,
            side=Side.WORKER,
            method=SignatureMethod.PAPER,
            witness=CHLOE,
            paper=PAPER,
        ),
        AMINA,
        "Amina Rahman signed the proposal on paper (signing sheet 2 of a meeting, entered by Bao Tran, "
        "witnessed by Chloé Martin).",
        "A worker member signed the proposal on paper.",
    ),
    case(
        facts.Refused(
            revision=REVISION, person=AMINA, side=Side.WORKER, reason=NOTE, author=BAO, paper=PAPER
        ),
        AMINA,
        "Amina Rahman refused the proposal on paper (signing sheet 2 of a meeting, entered by Bao Tran, "
        "witnessed by Chloé Martin).",
        "A worker member refused to sign the proposal.",
    ),
    case(
        facts.Refused(revision=REVISION, person=AMINA, side=Side.WORKER, reason=NOTE, author=BAO),
        AMINA,
        "Amina Rahman refused to sign the proposal.",
        "A worker member refused to sign the proposal.",
    ),
    case(
        facts.ProposalFailed(revision=REVISION, side=Side.WORKER),
        AMINA,
        "The proposal can no longer pass: too many of the worker side refused it.",
    ),
    case(
        facts.NoActionApproved(revision=REVISION, reason=NOTE),
        CHLOE,
        "Chloé Martin accepted that no action is taken.",
    ),
    case(
        facts.LaterDateAllowed(until=DAY, reason=NOTE),
        CHLOE,
        "Chloé Martin allowed promises up to 9 April 2026.",
    ),
    case(
        facts.Committed(
            revision=REVISION, author=BAO, actions=(PROMISE,), agreed=True, signatures=(AMINA, BAO)
        ),
        AMINA,
        "Both sides of the committee have signed: the plan is a commitment. "
        "Promised: “Open the exit” by 9 April 2026 (Bao Tran).",
    ),
    case(
        facts.Committed(revision=REVISION, author=BAO, actions=(), agreed=True, signatures=(AMINA, BAO)),
        AMINA,
        "Both sides of the committee have signed: the plan is a commitment. No action is taken.",
    ),
    case(
        facts.Committed(revision=REVISION, author=BAO, actions=(PROMISE,), agreed=False, signatures=(BAO,)),
        BAO,
        "Bao Tran filed an interim plan that the worker side has not agreed to. "
        "Promised: “Open the exit” by 9 April 2026 (Bao Tran).",
    ),
    case(
        facts.DeadlockDeclared(side=Side.WORKER, reason=NOTE, mediate_by=END),
        AMINA,
        "Amina Rahman declared a deadlock. The advisor mediates by 9 April 2026.",
        "A worker member declared a deadlock. The advisor mediates by 9 April 2026.",
    ),
    case(facts.MediationClosed(reason=NOTE), CHLOE, "Chloé Martin ended the mediation."),
    case(
        facts.ProgressRecorded(action=A1, percent=40, note=None, evidence=(), slip_reason=None),
        BAO,
        "Bao Tran recorded “Open the exit” as 40 percent done.",
    ),
    case(
        facts.ProgressRecorded(
            action=ActionId("a9"), percent=100, note=None, evidence=(NOTE,), slip_reason=None
        ),
        BAO,
        "Bao Tran recorded action a9 as done. 1 piece of evidence.",
    ),
    case(
        facts.ExtensionRequested(
            side=Side.WORKER, actions=(A1,), until=DAY, reason=NOTE, interim_protection=NOTE
        ),
        AMINA,
        "Amina Rahman asked to move “Open the exit” to 9 April 2026. The other side must join.",
        "A worker member asked to move “Open the exit” to 9 April 2026. The other side must join.",
    ),
    case(
        facts.ExtensionCosigned(side=Side.WORKER, decider=Role.ADVISOR, decide_by=END),
        AMINA,
        "Amina Rahman joined the request for a later date. Who decides, by 9 April 2026: the advisor.",
        "A worker member joined the request for a later date. Who decides, by 9 April 2026: the advisor.",
    ),
    case(
        facts.ExtensionDecided(granted=True, reason=NOTE, actions=(A1,), until=DAY),
        CHLOE,
        "Chloé Martin granted the later date: “Open the exit” is due on 9 April 2026 now.",
    ),
    case(
        facts.ExtensionDecided(granted=False, reason=NOTE, actions=(A1,), until=DAY),
        CHLOE,
        "Chloé Martin did not grant the later date: the dates of “Open the exit” stay.",
    ),
    case(
        facts.SuspensionAsked(cause=SuspensionCause.PARTS_ON_ORDER, until=DAY, reason=NOTE, decide_by=END),
        CHLOE,
        "Chloé Martin asked that the clock stand still up to and including 9 April 2026, because parts are "
        "on order. The team leader decides by 9 April 2026.",
    ),
    case(
        facts.Suspended(cause=SuspensionCause.STRIKE, first=DAY, last=DAY, days=1, owners=()),
        TOMAS,
        "Tomas Novak countersigned the suspension: from 9 April 2026 to 9 April 2026 the clock stands still, "
        "because there is a strike. Dates ahead are 1 day later.",
    ),
    case(
        facts.SuspensionDeclined(cause=SuspensionCause.FLOOD, until=DAY, reason=NOTE),
        TOMAS,
        "Tomas Novak declined to suspend the finding up to 9 April 2026: the clock goes on.",
    ),
    case(
        facts.SuspensionEnded(cause=SuspensionCause.FLOOD, last=DAY, days=3, reason=NOTE, owners=()),
        CHLOE,
        "Chloé Martin ended the suspension with 9 April 2026: what it moved is 3 days earlier again.",
    ),
    case(
        facts.Resumed(cause=SuspensionCause.FLOOD, first=DAY, last=DAY, days=1, scheduled=END),
        SYSTEM,
        "The clock runs again. It stood still from 9 April 2026 to 9 April 2026.",
    ),
    case(
        facts.FixReported(
            reporter=BAO, evidence=(NOTE, NOTE), note=None, objections_until=END, verify_by=END
        ),
        BAO,
        "Bao Tran reported the finding as fixed. 2 pieces of evidence. Worker members may object until "
        "9 April 2026; it is verified by 9 April 2026.",
    ),
    case(
        facts.FixObjected(person=AMINA, reason=NOTE),
        AMINA,
        "Amina Rahman objected to the reported fix: it must be seen on site.",
        "A worker member objected to the reported fix: it must be seen on site.",
    ),
    case(
        facts.FixConcurred(person=AMINA),
        AMINA,
        "Amina Rahman confirmed the reported fix.",
        "A worker member confirmed the reported fix.",
    ),
    case(
        facts.TakenBack(what=Statement.REFUSAL, person=AMINA, side=Side.WORKER),
        AMINA,
        "Amina Rahman took the refusal back.",
        "A worker member took the refusal back.",
    ),
    case(
        facts.TakenBack(what=Statement.DISPUTE, person=BAO, days_added=3),
        BAO,
        "Bao Tran took the dispute back: the finding stands. The 3 days it took are added to the dates.",
    ),
    case(
        facts.TakenBack(what=Statement.FIX_REPORT, person=BAO),
        BAO,
        "Bao Tran took the report of the fix back: it is to be reported again.",
    ),
    case(
        facts.VerificationBooked(verifier=TOMAS, modality=Modality.ON_SITE, on=DAY),
        CHLOE,
        "Chloé Martin arranged the verification: Tomas Novak, on site, on 9 April 2026.",
        "The programme has arranged the verification of the fix.",
    ),
    case(
        facts.VerificationBooked(verifier=TOMAS, modality=Modality.DESKTOP, on=DAY),
        CHLOE,
        "Chloé Martin arranged the verification: Tomas Novak, from documents and photos, on 9 April 2026.",
    ),
    case(
        facts.Verified(
            verdict=Verdict.PARTIAL,
            modality=Modality.ON_SITE,
            verifier=TOMAS,
            evidence=(NOTE,),
            note=None,
            remaining=(RemainingAction(id=A1, due=DAY),),
            effectiveness_by=None,
        ),
        TOMAS,
        "Tomas Novak verified the fix on site: it passed in part. "
        "What remains: “Open the exit” by 9 April 2026.",
    ),
    case(
        facts.Verified(
            verdict=Verdict.PASS,
            modality=Modality.ON_SITE,
            verifier=TOMAS,
            evidence=(NOTE,),
            note=None,
            remaining=(),
            effectiveness_by=END,
        ),
        TOMAS,
        "Tomas Novak verified the fix on site: it passed. Whether it holds is checked by 9 April 2026.",
    ),
    case(
        facts.EffectivenessChecked(held=False, on=DAY, evidence=(NOTE,), note=None),
        CHLOE,
        "Chloé Martin checked the fix on 9 April 2026: it has not held.",
    ),
    case(
        facts.Reopened(attempt=2, severity=Severity.CRITICAL, cause="effectiveness", reason=None),
        CHLOE,
        "The finding is open again, because the fix did not hold. "
        "Attempt 2 begins, as critical, with new dates.",
    ),
    case(
        facts.RepeatLinked(other=FindingId("f0"), earlier=True),
        CHLOE,
        "Chloé Martin confirmed that it repeats a finding of an earlier cycle.",
    ),
    case(
        facts.RepeatLinked(other=FindingId("f0"), earlier=False),
        CHLOE,
        "The next assessment found the same again. Chloé Martin decided that this finding carries on.",
    ),
    case(facts.Ended(stage=Stage.SUSTAINED), CHLOE, "The finding's life ended. Sustained: the fix has held."),
    case(
        facts.AlarmDecided(alarm=Alarm.CONFIRMED, severity=Severity.ZERO_TOLERANCE, reason=NOTE),
        TOMAS,
        "Tomas Novak confirmed the zero-tolerance alarm.",
    ),
    case(
        facts.AlarmDecided(alarm=Alarm.CANCELLED, severity=Severity.MAJOR, reason=NOTE),
        TOMAS,
        "Tomas Novak cancelled the zero-tolerance alarm: the finding is major now.",
    ),
    case(facts.AuthorityNotified(note=NOTE), TOMAS, "Tomas Novak gave notice to the authority."),
    case(
        facts.Contained(evidence=(NOTE,)),
        BAO,
        "Bao Tran showed that the harm has stopped. 1 piece of evidence.",
    ),
    case(
        facts.Reminded(step="T-7", days_left=7, **LATE),  # type: ignore[arg-type]
        SYSTEM,
        "Reminder to the manager of the factory: agree on the improvement plan: both sides sign it, "
        "due on 9 April 2026.",
    ),
    case(
        facts.Escalated(
            level=2,
            lateness=Lateness.NO_COOPERATION,
            told=(Role.ADVISOR, Role.BUYER),
            days_late=1,
            **LATE,  # type: ignore[arg-type]
        ),
        SYSTEM,
        "Overdue, level 2: agree on the improvement plan: both sides sign it, due on 9 April 2026 "
        "(no cooperation). Told: advisor and buyer.",
    ),
    case(
        facts.Acknowledged(obligation="commit", level=2),
        CHLOE,
        "Chloé Martin has seen the escalation at level 2.",
    ),
    case(
        facts.AcknowledgementEnding(
            obligation="commit",
            duty=Duty.COMMIT,
            due=END,
            level=2,
            person=CHLOE,
            acting=Role.ADVISOR,
            until=END,
            scheduled=END,
        ),
        SYSTEM,
        "Told to Chloé Martin: the acknowledgement of level 2 holds until the end of 9 April 2026.",
    ),
    case(
        facts.AcknowledgementLapsed(obligation="commit", duty=Duty.COMMIT, due=END, level=2, scheduled=END),
        SYSTEM,
        "Nothing was done: the acknowledgement of level 2 counts as never given.",
    ),
    case(
        facts.Snoozed(obligation="commit", level=2, next_level=3, days=1, until=END, reason=NOTE),
        CHLOE,
        "Chloé Martin put level 3 off by 1 working day: it comes on 10 April 2026 at the earliest.",
    ),
    case(
        facts.Snoozed(obligation="commit", level=2, next_level=3, days=3, until=END, reason=NOTE),
        CHLOE,
        "Chloé Martin put level 3 off by 3 working days: it comes on 10 April 2026 at the earliest.",
    ),
    case(
        facts.RecoveryPlanFiled(obligation="commit", note=NOTE, until=DAY, decide_by=END),
        BAO,
        "Bao Tran filed a recovery plan until 9 April 2026. The team leader decides by 9 April 2026.",
    ),
    case(
        facts.RecoveryPlanAccepted(obligation="commit", until=DAY, reason=NOTE),
        TOMAS,
        "Tomas Novak accepted the recovery plan until 9 April 2026.",
    ),
    case(
        facts.RecoveryPlanReturned(obligation="commit", reason=NOTE, plan_by=END),
        TOMAS,
        "Tomas Novak returned the recovery plan. A better one is owed by 9 April 2026.",
    ),
    case(
        facts.Deescalated(
            was=3,
            level=2,
            cause=Relief.RECOVERY_PLAN,
            told=(Role.ADVISOR,),
            climb=2,
            plan_until=DAY,
            **CLIMBED,  # type: ignore[arg-type]
        ),
        TOMAS,
        "Down from level 3 to level 2: a recovery plan was accepted.",
    ),
    case(
        facts.DecisionDue(
            level=5,
            told=(Role.DECISION_PANEL,),
            days_late=90,
            scheduled=END,
            decide_by=END,
            **CLIMBED,  # type: ignore[arg-type]
        ),
        SYSTEM,
        "Overdue, level 5 is for people to decide: agree on the improvement plan: both sides sign it, "
        "due on 9 April 2026 (no cooperation). Asked by 9 April 2026: decision panel.",
    ),
    case(
        facts.ConsequenceDecided(
            level=5,
            consequence=Consequence.SUSPENSION,
            reason=NOTE,
            told=(Role.MANAGER,),
            **CLIMBED,  # type: ignore[arg-type]
        ),
        TOMAS,
        "Tomas Novak decided what follows at level 5: suspension of the factory.",
    ),
    case(facts.Reseated(seats=SEATS), CHLOE, "The committee has new seats: 4 members."),
    case(
        facts.Reprojected(calendar=DHAKA, policy=None, reason=NOTE, moves=(), held=()),
        CHLOE,
        "Chloé Martin let the finding follow the new calendar. No date moved.",
    ),
    case(
        facts.Reprojected(calendar=DHAKA, policy=Policy(), reason=NOTE, moves=(A_MOVE,), held=()),
        CHLOE,
        "Chloé Martin let the finding follow the new calendar and policy. Moved: agree on the improvement "
        "plan: both sides sign it from 31 March 2026 to 1 April 2026 (Thursday 26 March 2026 is now off).",
    ),
]

FINDING = a_life().case.finding
LISTENERS = {
    "staff": Actor(PETRA := PersonId("petra"), (Grant(Role.ADVISOR, ScopeKind.ALL),)),
    "others": Actor(BINH, (Grant(Role.MANAGEMENT_MEMBER, ScopeKind.FACTORY, LOTUS),)),
}


def hearing(actor: Actor) -> Sight:
    return sight(actor, Thing(PROGRAMME, LOTUS), NAMES)


def around(each: Case, listener: Sight) -> Setting:
    who = listener.told(each.by, each.fact, FINDING.seats)
    return Setting(who=who, sight=listener, watched=FINDING, actions={A1: "Open the exit"})


@pytest.mark.parametrize("each", CASES, ids=[f"{place}-{each.name}" for place, each in enumerate(CASES)])
def test_it_is_told_to_each_as_far_as_they_may_hear_it(each: Case) -> None:
    assert tell(each.fact, around(each, hearing(LISTENERS["staff"]))) == each.staff
    assert tell(each.fact, around(each, hearing(LISTENERS["others"]))) == each.others


def test_every_kind_of_fact_is_told() -> None:
    assert {each.name for each in CASES} == set(KINDS)


def test_everybody_hears_of_themselves_by_name() -> None:
    objection = facts.FixObjected(person=AMINA, reason=NOTE)
    own = sight(
        Actor(AMINA, (Grant(Role.ACTION_OWNER, ScopeKind.FACTORY, LOTUS),)), Thing(PROGRAMME, LOTUS), NAMES
    )
    assert own.who(AMINA, objection, FINDING.seats) == AMINA


def test_a_suspicion_is_not_told_with_the_issue() -> None:
    fields = {name: getattr(ISSUED, name) for name in ISSUED.__dataclass_fields__}
    suspected = facts.Issued(**{**fields, "severity": Severity.ZERO_TOLERANCE, "factory_told": False})
    told = {
        name: tell(suspected, around(case(suspected, CHLOE, ""), hearing(actor)))
        for name, actor in LISTENERS.items()
    }
    assert "zero tolerance" in told["staff"]
    assert "zero tolerance" not in told["others"]


def test_who_may_see_no_names_is_told_none() -> None:
    buyer = sight(
        Actor(PersonId("bea"), (Grant(Role.BUYER, ScopeKind.FACTORY, LOTUS),)), Thing(PROGRAMME, LOTUS), NAMES
    )
    assert buyer.told(BAO, ISSUED, FINDING.seats) == "Somebody"
    assert not buyer.may(Action.VIEW_TEXTS)
