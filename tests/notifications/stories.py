"""Stories of findings, told by the real rules, that call for every kind of letter."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Self

from notifications.occasion import Label, Occasion, Reader
from remediation import orders
from remediation.calendar import Calendar, Offset
from remediation.facts import Fact, Issued
from remediation.finding import Finding
from remediation.letters import LetterOrder, letters_for
from remediation.notices import due_notices, next_wake
from remediation.policy import Policy, Windows
from remediation.rules import Stamp, apply, begin, decide
from remediation.spans import Span
from remediation.words import (
    SYSTEM,
    ActionId,
    ActionKind,
    CommandId,
    Consequence,
    Digest,
    DisputeOutcome,
    FactoryId,
    FindingId,
    LetterKind,
    Modality,
    NoteId,
    PersonId,
    PlanId,
    ProgrammeId,
    Role,
    Severity,
    Side,
    Statement,
    SuspensionCause,
    Verdict,
)

AMINA, BAO, CHLOE, TOMAS = (PersonId(name) for name in ("amina", "bao", "chloe", "tomas"))
DUTY, VERA, RUTH = PersonId("duty"), PersonId("vera"), PersonId("ruth")
NAMES = {AMINA: "Amina Begum", BAO: "Bao Rahman", CHLOE: "Chloé Martin", TOMAS: "Tomas Lind"}
PUBLIC = "https://mendwork.example"
DHAKA = Calendar(
    version="dhaka-1",
    zone="Asia/Dhaka",
    offsets=(Offset(datetime(2000, 1, 1, tzinfo=UTC), 360),),
    rest_days=(5,),
)
START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SEATS = (
    orders.Seat(person=AMINA, side=Side.WORKER, elected=True, co_chair=True),
    orders.Seat(person=BAO, side=Side.MANAGEMENT, co_chair=True),
)
LABEL = Label(
    factory="Shapla Knit Composite Ltd.",
    question="Are all fire exits unlocked and free of obstruction while people work?",
    point="Emergency Preparedness",
)
PLANT, TRAIN = ActionId("a-plant"), ActionId("a-train")
ACTIONS = {PLANT: "Remove the padlocks of the exits on floors 3 and 4", TRAIN: "Train the floor wardens"}
NOTE = NoteId("note-1")
R1, R2 = Digest("1" * 64), Digest("2" * 64)


@dataclass(frozen=True)
class Told:
    """A letter that a fact called for, with the state it is written from."""

    order: LetterOrder
    fact: Fact
    at: datetime
    state: Finding

    def occasion(self, tongue: str = "en") -> Occasion[Fact]:
        person = self.order.person or PersonId(f"the-{self.order.role}")
        return Occasion(
            kind=self.order.kind,
            reader=Reader(
                person=person, name=NAMES.get(person, "Chloé Martin"), language=tongue, role=self.order.role
            ),
            label=LABEL,
            fact=self.fact,
            at=self.at,
            state=self.state,
            public_url=PUBLIC,
            actions=ACTIONS,
        )


class Story:
    """One finding's life: orders are decided and applied by the rules, and their letters kept."""

    def __init__(
        self, severity: Severity = Severity.MAJOR, *, told: bool = True, repeat: bool = False
    ) -> None:
        self.now = START
        issued = Issued(
            finding=FindingId("fnd-7c41b2e9"),
            programme=ProgrammeId("prog"),
            factory=FactoryId("shapla"),
            plan=PlanId("plan"),
            point="p1",
            question="q1",
            severity=severity,
            assessor=CHLOE,
            repeat_of=FindingId("fnd-old") if repeat else None,
            proof_by_interview=False,
            policy="default-1",
            calendar=DHAKA.version,
            seats=SEATS,
            factory_told=told,
        )
        self.finding = begin(issued, Policy(), DHAKA, self.now)
        self.seq = 0
        self.told: list[Told] = []
        self._keep((issued,))

    def order(self, verb: type[orders.Order], by: PersonId, acting: Role, **fields: object) -> Self:
        order = verb(id=CommandId(f"c{self.seq}"), by=by, acting=acting, **fields)
        facts = decide(order, self.finding, self.now)
        for fact in facts:
            self.finding = apply(fact, self.finding, Stamp(self.now, by))
        self._keep(facts)
        return self

    def after(self, **span: float) -> Self:
        self.now += timedelta(**span)
        return self

    def until(self, day: date) -> Self:
        """Let the clock act until a local day, step by step."""
        end = DHAKA.end_of(day)
        while (wake := next_wake(self.finding)) is not None and wake <= end:
            self.now = wake
            facts = due_notices(self.finding, wake)
            for fact in facts:
                self.finding = apply(fact, self.finding, Stamp(wake, SYSTEM))
            self._keep(facts)
        self.now = end
        return self

    def _keep(self, facts: tuple[Fact, ...]) -> None:
        for fact in facts:
            self.seq += 1
            self.told += [Told(order, fact, self.now, self.finding) for order in letters_for(fact, self.seq)]

    # verbs of the meeting
    def proposes(self, revision: Digest = R1, *, by: PersonId = AMINA, due: date | None = None) -> Self:
        day = due or DHAKA.today(self.now) + timedelta(days=20)
        return self.order(
            orders.Propose,
            by,
            Role.WORKER_MEMBER,
            revision=revision,
            actions=(
                orders.PlannedAction(id=PLANT, kind=ActionKind.CORRECTIVE, owner=BAO, due=day),
                orders.PlannedAction(
                    id=TRAIN, kind=ActionKind.PREVENTIVE, owner=AMINA, due=day + timedelta(days=7)
                ),
            ),
        )

    def signs(self, *people: PersonId, revision: Digest = R1) -> Self:
        for person in people:
            self.order(orders.Sign, person, Role.WORKER_MEMBER, revision=revision)
        return self

    def commits(self, revision: Digest = R1) -> Self:
        return self.proposes(revision).signs(AMINA, BAO, revision=revision)

    def does_all(self) -> Self:
        for action, owner in ((PLANT, BAO), (TRAIN, AMINA)):
            self.order(
                orders.RecordProgress, owner, Role.ACTION_OWNER, action=action, percent=100, evidence=(NOTE,)
            )
        return self

    def does_all_that_remains(self) -> Self:
        return self.order(
            orders.RecordProgress, AMINA, Role.ACTION_OWNER, action=TRAIN, percent=100, evidence=(NOTE,)
        )

    def reports(self) -> Self:
        return self.does_all().order(orders.ReportFixed, BAO, Role.MANAGER, evidence=(NOTE,))

    def books(self, modality: Modality, by: PersonId = CHLOE) -> Self:
        day = DHAKA.today(self.now) + timedelta(days=9)
        return self.order(orders.BookVerification, by, Role.ADVISOR, verifier=by, modality=modality, on=day)

    def verifies(self, verdict: Verdict) -> Self:
        remaining: tuple[orders.RemainingAction, ...] = ()
        if verdict is Verdict.PARTIAL:
            day = DHAKA.today(self.now) + timedelta(days=10)
            remaining = (orders.RemainingAction(id=TRAIN, due=day),)
        return self.order(
            orders.Verify,
            CHLOE,
            Role.ADVISOR,
            verdict=verdict,
            modality=Modality.ON_SITE,
            evidence=(NOTE,),
            remaining=remaining,
        )

    def checks(self, *, held: bool) -> Self:
        day = DHAKA.today(self.now)
        return self.order(orders.CheckEffectiveness, CHLOE, Role.ADVISOR, held=held, on=day, evidence=(NOTE,))


