"""Dates, codes and texts of the field in plain English, for pages and timelines."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from notifications.wording import CAUSES, DUTIES, MODALITIES, ROLES, SEVERITIES
from notifications.wording import LIMITS as WORDS_OF_LIMITS
from remediation.waiting import Ask
from remediation.words import (
    ActionKind,
    Consequence,
    DisputeOutcome,
    Duty,
    Lateness,
    LetterKind,
    Modality,
    Role,
    Severity,
    Side,
    SignatureMethod,
    Stage,
    SuspensionCause,
    Verdict,
)

STAGES = {
    Stage.ISSUED: "Issued: the committee has not proposed a plan yet",
    Stage.UNDER_REVIEW: "Under review: the committee works on a plan",
    Stage.DISPUTED: "Disputed: the team leader decides whether the finding stands",
    Stage.COMMITTED: "Committed: the factory carries out what was promised",
    Stage.FIX_REPORTED: "Fix reported: workers may object, and verification is due",
    Stage.VERIFYING: "Verifying: somebody independent looks at the fix",
    Stage.CLOSED: "Closed: the fix was verified, and must prove to hold",
    Stage.SUSTAINED: "Sustained: the fix has held",
    Stage.WITHDRAWN: "Withdrawn: the dispute was upheld",
    Stage.SUPERSEDED: "Superseded: the next cycle's finding carries on",
    Stage.CEASED: "Ceased: the factory closed or left the programme",
}

LEVELS = (
    "not escalated",
    "level 1: those who owe it and their co-chairs are told",
    "level 2: the advisor is told",
    "level 3: the team leader and top management are told",
    "level 4: the programme manager and buyers are told",
    "level 5: the decision panel has decided what follows",
)

LATENESS = {
    Lateness.NO_PROGRESS: "no progress",
    Lateness.NO_COOPERATION: "no cooperation",
    Lateness.STAFF: "the programme's own delay",
}
CONSEQUENCES = {
    Consequence.PUBLICATION: "publication",
    Consequence.REFERRAL: "referral",
    Consequence.SUSPENSION: "suspension of the factory",
    Consequence.NONE: "no further step",
}

SIDES = {Side.WORKER: "worker side", Side.MANAGEMENT: "management side"}
VERDICTS = {Verdict.PASS: "passed", Verdict.PARTIAL: "passed in part", Verdict.FAIL: "failed"}
OUTCOMES = {
    DisputeOutcome.UPHELD: "upheld: the finding is withdrawn",
    DisputeOutcome.PARTLY: "partly upheld: its severity changes",
    DisputeOutcome.REJECTED: "rejected: the finding stands",
}
METHODS = {
    SignatureMethod.OWN_DEVICE: "on their own device",
    SignatureMethod.SHARED_DEVICE: "on a shared device",
    SignatureMethod.PAPER: "on paper, with a witness",
}
KINDS = {
    ActionKind.CONTAINMENT: "stops the harm",
    ActionKind.CORRECTIVE: "fixes it and its cause",
    ActionKind.PREVENTIVE: "keeps it from happening again",
}

LETTERS = {
    LetterKind.NEW_FINDING: "New finding",
    LetterKind.FINDING_AMENDED: "Finding amended",
    LetterKind.DISPUTE_RAISED: "Dispute raised",
    LetterKind.DISPUTE_DECIDED: "Dispute decided",
    LetterKind.SIGN_PROPOSAL: "Please read and sign the proposal",
    LetterKind.PROPOSAL_REFUSED: "Proposal refused",
    LetterKind.PROPOSAL_FAILED: "Proposal can no longer pass",
    LetterKind.COMMITTED: "Commitment made",
    LetterKind.DEADLOCK: "Deadlock",
    LetterKind.INTERIM_PLAN: "Interim plan filed, not agreed",
    LetterKind.REMINDER: "Reminder",
    LetterKind.OVERDUE: "Overdue",
    LetterKind.ACKNOWLEDGEMENT_ENDING: "Your acknowledgement runs out",
    LetterKind.RECOVERY_PLAN_DUE: "A recovery plan is needed",
    LetterKind.RECOVERY_PLAN_FILED: "Please decide on the recovery plan",
    LetterKind.RECOVERY_PLAN_RETURNED: "Recovery plan returned",
    LetterKind.DEESCALATED: "One level down",
    LetterKind.DECISION_DUE: "Please decide what follows",
    LetterKind.CONSEQUENCE_DECIDED: "What follows was decided",
    LetterKind.EXTENSION_COSIGN: "Please join the request for a later date",
    LetterKind.EXTENSION_ASKED: "A later date is asked for",
    LetterKind.EXTENSION_DECIDED: "Request for a later date decided",
    LetterKind.SUSPENSION_ASKED: "A suspension is asked for",
    LetterKind.SUSPENDED: "Suspended: the clock stands still",
    LetterKind.SUSPENSION_DECLINED: "Suspension declined",
    LetterKind.SUSPENSION_ENDED: "The suspension ends early",
    LetterKind.RESUMED: "The clock runs again",
    LetterKind.DATES_MOVED: "Dates have moved",
    LetterKind.FIX_REPORTED: "Fix reported",
    LetterKind.OBJECTION: "Objection to the fix",
    LetterKind.VERIFICATION_BOOKED: "Verification arranged",
    LetterKind.VERIFICATION_OUTCOME: "Outcome of the verification",
    LetterKind.REOPENED: "Finding reopened",
    LetterKind.ALARM_RAISED: "Zero-tolerance alarm",
    LetterKind.ALARM_DECIDED: "Zero-tolerance alarm decided",
    LetterKind.CONTAINED: "Containment shown",
    LetterKind.CLOSED: "Finding closed",
    LetterKind.SUSTAINED: "Fix sustained",
    LetterKind.ENDED: "Finding ended",
}

ASKS = {
    Ask.PROPOSE: "Propose an improvement plan",
    Ask.SIGN: "Read the plan, and sign or refuse it",
    Ask.ACCEPT_NO_ACTION: "Decide whether nothing has to be done",
    Ask.COSIGN: "Join the other side's request for a later date, or leave it",
    Ask.ANSWER_REPORT: "Say whether the reported fix is what it should be",
    Ask.ACKNOWLEDGE: "Say that you have seen the escalation",
}
DUTY: dict[Duty, str] = DUTIES
CAUSE: dict[SuspensionCause, str] = CAUSES
LIMITS: dict[str, str] = WORDS_OF_LIMITS
MODALITY: dict[Modality, str] = MODALITIES
ROLE: dict[Role, str] = ROLES
SEVERITY: dict[Severity, str] = SEVERITIES


def day(value: date) -> str:
    """Give a local day, such as `4 March 2026`."""
    return f"{value.day} {value:%B %Y}"


def within(due: datetime, now: datetime) -> str:
    """Give how far a due instant (exclusive) lies from now, in words: `in 3 days`, `overdue by 4 hours`."""
    late, distance = due <= now, abs(due - now)
    if distance < timedelta(hours=1):
        return "overdue by less than an hour" if late else "within the hour"
    hours, days = distance // timedelta(hours=1), distance // timedelta(days=1)
    length = _count(hours, "hour") if distance < timedelta(days=2) else _count(days, "day")
    return f"overdue by {length}" if late else f"in {length}"


def days(number: int) -> str:
    """Give a number of days in words: `1 day`, `12 days`."""
    return _count(number, "day")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Give `a, b and c`."""
    every = list(words)
    return f"{', '.join(every[:-1])} {last} {every[-1]}" if len(every) > 1 else "".join(every)


def role_name(role: Role) -> str:
    """Give a role by its own name: `worker co-chair`, where letters say `committee member` of several."""
    return spaced(role.value).replace("co chair", "co-chair")


def spaced(code: str) -> str:
    """Give a code as words: `no_address` is `no address`."""
    return code.replace("_", " ")
