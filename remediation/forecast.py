"""What will be sent, to whom and when, if nothing else happens: the very same rules, run ahead."""

from dataclasses import dataclass
from datetime import datetime

from remediation.case import Case
from remediation.facts import Fact
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


def forecast(case: Case, until: datetime) -> tuple[Planned, ...]:
    """Give the letters that reminders and the ladder will call for by `until`, in order, at most 200."""
    finding, seq = case.finding, case.seq
    planned: list[Planned] = []
    while len(planned) < MOST_NOTICES:
        wake = next_wake(finding)
        if wake is None or wake > until:
            break
        for fact in due_notices(finding, wake):
            seq += 1
            finding = apply(fact, finding, Stamp(wake, SYSTEM))
            planned += [Planned(wake, fact, letter) for letter in letters_for(fact, seq)]
    return tuple(planned[:MOST_NOTICES])
