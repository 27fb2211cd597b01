"""The committee agrees: revisions, signatures of both sides bound to the text, and the commitment."""

from dataclasses import replace
from datetime import date, datetime

from remediation.facts import (
    Committed,
    LaterDateAllowed,
    NoActionApproved,
    ProposalFailed,
    Proposed,
    Refused,
    Signed,
)
from remediation.finding import Action, Finding, Proposal
from remediation.orders import AllowLaterDate, ApproveNoAction, PlannedAction, Propose, Refuse, Sign
from remediation.refusals import (
    ActionsInvalid,
    AlreadyDone,
    DateBeyondPolicy,
    NotAtThisStage,
    Refusal,
    SameAsBefore,
)
from remediation.rules.core import Facts, Stamp
from remediation.rules.escalation import worked
from remediation.rules.guards import acting_as, at_stage, day_ahead, member, on_table, open_proposal
from remediation.rules.on_paper import own_vote_stands, witnessed_by_another
from remediation.rules.quorum import can_pass, passes
from remediation.words import BEFORE_COMMITMENT, Duty, PersonId, Role, Side, SignatureMethod, Stage

MOST_ACTIONS = 20


def propose(order: Propose, finding: Finding, now: datetime) -> Facts:
    open_to_proposals(finding)
    seat = member(finding, order)
    known = finding.proposal
    if known is not None and known.revision == order.revision and not known.failed:
        message = "This is word for word the revision on the table."
        raise SameAsBefore(message, field="revision")
    no_action = order.no_action_reason is not None
    check_actions(order.actions, none_wanted=no_action)
    check_dates(finding, order.actions, now)
    managers = finding.side(Side.MANAGEMENT)
    return (
        Proposed(
            revision=order.revision,
            number=finding.revisions + 1,
            author=seat.person,
            actions=order.actions,
            no_action=no_action,
            signers=tuple(each.person for each in finding.seats),
            management_signers=managers,
        ),
    )


def proposed(fact: Proposed, finding: Finding, stamp: Stamp) -> Finding:
    proposal = Proposal(
        revision=fact.revision,
        author=fact.author,
        author_side=Side.MANAGEMENT if fact.author in fact.management_signers else Side.WORKER,
        actions=fact.actions,
        no_action=fact.no_action,
    )
    begun = finding.moved_to(Stage.UNDER_REVIEW) if finding.path is Stage.ISSUED else finding
    return worked(replace(begun, revisions=fact.number, proposal=proposal), Duty.COMMIT, stamp.at)


def sign(order: Sign, finding: Finding, now: datetime) -> Facts:
    open_to_proposals(finding)
    seat = member(finding, order)
    proposal = open_proposal(finding, order.revision)
    own_vote_stands(order, proposal)
    if order.by in proposal.signed:
        message = "You have signed this revision already."
        raise AlreadyDone(message)
    if order.method is SignatureMethod.PAPER:
        witnessed_by_another(order.witness, finding)
    check_dates(finding, proposal.actions, now)
    fact = Signed(
        revision=order.revision,
        person=order.by,
        side=seat.side,
        method=order.method,
        witness=order.witness,
        paper=order.paper,
    )
    return (fact, *settled(_with_vote(finding, order.by, signed=True), now))


def signed(fact: Signed, finding: Finding, stamp: Stamp) -> Finding:
    return worked(_with_vote(finding, fact.person, signed=True), Duty.COMMIT, stamp.at)


def refuse(order: Refuse, finding: Finding, now: datetime) -> Facts:
    open_to_proposals(finding)
    seat = member(finding, order)
    proposal = open_proposal(finding, order.revision)
    own_vote_stands(order, proposal)
    if order.by in proposal.refused:
        message = "You have refused this revision already."
        raise AlreadyDone(message)
    if order.paper is not None:
        witnessed_by_another(order.paper.witness, finding)
    fact = Refused(
        revision=order.revision,
        person=order.by,
        side=seat.side,
        reason=order.reason,
        author=proposal.author,
        author_side=proposal.author_side,
        paper=order.paper,
    )
    return (fact, *settled(_with_vote(finding, order.by, signed=False), now))


def refused(fact: Refused, finding: Finding, stamp: Stamp) -> Finding:
    return _with_vote(finding, fact.person, signed=False)


def proposal_failed(fact: ProposalFailed, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, proposal=replace(on_table(finding), failed=True))


def approve_no_action(order: ApproveNoAction, finding: Finding, now: datetime) -> Facts:
    open_to_proposals(finding)
    acting_as(order, Role.ADVISOR, to="accept that nothing is done")
    proposal = open_proposal(finding, order.revision)
    if not proposal.no_action:
        message = "This revision takes action; it needs no such approval."
        raise NotAtThisStage(message, field="revision")
    if proposal.no_action_approved:
        message = "It is accepted already that nothing is done."
        raise AlreadyDone(message)
    fact = NoActionApproved(revision=order.revision, reason=order.reason)
    return (fact, *settled(_accepted(finding), now))


def no_action_approved(fact: NoActionApproved, finding: Finding, stamp: Stamp) -> Finding:
    return _accepted(finding)


def allow_later_date(order: AllowLaterDate, finding: Finding, now: datetime) -> Facts:
    open_to_proposals(finding)
    acting_as(order, Role.ADVISOR, to="allow a later date")
    day_ahead(finding.calendar, order.until, now, field="until")
    latest = last_day_allowed(finding)
    if latest is None or order.until <= latest:
        message = "The policy already allows dates up to that day."
        raise SameAsBefore(message, field="until")
    return (LaterDateAllowed(until=order.until, reason=order.reason),)


