"""An action that has climbed the ladder, and its recovery plan filed and accepted."""

from remediation.facts import Deescalated, Escalated, RecoveryPlanAccepted, RecoveryPlanFiled
from remediation.orders import AcceptRecoveryPlan, FileRecoveryPlan
from remediation.policy import Policy
from remediation.words import Role
from tests.rules.cast import BAO, NOTE, TOMAS, Story, a_case

ACTION = "action:a1"
PLAN_OWED, PLAN_TO_DECIDE = f"recovery_plan:{ACTION}", f"decide_recovery_plan:{ACTION}"
DECISION = f"decide_consequence:{ACTION}"
NEAREST = (Role.ACTION_OWNER, Role.MANAGER, Role.WORKER_CO_CHAIR, Role.MANAGEMENT_CO_CHAIR)


def late(days: int, policy: Policy | None = None) -> Story:
    """Tell of an action that was due on day 10 and is so many days late; level 3 comes on the eleventh."""
    story = a_case(policy=policy)
    story.commit(story.action(days=10))
    story.later(days=10 + days)
    return story


def file(story: Story, days: int = 20) -> RecoveryPlanFiled:
    until = story.day(days)
    (filed,) = story.order(BAO, FileRecoveryPlan, obligation=ACTION, note=NOTE, until=until)
    assert isinstance(filed, RecoveryPlanFiled)
    return filed


def accept(story: Story) -> Deescalated:
    accepted, down = story.order(TOMAS, AcceptRecoveryPlan, obligation=ACTION, reason=NOTE)
    assert isinstance(accepted, RecoveryPlanAccepted)
    assert isinstance(down, Deescalated)
    return down


def climbed(story: Story, **span: float) -> list[Escalated]:
    return [fact for fact in story.later(**span) if isinstance(fact, Escalated) and fact.obligation == ACTION]
