"""What random walks draw from: calendars, policies, committees, people, and wild fields of orders."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from remediation import orders
from remediation.calendar import Calendar, Offset
from remediation.obligations import obligations
from remediation.orders import Order, Seat
from remediation.policy import Policy, Quorum, Terms, Windows
from remediation.spans import Span, Unit
from remediation.words import (
    ActionId,
    ActionKind,
    Consequence,
    Digest,
    DisputeOutcome,
    FindingId,
    GatheringId,
    Modality,
    NoteId,
    PersonId,
    Severity,
    Side,
    SignatureMethod,
    Statement,
    SuspensionCause,
    Verdict,
)
from tests.rules.cast import (
    ACTING,
    AMINA,
    AMINAS_SEAT,
    ASHA,
    ASHAS_SEAT,
    BAO,
    BAOS_SEAT,
    BINH,
    BINHS_SEAT,
    CHLOE,
    DHAKA,
    DINA,
    ERIK,
    FILE,
    NOTE,
    PETRA,
    PHOTO,
    RESTFUL,
    RUTH,
    SEATS,
    SYSTEM,
    TOMAS,
    Story,
)


def in_working_days(terms: Terms) -> Terms:
    return replace(
        terms,
        review=Span(10, Unit.WORKING_DAYS),
        commit=Span(15, Unit.WORKING_DAYS),
        fix=Span(40, Unit.WORKING_DAYS),
        verify=Span(8, Unit.WORKING_DAYS),
    )


CAIRO = Calendar(
    "cairo-1",
    "Africa/Cairo",
    (
        Offset(datetime(2025, 10, 30, 21, tzinfo=UTC), 120),
        Offset(datetime(2026, 4, 23, 22, tzinfo=UTC), 180),
        Offset(datetime(2026, 10, 29, 21, tzinfo=UTC), 120),
    ),
    (5, 6),
)
CALENDARS = (DHAKA, RESTFUL, CAIRO)
POLICIES = (
    Policy(),
    Policy(version="half", quorum=Quorum(percent=51)),
    Policy(version="all", quorum=Quorum(percent=100, elected_worker=False)),
    Policy(version="open", tell_factory_when_raised=True),
)
EIDS = replace(RESTFUL, version="dhaka-3", holidays=tuple(date(2026, 3, day) for day in range(16, 27)))
WORKING_WEEKS = Policy(
    version="working-weeks",
    terms={severity: in_working_days(terms) for severity, terms in Policy().terms.items()},
    windows=Windows(mediate=Span(10, Unit.WORKING_DAYS), notify_authority=None, report_fix=Span(3)),
)
LOOSE = Policy(
    version="loose",
    terms={
        severity: replace(
            terms, contain=Span(12, Unit.HOURS), fix=None, progress_review=Span(5), effectiveness=Span(30)
        )
        for severity, terms in Policy().terms.items()
    },
)
OTHERS = (WORKING_WEEKS, LOOSE)
"""What findings may come under, and are not issued under."""
COMMITTEES = (
    SEATS,
    (AMINAS_SEAT, BAOS_SEAT),
    (replace(ASHAS_SEAT, elected=True), AMINAS_SEAT, BINHS_SEAT),
    (AMINAS_SEAT, ASHAS_SEAT),
    (replace(ASHAS_SEAT, side=Side.MANAGEMENT), AMINAS_SEAT, BAOS_SEAT),
    (BAOS_SEAT, BINHS_SEAT, Seat(person=ERIK, side=Side.WORKER)),
)
REVISIONS = tuple(Digest(f"r{number}") for number in range(4))
NAMES = tuple(ActionId(f"a{number}") for number in range(3))
WITH_NOTE = {orders.Amend, orders.NotifyAuthority, orders.FileRecoveryPlan}
PEOPLE = st.sampled_from(tuple(ACTING))
MEMBERS = (AMINA, ASHA, BAO, BINH)
WHO: dict[type[Order], tuple[PersonId, ...]] = {
    orders.Amend: (CHLOE, SYSTEM),
    orders.DecideDispute: (TOMAS,),
    orders.ApproveNoAction: (CHLOE,),
    orders.AllowLaterDate: (CHLOE,),
    orders.CloseMediation: (CHLOE,),
    orders.RecordProgress: (BAO, ASHA),
    orders.DecideExtension: (CHLOE, TOMAS, PETRA),
    orders.Suspend: (CHLOE, ERIK),
    orders.CountersignSuspension: (TOMAS,),
    orders.DeclineSuspension: (TOMAS,),
    orders.EndSuspension: (CHLOE, TOMAS),
    orders.ReportFixed: (BAO,),
    orders.TakeBack: (*MEMBERS, CHLOE),
    orders.BookVerification: (CHLOE, TOMAS),
    orders.Verify: (CHLOE, ERIK, TOMAS),
    orders.CheckEffectiveness: (CHLOE,),
    orders.Reopen: (TOMAS,),
    orders.Supersede: (SYSTEM,),
    orders.LinkRepeat: (SYSTEM,),
    orders.Cease: (TOMAS,),
    orders.DecideAlarm: (DINA,),
    orders.NotifyAuthority: (DINA,),
    orders.Contain: (BAO,),
    orders.Acknowledge: (CHLOE,),
    orders.Snooze: (CHLOE, TOMAS),
    orders.FileRecoveryPlan: (BAO,),
    orders.AcceptRecoveryPlan: (TOMAS,),
    orders.ReturnRecoveryPlan: (TOMAS,),
    orders.DecideConsequence: (RUTH,),
    orders.Reseat: (SYSTEM,),
    orders.Reproject: (PETRA, SYSTEM),
}
"""Who usually gives an order; the committee's members where nobody is named."""
SPANS = st.one_of(
    st.integers(min_value=1, max_value=60 * 24).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(min_value=1, max_value=24 * 10).map(lambda hours: timedelta(hours=hours)),
    st.integers(min_value=1, max_value=100).map(lambda days: timedelta(days=days)),
)
DAYS = st.integers(min_value=-3, max_value=200)
NOTES = st.sampled_from((None, NOTE))
FILES = st.sampled_from(((), FILE, FILE * 2))
EVIDENCE = st.sampled_from(((), PHOTO, tuple(NoteId(f"n{number}") for number in range(51))))


