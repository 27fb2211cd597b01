"""A finding at every stage of its life, freshly told."""

from collections.abc import Callable

from remediation.orders import (
    BookVerification,
    Cease,
    CheckEffectiveness,
    CosignExtension,
    CountersignSuspension,
    DecideDispute,
    DeclareDeadlock,
    Dispute,
    FileRecoveryPlan,
    RequestExtension,
    Sign,
    Supersede,
    Suspend,
)
from remediation.words import DisputeOutcome, FindingId, Modality, Severity, SuspensionCause
from tests.rules.cast import (
    AMINA,
    BAO,
    CHLOE,
    ERIK,
    FIRST,
    NOTE,
    PHOTO,
    PLAN,
    SYSTEM,
    TOMAS,
    Story,
    Told,
    a_case,
    a_closed_case,
    a_confirmed_alarm,
)


def under_review(**told: Told) -> Story:
    story = a_case(**told)
    story.propose()
    story.order(AMINA, Sign, revision=PLAN)
    return story


def deadlocked(**told: Told) -> Story:
    story = under_review(**told)
    story.order(AMINA, DeclareDeadlock, reason=NOTE)
    return story


def disputed(**told: Told) -> Story:
    story = a_case(**told)
    story.order(AMINA, Dispute, reason=NOTE)
    return story


def amended(story: Story, severity: Severity) -> Story:
    """Let a dispute change the severity."""
    story.order(AMINA, Dispute, reason=NOTE)
    partly = {"outcome": DisputeOutcome.PARTLY, "severity": severity, "reason": NOTE}
    story.order(TOMAS, DecideDispute, **partly)
    return story


def contested_alarm(**told: Told) -> Story:
    story = a_confirmed_alarm(**told)
    story.order(AMINA, Dispute, reason=NOTE)
    return story


def waiting_for_an_extension(**told: Told) -> Story:
    story = a_case(**told).commit()
    asked = {"until": story.day(70), "reason": NOTE, "interim_protection": NOTE}
    story.order(AMINA, RequestExtension, actions=(FIRST,), **asked)
    story.order(BAO, CosignExtension)
    return story


def waiting_for_a_suspension(**told: Told) -> Story:
    story = a_case(**told).commit()
    asked = {"cause": SuspensionCause.PARTS_ON_ORDER, "until": story.day(11), "reason": NOTE}
    story.order(CHLOE, Suspend, **asked)
    return story


def suspended(**told: Told) -> Story:
    story = waiting_for_a_suspension(**told)
    story.order(TOMAS, CountersignSuspension)
    return story


def done(**told: Told) -> Story:
    return a_case(**told).commit().do()


def reported(**told: Told) -> Story:
    return a_case(**told).commit().fix()


def verifying(**told: Told) -> Story:
    story = reported(**told)
    story.order(CHLOE, BookVerification, verifier=ERIK, modality=Modality.DESKTOP, on=story.day(2))
    return story


def late(**told: Told) -> Story:
    story = a_case(**told)
    story.later(days=40)
    return story


def recovery_plan_owed(**told: Told) -> Story:
    story = a_case(**told)
    story.commit(story.action(days=10))
    story.later(days=10 + 21)
    return story


def recovery_plan_filed(**told: Told) -> Story:
    story = recovery_plan_owed(**told)
    plan = {"obligation": "action:a1", "note": NOTE, "until": story.day(20)}
    story.order(BAO, FileRecoveryPlan, **plan)
    return story


def decision_due(**told: Told) -> Story:
    story = recovery_plan_owed(**told)
    story.later(days=90)
    return story


def sustained(**told: Told) -> Story:
    story = a_closed_case(**told)
    story.later(days=3)
    story.order(CHLOE, CheckEffectiveness, held=True, on=story.day(), evidence=PHOTO)
    return story


def withdrawn(**told: Told) -> Story:
    story = disputed(**told)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.UPHELD, reason=NOTE)
    return story


def superseded(**told: Told) -> Story:
    story = a_case(**told)
    story.order(SYSTEM, Supersede, successor=FindingId("f2"))
    return story


def ceased(**told: Told) -> Story:
    story = a_case("zero_tolerance", **told)
    story.order(TOMAS, Cease, reason=NOTE)
    return story


SITUATIONS: dict[str, Callable[..., Story]] = {
    "issued": a_case,
    "hidden": lambda **told: a_case("zero_tolerance", **told),
    "alarm confirmed": a_confirmed_alarm,
    "under review": under_review,
    "deadlocked": deadlocked,
    "disputed": disputed,
    "contested alarm": contested_alarm,
    "committed": lambda **told: a_case(**told).commit(),
    "collaborative": lambda **told: a_case("collaborative", **told).commit(),
    "waiting for an extension": waiting_for_an_extension,
    "waiting for a suspension": waiting_for_a_suspension,
    "suspended": suspended,
    "done": done,
    "reported": reported,
    "verifying": verifying,
    "closed": a_closed_case,
    "late": late,
    "recovery plan owed": recovery_plan_owed,
    "recovery plan filed": recovery_plan_filed,
    "decision due": decision_due,
    "sustained": sustained,
    "withdrawn": withdrawn,
    "superseded": superseded,
    "ceased": ceased,
}
