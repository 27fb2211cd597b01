"""What simulations came to, kept in memory for as long as running them anew would come to the same."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from remediation.simulation import Assumptions, Course, Start, Told, simulate_all

MOST_KEPT = 1000
FARTHER = timedelta(days=1)
"""So far past what is asked for is run, so that those who ask a little later are served, too."""
BEHIND = timedelta(minutes=10)
"""A clock that is behind, as in an outage, catches up at the moment asked about: kept for so long only."""

_Key = tuple[str, int, str, str, Assumptions, timedelta]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The letters of one finding, run from an aware instant on; they hold before another (`lasts`)."""

    since: datetime
    lasts: datetime
    told: tuple[Told, ...]


class Prospects:
    """The letters that lie ahead of findings, by how each stands and what is assumed. For many threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._running = Lock()

    def told(
        self, starts: Sequence[Start], assumptions: Assumptions, now: datetime, span: timedelta
    ) -> list[Told]:
        """Give the letters of findings from an aware instant on, for so long, finding by finding."""
        end = now + span
        # Those who ask for the same at one moment wait for the first of them.
        with self._running:
            keys = [_key(start, assumptions, span) for start in starts]
            missing = [(key, start) for key, start in zip(keys, starts, strict=True) if self._lacks(key, now)]
            courses = simulate_all([start for _, start in missing], assumptions, now, end + FARTHER)
            for (key, _), course in zip(missing, courses, strict=True):
                self._kept[key] = _Kept(now, _lasts(course, now), course.told)
            every = [told for key in keys for told in self._kept[key].told if told.at <= end]
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return every

    def _lacks(self, key: _Key, now: datetime) -> bool:
        kept = self._kept.get(key)
        if kept is None or not kept.since <= now < kept.lasts:
            return True
        self._kept.move_to_end(key)
        return False


def _key(start: Start, assumptions: Assumptions, span: timedelta) -> _Key:
    finding = start.finding
    return finding.id, start.seq, finding.policy.version, finding.calendar.version, assumptions, span


def _lasts(course: Course, since: datetime) -> datetime:
    """Give until when the same comes of it: until the first thing in it happens, or should have."""
    happens = (*(at for at, _ in course.facts), *(each.at for each in course.stuck))
    first = min(happens, default=since + FARTHER)
    return min(first, since + FARTHER) if first > since else since + BEHIND
