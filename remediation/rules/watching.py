"""Rows that all that is watched shares, findings and gatherings: reminders, ladder, decision at its top."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from remediation import facts, orders
from remediation.rules import consequence, escalation
from remediation.rules.core import Facts, Stamp

DECISIONS: Mapping[type[orders.Order], Callable[[Any, Any, datetime], Facts]] = MappingProxyType(
    {
        orders.Acknowledge: escalation.acknowledge,
        orders.Snooze: escalation.snooze,
        orders.DecideConsequence: consequence.decide_consequence,
    }
)
EFFECTS: Mapping[type[facts.Fact], Callable[[Any, Any, Stamp], Any]] = MappingProxyType(
    {
        facts.Reminded: escalation.reminded,
        facts.Escalated: escalation.escalated,
        facts.Acknowledged: escalation.acknowledged,
        facts.AcknowledgementEnding: escalation.acknowledgement_ending,
        facts.AcknowledgementLapsed: escalation.acknowledgement_lapsed,
        facts.Snoozed: escalation.snoozed,
        facts.DecisionDue: consequence.decision_due,
        facts.ConsequenceDecided: consequence.consequence_decided,
    }
)
