"""Letters about the fix and what follows: reported, contested, verified, held or not, and the end."""

from notifications.languages import language
from notifications.letters.asking import NOTHING, Ask, asked
from notifications.letters.composing import compose
from notifications.occasion import Letter, Occasion
from notifications.wording import MODALITIES, ROLES, YOU
from remediation.facts import Ended, FixObjected, FixReported, Reopened, VerificationBooked, Verified
from remediation.obligations import action_key
from remediation.words import STAFF_ROLES, Duty, Modality, Role, Verdict


def fix_reported(occasion: Occasion[FixReported]) -> Letter:
    """Tell the workers, who may object, and the advisor, who sees to the verification."""
    fact, role = occasion.fact, occasion.reader.role
    worker = role is Role.WORKER_CO_CHAIR
    ask = Ask(who=YOU, by=fact.objections_until) if worker else asked(occasion.state, Duty.VERIFY, role)
    return compose(
        occasion, ask, worker=worker, objections_until=fact.objections_until, verify_by=fact.verify_by
    )


def objection(occasion: Occasion[FixObjected]) -> Letter:
    """Tell the advisor that a worker member contests the fix. Never who, and never the factory."""
    return compose(occasion, asked(occasion.state, Duty.VERIFY, occasion.reader.role))


def verification_booked(occasion: Occasion[VerificationBooked]) -> Letter:
    """Tell the verifier of the day, and the factory where documents are looked at."""
    state, fact = occasion.state, occasion.fact
    staff = occasion.reader.role in STAFF_ROLES
    by = state.calendar.end_of(fact.on)
    owed = asked(state, Duty.VERIFY, occasion.reader.role)
    mine = staff or occasion.reader.role is Role.MANAGER
    ask = Ask(who=YOU if mine else ROLES[Role.MANAGER], by=by, then=owed.then)
    return compose(
        occasion,
        ask if owed.by else NOTHING,
        staff=staff,
        on=fact.on,
        on_site=fact.modality is Modality.ON_SITE,
        modality=_how(occasion, fact.modality),
    )


def verification_outcome(occasion: Occasion[Verified]) -> Letter:
    """Tell that a fix did not pass, or passed in part, and what is open again."""
    state, fact = occasion.state, occasion.fact
    partial = fact.verdict is Verdict.PARTIAL
    ask = _first_remaining(occasion) if partial else asked(state, Duty.COMMIT, occasion.reader.role)
    return compose(occasion, ask, partial=partial, remaining=sorted(each.due for each in fact.remaining))


def _first_remaining(occasion: Occasion[Verified]) -> Ask:
    for remaining in sorted(occasion.fact.remaining, key=lambda each: each.due):
        ask = asked(occasion.state, action_key(remaining.id), occasion.reader.role)
        if ask.by:
            return ask
    return NOTHING


def reopened(occasion: Occasion[Reopened]) -> Letter:
    """Tell that a new attempt begins, and why."""
    ask = asked(occasion.state, Duty.COMMIT, occasion.reader.role)
    return compose(occasion, ask, cause=occasion.fact.cause)


def closed(occasion: Occasion[Verified]) -> Letter:
    """Tell that the fix passed, and when it is looked at again."""
    fact, role = occasion.fact, occasion.reader.role
    ask = asked(occasion.state, Duty.CHECK_EFFECTIVENESS, role) if role in STAFF_ROLES else NOTHING
    return compose(
        occasion,
        ask,
        staff=role in STAFF_ROLES,
        effectiveness_by=fact.effectiveness_by,
        modality=_how(occasion, fact.modality),
    )


def sustained(occasion: Occasion[Ended]) -> Letter:
    """Tell that the fix has held."""
    return compose(occasion)


def ended(occasion: Occasion[Ended]) -> Letter:
    """Tell that the finding's life is over without a verified fix."""
    fact = occasion.fact
    link = occasion.link_to(fact.successor) if fact.successor else ""
    return compose(occasion, stage=fact.stage, successor=link)


def _how(occasion: Occasion[VerificationBooked] | Occasion[Verified], modality: Modality) -> str:
    return language(occasion.reader.language).say(MODALITIES[modality])
