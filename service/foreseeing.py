"""What will be sent about a finding if nobody acts, with the reasons: reckoned once while its state holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache

from remediation.calendar import Calendar
from remediation.case import Case
from remediation.explaining import why_sent
from remediation.facts import Resumed, Scheduled
from remediation.forecast import Planned, forecast
from remediation.letters import LetterOrder
from service.api.shapes import Reason
from service.reasons import reasons_of
from service.speaking import spoken

MOST_KEPT = 128
"""So many findings, each in one language: a few hundred kilobytes apiece."""
ONE_DAY = timedelta(days=1)

Sent = Scheduled | Resumed


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A letter, the aware instant at which it will leave, the notice it tells of, and why then, in words."""

    at: datetime
    notice: Sent
    letter: LetterOrder
    why: tuple[Reason, ...]


class _Standing:
    """A case, equal to another where the same lies ahead of both: the digest names all that has happened."""

    __slots__ = ("case", "key")

    def __init__(self, case: Case) -> None:
        finding = case.finding
        self.case = case
        self.key = (finding.id, case.digest, finding.policy, finding.calendar)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Standing) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key[:2])


def foreseen(case: Case, until: datetime) -> Iterator[Foreseen]:
    """Give the letters that will leave by an aware instant unless somebody acts, in order."""
    # Whoever asks again a little later asks for a little more: the whole day is reckoned.
    end = datetime.combine(until.date() + ONE_DAY, time(), until.tzinfo)
    return (each for each in _foreseen(_Standing(case), end, spoken().code) if each.at <= until)


@lru_cache(MOST_KEPT)
def _foreseen(standing: _Standing, until: datetime, _language: str) -> tuple[Foreseen, ...]:
    calendar = standing.case.finding.calendar
    return tuple(in_words(planned, calendar) for planned in forecast(standing.case, until))


def in_words(planned: Planned, calendar: Calendar) -> Foreseen:
    """Give a planned letter with the reasons for its instant, in the language spoken."""
    notice = planned.fact
    assert isinstance(notice, Sent)  # noqa: S101 - a clock brings about nothing else
    why = reasons_of(why_sent(notice, planned.before), calendar)
    return Foreseen(planned.at, notice, planned.letter, tuple(why))
