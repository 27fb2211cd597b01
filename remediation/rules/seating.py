"""The committee's seats change, and what that means for a proposal on the table."""

from dataclasses import replace
from datetime import datetime

from remediation.facts import Reseated
from remediation.finding import Finding, Proposal
from remediation.orders import Reseat, Seat
from remediation.refusals import FieldInvalid, SameAsBefore
from remediation.rules.agreement import settled
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import of_the_programme
from remediation.words import PersonId

MOST_SEATS = 100


def reseat(order: Reseat, finding: Finding, now: datetime) -> Facts:
    of_the_programme(order, to="seat a committee")
    if len(order.seats) > MOST_SEATS or one_seat_each(order.seats) != order.seats:
        message = f"A committee has at most {MOST_SEATS} seats, and each person holds one of them."
        raise FieldInvalid(message, field="seats")
    if order.seats == finding.seats:
        message = "The committee sits like this already."
        raise SameAsBefore(message, field="seats")
    fact = Reseated(seats=order.seats)
    # Votes may now suffice, or no longer be able to.
    return (fact, *settled(_seated(order.seats, finding), now))


def reseated(fact: Reseated, finding: Finding, stamp: Stamp) -> Finding:
    return _seated(fact.seats, finding)


def one_seat_each(seats: tuple[Seat, ...]) -> tuple[Seat, ...]:
    """Give the seats with only the first of each person, so that nobody votes twice."""
    first: dict[PersonId, Seat] = {}
    for seat in seats:
        first.setdefault(seat.person, seat)
    return tuple(first.values())


def _seated(seats: tuple[Seat, ...], finding: Finding) -> Finding:
    after = replace(finding, seats=one_seat_each(seats))
    if finding.proposal is None:
        return after
    return replace(after, proposal=_with_votes_of_those_who_stay(finding.proposal, finding, after))


def _with_votes_of_those_who_stay(proposal: Proposal, before: Finding, after: Finding) -> Proposal:
    def stays(person: PersonId) -> bool:
        old, new = before.seat_of(person), after.seat_of(person)
        return old is not None and new is not None and old.side is new.side

    return replace(
        proposal,
        signed=tuple(person for person in proposal.signed if stays(person)),
        refused=tuple(person for person in proposal.refused if stays(person)),
    )
