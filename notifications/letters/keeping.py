"""Letters about keeping a promise: reminders, the ladder, and requests for a later date."""

from datetime import datetime

from notifications.letters.asking import NOTHING, Ask, asked, asked_of_reader
from notifications.letters.composing import compose
from notifications.occasion import Letter, Occasion
from notifications.wording import YOU
from remediation.facts import Escalated, ExtensionCosigned, ExtensionDecided, ExtensionRequested, Reminded
from remediation.finding import Finding
from remediation.obligations import action_key
from remediation.words import ActionId, Duty, Lateness, Role

ACKNOWLEDGED, MEETING = 2, 3


def reminder(occasion: Occasion[Reminded]) -> Letter:
    """Remind whoever owes something of its date, before and after it."""
    fact = occasion.fact
    return compose(
        occasion,
        asked(occasion.state, fact.obligation, occasion.reader.role),
        duty=fact.duty,
        days_left=fact.days_left,
        text=action_text(occasion, fact.obligation),
    )


def action_text(occasion: Occasion[Reminded] | Occasion[Escalated], obligation: str) -> str:
    """Give the wording of the action that is owed, for its owner only."""
    if occasion.reader.role is not Role.ACTION_OWNER:
        return ""
    return occasion.actions.get(ActionId(obligation.removeprefix(f"{Duty.ACTION}:")), "")


def overdue(occasion: Occasion[Escalated]) -> Letter:
    """Tell those of one level of the ladder that a date was missed."""
    fact, policy = occasion.fact, occasion.state.policy
    ladder = policy.staff_ladder if fact.lateness is Lateness.STAFF else policy.ladder
    return compose(
        occasion,
        _ask_at_level(occasion),
        duty=fact.duty,
        due=fact.due,
        days_late=fact.days_late,
        level=fact.level,
        levels=len(ladder),
        lateness=fact.lateness,
        text=action_text(occasion, fact.obligation),
    )


def _ask_at_level(occasion: Occasion[Escalated]) -> Ask:
    """Ask whoever owes it at the first level; from the second on, ask the reader to step in."""
    fact = occasion.fact
    ask = asked(occasion.state, fact.obligation, occasion.reader.role)
    if not ask.who:
        return NOTHING
    if fact.lateness is Lateness.STAFF or fact.level < ACKNOWLEDGED:
        return Ask(who=ask.who, then=ask.then)
    return Ask(who=YOU, by=_step_in_by(occasion), then=ask.then)


def _step_in_by(occasion: Occasion[Escalated]) -> datetime | None:
    state, level = occasion.state, occasion.fact.level
    if level == ACKNOWLEDGED:
        return state.calendar.due(occasion.at, state.policy.windows.acknowledge)
    return occasion.fact.recovery_plan_by if level == MEETING else None


def extension_cosign(occasion: Occasion[ExtensionRequested]) -> Letter:
    """Ask the other side's co-chair whether they join the request."""
    fact = occasion.fact
    ask = asked_of_reader(by=_first_due(occasion.state, fact.actions))
    return compose(occasion, ask, until=fact.until, actions=len(fact.actions))


def extension_asked(occasion: Occasion[ExtensionCosigned]) -> Letter:
    """Ask whoever decides. Needs the request to be open still: it says what is asked for."""
    state, fact = occasion.state, occasion.fact
    if state.extension is None:
        message = "the request for a later date is no longer open: skip this letter"
        raise ValueError(message)
    return compose(
        occasion,
        asked(state, Duty.DECIDE_EXTENSION, occasion.reader.role),
        until=state.extension.until,
        actions=len(state.extension.actions),
        decide_by=state.extension.decide_by or fact.decide_by,
    )


def extension_decided(occasion: Occasion[ExtensionDecided]) -> Letter:
    """Tell the factory whether the dates moved."""
    state, fact = occasion.state, occasion.fact
    return compose(
        occasion,
        _soonest(state, fact.actions, occasion.reader.role),
        granted=fact.granted,
        until=fact.until,
        actions=len(fact.actions),
        own=(),
    )


def _first_due(state: Finding, actions: tuple[ActionId, ...]) -> datetime | None:
    days = [action.due for action in state.actions if action.id in actions]
    return state.calendar.end_of(min(days)) if days else None


def _soonest(state: Finding, actions: tuple[ActionId, ...], reader: Role) -> Ask:
    asks = ((asked(state, action_key(action), reader)) for action in actions)
    dated = [(ask.by, ask) for ask in asks if ask.by]
    return min(dated, key=lambda each: each[0], default=(None, NOTHING))[1]
