"""The words of the field as types: the ids and enumerations that rules, storage and letters share.

Definitions stand in docs/glossary.md.
"""

from enum import StrEnum
from typing import NewType

FindingId = NewType("FindingId", str)
GatheringId = NewType("GatheringId", str)
"""Its kind, a colon, and its own id: `plan:p-…`. No finding's id holds a colon."""
SubjectId = FindingId | GatheringId
"""Whatever has a ledger."""
PlanId = NewType("PlanId", str)
ProgrammeId = NewType("ProgrammeId", str)
FactoryId = NewType("FactoryId", str)
PersonId = NewType("PersonId", str)
ActionId = NewType("ActionId", str)
CommandId = NewType("CommandId", str)
NoteId = NewType("NoteId", str)
"""Points at a text kept in SQL. Texts never enter a workflow's history."""
EvidenceId = NewType("EvidenceId", str)
"""Points at a photo or document. Files never enter a workflow's history."""
Digest = NewType("Digest", str)
"""SHA-256 in hexadecimal: of a proposal's canonical content, which signatures are bound to, or of a file."""

SYSTEM = PersonId("system")
"""Who acts when a rule or a clock acts."""


def subject_of(text: str) -> SubjectId:
    """Give the id of a gathering, which holds a colon, or of a finding."""
    return GatheringId(text) if ":" in text else FindingId(text)


class Stage(StrEnum):
    """Where a finding stands. Overdue and escalation level are facts beside it, never stages."""

    ISSUED = "issued"
    UNDER_REVIEW = "under_review"
    DISPUTED = "disputed"
    COMMITTED = "committed"
    FIX_REPORTED = "fix_reported"
    VERIFYING = "verifying"
    CLOSED = "closed"
    SUSTAINED = "sustained"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    CEASED = "ceased"


BEFORE_COMMITMENT = frozenset({Stage.ISSUED, Stage.UNDER_REVIEW})
ENDINGS = frozenset({Stage.SUSTAINED, Stage.WITHDRAWN, Stage.SUPERSEDED, Stage.CEASED})


class PlanStage(StrEnum):
    """Where an improvement plan stands. Late and escalation level are facts beside it, as with findings."""

    AWAITED = "awaited"
    FILED = "filed"
    COMPLETED = "completed"


class MeetingStage(StrEnum):
    """Where a committee meeting stands."""

    CALLED = "called"
    IN_SESSION = "in_session"
    MINUTED = "minuted"
    """It is over, and its minutes wait for a signature of each side."""
    AGREED = "agreed"
    CANCELLED = "cancelled"


class AgendaKind(StrEnum):
    """Why something is on a meeting's agenda."""

    REVIEW = "review"
    SIGN = "sign"
    EXTENSION = "extension"
    OBJECTION = "objection"
    OTHER = "other"


class VisitStage(StrEnum):
    """Where a verification visit stands."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    ENDED = "ended"
    CANCELLED = "cancelled"


AnyStage = Stage | PlanStage | MeetingStage | VisitStage
"""Where a finding or a gathering of any kind stands."""


class Check(StrEnum):
    """Why a finding is on a visit's agenda."""

    FIX = "fix"
    """A reported fix is to be verified."""
    OBJECTION = "objection"
    """The same, and workers have objected: it must be seen on site."""
    EFFECTIVENESS = "effectiveness"
    """Whether the fix held."""


class Hindrance(StrEnum):
    """What kept a visit from taking place on its day."""

    PROGRAMME = "programme"
    FACTORY = "factory"
    ACCESS_REFUSED = "access_refused"
    EVENT = "event"


class Severity(StrEnum):
    """How grave a finding is; the policy gives each its own days."""

    ZERO_TOLERANCE = "zero_tolerance"
    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    COLLABORATIVE = "collaborative"

    @property
    def one_up(self) -> "Severity":
        """The next graver severity; never zero tolerance, which only a person can raise."""
        return _ONE_UP[self]


_ONE_UP = {
    Severity.ZERO_TOLERANCE: Severity.ZERO_TOLERANCE,
    Severity.CRITICAL: Severity.CRITICAL,
    Severity.MAJOR: Severity.CRITICAL,
    Severity.MINOR: Severity.MAJOR,
    Severity.COLLABORATIVE: Severity.MINOR,
}


