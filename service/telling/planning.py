"""An improvement plan as a whole, told: opened, filed, reported on, complete."""
# ruff: noqa: ARG001 - facts are all told alike, and not each needs what stands around it

from remediation.gatherings.plan import PlanCompleted, PlanFiled, PlanOpened, ProgressReported, Tally
from service.saying import day
from service.speaking import say, say_many
from service.telling.setting import Setting, sentences, tell


@tell.register
def _(fact: PlanOpened, around: Setting) -> str:
    opened = say("The findings of an assessment were issued, and their improvement plan was opened.")
    told = say("The report was released on %(day)s.", day=day(fact.released)) if fact.released else ""
    return sentences(opened, told)


@tell.register
def _(fact: PlanFiled, around: Setting) -> str:
    if fact.by_commitments:
        filed = say("Every finding has its commitment, so the improvement plan counts as filed.")
    else:
        filed = say("%(who)s filed the improvement plan.", who=around.who)
    late = say_many("It came %(count)s day late.", "It came %(count)s days late.", fact.days_late)
    return sentences(filed, late if fact.days_late else "")


@tell.register
def _(fact: ProgressReported, around: Setting) -> str:
    issued = say("Progress report %(number)s, of %(day)s.", number=fact.number, day=day(fact.on))
    return sentences(issued, _numbers(fact.tally))


@tell.register
def _(fact: PlanCompleted, around: Setting) -> str:
    complete = say("All findings have ended on %(day)s: the improvement plan is complete.", day=day(fact.on))
    return sentences(complete, _numbers(fact.tally))


def _numbers(tally: Tally) -> str:
    return say(
        "Findings: %(findings)s. Ended: %(ended)s. Overdue: %(overdue)s.",
        findings=tally.findings,
        ended=tally.ended,
        overdue=tally.overdue,
    )