def a_whole_life() -> Story:
    story = Story(repeat=True).commits().reports().books(Modality.ON_SITE).after(days=9)
    return story.verifies(Verdict.PASS).after(days=80).checks(held=True)


def a_life_with_setbacks() -> Story:
    story = Story().commits().reports()
    story.order(orders.ObjectToFix, AMINA, Role.WORKER_MEMBER, reason=NOTE)
    story.verifies(Verdict.PARTIAL).does_all_that_remains()
    story.order(orders.ReportFixed, BAO, Role.MANAGER, evidence=(NOTE,)).books(Modality.DESKTOP)
    story.verifies(Verdict.FAIL).commits(R2).reports().verifies(Verdict.PASS)
    return story.after(days=30).checks(held=False)


def a_dispute(outcome: DisputeOutcome) -> Story:
    story = Story().order(orders.Dispute, BAO, Role.MANAGER, reason=NOTE).after(days=3)
    severity = Severity.MINOR if outcome is DisputeOutcome.PARTLY else None
    return story.order(
        orders.DecideDispute, TOMAS, Role.TEAM_LEADER, outcome=outcome, reason=NOTE, severity=severity
    )


def a_deadlock() -> Story:
    story = Story().proposes()
    story.order(orders.Refuse, BAO, Role.MANAGEMENT_MEMBER, revision=R1, reason=NOTE)
    story.order(orders.DeclareDeadlock, AMINA, Role.WORKER_MEMBER, reason=NOTE)
    action = orders.PlannedAction(
        id=PLANT, kind=ActionKind.CORRECTIVE, owner=BAO, due=DHAKA.today(story.now) + timedelta(days=30)
    )
    return story.order(orders.FileInterimPlan, BAO, Role.MANAGER, revision=R2, actions=(action,))


