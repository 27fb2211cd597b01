"""What each order leads to and what each fact changes, a module for each part of the lifecycle."""

from remediation.rules import (
    agreement,
    alarm,
    deadlock,
    dispute,
    endings,
    escalation,
    extension,
    fixing,
    issuing,
    progress,
    verification,
)
from remediation.rules.core import Facts, Stamp, apply, decide
from remediation.rules.issuing import begin

__all__ = [
    "Facts",
    "Stamp",
    "agreement",
    "alarm",
    "apply",
    "begin",
    "deadlock",
    "decide",
    "dispute",
    "endings",
    "escalation",
    "extension",
    "fixing",
    "issuing",
    "progress",
    "verification",
]