class Side(StrEnum):
    """The two sides of a bipartite committee."""

    WORKER = "worker"
    MANAGEMENT = "management"

    @property
    def other(self) -> "Side":
        """The side across the table."""
        return Side.MANAGEMENT if self is Side.WORKER else Side.WORKER


class Role(StrEnum):
    """What a person may act as. Committee seats are roles of a factory, the rest of a scope."""

    WORKER_MEMBER = "worker_member"
    MANAGEMENT_MEMBER = "management_member"
    WORKER_CO_CHAIR = "worker_co_chair"
    MANAGEMENT_CO_CHAIR = "management_co_chair"
    ACTION_OWNER = "action_owner"
    MANAGER = "manager"
    TOP_MANAGEMENT = "top_management"
    ADVISOR = "advisor"
    TEAM_LEADER = "team_leader"
    PROGRAMME_MANAGER = "programme_manager"
    DUTY_OFFICER = "duty_officer"
    DECISION_PANEL = "decision_panel"
    BUYER = "buyer"
    OPERATOR = "operator"
    SYSTEM = "system"


FACTORY_ROLES = frozenset(
    {
        Role.WORKER_MEMBER,
        Role.MANAGEMENT_MEMBER,
        Role.WORKER_CO_CHAIR,
        Role.MANAGEMENT_CO_CHAIR,
        Role.ACTION_OWNER,
        Role.MANAGER,
        Role.TOP_MANAGEMENT,
    }
)
STAFF_ROLES = frozenset({Role.ADVISOR, Role.TEAM_LEADER, Role.PROGRAMME_MANAGER, Role.DUTY_OFFICER})


class ActionKind(StrEnum):
    """Stop the harm now, fix this instance and its cause, or keep it from happening again."""

    CONTAINMENT = "containment"
    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"


class SignatureMethod(StrEnum):
    """How a member signed: own device, shared device with a PIN, or paper witnessed by the advisor."""

    OWN_DEVICE = "own_device"
    SHARED_DEVICE = "shared_device"
    PAPER = "paper"


class Modality(StrEnum):
    """How a fix is verified."""

    DESKTOP = "desktop"
    ON_SITE = "on_site"


class Verdict(StrEnum):
    """What a verification found."""

    PASS = "pass"
    PARTIAL = "partial"
    FAIL = "fail"


class DisputeOutcome(StrEnum):
    """How a dispute was decided: upheld withdraws the finding, partly amends it."""

    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"


class SuspensionCause(StrEnum):
    """What a suspension may be asked for: nothing else stops the clock (domain.md section 6)."""

    PERMIT_PENDING = "permit_pending"
    PARTS_ON_ORDER = "parts_on_order"
    STRIKE = "strike"
    FLOOD = "flood"


class Statement(StrEnum):
    """What somebody has said on a finding, and may take back while nobody else has acted on it."""

    SIGNATURE = "signature"
    REFUSAL = "refusal"
    DISPUTE = "dispute"
    EXTENSION_REQUEST = "extension_request"
    SUSPENSION_REQUEST = "suspension_request"
    FIX_REPORT = "fix_report"
    CONFIRMATION = "confirmation"


class Alarm(StrEnum):
    """State of a zero-tolerance alarm: suspicion is enough to raise it."""

    RAISED = "raised"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Duty(StrEnum):
    """What somebody owes by a date."""

    CONFIRM_ALARM = "confirm_alarm"
    NOTIFY_AUTHORITY = "notify_authority"
    CONTAIN = "contain"
    REVIEW = "review"
    COMMIT = "commit"
    DECIDE_DISPUTE = "decide_dispute"
    MEDIATE = "mediate"
    ACTION = "action"
    PROGRESS_REVIEW = "progress_review"
    DECIDE_EXTENSION = "decide_extension"
    DECIDE_SUSPENSION = "decide_suspension"
    REPORT_FIX = "report_fix"
    VERIFY = "verify"
    CHECK_EFFECTIVENESS = "check_effectiveness"
    RECOVERY_PLAN = "recovery_plan"
    DECIDE_RECOVERY_PLAN = "decide_recovery_plan"
    DECIDE_CONSEQUENCE = "decide_consequence"
    FILE_PLAN = "file_plan"
    HOLD_MEETING = "hold_meeting"
    SIGN_MINUTES = "sign_minutes"
    WITNESS_PAPER = "witness_paper"
    HOLD_VISIT = "hold_visit"
    END_VISIT = "end_visit"


