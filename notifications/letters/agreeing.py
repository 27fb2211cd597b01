"""Letters about agreement: the proposal, its signatures and refusals, the promise, and the deadlock."""

from notifications.letters.asking import NOTHING, Ask, asked
from notifications.letters.composing import compose
from notifications.occasion import Letter, Occasion
from notifications.wording import YOU
from remediation.facts import Committed, DeadlockDeclared, ProposalFailed, Proposed, Refused
from remediation.obligations import action_key
from remediation.orders import PlannedAction
from remediation.words import Duty, Role


def sign_proposal(occasion: Occasion[Proposed]) -> Letter:
    """Ask a member to sign exactly this revision, or to refuse it."""
    state, fact = occasion.state, occasion.fact
    ask = asked(state, Duty.COMMIT, occasion.reader.role)
    return compose(
        occasion,
        Ask(who=YOU, by=state.commit_by, then=ask.then),
        revision=fact.number,
        actions=len(fact.actions),
        no_action=fact.no_action,
        commit_by=state.commit_by,
    )


def proposal_refused(occasion: Occasion[Refused]) -> Letter:
    """Tell the author that somebody refused; who and why is shown on the page, to the author only."""
    ask = asked(occasion.state, Duty.COMMIT, occasion.reader.role)
    return compose(occasion, Ask(who=YOU, by=ask.by, then=ask.then) if ask.by else NOTHING)


def proposal_failed(occasion: Occasion[ProposalFailed]) -> Letter:
    """Tell both co-chairs that a new revision is needed. Which side refused is not told by letter."""
    ask = asked(occasion.state, Duty.COMMIT, occasion.reader.role)
    return compose(occasion, ask, commit_by=occasion.state.commit_by)


def committed(occasion: Occasion[Committed]) -> Letter:
    """Tell everybody concerned what was promised; owners read which actions are theirs."""
    return _promise(occasion)


def interim_plan(occasion: Occasion[Committed]) -> Letter:
    """Tell everybody concerned of a plan that management filed alone."""
    return _promise(occasion)


def _promise(occasion: Occasion[Committed]) -> Letter:
    actions = occasion.fact.actions
    mine = _owned(occasion)
    return compose(
        occasion,
        _ask_for(occasion, mine or actions),
        actions=actions,
        last_day=max((action.due for action in actions), default=occasion.state.calendar.today(occasion.at)),
        own=[{"text": occasion.actions.get(action.id, ""), "due": action.due} for action in mine],
    )


def _owned(occasion: Occasion[Committed]) -> tuple[PlannedAction, ...]:
    if occasion.reader.role is not Role.ACTION_OWNER:
        return ()
    return tuple(action for action in occasion.fact.actions if action.owner == occasion.reader.person)


def _ask_for(occasion: Occasion[Committed], actions: tuple[PlannedAction, ...]) -> Ask:
    """Ask for the soonest action's date: the others come in their reminders."""
    role = occasion.reader.role
    for action in sorted(actions, key=lambda each: each.due):
        ask = asked(occasion.state, action_key(action.id), role)
        if ask.by:
            return ask
    return NOTHING


def deadlock(occasion: Occasion[DeadlockDeclared]) -> Letter:
    """Call the advisor to mediate; both co-chairs are told."""
    ask = asked(occasion.state, Duty.MEDIATE, occasion.reader.role)
    return compose(occasion, ask, mediate_by=occasion.fact.mediate_by)