def fields_of(kind: type[Order], story: Story) -> dict[str, st.SearchStrategy[Any]]:
    """Give strategies for an order's fields: mostly near what the finding knows, sometimes nonsense."""
    names = set(kind.__dataclass_fields__) - set(Order.__dataclass_fields__)
    known = ANYWHERE | _known_to(story)
    if kind in WITH_NOTE:
        known["note"] = st.just(NOTE)
    if kind is orders.RequestExtension:
        known["actions"] = st.lists(known["action"], max_size=3).map(tuple)
    return {name: known[name] for name in sorted(names)}


ON_PAPER = tuple(
    orders.OnPaper(meeting=GatheringId("meeting:m"), sheet=1, recorder=ASHA, witness=witness, photos=())
    for witness in (CHLOE, BINH)
)
ANYWHERE: dict[str, st.SearchStrategy[Any]] = {
    "paper": st.sampled_from((None, *ON_PAPER)),
    "reason": st.just(NOTE),
    "note": NOTES,
    "interim_protection": st.just(NOTE),
    "severity": st.sampled_from(Severity),
    "outcome": st.sampled_from(DisputeOutcome),
    "what": st.sampled_from(Statement),
    "visit": st.sampled_from((None, GatheringId("visit:v-1"))),
    "no_action_reason": NOTES,
    "method": st.sampled_from(SignatureMethod),
    "witness": st.one_of(st.none(), PEOPLE),
    "percent": st.sampled_from((0, 50, 100, 101)),
    "evidence": EVIDENCE,
    "files": FILES,
    "slip_reason": NOTES,
    "granted": st.booleans(),
    "verifier": PEOPLE,
    "modality": st.sampled_from(Modality),
    "verdict": st.sampled_from(Verdict),
    "held": st.booleans(),
    "successor": st.sampled_from((FindingId("f1"), FindingId("f2"))),
    "other": st.sampled_from((FindingId("f1"), FindingId("f2"), FindingId("f3"))),
    "earlier": st.booleans(),
    "confirmed": st.booleans(),
    "days": st.integers(min_value=0, max_value=6),
    "consequence": st.sampled_from(Consequence),
    "seats": st.sampled_from(COMMITTEES),
    "cause": st.sampled_from(SuspensionCause),
    "policy": st.sampled_from((None, *POLICIES, *OTHERS)),
    "seen": st.none(),
}
"""Fields that may be anything, whatever the finding knows."""


def _known_to(story: Story) -> dict[str, st.SearchStrategy[Any]]:
    finding, day = story.finding, DAYS.map(story.day)
    known = [finding.proposal.revision] if finding.proposal else []
    action = st.sampled_from((*(each.id for each in finding.actions), *NAMES))
    remaining = st.builds(orders.RemainingAction, id=action, due=day)
    return {
        "revision": st.sampled_from((*known, *known, *REVISIONS)),
        "actions": st.lists(_planned(day), max_size=3).map(tuple),
        "action": action,
        "remaining": st.lists(remaining, max_size=2).map(tuple),
        "until": day,
        "on": day,
        "obligation": st.sampled_from((*(each.key for each in obligations(finding)), "nothing")),
        "calendar": st.sampled_from((None, finding.calendar)),
    }


def _planned(day: st.SearchStrategy[date]) -> st.SearchStrategy[orders.PlannedAction]:
    return st.builds(
        orders.PlannedAction,
        id=st.sampled_from(NAMES),
        kind=st.sampled_from(ActionKind),
        owner=st.sampled_from((BAO, ASHA, ERIK)),
        due=day,
    )
