"""What the factory is not told of a finding's story, though it may see the finding."""

from datetime import datetime

from remediation import facts
from remediation.facts import Fact
from remediation.words import ALARM_DUTIES, Alarm

_ABOUT_A_DUTY = facts.Scheduled | facts.AcknowledgementLapsed


def before_telling(at: datetime, told_at: datetime | None) -> bool:
    """Whether the factory had not been told of the finding at an aware instant."""
    return told_at is None or at < told_at


def untold(fact: Fact, at: datetime, told_at: datetime | None) -> bool:
    """Whether what happened at an aware instant is kept from the factory, which was told at `told_at`.

    The issue is never kept from who may see the finding.
    """
    if isinstance(fact, facts.Issued):
        return False
    if isinstance(fact, facts.AuthorityNotified) or before_telling(at, told_at):
        return True
    if isinstance(fact, facts.AlarmDecided):
        return fact.alarm is Alarm.CANCELLED and fact.first_told
    return isinstance(fact, _ABOUT_A_DUTY) and fact.duty in ALARM_DUTIES
