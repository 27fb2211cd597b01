"""Letters about suspensions: asked for, countersigned, declined, ended early, and over."""

from typing import Any

from notifications.languages import language
from notifications.letters.asking import NOTHING, Ask, asked
from notifications.letters.composing import compose
from notifications.occasion import Letter, Occasion
from notifications.wording import CAUSES
from remediation.facts import Resumed, Suspended, SuspensionAsked, SuspensionDeclined, SuspensionEnded
from remediation.obligations import Obligation, obligations
from remediation.words import Duty, Role, SuspensionCause


def suspension_asked(occasion: Occasion[SuspensionAsked]) -> Letter:
    """Ask the team leader to countersign or decline."""
    fact = occasion.fact
    ask = asked(occasion.state, Duty.DECIDE_SUSPENSION, occasion.reader.role)
    cause = _cause(occasion, fact.cause)
    return compose(occasion, ask, cause=cause, until=fact.until, decide_by=fact.decide_by)


def suspended(occasion: Occasion[Suspended]) -> Letter:
    """Tell everybody concerned that the clock stands still, and owners what that means for their actions."""
    fact = occasion.fact
    cause = _cause(occasion, fact.cause)
    return compose(
        occasion, cause=cause, first=fact.first, last=fact.last, days=fact.days, own=_own(occasion)
    )


def suspension_declined(occasion: Occasion[SuspensionDeclined]) -> Letter:
    """Tell the advisor that the clock goes on."""
    return compose(occasion, cause=_cause(occasion, occasion.fact.cause), until=occasion.fact.until)


def suspension_ended(occasion: Occasion[SuspensionEnded]) -> Letter:
    """Tell everybody concerned that the clock runs again sooner."""
    fact = occasion.fact
    return compose(
        occasion, _ask(occasion), last=fact.last, days=fact.days, own=_own(occasion), duty=_duty(occasion)
    )


def resumed(occasion: Occasion[Resumed]) -> Letter:
    """Tell everybody concerned that the clock runs again, and what is due first."""
    fact = occasion.fact
    cause = _cause(occasion, fact.cause)
    return compose(
        occasion, _ask(occasion), cause=cause, first=fact.first, last=fact.last, duty=_duty(occasion)
    )


SuspensionFact = Suspended | SuspensionEnded | Resumed


def next_owed(occasion: Occasion[SuspensionFact]) -> Obligation | None:
    """Give what the factory owes first from the letter on; what is late already where nothing is ahead."""
    owed = sorted(
        (each for each in obligations(occasion.state) if each.stands_still), key=lambda each: each.due
    )
    ahead = (each for each in owed if each.due > occasion.at)
    return next(ahead, owed[-1] if owed else None)


def _ask(occasion: Occasion[SuspensionEnded] | Occasion[Resumed]) -> Ask:
    owed = next_owed(occasion)
    return asked(occasion.state, owed.key, occasion.reader.role) if owed else NOTHING


def _duty(occasion: Occasion[SuspensionEnded] | Occasion[Resumed]) -> Duty | None:
    owed = next_owed(occasion)
    return owed.duty if owed else None


def _own(occasion: Occasion[Suspended] | Occasion[SuspensionEnded]) -> list[dict[str, object]]:
    """Give the reader's own open actions with their days as they stand now."""
    if occasion.reader.role is not Role.ACTION_OWNER:
        return []
    mine = (each for each in occasion.state.actions if each.owner == occasion.reader.person and not each.done)
    return [{"text": occasion.actions.get(each.id, ""), "due": each.due} for each in mine]


def _cause(occasion: Occasion[Any], cause: SuspensionCause) -> str:
    return language(occasion.reader.language).say(CAUSES[cause])