def an_extension(*, granted: bool) -> Story:
    story = Story().commits().after(days=2)
    until = story.finding.actions[0].due + timedelta(days=5)
    story.order(
        orders.RequestExtension,
        BAO,
        Role.MANAGEMENT_MEMBER,
        actions=(PLANT,),
        until=until,
        reason=NOTE,
        interim_protection=NOTE,
    )
    story.order(orders.CosignExtension, AMINA, Role.WORKER_MEMBER)
    return story.order(orders.DecideExtension, CHLOE, Role.ADVISOR, granted=granted, reason=NOTE)


def a_suspension(*, ended: bool) -> Story:
    story = Story().commits().after(days=2)
    asked = {"cause": SuspensionCause.PARTS_ON_ORDER, "until": DHAKA.today(story.now) + timedelta(days=11)}
    story.order(orders.Suspend, CHLOE, Role.ADVISOR, reason=NOTE, **asked)
    story.order(orders.CountersignSuspension, TOMAS, Role.TEAM_LEADER)
    if ended:
        story.after(days=3).order(orders.EndSuspension, CHLOE, Role.ADVISOR, reason=NOTE)
    return story.until(DHAKA.today(story.now) + timedelta(days=20))


def a_suspension_declined() -> Story:
    story = Story()
    until = DHAKA.today(story.now) + timedelta(days=11)
    story.order(orders.Suspend, CHLOE, Role.ADVISOR, cause=SuspensionCause.FLOOD, until=until, reason=NOTE)
    return story.order(orders.DeclineSuspension, TOMAS, Role.TEAM_LEADER, reason=NOTE)


def what_was_taken_back() -> Iterator[Story]:
    three = (*SEATS, orders.Seat(person=PersonId("binh"), side=Side.MANAGEMENT))
    refused = Story().order(orders.Reseat, SYSTEM, Role.SYSTEM, seats=three).proposes()
    refused.order(orders.Refuse, BAO, Role.MANAGEMENT_MEMBER, revision=R1, reason=NOTE)
    yield _takes_back(refused, BAO, Statement.REFUSAL)
    disputed = Story().order(orders.Dispute, BAO, Role.MANAGER, reason=NOTE).after(days=3)
    yield _takes_back(disputed, BAO, Statement.DISPUTE)
    yield _takes_back(Story().commits().reports(), BAO, Statement.FIX_REPORT)
    until = DHAKA.today(Story().now) + timedelta(days=11)
    asked = {"cause": SuspensionCause.FLOOD, "until": until, "reason": NOTE}
    stopping = Story().order(orders.Suspend, CHLOE, Role.ADVISOR, **asked)
    yield _takes_back(stopping, CHLOE, Statement.SUSPENSION_REQUEST)
    later = Story().commits()
    moved = {"actions": (PLANT,), "until": later.finding.actions[0].due + timedelta(days=5)}
    reasons = {"reason": NOTE, "interim_protection": NOTE}
    later.order(orders.RequestExtension, BAO, Role.MANAGEMENT_MEMBER, **moved, **reasons)
    yield _takes_back(later, BAO, Statement.EXTENSION_REQUEST)


def _takes_back(story: Story, person: PersonId, what: Statement) -> Story:
    story.told.clear()  # what comes before it, other stories tell
    return story.order(orders.TakeBack, person, Role.MANAGER, what=what)


def a_changed_policy(severity: Severity = Severity.MAJOR) -> Story:
    """Let the programme give another policy, under which every date is another."""
    usual = Policy()
    new = {"review": Span(25), "commit": Span(40), "fix": None}
    terms = {each: replace(known, **new) for each, known in usual.terms.items()}  # type: ignore[arg-type]
    other = replace(usual, version="other", terms=terms, windows=Windows(confirm_alarm=Span(2)))
    story = Story(severity).after(days=1 if severity is not Severity.ZERO_TOLERANCE else 0)
    return story.order(orders.Reproject, TOMAS, Role.PROGRAMME_MANAGER, policy=other, reason=NOTE)


