"""How a finding begins: all that its workflow needs to open the case, as plain data."""

from dataclasses import dataclass
from datetime import datetime

from remediation.calendar import Calendar
from remediation.facts import Issued
from remediation.policy import Policy
from remediation.words import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """Issue a finding `at` an aware instant, under the policy and calendar that `issued` names by version."""

    issued: Issued
    policy: Policy
    calendar: Calendar
    at: datetime
    by: PersonId
