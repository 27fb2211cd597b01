"""Dates, codes and texts of the field in plain words, for pages and timelines, in the language spoken."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

from notifications.wording import CAUSES, DUTIES, HINDRANCES, MODALITIES, N_, ROLES, SEVERITIES
from notifications.wording import LIMITS as WORDS_OF_LIMITS
from remediation.catalogue import CLUSTER_BY_ID, POINT_BY_ID
from remediation.gatherings.gathering import Kind
from remediation.repeats import Basis, Standing, Then
from remediation.spans import Span, Unit
from remediation.waiting import Ask
from remediation.words import (
    ActionKind,
    Check,
    Consequence,
    DisputeOutcome,
    Duty,
    Lateness,
    LetterKind,
    Role,
    Side,
    SignatureMethod,
    Stage,
    Statement,
    Verdict,
    VisitStage,
)
from service.speaking import Said, say, say_many, spoken

STAGES = Said(
    {
        Stage.ISSUED: N_("Issued: the committee has not proposed a plan yet"),
        Stage.UNDER_REVIEW: N_("Under review: the committee works on a plan"),
        Stage.DISPUTED: N_("Disputed: the team leader decides whether the finding stands"),
        Stage.COMMITTED: N_("Committed: the factory carries out what was promised"),
        Stage.FIX_REPORTED: N_("Fix reported: workers may object, and verification is due"),
        Stage.VERIFYING: N_("Verifying: somebody independent looks at the fix"),
        Stage.CLOSED: N_("Closed: the fix was verified, and must prove to hold"),
        Stage.SUSTAINED: N_("Sustained: the fix has held"),
        Stage.WITHDRAWN: N_("Withdrawn: the dispute was upheld"),
        Stage.SUPERSEDED: N_("Superseded: another cycle's finding carries on"),
        Stage.CEASED: N_("Ceased: the factory closed or left the programme"),
    }
)

LEVELS = (
    N_("not escalated"),
    N_("level 1: those who owe it and their co-chairs are told"),
    N_("level 2: the advisor is told"),
    N_("level 3: the team leader and top management are told"),
    N_("level 4: the programme manager and buyers are told"),
    N_("level 5: the decision panel has decided what follows"),
)

LATENESS = Said(
    {
        Lateness.NO_PROGRESS: N_("no progress"),
        Lateness.NO_COOPERATION: N_("no cooperation"),
        Lateness.STAFF: N_("the programme's own delay"),
    }
)
CONSEQUENCES = Said(
    {
        Consequence.PUBLICATION: N_("publication"),
        Consequence.REFERRAL: N_("referral"),
        Consequence.SUSPENSION: N_("suspension of the factory"),
        Consequence.NONE: N_("no further step"),
    }
)

SIDES = Said({Side.WORKER: N_("worker side"), Side.MANAGEMENT: N_("management side")})
VERDICTS = Said(
    {Verdict.PASS: N_("passed"), Verdict.PARTIAL: N_("passed in part"), Verdict.FAIL: N_("failed")}
)
OUTCOMES = Said(
    {
        DisputeOutcome.UPHELD: N_("upheld: the finding is withdrawn"),
        DisputeOutcome.PARTLY: N_("partly upheld: its severity changes"),
        DisputeOutcome.REJECTED: N_("rejected: the finding stands"),
    }
)
STATEMENTS = Said(
    {
        Statement.SIGNATURE: N_("my signature"),
        Statement.REFUSAL: N_("my refusal"),
        Statement.DISPUTE: N_("the dispute"),
        Statement.EXTENSION_REQUEST: N_("the request for a later date"),
        Statement.SUSPENSION_REQUEST: N_("the request for a suspension"),
        Statement.FIX_REPORT: N_("the report of the fix"),
        Statement.CONFIRMATION: N_("my confirmation of the fix"),
    }
)
METHODS = Said(
    {
        SignatureMethod.OWN_DEVICE: N_("on their own device"),
        SignatureMethod.SHARED_DEVICE: N_("on a shared device"),
        SignatureMethod.PAPER: N_("on paper, with a witness"),
    }
)
KINDS = Said(
    {
        ActionKind.CONTAINMENT: N_("stops the harm"),
        ActionKind.CORRECTIVE: N_("fixes it and its cause"),
        ActionKind.PREVENTIVE: N_("keeps it from happening again"),
    }
)

LETTERS = Said(
    {
        LetterKind.NEW_FINDING: N_("New finding"),
        LetterKind.FINDING_AMENDED: N_("Finding amended"),
        LetterKind.DISPUTE_RAISED: N_("Dispute raised"),
        LetterKind.DISPUTE_DECIDED: N_("Dispute decided"),
        LetterKind.SIGN_PROPOSAL: N_("Please read and sign the proposal"),
        LetterKind.PROPOSAL_REFUSED: N_("Proposal refused"),
        LetterKind.PROPOSAL_FAILED: N_("Proposal can no longer pass"),
        LetterKind.COMMITTED: N_("Commitment made"),
        LetterKind.DEADLOCK: N_("Deadlock"),
        LetterKind.INTERIM_PLAN: N_("Interim plan filed, not agreed"),
        LetterKind.REMINDER: N_("Reminder"),
        LetterKind.OVERDUE: N_("Overdue"),
        LetterKind.ACKNOWLEDGEMENT_ENDING: N_("Your acknowledgement runs out"),
        LetterKind.RECOVERY_PLAN_DUE: N_("A recovery plan is needed"),
        LetterKind.RECOVERY_PLAN_FILED: N_("Please decide on the recovery plan"),
        LetterKind.RECOVERY_PLAN_RETURNED: N_("Recovery plan returned"),
        LetterKind.DEESCALATED: N_("One level down"),
        LetterKind.DECISION_DUE: N_("Please decide what follows"),
        LetterKind.CONSEQUENCE_DECIDED: N_("What follows was decided"),
        LetterKind.EXTENSION_COSIGN: N_("Please join the request for a later date"),
        LetterKind.EXTENSION_ASKED: N_("A later date is asked for"),
        LetterKind.EXTENSION_DECIDED: N_("Request for a later date decided"),
        LetterKind.SUSPENSION_ASKED: N_("A suspension is asked for"),
        LetterKind.SUSPENDED: N_("Suspended: the clock stands still"),
        LetterKind.SUSPENSION_DECLINED: N_("Suspension declined"),
        LetterKind.SUSPENSION_ENDED: N_("The suspension ends early"),
        LetterKind.RESUMED: N_("The clock runs again"),
        LetterKind.DATES_MOVED: N_("Dates have moved"),
        LetterKind.FIX_REPORTED: N_("Fix reported"),
        LetterKind.OBJECTION: N_("Objection to the fix"),
        LetterKind.VERIFICATION_BOOKED: N_("Verification arranged"),
        LetterKind.VERIFICATION_OUTCOME: N_("Outcome of the verification"),
        LetterKind.REOPENED: N_("Finding reopened"),
        LetterKind.ALARM_RAISED: N_("Zero-tolerance alarm"),
        LetterKind.ALARM_DECIDED: N_("Zero-tolerance alarm decided"),
        LetterKind.CONTAINED: N_("Containment shown"),
        LetterKind.CLOSED: N_("Finding closed"),
        LetterKind.SUSTAINED: N_("Fix sustained"),
        LetterKind.ENDED: N_("Finding ended"),
        LetterKind.TAKEN_BACK: N_("Taken back"),
        LetterKind.PLAN_DUE: N_("Improvement plan due"),
        LetterKind.PLAN_OVERDUE: N_("Improvement plan overdue"),
        LetterKind.PLAN_CONSEQUENCE: N_("What follows was decided"),
        LetterKind.PLAN_FILED: N_("The improvement plan is filed"),
        LetterKind.PROGRESS_REPORT: N_("Progress report"),
        LetterKind.PLAN_COMPLETED: N_("The improvement plan is complete"),
        LetterKind.MEETING_CALLED: N_("Invitation to a meeting"),
        LetterKind.MEETING_MOVED: N_("Meeting moved"),
        LetterKind.MEETING_CANCELLED: N_("Meeting cancelled"),
        LetterKind.MEETING_NEAR: N_("Meeting ahead"),
        LetterKind.MINUTES_READY: N_("Minutes to sign"),
        LetterKind.MINUTES_DUE: N_("Minutes wait for a signature"),
        LetterKind.MINUTES_AGREED: N_("Minutes agreed"),
        LetterKind.PAPER_TO_WITNESS: N_("A signed sheet to witness"),
        LetterKind.PAPER_DECLINED: N_("A signed sheet was not witnessed"),
        LetterKind.VISIT_PLANNED: N_("Verification visit planned"),
        LetterKind.VISIT_DUE: N_("Verification visit ahead"),
        LetterKind.VISIT_OVERDUE: N_("Verification visit overdue"),
        LetterKind.VISIT_POSTPONED: N_("Verification visit postponed"),
        LetterKind.VISIT_CANCELLED: N_("Verification visit cancelled"),
        LetterKind.VISIT_REPORT: N_("Report of the verification visit"),
    }
)

ASKS = Said(
    {
        Ask.PROPOSE: N_("Propose an improvement plan"),
        Ask.SIGN: N_("Read the plan, and sign or refuse it"),
        Ask.ACCEPT_NO_ACTION: N_("Decide whether nothing has to be done"),
        Ask.COSIGN: N_("Join the other side's request for a later date, or leave it"),
        Ask.ANSWER_REPORT: N_("Say whether the reported fix is what it should be"),
        Ask.ACKNOWLEDGE: N_("Say that you have seen the escalation"),
    }
)
BASES = Said(
    {
        Basis.QUESTION: N_("The same question was answered non-compliant in an earlier cycle."),
        Basis.CROSSWALK: N_(
            "The same question, which had another id then, was answered non-compliant in an earlier cycle."
        ),
        Basis.POINT: N_("A question on the same compliance point was answered non-compliant before."),
    }
)
FOLLOWED = Said(
    {
        Then.SUPERSEDE: N_("The former finding ended, and the new one carries on."),
        Then.CARRY_ON: N_("The former finding carries on, and the new one ended."),
        Then.LINK: N_("It was over, and came back."),
    }
)


def repeat_said(standing: Standing, followed: Then | None) -> str:
    """Say what was decided on a repeat, or that somebody must decide."""
    if standing is Standing.REJECTED:
        return say("It is another matter: they are not linked.")
    if followed is not None:
        return FOLLOWED[followed]
    if standing is Standing.PROPOSED:
        return say("Nobody has confirmed yet that it is the same.")
    return say("Nobody has said yet which of the two carries on.")


GATHERINGS = Said(
    {
        Kind.PLAN: N_("Improvement plan"),
        Kind.MEETING: N_("Committee meeting"),
        Kind.VISIT: N_("Verification visit"),
    }
)
DUTY = Said(DUTIES)
CAUSE = Said(CAUSES)
LIMITS = Said(WORDS_OF_LIMITS)
HINDRANCE = Said(HINDRANCES)
CHECKS = Said(
    {
        Check.FIX: N_("Verify the reported fix"),
        Check.OBJECTION: N_("Workers have objected: look on site"),
        Check.EFFECTIVENESS: N_("Check whether the fix has held"),
    }
)
HELD = Said({Verdict.PASS: N_("the fix held"), Verdict.FAIL: N_("the fix did not hold")})
VISIT_STAGES = Said(
    {
        VisitStage.PLANNED: N_("Planned"),
        VisitStage.UNDER_WAY: N_("Under way"),
        VisitStage.ENDED: N_("Ended"),
        VisitStage.CANCELLED: N_("Cancelled"),
    }
)
MODALITY = Said(MODALITIES)
ROLE = Said(ROLES)
SEVERITY = Said(SEVERITIES)


ROLE_NAME = Said(
    ROLES
    | {
        Role.WORKER_MEMBER: N_("worker member"),
        Role.MANAGEMENT_MEMBER: N_("management member"),
        Role.ACTION_OWNER: N_("action owner"),
        Role.MANAGER: N_("manager"),
        Role.TOP_MANAGEMENT: N_("top management"),
    }
)
"""Roles by their own names, where letters say `committee member` of several."""

THE_ROLE = Said(
    {
        Role.WORKER_MEMBER: N_("the worker members"),
        Role.MANAGEMENT_MEMBER: N_("the management members"),
        Role.WORKER_CO_CHAIR: N_("the worker co-chair"),
        Role.MANAGEMENT_CO_CHAIR: N_("the management co-chair"),
        Role.ACTION_OWNER: N_("the owner of the action"),
        Role.MANAGER: N_("the manager of the factory"),
        Role.TOP_MANAGEMENT: N_("the top management of the factory"),
        Role.ADVISOR: N_("the advisor"),
        Role.TEAM_LEADER: N_("the team leader"),
        Role.PROGRAMME_MANAGER: N_("the programme manager"),
        Role.DUTY_OFFICER: N_("the duty officer"),
        Role.DECISION_PANEL: N_("the decision panel"),
        Role.BUYER: N_("the buyers"),
        Role.OPERATOR: N_("the operator"),
        Role.SYSTEM: N_("Mendwork"),
    }
)
"""Roles with their article, for sentences: articles differ by gender, and join what stands before them."""

MEGABYTE = 1_000_000


def point(ident: str) -> str:
    """Give a compliance point's name; its id where the catalogue does not know it."""
    known = POINT_BY_ID.get(ident)
    return say(known.name) if known else ident