def later_date_allowed(fact: LaterDateAllowed, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, later_date=fact.until)


def committed(fact: Committed, finding: Finding, stamp: Stamp) -> Finding:
    owners = (action.owner for action in fact.actions)
    return replace(
        finding.moved_to(Stage.COMMITTED),
        # A plan that one side files does not take the other's proposal off the table, nor end the mediation.
        proposal=None if fact.agreed else finding.proposal,
        mediate_by=None if fact.agreed else finding.mediate_by,
        deadlocked=finding.deadlocked and not fact.agreed,
        actions=tuple(_promised(each, finding) for each in fact.actions),
        agreed=fact.agreed,
        committed_at=stamp.at,
        last_progress=None,
        extension=None,
        fixers=tuple(dict.fromkeys((*finding.fixers, fact.author, *owners))),
    )


def settled(finding: Finding, now: datetime) -> Facts:
    """Give what the votes on the table lead to: a commitment, the proposal's failure, or nothing yet."""
    proposal = finding.proposal
    if proposal is None or proposal.failed or not _is_open_to_proposals(finding):
        return ()
    for side in Side:
        if not can_pass(finding, proposal, side):
            return (ProposalFailed(revision=proposal.revision, side=side),)
    waits = proposal.no_action and not proposal.no_action_approved
    if waits or not passes(finding, proposal) or _outdated(finding, proposal, now):
        return ()
    return (
        Committed(
            revision=proposal.revision,
            author=proposal.author,
            actions=proposal.actions,
            agreed=True,
            signatures=proposal.signed,
        ),
    )


def last_day_allowed(finding: Finding) -> date | None:
    """Give the last local day an action may be promised for; None where the policy sets none."""
    if finding.fix_by is None:
        return None
    latest = finding.calendar.last_day(finding.fix_by)
    return max(latest, finding.later_date) if finding.later_date else latest


def check_actions(actions: tuple[PlannedAction, ...], *, none_wanted: bool = False) -> None:
    """Refuse no actions, too many, actions beside a wish to take none, or without ids and owners."""
    if bool(actions) is none_wanted:
        message = "Name at least one action, or give the reason for taking none; not both."
        raise ActionsInvalid(message, field="actions")
    if len(actions) > MOST_ACTIONS or len({action.id for action in actions}) < len(actions):
        message = f"A proposal holds at most {MOST_ACTIONS} actions, each with an id of its own."
        raise ActionsInvalid(message, field="actions")
    if not all(action.id and action.owner for action in actions):
        message = "Each action has an id and a named owner."
        raise ActionsInvalid(message, field="owner")


def check_dates(finding: Finding, actions: tuple[PlannedAction, ...], now: datetime) -> None:
    """Refuse dates that have passed or lie beyond the policy, at the proposal and at each signature."""
    latest = last_day_allowed(finding)
    for action in actions:
        day_ahead(finding.calendar, action.due, now, field="due")
        if latest is not None and action.due > latest:
            message = (
                f"{action.due.isoformat()} is later than {latest.isoformat()}, the last day the policy "
                f"allows for this severity. Choose an earlier date, or ask the advisor to allow a later one."
            )
            raise DateBeyondPolicy(message, field="due")


def _outdated(finding: Finding, proposal: Proposal, now: datetime) -> bool:
    """Whether its dates no longer hold, so that only a new revision can be committed to."""
    try:
        check_dates(finding, proposal.actions, now)
    except Refusal:
        return True
    return False


def _promised(planned: PlannedAction, finding: Finding) -> Action:
    """Carry over what was shown of an action of the interim plan that stays in the agreed one."""
    shown = (known.percent for known in finding.actions if _same(planned, known))
    return Action(
        id=planned.id,
        owner=planned.owner,
        due=planned.due,
        original_due=planned.due,
        percent=min(shown, default=0),
        words=planned.words,
    )


def _same(planned: PlannedAction, known: Action) -> bool:
    """Whether they promise the same: each plan numbers its actions anew, so that an id alone says little."""
    return planned.words == known.words if planned.words else planned.id == known.id


def _accepted(finding: Finding) -> Finding:
    return replace(finding, proposal=replace(on_table(finding), no_action_approved=True))


def without_vote(finding: Finding, person: PersonId) -> Finding:
    """Give the finding with a member's vote on what lies on the table taken away."""
    proposal = on_table(finding)
    signed = tuple(each for each in proposal.signed if each != person)
    refused = tuple(each for each in proposal.refused if each != person)
    return replace(finding, proposal=replace(proposal, signed=signed, refused=refused))


def _with_vote(finding: Finding, person: PersonId, *, signed: bool) -> Finding:
    """Count the last vote of a member, who may change it until the commitment."""
    others = on_table(without_vote(finding, person))
    if signed:
        return replace(finding, proposal=replace(others, signed=(*others.signed, person)))
    return replace(finding, proposal=replace(others, refused=(*others.refused, person)))


def _is_open_to_proposals(finding: Finding) -> bool:
    """Tell whether a plan can be agreed: also when an interim one, filed by one side, is to give way."""
    return finding.path in BEFORE_COMMITMENT or (finding.path is Stage.COMMITTED and not finding.agreed)


def open_to_proposals(finding: Finding) -> None:
    """Refuse where no plan can be agreed: the sides have committed, or the finding is not theirs yet."""
    if not _is_open_to_proposals(finding):
        at_stage(finding, *BEFORE_COMMITMENT, to="work on a proposal")
