"""Whether a letter that is owed still says something true, when it is addressed and when it is sent.

What has happened stays told: outcomes, endings and every step of the ladder are never held back for age.
"""

from collections.abc import Callable
from typing import Any, Final

from remediation.answers import held_until
from remediation.facts import (
    AcknowledgementEnding,
    Amended,
    ExtensionCosigned,
    Fact,
    ProposalFailed,
    Proposed,
    Refused,
    Reminded,
    Reopened,
    Reprojected,
    Resumed,
    Suspended,
    SuspensionAsked,
    SuspensionEnded,
    VerificationBooked,
)
from remediation.finding import Finding, Proposal
from remediation.gatherings.meeting.facts import MeetingCalled, MeetingMoved, PaperRecorded
from remediation.gatherings.meeting.state import Meeting
from remediation.gatherings.visit.facts import VisitPlanned, VisitPostponed
from remediation.gatherings.visit.state import Visit
from remediation.notices import notice_of
from remediation.obligations import AFTER_REPORT, obligations, recovery_decision_key, recovery_key
from remediation.reckoning import dates
from remediation.standstills import running
from remediation.watched import Watched
from remediation.words import (
    BEFORE_COMMITMENT,
    STAFF_ROLES,
    Alarm,
    Digest,
    LetterKind,
    MeetingStage,
    PersonId,
    Role,
    Stage,
    VisitStage,
)
from storage.letters import Letter

RELEVANT: Final = ""
MAY_KNOW_EARLY: Final = STAFF_ROLES | {Role.DECISION_PANEL}
"""Who may read of a finding that the factory is not told of."""


def why_not(letter: Letter, state: Watched, role: Role | None = None) -> str:
    """Give the reason for which a letter is not sent, or nothing when it is.

    `role` is whom it reaches in place of the role it is owed to.
    """
    if state.restricted and (role or letter.role) not in MAY_KNOW_EARLY:
        return "factory_not_told"
    rule = _RULES.get(letter.kind)
    return rule(letter.fact, state, letter.person) if rule else RELEVANT


def _reminder(fact: Reminded, state: Watched, _person: PersonId | None) -> str:
    owed = next((each for each in obligations(state) if each.key == fact.obligation), None)
    if owed is None or owed.due != fact.due:
        return "no_longer_due"
    if owed.stands_still and running(state) is not None:
        return "suspended"
    reminded = notice_of(state, owed).reminded
    return "newer_reminder" if reminded is not None and reminded > fact.scheduled else RELEVANT


def _on_that_day(fact: VisitPlanned | VisitPostponed, state: Visit, _person: PersonId | None) -> str:
    if state.stage is VisitStage.CANCELLED:
        return "visit_cancelled"
    return RELEVANT if state.on == fact.on else "visit_postponed"


def _new_finding(_fact: Fact, state: Finding, _person: PersonId | None) -> str:
    if state.ended:
        return "finding_ended"
    waits = state.stage in BEFORE_COMMITMENT or state.stage is Stage.DISPUTED
    return RELEVANT if waits and state.attempt == 1 else "no_longer_new"


def _amended(fact: Amended, state: Finding, _person: PersonId | None) -> str:
    if fact.severity is not state.severity:
        return "amended_again"
    return _new_finding(fact, state, None)


def _sign(fact: Proposed, state: Finding, person: PersonId | None) -> str:
    reason = _off_the_table(fact.revision, state)
    proposal = state.proposal
    if reason or proposal is None:
        return reason
    return _voted(person, proposal)


def _voted(person: PersonId | None, proposal: Proposal) -> str:
    if person in proposal.signed:
        return "already_signed"
    return "already_refused" if person in proposal.refused else RELEVANT


def _refused(fact: Refused | ProposalFailed, state: Finding, _person: PersonId | None) -> str:
    return _off_the_table(fact.revision, state, failed_too=True)


def _off_the_table(revision: Digest, state: Finding, *, failed_too: bool = False) -> str:
    proposal = state.proposal
    if proposal is None:
        return "already_committed" if state.committed_at else "proposal_superseded"
    if proposal.revision != revision:
        return "proposal_superseded"
    return "proposal_failed" if proposal.failed and not failed_too else RELEVANT


def _extension_asked(fact: ExtensionCosigned, state: Finding, _person: PersonId | None) -> str:
    # By when is not compared: that date may have moved since.
    asked = state.extension
    return RELEVANT if asked is not None and asked.decider is fact.decider else "already_decided"


def _dates_moved(fact: Reprojected, state: Finding, _person: PersonId | None) -> str:
    if state.ended:
        return "finding_ended"
    stand = {key: dated.due for key, dated in dates(state).items()}
    return RELEVANT if any(stand.get(move.key) == move.new for move in fact.moves) else "moved_again"


def _extension_cosign(_fact: Fact, state: Finding, _person: PersonId | None) -> str:
    if state.extension is None:
        return "already_decided"
    return "already_cosigned" if state.extension.decider else RELEVANT


def _suspension_asked(fact: SuspensionAsked, state: Finding, _person: PersonId | None) -> str:
    asked = state.suspension
    same = asked is not None and (asked.until, asked.decide_by) == (fact.until, fact.decide_by)
    return RELEVANT if same else "already_decided"


