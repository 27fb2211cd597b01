"""What a factory's committee lacks, in words: for its page and for programs."""

from collections.abc import Iterable
from datetime import date

from notifications.wording import N_
from remediation.parity import Lack, Missing, Tenure, lacks
from remediation.words import Side
from service import saying
from service.speaking import Said, say_many
from storage.committees import Term


def lacking(terms: Iterable[Term], on: date, *, counts: bool = True) -> list[str]:
    """Give what a committee lacks on a local day, the gravest first. `terms` are all it ever had.

    Without `counts` nothing is told that counts single seats and terms.
    """
    found = lacks([tenure(each) for each in terms], on)
    return [_warned(each) for each in found if counts or each.lack not in _COUNTED]


def tenure(term: Term) -> Tenure:
    """Give a term as the rule about parity knows it."""
    seat = term.seat
    return Tenure(
        side=seat.side, since=term.since, until=term.until, elected=seat.elected, co_chair=seat.co_chair
    )


def _warned(missing: Missing) -> str:
    if missing.lack in _SAID:
        return _SAID[missing.lack]
    side = missing.side or Side.WORKER
    if missing.lack is Lack.NO_MEMBER:
        return _NO_MEMBER[side]
    if missing.lack is Lack.NO_CO_CHAIR:
        return _NO_CO_CHAIR[side]
    if missing.lack is Lack.VACANT:
        return _vacant(side, missing.number)
    return _ending(side, missing.number, missing.day)


_COUNTED = frozenset({Lack.VACANT, Lack.ENDING})
_SAID = Said(
    {
        Lack.FEWER_WORKERS: N_("The worker side has fewer members than the management side."),
        Lack.FEWER_MANAGERS: N_("The management side has fewer members than the worker side."),
        Lack.NONE_ELECTED: N_("No worker member is elected."),
        Lack.CHAIR_NOT_ELECTED: N_("No worker co-chair is elected."),
    }
)
_NO_MEMBER = Said(
    {
        Side.WORKER: N_("The worker side has no member."),
        Side.MANAGEMENT: N_("The management side has no member."),
    }
)
_NO_CO_CHAIR = Said(
    {
        Side.WORKER: N_("The worker side has no co-chair."),
        Side.MANAGEMENT: N_("The management side has no co-chair."),
    }
)


def _vacant(side: Side, number: int) -> str:
    if side is Side.WORKER:
        return say_many(
            "%(count)s seat of the worker side is vacant.",
            "%(count)s seats of the worker side are vacant.",
            number,
        )
    return say_many(
        "%(count)s seat of the management side is vacant.",
        "%(count)s seats of the management side are vacant.",
        number,
    )


def _ending(side: Side, number: int, on: date | None) -> str:
    day = saying.day(on) if on else ""
    if side is Side.WORKER:
        return say_many(
            "%(count)s term of the worker side ends on %(day)s, and nobody is named to follow.",
            "%(count)s terms of the worker side end soon, the first on %(day)s; successors are missing.",
            number,
            day=day,
        )
    return say_many(
        "%(count)s term of the management side ends on %(day)s, and nobody is named to follow.",
        "%(count)s terms of the management side end soon, the first on %(day)s; successors are missing.",
        number,
        day=day,
    )
