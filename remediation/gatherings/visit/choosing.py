"""Building a trip: which factories to visit first, and what to look at there. One plain, sayable order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from remediation.words import Check, FactoryId, FindingId, Severity

_GRAVEST = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A finding that somebody should look at by an aware instant, and where it is.

    `region` is what travel is saved by; `since` the local day on which its fix was reported.
    """

    finding: FindingId
    factory: FactoryId
    region: str
    severity: Severity
    check: Check
    due: datetime
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A factory of the trip, with what is to be looked at there, the most urgent first."""

    factory: FactoryId
    region: str
    candidates: tuple[Candidate, ...]


def stops(candidates: Iterable[Candidate], now: datetime) -> tuple[Stop, ...]:
    """Give the stops of a trip as of an aware instant.

    The most urgent comes first: what is late before what is not, the gravest of it, objections, then the
    soonest due and the longest reported. Stops in its region follow it, so that nobody travels twice.
    """

    def urgency(each: Candidate) -> tuple[bool, int, bool, datetime, date, str]:
        late, objected = each.due <= now, each.check is Check.OBJECTION
        since = each.since or date.max
        return (not late, _GRAVEST[each.severity], not objected, each.due, since, each.finding)

    def by_factory(each: Candidate) -> str:
        return each.factory

    groups = groupby(sorted(candidates, key=by_factory), by_factory)
    together = [tuple(sorted(group, key=urgency)) for _, group in groups]
    first: dict[str, tuple[bool, int, bool, datetime, date, str]] = {}
    for each in together:
        region = each[0].region
        first[region] = min(urgency(each[0]), first.get(region, urgency(each[0])))
    together.sort(key=lambda each: (first[each[0].region], urgency(each[0])))
    return tuple(Stop(factory=each[0].factory, region=each[0].region, candidates=each) for each in together)