def cluster(ident: str) -> str:
    """Give a cluster's name; its id where the catalogue does not know it."""
    known = CLUSTER_BY_ID.get(ident)
    return say(known.name) if known else ident


def day(value: date) -> str:
    """Give a local day, such as `4 March 2026`."""
    return spoken().short_day(value)


def weekday(value: date) -> str:
    """Give a local day with its weekday, such as `Wednesday 4 March 2026`."""
    return spoken().day(value)


def within(due: datetime, now: datetime) -> str:
    """Give how far a due instant (exclusive) lies from now, in words: `in 3 days`, `overdue by 4 hours`."""
    late, distance = due <= now, abs(due - now)
    if distance < timedelta(hours=1):
        return say("overdue by less than an hour") if late else say("within the hour")
    hours, whole = distance // timedelta(hours=1), distance // timedelta(days=1)
    if distance < timedelta(days=2):
        return _late_by_hours(hours) if late else say_many("in %(count)s hour", "in %(count)s hours", hours)
    if late:
        return say_many("overdue by %(count)s day", "overdue by %(count)s days", whole)
    return say_many("in %(count)s day", "in %(count)s days", whole)


def _late_by_hours(hours: int) -> str:
    return say_many("overdue by %(count)s hour", "overdue by %(count)s hours", hours)


