"""Every letter Mendwork writes: one function each, found by its kind."""

from collections.abc import Callable
from typing import Any, Final

from notifications.letters import (
    agreeing,
    beginning,
    climbing,
    fixing,
    keeping,
    meeting,
    moving,
    planning,
    standing_still,
    taking_back,
    visiting,
)
from notifications.occasion import AnyOccasion, Letter
from remediation.words import LetterKind

LETTERS: Final[dict[LetterKind, Callable[[Any], Letter]]] = {
    LetterKind.NEW_FINDING: beginning.new_finding,
    LetterKind.FINDING_AMENDED: beginning.finding_amended,
    LetterKind.DISPUTE_RAISED: beginning.dispute_raised,
    LetterKind.DISPUTE_DECIDED: beginning.dispute_decided,
    LetterKind.SIGN_PROPOSAL: agreeing.sign_proposal,
    LetterKind.PROPOSAL_REFUSED: agreeing.proposal_refused,
    LetterKind.PROPOSAL_FAILED: agreeing.proposal_failed,
    LetterKind.COMMITTED: agreeing.committed,
    LetterKind.DEADLOCK: agreeing.deadlock,
    LetterKind.INTERIM_PLAN: agreeing.interim_plan,
    LetterKind.REMINDER: keeping.reminder,
    LetterKind.OVERDUE: keeping.overdue,
    LetterKind.ACKNOWLEDGEMENT_ENDING: climbing.acknowledgement_ending,
    LetterKind.RECOVERY_PLAN_DUE: climbing.recovery_plan_due,
    LetterKind.RECOVERY_PLAN_FILED: climbing.recovery_plan_filed,
    LetterKind.RECOVERY_PLAN_RETURNED: climbing.recovery_plan_returned,
    LetterKind.DEESCALATED: climbing.deescalated,
    LetterKind.DECISION_DUE: climbing.decision_due,
    LetterKind.CONSEQUENCE_DECIDED: climbing.consequence_decided,
    LetterKind.EXTENSION_COSIGN: keeping.extension_cosign,
    LetterKind.EXTENSION_ASKED: keeping.extension_asked,
    LetterKind.EXTENSION_DECIDED: keeping.extension_decided,
    LetterKind.SUSPENSION_ASKED: standing_still.suspension_asked,
    LetterKind.SUSPENDED: standing_still.suspended,
    LetterKind.SUSPENSION_DECLINED: standing_still.suspension_declined,
    LetterKind.SUSPENSION_ENDED: standing_still.suspension_ended,
    LetterKind.RESUMED: standing_still.resumed,
    LetterKind.DATES_MOVED: moving.dates_moved,
    LetterKind.FIX_REPORTED: fixing.fix_reported,
    LetterKind.OBJECTION: fixing.objection,
    LetterKind.VERIFICATION_BOOKED: fixing.verification_booked,
    LetterKind.VERIFICATION_OUTCOME: fixing.verification_outcome,
    LetterKind.REOPENED: fixing.reopened,
    LetterKind.ALARM_RAISED: beginning.alarm_raised,
    LetterKind.ALARM_DECIDED: beginning.alarm_decided,
    LetterKind.CONTAINED: beginning.contained,
    LetterKind.CLOSED: fixing.closed,
    LetterKind.SUSTAINED: fixing.sustained,
    LetterKind.ENDED: fixing.ended,
    LetterKind.TAKEN_BACK: taking_back.taken_back,
    LetterKind.PLAN_DUE: planning.plan_due,
    LetterKind.PLAN_OVERDUE: planning.plan_overdue,
    LetterKind.PLAN_CONSEQUENCE: planning.plan_consequence,
    LetterKind.PLAN_FILED: planning.plan_filed,
    LetterKind.PROGRESS_REPORT: planning.progress_report,
    LetterKind.PLAN_COMPLETED: planning.plan_completed,
    LetterKind.MEETING_CALLED: meeting.meeting_called,
    LetterKind.MEETING_MOVED: meeting.meeting_moved,
    LetterKind.MEETING_CANCELLED: meeting.meeting_cancelled,
    LetterKind.MEETING_NEAR: meeting.meeting_near,
    LetterKind.MINUTES_READY: meeting.minutes_ready,
    LetterKind.MINUTES_DUE: meeting.minutes_due,
    LetterKind.MINUTES_AGREED: meeting.minutes_agreed,
    LetterKind.PAPER_TO_WITNESS: meeting.paper_to_witness,
    LetterKind.PAPER_DECLINED: meeting.paper_declined,
    LetterKind.VISIT_PLANNED: visiting.visit_planned,
    LetterKind.VISIT_DUE: visiting.visit_due,
    LetterKind.VISIT_OVERDUE: visiting.visit_overdue,
    LetterKind.VISIT_POSTPONED: visiting.visit_postponed,
    LetterKind.VISIT_CANCELLED: visiting.visit_cancelled,
    LetterKind.VISIT_REPORT: visiting.visit_report,
}


def write_letter(occasion: AnyOccasion) -> Letter:
    """Write the letter of an occasion, in its reader's language, in the layout of its kind."""
    return LETTERS[occasion.kind](occasion)
