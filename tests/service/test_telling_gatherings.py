"""What happens to plans, meetings and visits, told in plain words, each kind of fact in its own."""

from datetime import UTC, date, datetime

import pytest

from remediation import facts
from remediation.fact import Fact
from remediation.gatherings.case import GATHERINGS
from remediation.gatherings.gathering import Kind, gathering_id
from remediation.gatherings.meeting.facts import (
    AgendaSet,
    AttendanceRecorded,
    MeetingBegun,
    MeetingCalled,
    MeetingCancelled,
    MeetingEnded,
    MeetingMoved,
    MinutesAgreed,
    MinutesCorrected,
    MinutesSigned,
    PaperDeclined,
    PaperRecorded,
    PaperWitnessed,
    SheetPrinted,
    Vote,
    VotedTogether,
)
from remediation.gatherings.plan import PlanCompleted, PlanFiled, ProgressReported, Tally, plan_opened
from remediation.gatherings.visit.facts import (
    AgendaExtended,
    Item,
    OutcomeRecorded,
    OutcomeRefused,
    Outcomes,
    OutcomeTaken,
    VisitBegun,
    VisitCancelled,
    VisitEnded,
    VisitPlanned,
    VisitPostponed,
)
from remediation.permissions import Actor, Grant, ScopeKind, Thing
from remediation.words import (
    Check,
    Digest,
    FindingId,
    Hindrance,
    Modality,
    NoteId,
    PlanId,
    Role,
    Side,
    SignatureMethod,
    Stage,
    Verdict,
)
from service.sight import sight
from service.telling import Setting, tell
from tests.service.stage import AMINA, ASHA, BAO, CHLOE, DHAKA, LOTUS, NAMES, PROGRAMME, SEATS, a_life

DAY, LATER = date(2026, 4, 9), date(2026, 4, 16)
END = datetime(2026, 4, 9, 18, tzinfo=UTC)  # the end of that day in Dhaka
TEN = datetime(2026, 4, 9, 4, tzinfo=UTC)
NOTE, REVISION, FINDING = NoteId("n"), Digest("a" * 64), FindingId("f1")
WHERE = {"programme": PROGRAMME, "factory": LOTUS, "policy": "default-1", "calendar": DHAKA.version}
YES, NO = (Vote(finding=FINDING, revision=REVISION, reason=reason) for reason in (None, NOTE))

