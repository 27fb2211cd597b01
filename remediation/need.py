"""Which factories need somebody first: one plain order, so that anybody can say why one comes first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What calls for attention at a factory. `grave` are the overdue findings that are critical or worse.

    `asked` is what waits for the programme's own staff; `next_due` the soonest date, aware.
    """

    factory: str
    level: int
    open: int
    overdue: int
    grave: int
    asked: int = 0
    next_due: datetime | None = None

    @property
    def calm(self) -> bool:
        """Whether nothing is escalated, overdue or asked of anybody."""
        return not (self.level or self.overdue or self.asked)


def by_need(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Give the factories that are not calm in order of need.

    First by the level of escalation; among equals by grave overdue findings, then by all that are overdue,
    then by what waits for staff; last by the soonest date.
    """
    return tuple(sorted((each for each in needs if not each.calm), key=_place))


def _place(need: Need) -> tuple[int, int, int, int, datetime, str]:
    return (-need.level, -need.grave, -need.overdue, -need.asked, need.next_due or _NEVER, need.factory)