def days(number: int) -> str:
    """Give a number of days in words: `1 day`, `12 days`."""
    return say_many("%(count)s day", "%(count)s days", number)


def listed(words: Iterable[str], last: Literal["and", "or"] = "and") -> str:
    """Give `a, b and c`."""
    return spoken().listed(words, last)


def size(octets: int) -> str:
    """Give a file's size: `340 KB`, `2.1 MB`."""
    if octets < MEGABYTE:
        return say("%(number)s KB", number=max(octets // 1000, 1))
    return say("%(number)s MB", number=spoken().number(round(octets / MEGABYTE, 1)))


def within_a_sentence(text: str) -> str:
    """Give a text that begins with a capital as it stands within a sentence."""
    return text[:1].lower() + text[1:]


def spaced(code: str) -> str:
    """Give a code as words: `no_address` is `no address`."""
    return code.replace("_", " ")


def country(code: str) -> str:
    """Give the name of a country by its ISO 3166-1 code, or the code where it is not known."""
    return spoken().country(code)


def letter_ahead(kind: LetterKind, level: int | None, duty: Duty | None = None) -> str:
    """Give a letter that would be sent: its kind or its level of the ladder, and what it would be about."""
    letter = say("Overdue, level %(level)s", level=level) if level else LETTERS[kind]
    return f"{letter}: {DUTY[duty]}" if duty else letter


def span_said(span: Span) -> str:
    """Give a policy's span in words, such as `3 working days`."""
    if span.unit is Unit.HOURS:
        return say_many("%(count)s hour", "%(count)s hours", span.amount)
    if span.unit is Unit.WORKING_DAYS:
        return say_many("%(count)s working day", "%(count)s working days", span.amount)
    return days(span.amount)
