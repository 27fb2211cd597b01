"""What stable codes are called in words: stages, states of mail, reasons why a letter was not sent."""

from notifications.wording import N_
from remediation.words import Alarm, Stage
from service.speaking import Said
from storage.messages import MessageState

STAGES = Said(
    {
        Stage.ISSUED: N_("issued"),
        Stage.UNDER_REVIEW: N_("under review"),
        Stage.DISPUTED: N_("disputed"),
        Stage.COMMITTED: N_("committed"),
        Stage.FIX_REPORTED: N_("fix reported"),
        Stage.VERIFYING: N_("verifying"),
        Stage.CLOSED: N_("closed"),
        Stage.SUSTAINED: N_("sustained"),
        Stage.WITHDRAWN: N_("withdrawn"),
        Stage.SUPERSEDED: N_("superseded"),
        Stage.CEASED: N_("ceased"),
    }
)
"""Stages by their names; `saying.STAGES` says what they mean."""

ALARMS = Said(
    {
        Alarm.RAISED: N_("raised, not decided yet"),
        Alarm.CONFIRMED: N_("confirmed"),
        Alarm.CANCELLED: N_("cancelled"),
    }
)

DELIVERIES = Said(
    {
        MessageState.WAITING: N_("on its way"),
        MessageState.CLAIMED: N_("on its way"),
        MessageState.ACCEPTED: N_("sent"),
        MessageState.UNKNOWN: N_("sent, but the mail server's answer was lost"),
        MessageState.FAILED: N_("could not be delivered"),
        MessageState.SKIPPED: N_("not sent"),
    }
)

PURPOSES = Said(
    {
        "evidence": N_("Evidence"),
        "interim_protection": N_("Interim protection"),
        "no_action_reason": N_("Why nothing should be done"),
        "note": N_("Note"),
        "reason": N_("Reason"),
        "root_cause": N_("Root cause"),
        "slip_reason": N_("Why it is late"),
    }
)
"""What a text was written for: the field it was typed in."""

REASONS = Said(
    {
        "already_committed": N_("the plan is a commitment already"),
        "already_cosigned": N_("the other side has joined already"),
        "already_decided": N_("it is decided or taken back already"),
        "already_ended": N_("it has ended already"),
        "already_over": N_("it is over already"),
        "already_refused": N_("they have refused it already"),
        "already_signed": N_("they have signed already"),
        "already_verified": N_("the fix is verified already"),
        "amended_again": N_("the finding was corrected again"),
        "bad_address": N_("the e-mail address cannot be used"),
        "booked_anew": N_("another verification is booked"),
        "code_expired": N_("the code had run out"),
        "factory_missing": N_("the factory is not known"),
        "factory_not_told": N_("the factory is not told of the finding"),
        "finding_ended": N_("the finding has ended"),
        "finding_missing": N_("the finding is not known"),
        "meeting_cancelled": N_("the meeting was cancelled"),
        "moved_again": N_("the dates have moved again"),
        "never_invited": N_("they had not been told of it"),
        "newer_reminder": N_("there is a newer reminder"),
        "no_address": N_("no address"),
        "no_holder": N_("nobody holds this role"),
        "no_longer_due": N_("it is not due any more"),
        "no_longer_new": N_("the finding is not new any more"),
        "proposal_failed": N_("the proposal can no longer pass"),
        "proposal_superseded": N_("another proposal has taken its place"),
        "refused": N_("the mail server refused it"),
        "something_was_done": N_("something was done meanwhile"),
        "suspended": N_("the clock stands still"),
        "suspended_again": N_("the clock stands still again"),
        "taken_back": N_("it was taken back"),
        "told_with_the_outcome": N_("it is told with the outcome"),
        "unreadable": N_("the letter could not be written"),
        "visit_cancelled": N_("the visit was cancelled"),
        "visit_postponed": N_("the visit was put off"),
    }
)
"""Why a letter or message was not sent."""


def reason(code: str) -> str:
    """Give why a letter was not sent in words; a code that is not known here with its own."""
    return REASONS.get(code, code.replace("_", " "))