PLANS = (
    (
        plan_opened(PlanId("p"), PROGRAMME, LOTUS, "as-1", DAY, "default-1", DHAKA.version),
        (
            "The findings of an assessment were issued, and their improvement plan was opened. "
            "The report was released on 9 April 2026."
        ),
    ),
    (PlanFiled(by_commitments=False, days_late=0), "Chloé Martin filed the improvement plan."),
    (
        PlanFiled(by_commitments=True, days_late=2),
        "Every finding has its commitment, so the improvement plan counts as filed. It came 2 days late.",
    ),
    (
        ProgressReported(number=1, on=DAY, tally=Tally(stages={Stage.CLOSED: 2}, overdue=1)),
        "Progress report 1, of 9 April 2026. Findings: 2. Ended: 0. Overdue: 1.",
    ),
    (
        PlanCompleted(on=DAY, tally=Tally(stages={Stage.SUSTAINED: 2})),
        (
            "All findings have ended on 9 April 2026: the improvement plan is complete. "
            "Findings: 2. Ended: 2. Overdue: 0."
        ),
    ),
)
MEETINGS = (
    (
        MeetingCalled(
            gathering=gathering_id(Kind.MEETING, "m"),
            acting=Role.ADVISOR,
            seats=SEATS,
            starts=TEN,
            length=60,
            **WHERE,  # type: ignore[arg-type]
        ),
        "Chloé Martin called the committee to meet on Thursday 9 April 2026, 10:00.",
    ),
    (AgendaSet(agenda=()), "Chloé Martin changed the agenda."),
    (
        MeetingMoved(starts=TEN, length=60, place=None, reason=NOTE, sequence=1),
        "Chloé Martin moved the meeting to Thursday 9 April 2026, 10:00.",
    ),
    (MeetingCancelled(reason=NOTE, sequence=1), "Chloé Martin cancelled the meeting."),
    (MeetingBegun(seats=SEATS), "The meeting began."),
    (AttendanceRecorded(present=(AMINA, ASHA, BAO)), "Present: Amina Rahman, Asha Begum and Bao Tran."),
    (AttendanceRecorded(present=()), "Nobody of the committee is present."),
    (
        VotedTogether(side=Side.WORKER, acting=Role.WORKER_MEMBER, votes=(YES, YES, NO)),
        "Chloé Martin voted to sign 2 plans. Chloé Martin voted to refuse 1 plan.",
    ),
    (
        VotedTogether(side=Side.WORKER, acting=Role.WORKER_MEMBER, votes=(YES,)),
        "Chloé Martin voted to sign 1 plan.",
    ),
    (
        VotedTogether(side=Side.WORKER, acting=Role.WORKER_MEMBER, votes=(NO, NO)),
        "Chloé Martin voted to refuse 2 plans.",
    ),
    (
        MeetingEnded(results=(), quorate=True, remarks=None, minutes=REVISION, sign_by=END),
        "The meeting ended. Its minutes are to be signed by 9 April 2026.",
    ),
    (
        MeetingEnded(results=(), quorate=False, remarks=None, minutes=REVISION, sign_by=END),
        "The meeting ended. Its minutes are to be signed by 9 April 2026. There was no quorum when it ended.",
    ),
    (
        MinutesCorrected(remarks=NOTE, minutes=REVISION),
        "Chloé Martin corrected the minutes: signatures given before no longer count.",
    ),
    (
        MinutesSigned(side=Side.WORKER, minutes=REVISION, method=SignatureMethod.SHARED_DEVICE),
        "Chloé Martin signed the minutes.",
    ),
    (MinutesAgreed(minutes=REVISION), "Both sides have signed the minutes: they are agreed."),
    (SheetPrinted(number=2, lines=()), "Chloé Martin made signing sheet 2."),
    (
        PaperRecorded(number=1, sheet=2, ballots=(), files=(), witness_by=END),
        "Chloé Martin entered what was signed on sheet 2. It is to be witnessed by 9 April 2026.",
    ),
    (PaperWitnessed(paper=1), "Chloé Martin witnessed what was signed on paper: it counts."),
    (
        VotedTogether(side=Side.WORKER, acting=Role.WORKER_MEMBER, votes=(YES, NO), member=AMINA),
        "Amina Rahman voted to sign 1 plan. Amina Rahman voted to refuse 1 plan.",
    ),
    (
        PaperDeclined(paper=1, reason=NOTE, recorder=AMINA, side=Side.WORKER),
        "Chloé Martin did not witness what was entered of a signing sheet.",
    ),
)
A_VISIT = {"gathering": gathering_id(Kind.VISIT, "v"), "verifier": CHLOE, "on": DAY, "items": ()}
PUT_OFF = {"was": DAY, "reason": NOTE, "verifier": CHLOE, "withheld": False}
VISITS = (
    (
        VisitPlanned(announced=True, **A_VISIT, **WHERE),  # type: ignore[arg-type]
        "A visit to the factory was planned for 9 April 2026. It was announced.",
    ),
    (
        VisitPlanned(announced=False, **A_VISIT, **WHERE),  # type: ignore[arg-type]
        "A visit to the factory was planned for 9 April 2026. It was not announced.",
    ),
    (VisitBegun(on=DAY), "The visit began on 9 April 2026."),
    *(
        (
            OutcomeRecorded(
                finding=FINDING,
                number=1,
                check=Check.FIX,
                verdict=verdict,
                modality=Modality.ON_SITE,
                verifier=CHLOE,
                acting=Role.ADVISOR,
                on=DAY,
            ),
            f"Chloé Martin recorded an outcome: {words} (finding f1).",
        )
        for verdict, words in (
            (Verdict.PASS, "passed"),
            (Verdict.PARTIAL, "passed in part"),
            (Verdict.FAIL, "failed"),
        )
    ),
    (OutcomeTaken(finding=FINDING, number=1), "The finding accepted the outcome."),
    (
        OutcomeRefused(finding=FINDING, number=1, code="already_done"),
        "The finding did not accept the outcome.",
    ),
    (
        AgendaExtended(items=(Item(finding=FINDING, check=Check.OBJECTION),)),
        "1 finding came onto the agenda.",
    ),
    (
        AgendaExtended(items=(Item(finding=FINDING, check=Check.OBJECTION),) * 2),
        "2 findings came onto the agenda.",
    ),
    (
        VisitPostponed(on=LATER, hindrance=Hindrance.EVENT, **PUT_OFF),  # type: ignore[arg-type]
        "Chloé Martin postponed the visit from 9 April 2026 to 16 April 2026: a strike, a flood or the like.",
    ),
    (
        VisitCancelled(hindrance=Hindrance.ACCESS_REFUSED, **PUT_OFF),  # type: ignore[arg-type]
        "Chloé Martin cancelled the visit of 9 April 2026: the factory did not let the verifier in.",
    ),
    (VisitEnded(on=DAY, outcomes=Outcomes()), "Chloé Martin ended the visit."),
)
CASES = (*PLANS, *MEETINGS, *VISITS)


@pytest.mark.parametrize(("fact", "said"), CASES, ids=[facts.kind(type(fact)) for fact, _ in CASES])
def test_what_happens_to_a_gathering_is_told(fact: Fact, said: str) -> None:
    staff = Actor(CHLOE, (Grant(Role.ADVISOR, ScopeKind.ALL),))
    listener = sight(staff, Thing(PROGRAMME, LOTUS), NAMES)
    who = listener.told(CHLOE, fact, ())
    around = Setting(who=who, sight=listener, watched=a_life().case.finding, actions={})
    assert tell(fact, around) == said


def test_every_kind_of_fact_of_every_kind_of_gathering_is_told_in_its_own_words() -> None:
    plainly = tell.dispatch(Fact)
    shared = {each for each in facts.KINDS.values() if tell.dispatch(each) is not plainly}
    own = {fact for rules in GATHERINGS.values() for fact in (rules.opening, *rules.effects)} - shared
    assert own == {type(fact) for fact, _ in CASES}
    assert plainly not in {tell.dispatch(each) for each in own}
