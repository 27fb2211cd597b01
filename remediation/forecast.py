"""What will be sent, to whom and when, if nothing else happens: the very same rules, run ahead."""

from dataclasses import dataclass, field
from datetime import datetime

from remediation.case import Case
from remediation.facts import Fact
from remediation.finding import Finding
from remediation.letters import LetterOrder, letters_for
from remediation.notices import due_notices, next_wake
from remediation.rules import Stamp, apply
from remediation.words import SYSTEM

MOST_NOTICES = 200


@dataclass(frozen=True, slots=True)
class Planned:
    """A letter that will be owed at an instant (aware) unless the state changes before."""

    at: datetime
    fact: Fact
    letter: LetterOrder
    before: Finding = field(compare=False, repr=False)
    """The finding as it stands when the letter's notice comes due: what explains the instant."""


def forecast(case: Case, until: datetime) -> tuple[Planned, ...]:
    """Give the letters that reminders and the ladder will call for by `until`, in order, at most 200."""
    finding, seq = case.finding, case.seq
    planned: list[Planned] = []
    while len(planned) < MOST_NOTICES:
        wake = next_wake(finding)
        if wake is None or wake > until:
            break
        before = finding
        for fact in due_notices(before, wake):
            seq += 1
            finding = apply(fact, finding, Stamp(wake, SYSTEM))
            planned += [Planned(wake, fact, letter, before) for letter in letters_for(fact, seq)]
    return tuple(planned[:MOST_NOTICES])