class Consequence(StrEnum):
    """What the decision panel decides at the top of the ladder: the clock never gets there by itself."""

    PUBLICATION = "publication"
    REFERRAL = "referral"
    SUSPENSION = "suspension"
    """Of the factory from the programme; a finding's dates are suspended by another order."""
    NONE = "none"


class Relief(StrEnum):
    """Why an obligation comes down the ladder by one level."""

    VERIFIED_PROGRESS = "verified_progress"
    RECOVERY_PLAN = "recovery_plan"


ALARM_DUTIES = frozenset({Duty.CONFIRM_ALARM, Duty.NOTIFY_AUTHORITY})
"""What the factory is not told of."""


class Lateness(StrEnum):
    """Why a deadline climbs the ladder: the two are never mixed (RSC/Accord keeps them apart too)."""

    NO_PROGRESS = "no_progress"
    NO_COOPERATION = "no_cooperation"
    STAFF = "staff"
    """The programme itself is late, not the factory."""


class LetterKind(StrEnum):
    """Every letter Mendwork writes; each has one function and one template folder."""

    NEW_FINDING = "new_finding"
    FINDING_AMENDED = "finding_amended"
    DISPUTE_RAISED = "dispute_raised"
    DISPUTE_DECIDED = "dispute_decided"
    SIGN_PROPOSAL = "sign_proposal"
    PROPOSAL_REFUSED = "proposal_refused"
    PROPOSAL_FAILED = "proposal_failed"
    COMMITTED = "committed"
    DEADLOCK = "deadlock"
    INTERIM_PLAN = "interim_plan"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    ACKNOWLEDGEMENT_ENDING = "acknowledgement_ending"
    RECOVERY_PLAN_DUE = "recovery_plan_due"
    RECOVERY_PLAN_FILED = "recovery_plan_filed"
    RECOVERY_PLAN_RETURNED = "recovery_plan_returned"
    DEESCALATED = "deescalated"
    DECISION_DUE = "decision_due"
    CONSEQUENCE_DECIDED = "consequence_decided"
    EXTENSION_COSIGN = "extension_cosign"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_DECIDED = "extension_decided"
    SUSPENSION_ASKED = "suspension_asked"
    SUSPENDED = "suspended"
    SUSPENSION_DECLINED = "suspension_declined"
    SUSPENSION_ENDED = "suspension_ended"
    RESUMED = "resumed"
    DATES_MOVED = "dates_moved"
    FIX_REPORTED = "fix_reported"
    OBJECTION = "objection"
    VERIFICATION_BOOKED = "verification_booked"
    VERIFICATION_OUTCOME = "verification_outcome"
    REOPENED = "reopened"
    ALARM_RAISED = "alarm_raised"
    ALARM_DECIDED = "alarm_decided"
    CONTAINED = "contained"
    CLOSED = "closed"
    SUSTAINED = "sustained"
    ENDED = "ended"
    TAKEN_BACK = "taken_back"
    PLAN_DUE = "plan_due"
    PLAN_OVERDUE = "plan_overdue"
    PLAN_CONSEQUENCE = "plan_consequence"
    PLAN_FILED = "plan_filed"
    PROGRESS_REPORT = "progress_report"
    PLAN_COMPLETED = "plan_completed"
    MEETING_CALLED = "meeting_called"
    MEETING_MOVED = "meeting_moved"
    MEETING_CANCELLED = "meeting_cancelled"
    MEETING_NEAR = "meeting_near"
    MINUTES_READY = "minutes_ready"
    MINUTES_DUE = "minutes_due"
    MINUTES_AGREED = "minutes_agreed"
    PAPER_TO_WITNESS = "paper_to_witness"
    PAPER_DECLINED = "paper_declined"
    VISIT_PLANNED = "visit_planned"
    VISIT_DUE = "visit_due"
    VISIT_OVERDUE = "visit_overdue"
    VISIT_POSTPONED = "visit_postponed"
    VISIT_CANCELLED = "visit_cancelled"
    VISIT_REPORT = "visit_report"
