"""The top of the ladder: the clock asks the decision panel, and only the panel takes the step."""

from dataclasses import replace
from datetime import datetime

from remediation.facts import ConsequenceDecided, DecisionDue
from remediation.ladder import told_up_to, what_is_late
from remediation.notices import notice_of
from remediation.obligations import obligations
from remediation.orders import DecideConsequence
from remediation.refusals import AlreadyDone, NotAtThisStage
from remediation.rules.core import Facts, Stamp
from remediation.rules.escalation import change_notice, reached, with_notice
from remediation.rules.guards import acting_as
from remediation.watched import Decision, Notice, W, Watched
from remediation.words import Consequence, Role


def decision_due(fact: DecisionDue, watched: W, stamp: Stamp) -> W:
    notice = watched.notice(fact.obligation, fact.due)
    return with_notice(watched, replace(notice, decision=Decision(since=stamp.at, by=fact.decide_by)))


def decide_consequence(order: DecideConsequence, watched: Watched, now: datetime) -> Facts:
    acting_as(order, Role.DECISION_PANEL, to="decide what follows at the top of the ladder")
    owed = next((each for each in obligations(watched) if each.key == order.obligation), None)
    decision = notice_of(watched, owed).decision if owed else None
    if owed is None or decision is None:
        message = "No decision is asked for: nothing of this kind has come to the top of the ladder."
        raise NotAtThisStage(message, field="obligation")
    if decision.taken:
        message = "The decision panel has decided this already."
        raise AlreadyDone(message)
    level = watched.policy.escalation.decision_level
    return (
        ConsequenceDecided(
            **what_is_late(watched, owed),
            level=level,
            consequence=order.consequence,
            reason=order.reason,
            told=told_up_to(watched, owed, level - 1),
        ),
    )


def consequence_decided(fact: ConsequenceDecided, watched: W, stamp: Stamp) -> W:
    def decided(notice: Notice) -> Notice:
        taken = replace(notice, decision=notice.decision and replace(notice.decision, taken=True))
        if fact.consequence is Consequence.NONE:
            return taken
        return reached(taken, fact.level, stamp.at)

    return change_notice(watched, fact.obligation, decided)
