"""Conditions that several rules share. Each returns what it found, or refuses with a way out."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from remediation.calendar import Calendar
from remediation.finding import Finding, Proposal
from remediation.orders import Attached, Order, Reopen, Seat
from remediation.refusals import (
    DateBeyondPolicy,
    DateInThePast,
    EvidenceRequired,
    FieldInvalid,
    NotAMember,
    NotAtThisStage,
    NotYourRole,
    ProposalMissing,
    RevisionOutdated,
)
from remediation.words import FACTORY_ROLES, STAFF_ROLES, Digest, NoteId, Role, Side, Stage

FARTHEST = timedelta(days=3653)
MOST_EVIDENCE = 50
PROGRAMME = STAFF_ROLES | {Role.OPERATOR, Role.SYSTEM}
"""Who keeps the programme's books: staff, operators, and the system where it imports."""


def alive(finding: Finding, order: Order) -> None:
    """Refuse everything but a reopening once the finding's life is over."""
    if finding.ended and not isinstance(order, Reopen):
        message = f"The finding is {finding.stage.value}: its life is over. A team leader can reopen it."
        raise NotAtThisStage(message)


def told(finding: Finding, order: Order) -> None:
    """Refuse the factory's people while a zero-tolerance alarm is kept from them."""
    of_the_factory = order.acting in FACTORY_ROLES or finding.seat_of(order.by) is not None
    if finding.restricted and of_the_factory:
        message = "The finding is not open to the factory."
        raise NotAtThisStage(message)


def at_stage(finding: Finding, *stages: Stage, to: str) -> None:
    """Refuse unless the finding stands at one of the stages on its way. `to` says what was wanted."""
    if finding.path not in stages:
        allowed = _listed(tuple(stage for stage in Stage if stage in stages))
        message = f"To {to}, the finding must be {allowed}; it is {_listed((finding.stage,))}."
        raise NotAtThisStage(message)


def member(finding: Finding, order: Order) -> Seat:
    """Give the committee seat of who gives the order."""
    seat = finding.seat_of(order.by)
    if seat is None:
        raise NotAMember
    return seat


def worker_member(finding: Finding, order: Order) -> Seat:
    """Give the worker-side seat of who gives the order."""
    seat = member(finding, order)
    if seat.side is not Side.WORKER:
        message = "Only a worker member of the committee can do this."
        raise NotAMember(message)
    return seat


def acting_as(order: Order, *roles: Role, to: str) -> None:
    """Refuse unless the order is given in one of the roles."""
    if order.acting not in roles:
        message = f"Only the {_listed(roles)} can {to}."
        raise NotYourRole(message)


def of_the_programme(order: Order, *, to: str) -> None:
    """Refuse the factory and outsiders what only the programme may do."""
    if order.acting not in PROGRAMME:
        message = f"Only the programme's staff can {to}."
        raise NotYourRole(message)


def on_table(finding: Finding) -> Proposal:
    """Give the proposal on the table."""
    if finding.proposal is None:
        raise ProposalMissing
    return finding.proposal


def open_proposal(finding: Finding, revision: Digest) -> Proposal:
    """Give the proposal on the table, if it is exactly the revision that the order names."""
    proposal = on_table(finding)
    if proposal.revision != revision:
        raise RevisionOutdated(field="revision")
    if proposal.failed:
        message = "This revision was refused by too many of one side. Propose a new one."
        raise ProposalMissing(message)
    return proposal


def evidence_given(words: tuple[NoteId, ...], files: tuple[Attached, ...], *, required: bool = True) -> None:
    """Refuse an order that shows nothing where it must, or more than anybody can look through."""
    if required and not words and not files:
        raise EvidenceRequired(field="evidence")
    if max(len(words), len(files)) > MOST_EVIDENCE:
        message = f"Attach at most {MOST_EVIDENCE} pieces of evidence at a time."
        raise FieldInvalid(message, field="evidence" if len(words) > MOST_EVIDENCE else "files")
    if len({each.id for each in files}) < len(files):
        message = "A photo or document is named twice. Name each once."
        raise FieldInvalid(message, field="files")


def day_ahead(calendar: Calendar, day: date, now: datetime, *, field: str) -> None:
    """Refuse a local day that has passed, or one so far ahead that it must be a slip of the pen."""
    today = calendar.today(now)
    if day < today:
        message = f"The date {day.isoformat()} has passed. Choose today or a later day."
        raise DateInThePast(message, field=field)
    if day > today + FARTHEST:
        message = f"{day.isoformat()} is more than ten years ahead. Choose an earlier day."
        raise DateBeyondPolicy(message, field=field)


def within_a_fix(finding: Finding, day: date, now: datetime, *, field: str) -> None:
    """Refuse a local day that lies further ahead than a whole new time for a fix."""
    span = finding.terms.fix
    if span is None:
        return
    latest = finding.calendar.last_day(finding.calendar.due(now, span))
    if day > latest:
        message = f"{day.isoformat()} is later than {latest.isoformat()}, a whole new time for a fix."
        raise DateBeyondPolicy(message, field=field)


def _listed(words: tuple[StrEnum, ...]) -> str:
    """Write words as people do: `advisor, team leader or programme manager`."""
    plain = [word.value.replace("_", " ") for word in words]
    return " or ".join(part for part in (", ".join(plain[:-1]), plain[-1]) if part)
