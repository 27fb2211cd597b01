"""Another calendar or policy reaches a finding: which of its dates move, and the move itself.

What is past stays past, no date moves to where it would be missed at once, and promised days stay.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from remediation.calendar import ONE_DAY, Calendar
from remediation.facts import Reprojected
from remediation.finding import Finding
from remediation.ledger import plain
from remediation.moves import COUNTED_FROM_ITS_ISSUE, Held, Move, Why
from remediation.orders import Reproject
from remediation.policy import Policy
from remediation.reckoning import KEPT, Dated, anew, dates, of_the_ladder, span_of
from remediation.refusals import MovesOutdated, SameAsBefore
from remediation.reminding import follow
from remediation.rules.agreement import settled
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as, of_the_programme
from remediation.spans import Unit
from remediation.standstills import resuming
from remediation.words import Digest, Role

POLICY_KEEPERS = (Role.PROGRAMME_MANAGER, Role.OPERATOR, Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Projection:
    """What another calendar and policy do to a finding's dates."""

    moves: tuple[Move, ...]
    held: tuple[Held, ...]

    @property
    def digest(self) -> Digest:
        """The SHA-256 of what moves where: who confirms it has seen exactly this."""
        seen = [(move.key, plain(move.old), plain(move.new)) for move in self.moves]
        return Digest(sha256(json.dumps(seen).encode()).hexdigest())


def project(finding: Finding, calendar: Calendar, policy: Policy, now: datetime) -> Projection:
    """Give which dates of a finding would move under a calendar and policy at an aware instant.

    Preview, rule and explanation all rest on it.
    """
    if (calendar, policy) == (finding.calendar, finding.policy):
        return Projection((), finding.held)
    after = anew(finding, calendar, policy)
    before, reckoned = dates(finding), dates(after)
    moves: list[Move] = []
    held: list[Held] = []
    for key in dict.fromkeys((*before, *reckoned)):
        old, new = before.get(key), reckoned.get(key)
        due = _stands_at(old, new, calendar, now)
        if new is not None and due is not None:
            held += _held(new, due, finding, after)
        if due != (old.due if old else None):
            moves.append(_move(key, old, new, due, finding, after))
    held += [
        Held(key=owed.key, since=owed.since, base=due, reckoned=due, due=owed.due)
        for owed, due in of_the_ladder(finding, after)
        if due != owed.due
    ]
    return Projection(tuple(moves), tuple(held))


def reproject(order: Reproject, finding: Finding, now: datetime) -> Facts:
    of_the_programme(order, to="let dates follow another calendar or policy")
    if order.policy is not None:
        acting_as(order, *POLICY_KEEPERS, to="let a finding follow another policy")
    calendar, policy = order.calendar or finding.calendar, order.policy or finding.policy
    if (calendar, policy) == (finding.calendar, finding.policy):
        message = "The finding follows this calendar and this policy already."
        raise SameAsBefore(message, field="calendar" if order.calendar else "policy")
    projection = project(finding, calendar, policy, now)
    if order.seen not in {None, projection.digest}:
        raise MovesOutdated(field="seen")
    fact = Reprojected(
        calendar=order.calendar,
        policy=order.policy,
        reason=order.reason,
        moves=projection.moves,
        held=projection.held,
        withheld=finding.restricted,
    )
    # Another quorum may suffice for the votes on the table, or a later last day for its dates.
    return (fact, *settled(reprojected(fact, finding, Stamp(now, order.by)), now))


def reprojected(fact: Reprojected, finding: Finding, stamp: Stamp) -> Finding:
    after = replace(
        finding,
        calendar=fact.calendar or finding.calendar,
        policy=fact.policy or finding.policy,
        held=fact.held,
    )
    for move in fact.moves:
        if move.key in KEPT:
            after = KEPT[move.key].write(after, move.new)
    after = resuming(after)
    return replace(after, notices=follow(finding, after, stamp.at))


def _held(new: Dated, due: datetime, before: Finding, after: Finding) -> list[Held]:
    """Tell where a date stands, unless it follows from its beginning alone."""
    base, span = new.due, span_of(after, new.key)
    if new.key in COUNTED_FROM_ITS_ISSUE and span is not None:
        base = after.calendar.due(new.since, span)
    if due == new.due == base and not before.standstills:
        return []
    return [Held(key=new.key, since=new.since, base=base, reckoned=new.due, due=due)]


def _stands_at(old: Dated | None, new: Dated | None, calendar: Calendar, now: datetime) -> datetime | None:
    """Give where a date stands afterwards; None where the policy sets it no more."""
    if new is None:
        return None
    clock = new.stopped or now
    if old is None:
        return new.due if new.due > clock else _counted_from(now, new, calendar)
    stays = not old.open or old.due <= clock or new.due <= clock
    return old.due if stays else new.due


def _counted_from(now: datetime, new: Dated, calendar: Calendar) -> datetime:
    """Give a date as long from now as it is from its beginning: it did not exist when that time began."""
    last = calendar.last_day(new.due)
    if new.due != calendar.end_of(last):
        return now + (new.due - new.since)
    return calendar.end_of(calendar.today(now) + (last - calendar.today(new.since)))


def _move(  # noqa: PLR0913 - a move is told with all of these
    key: str, old: Dated | None, new: Dated | None, due: datetime | None, before: Finding, after: Finding
) -> Move:
    known = new or old
    assert known is not None  # noqa: S101 - a move has a beginning or an end
    return Move(
        key=key,
        duty=known.duty,
        owner=known.owner,
        old=old.due if old else None,
        new=due,
        old_day=before.calendar.last_day(old.due) if old else None,
        new_day=after.calendar.last_day(due) if due else None,
        why=_why(known, max(each for each in (old.due if old else None, due) if each), before, after),
    )


def _why(dated: Dated, until: datetime, before: Finding, after: Finding) -> Why:
    given, gives = span_of(before, dated.key), span_of(after, dated.key)
    in_working_days = any(span and span.unit is Unit.WORKING_DAYS for span in (given, gives))
    changed = [*_changed(dated.since, until, before.calendar, after.calendar)] if in_working_days else []
    return Why(
        before=given if given != gives else None,
        after=gives if given != gives else None,
        days_off=tuple(day for day in changed if not after.calendar.is_working_day(day)),
        days_worked=tuple(day for day in changed if after.calendar.is_working_day(day)),
        other_clock=before.calendar.local(until) != after.calendar.local(until),
    )


def _changed(since: datetime, until: datetime, before: Calendar, after: Calendar) -> Iterator[date]:
    """Give the days of a time, its first one excepted, that one calendar works and the other does not."""
    day, last = after.today(since) + ONE_DAY, after.last_day(until)
    while day <= last:
        if before.is_working_day(day) is not after.is_working_day(day):
            yield day
        day += ONE_DAY