def _suspended(fact: Suspended | SuspensionEnded, state: Finding, _person: PersonId | None) -> str:
    still = running(state)
    return RELEVANT if still is not None and still.last == fact.last else "already_over"


def _resumed(_fact: Resumed, state: Finding, _person: PersonId | None) -> str:
    if running(state) is not None:
        return "suspended_again"
    owes = any(each.stands_still for each in obligations(state))
    return RELEVANT if owes else "no_longer_due"


def _acknowledgement_ending(fact: AcknowledgementEnding, state: Finding, _person: PersonId | None) -> str:
    owed = next((each for each in obligations(state) if each.key == fact.obligation), None)
    if owed is None:
        return "no_longer_due"
    renewed = held_until(state, owed, notice_of(state, owed)) != fact.until
    return "something_was_done" if renewed else RELEVANT


def _owed(state: Finding, key: str) -> str:
    return RELEVANT if any(each.key == key for each in obligations(state)) else "no_longer_due"


def _fix_reported(_fact: Fact, state: Finding, _person: PersonId | None) -> str:
    if state.path is Stage.COMMITTED and all(action.done for action in state.actions):
        return "taken_back"
    return RELEVANT if state.fix is not None and state.stage in AFTER_REPORT else "already_verified"


def _booked(fact: VerificationBooked, state: Finding, _person: PersonId | None) -> str:
    if state.fix is None or state.stage not in AFTER_REPORT:
        return "already_verified"
    same = (state.fix.verifier, state.fix.modality) == (fact.verifier, fact.modality)
    return RELEVANT if same else "booked_anew"


def _reopened(fact: Reopened, _state: Finding, _person: PersonId | None) -> str:
    return "told_with_the_outcome" if fact.cause == "verification" else RELEVANT


def _invitation(fact: MeetingCalled | MeetingMoved, state: Meeting, _person: PersonId | None) -> str:
    if state.stage is MeetingStage.CANCELLED:
        return "meeting_cancelled"
    told = fact.sequence if isinstance(fact, MeetingMoved) else 0
    return RELEVANT if state.stage is MeetingStage.CALLED and state.sequence == told else "moved_again"


def _paper(fact: PaperRecorded | Reminded, state: Meeting, person: PersonId | None) -> str:
    if isinstance(fact, Reminded):
        return _reminder(fact, state, person)
    return RELEVANT if state.papers[fact.number - 1].waits else "already_decided"


_RULES: Final[dict[LetterKind, Callable[[Any, Any, PersonId | None], str]]] = {
    LetterKind.NEW_FINDING: _new_finding,
    LetterKind.FINDING_AMENDED: _amended,
    LetterKind.REMINDER: _reminder,
    LetterKind.PLAN_DUE: _reminder,
    LetterKind.VISIT_DUE: _reminder,
    LetterKind.MEETING_CALLED: _invitation,
    LetterKind.MEETING_MOVED: _invitation,
    LetterKind.MEETING_NEAR: _reminder,
    LetterKind.MINUTES_DUE: _reminder,
    LetterKind.PAPER_TO_WITNESS: _paper,
    LetterKind.MINUTES_READY: lambda fact, state, _person: (
        RELEVANT if fact.minutes == state.minutes and not state.ended else "already_signed"
    ),
    LetterKind.VISIT_PLANNED: _on_that_day,
    LetterKind.VISIT_POSTPONED: _on_that_day,
    LetterKind.SIGN_PROPOSAL: _sign,
    LetterKind.PROPOSAL_REFUSED: _refused,
    LetterKind.PROPOSAL_FAILED: _refused,
    LetterKind.DEADLOCK: lambda _fact, state, _person: RELEVANT if state.mediate_by else "already_ended",
    LetterKind.DISPUTE_RAISED: lambda _fact, state, _person: (
        RELEVANT if state.stage is Stage.DISPUTED else "already_decided"
    ),
    LetterKind.ALARM_RAISED: lambda _fact, state, _person: (
        RELEVANT if state.alarm is Alarm.RAISED else "already_decided"
    ),
    LetterKind.ACKNOWLEDGEMENT_ENDING: _acknowledgement_ending,
    LetterKind.RECOVERY_PLAN_DUE: lambda fact, state, _person: _owed(state, recovery_key(fact.obligation)),
    LetterKind.RECOVERY_PLAN_RETURNED: lambda fact, state, _person: _owed(
        state, recovery_key(fact.obligation)
    ),
    LetterKind.RECOVERY_PLAN_FILED: lambda fact, state, _person: _owed(
        state, recovery_decision_key(fact.obligation)
    ),
    LetterKind.EXTENSION_COSIGN: _extension_cosign,
    LetterKind.EXTENSION_ASKED: _extension_asked,
    LetterKind.SUSPENSION_ASKED: _suspension_asked,
    LetterKind.SUSPENDED: _suspended,
    LetterKind.SUSPENSION_ENDED: _suspended,
    LetterKind.RESUMED: _resumed,
    LetterKind.DATES_MOVED: _dates_moved,
    LetterKind.FIX_REPORTED: _fix_reported,
    LetterKind.OBJECTION: _fix_reported,
    LetterKind.VERIFICATION_BOOKED: _booked,
    LetterKind.REOPENED: _reopened,
}