def a_promise_never_kept() -> Story:
    return Story().commits().until(date(2026, 9, 1))


def a_way_down() -> Story:
    """Acknowledged in vain; a recovery plan is returned, a better one accepted; then only part is done."""
    about = {"obligation": f"action:{PLANT}"}
    story = Story().commits()
    late = story.finding.actions[0].due
    story.until(late + timedelta(days=8))
    story.order(orders.Acknowledge, CHLOE, Role.ADVISOR, **about)
    story.until(late + timedelta(days=22))
    for decision in (orders.ReturnRecoveryPlan, orders.AcceptRecoveryPlan):
        day = DHAKA.today(story.now) + timedelta(days=12)
        story.order(orders.FileRecoveryPlan, BAO, Role.MANAGER, **about, note=NOTE, until=day)
        story.order(decision, TOMAS, Role.TEAM_LEADER, **about, reason=NOTE)
    for action, owner in ((PLANT, BAO), (TRAIN, AMINA)):
        done = {"action": action, "percent": 100, "evidence": (NOTE,), "slip_reason": NOTE}
        story.order(orders.RecordProgress, owner, Role.ACTION_OWNER, **done)
    story.order(orders.ReportFixed, BAO, Role.MANAGER, evidence=(NOTE,))
    return story.verifies(Verdict.PARTIAL)


def a_decision(consequence: Consequence) -> Story:
    decided = {"obligation": f"action:{PLANT}", "consequence": consequence, "reason": NOTE}
    return a_promise_never_kept().order(orders.DecideConsequence, RUTH, Role.DECISION_PANEL, **decided)


def no_answer_at_all() -> Story:
    return Story(Severity.CRITICAL).until(date(2026, 8, 1))


def a_late_programme() -> Story:
    return Story().order(orders.Dispute, BAO, Role.MANAGER, reason=NOTE).until(date(2026, 5, 1))


def an_alarm(*, told: bool, confirmed: bool) -> Story:
    story = Story(Severity.ZERO_TOLERANCE, told=told).after(hours=3)
    severity = None if confirmed else Severity.MAJOR
    story.order(
        orders.DecideAlarm, DUTY, Role.DUTY_OFFICER, confirmed=confirmed, reason=NOTE, severity=severity
    )
    return story.order(orders.Contain, BAO, Role.MANAGER, evidence=(NOTE,)) if confirmed else story


def an_alarm_nobody_answers() -> Story:
    return Story(Severity.ZERO_TOLERANCE, told=False).until(date(2026, 3, 6))


def a_correction() -> Story:
    return Story().order(orders.Amend, CHLOE, Role.ADVISOR, severity=Severity.CRITICAL, note=NOTE)


def an_end(*, succeeded: bool) -> Story:
    story = Story()
    if succeeded:
        return story.order(orders.Supersede, SYSTEM, Role.SYSTEM, successor=FindingId("fnd-next"))
    return story.order(orders.Cease, TOMAS, Role.TEAM_LEADER, reason=NOTE)


def every_story() -> Iterator[Story]:
    yield a_whole_life()
    yield a_life_with_setbacks()
    yield from (a_dispute(outcome) for outcome in DisputeOutcome)
    yield a_deadlock()
    yield from (an_extension(granted=granted) for granted in (True, False))
    yield from (a_suspension(ended=ended) for ended in (True, False))
    yield a_suspension_declined()
    yield from what_was_taken_back()
    yield from (a_changed_policy(), a_changed_policy(Severity.ZERO_TOLERANCE))
    yield from (a_promise_never_kept(), no_answer_at_all(), a_late_programme(), a_correction())
    yield from (an_alarm(told=told, confirmed=yes) for told in (True, False) for yes in (True, False))
    yield a_way_down()
    yield from (a_decision(consequence) for consequence in Consequence)
    yield an_alarm_nobody_answers()
    yield from (an_end(succeeded=succeeded) for succeeded in (True, False))


def every_letter() -> list[Told]:
    return [told for story in every_story() for told in story.told]


def a_letter(kind: LetterKind, role: Role | None = None) -> Told:
    """Give the first letter of a kind, to a role if one is named."""
    return next(
        told for told in every_letter() if told.order.kind is kind and role in (None, told.order.role)
    )
