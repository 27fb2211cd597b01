"""Taking back: a further fact by which one's own words count no more, while nobody else has acted on them.

What has left by mail has left; whoever was told of it is told of this, too. An objection to a fix is not
taken back: nobody must be able to press a worker for it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from remediation.facts import TakenBack
from remediation.finding import Finding, Proposal
from remediation.orders import TakeBack
from remediation.refusals import AlreadyDone, NotAtThisStage, NotYours, TooLate
from remediation.rules.agreement import open_to_proposals, settled, without_vote
from remediation.rules.core import Facts, Stamp
from remediation.rules.dispute import days_taken, later_by, returned
from remediation.rules.escalation import with_notice
from remediation.rules.extension import pending
from remediation.rules.fixing import reported_fix
from remediation.rules.guards import member, on_table
from remediation.rules.suspension import asked_for
from remediation.words import Stage, Statement


def take_back(order: TakeBack, finding: Finding, now: datetime) -> Facts:
    """Give the fact, and what the votes on the table lead to once a dispute is over."""
    fact = _RULES[order.what](order, finding, now)
    if order.what is not Statement.DISPUTE:
        return (fact,)
    return (fact, *settled(taken_back(fact, finding, Stamp(now, order.by)), now))


def taken_back(fact: TakenBack, finding: Finding, stamp: Stamp) -> Finding:
    """Give the finding as it stands without what was said."""
    return _EFFECTS[fact.what](fact, finding, stamp)


def _signature(order: TakeBack, finding: Finding, now: datetime) -> TakenBack:
    proposal = _voted_on(finding)
    if order.by not in proposal.signed:
        message = "You have not signed the plan on the table."
        raise NotYours(message)
    return TakenBack(what=order.what, person=order.by, side=member(finding, order).side)


def _refusal(order: TakeBack, finding: Finding, now: datetime) -> TakenBack:
    proposal = _voted_on(finding)
    if order.by not in proposal.refused:
        message = "You have not refused the plan on the table."
        raise NotYours(message)
    return TakenBack(
        what=order.what,
        person=order.by,
        side=member(finding, order).side,
        author=proposal.author,
        author_side=proposal.author_side,
    )


def _voted_on(finding: Finding) -> Proposal:
    open_to_proposals(finding)
    proposal = on_table(finding)
    if proposal.failed:
        message = "The plan can no longer pass, and the co-chairs were told. Propose another one."
        raise AlreadyDone(message)
    return proposal


def _vote_gone(fact: TakenBack, finding: Finding, stamp: Stamp) -> Finding:
    return without_vote(finding, fact.person)


def _dispute(order: TakeBack, finding: Finding, now: datetime) -> TakenBack:
    if finding.stage is not Stage.DISPUTED:
        message = "There is no dispute that waits for a decision."
        raise NotAtThisStage(message)
    if order.by != finding.disputed_by:
        message = "A dispute is taken back by who raised it."
        raise NotYours(message)
    seat = finding.seat_of(order.by)
    return TakenBack(
        what=order.what,
        person=order.by,
        side=seat.side if seat else None,
        days_added=days_taken(finding, now),
    )


def _dispute_gone(fact: TakenBack, finding: Finding, stamp: Stamp) -> Finding:
    back = later_by(returned(finding), fact.days_added, stamp)
    # The one dispute there may be is used up where it has stopped the clock, if only for a day.
    return back if fact.days_added else replace(back, disputed_at=None, disputed_by=None)


def _extension_request(order: TakeBack, finding: Finding, now: datetime) -> TakenBack:
    asked = pending(finding)
    side = member(finding, order).side
    if side is not asked.asked_by:
        message = "A request for a later date is taken back by the side that asked."
        raise NotYours(message)
    if asked.decider is not None:
        message = "The other side has joined the request; it waits for its decision."
        raise AlreadyDone(message)
    return TakenBack(what=order.what, person=order.by, side=side)


def _extension_gone(fact: TakenBack, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, extension=None)


def _suspension_request(order: TakeBack, finding: Finding, now: datetime) -> TakenBack:
    if order.by != asked_for(finding).asked_by:
        message = "A request for a suspension is taken back by who asked for it."
        raise NotYours(message)
    return TakenBack(what=order.what, person=order.by)


def _suspension_gone(fact: TakenBack, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, suspension=None)


def _fix_report(order: TakeBack, finding: Finding, now: datetime) -> TakenBack:
    fix = reported_fix(finding)
    if order.by != fix.reporter:
        message = "A report is taken back by who gave it."
        raise NotYours(message)
    if fix.objected or fix.concurred or fix.verifier is not None:
        message = "Others have acted on the report already: its verification decides."
        raise AlreadyDone(message)
    if now >= fix.objections_until:
        message = "A report can be taken back as long as workers may object to it."
        raise TooLate(message)
    return TakenBack(what=order.what, person=order.by)


def _report_gone(fact: TakenBack, finding: Finding, stamp: Stamp) -> Finding:
    """Let the report be owed as it was before: a claim alone takes nothing off the ladder."""
    back = replace(finding.moved_to(Stage.COMMITTED), fix=None)
    known = reported_fix(finding).owed
    return with_notice(back, known) if known else back


def _confirmation(order: TakeBack, finding: Finding, now: datetime) -> TakenBack:
    fix = reported_fix(finding)
    if order.by != fix.concurred_by:
        message = "You have not confirmed the fix."
        raise NotYours(message)
    if fix.objected or now >= fix.objections_until:
        message = "The time to answer the report is over; the verification decides."
        raise TooLate(message)
    return TakenBack(what=order.what, person=order.by, side=member(finding, order).side)


def _confirmation_gone(fact: TakenBack, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, fix=replace(reported_fix(finding), concurred=False, concurred_by=None))


_RULES: dict[Statement, Callable[[TakeBack, Finding, datetime], TakenBack]] = {
    Statement.SIGNATURE: _signature,
    Statement.REFUSAL: _refusal,
    Statement.DISPUTE: _dispute,
    Statement.EXTENSION_REQUEST: _extension_request,
    Statement.SUSPENSION_REQUEST: _suspension_request,
    Statement.FIX_REPORT: _fix_report,
    Statement.CONFIRMATION: _confirmation,
}
_EFFECTS: dict[Statement, Callable[[TakenBack, Finding, Stamp], Finding]] = {
    Statement.SIGNATURE: _vote_gone,
    Statement.REFUSAL: _vote_gone,
    Statement.DISPUTE: _dispute_gone,
    Statement.EXTENSION_REQUEST: _extension_gone,
    Statement.SUSPENSION_REQUEST: _suspension_gone,
    Statement.FIX_REPORT: _report_gone,
    Statement.CONFIRMATION: _confirmation_gone,
}
