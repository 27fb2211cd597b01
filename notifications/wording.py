"""The field's words as letters write them: roles, duties, severities and the rest, marked for translation."""

from typing import Final

from remediation.moves import FIX, OBJECTIONS
from remediation.words import Duty, Hindrance, Modality, Role, Severity, SuspensionCause


def N_(text: str) -> str:  # noqa: N802 - the name that extractors of translations know
    """Mark an English text for translation where it stands; it is translated when a letter is written."""
    return text


YOU: Final = N_("you")
COMMITTEE: Final = N_("the committee and the manager of the factory")

ROLES: Final[dict[Role, str]] = {
    Role.WORKER_MEMBER: N_("committee member"),
    Role.MANAGEMENT_MEMBER: N_("committee member"),
    Role.WORKER_CO_CHAIR: N_("worker co-chair"),
    Role.MANAGEMENT_CO_CHAIR: N_("management co-chair"),
    Role.ACTION_OWNER: N_("owner of the action"),
    Role.MANAGER: N_("manager of the factory"),
    Role.TOP_MANAGEMENT: N_("top management of the factory"),
    Role.ADVISOR: N_("advisor"),
    Role.TEAM_LEADER: N_("team leader"),
    Role.PROGRAMME_MANAGER: N_("programme manager"),
    Role.DUTY_OFFICER: N_("duty officer"),
    Role.DECISION_PANEL: N_("decision panel"),
    Role.BUYER: N_("buyer"),
    Role.OPERATOR: N_("operator"),
    Role.SYSTEM: N_("Mendwork"),
}

DUTIES: Final[dict[Duty, str]] = {
    Duty.CONFIRM_ALARM: N_("Confirm or cancel the zero-tolerance alarm"),
    Duty.NOTIFY_AUTHORITY: N_("Give notice to the authority"),
    Duty.CONTAIN: N_("Stop the harm, and show that it has stopped"),
    Duty.REVIEW: N_("Review the finding and propose an improvement plan"),
    Duty.COMMIT: N_("Agree on the improvement plan: both sides sign it"),
    Duty.DECIDE_DISPUTE: N_("Decide the dispute"),
    Duty.MEDIATE: N_("Mediate between the two sides of the committee"),
    Duty.ACTION: N_("Carry out the promised action and show that it is done"),
    Duty.PROGRESS_REVIEW: N_("Review the progress of the actions"),
    Duty.DECIDE_EXTENSION: N_("Decide the request for a later date"),
    Duty.DECIDE_SUSPENSION: N_("Countersign the suspension, or decline it"),
    Duty.REPORT_FIX: N_("Report the finding as fixed, with evidence"),
    Duty.VERIFY: N_("Verify the reported fix"),
    Duty.CHECK_EFFECTIVENESS: N_("Check whether the fix has held"),
    Duty.RECOVERY_PLAN: N_("File a recovery plan for what is late"),
    Duty.DECIDE_RECOVERY_PLAN: N_("Accept the recovery plan or return it"),
    Duty.DECIDE_CONSEQUENCE: N_("Decide what follows at the last level of the ladder"),
    Duty.FILE_PLAN: N_("File the improvement plan"),
    Duty.HOLD_MEETING: N_("Hold the meeting, or cancel it"),
    Duty.SIGN_MINUTES: N_("Sign the minutes of the meeting"),
    Duty.WITNESS_PAPER: N_("Witness what was signed on paper in the meeting"),
    Duty.HOLD_VISIT: N_("Go on the verification visit"),
    Duty.END_VISIT: N_("End the verification visit with its report"),
}

LIMITS: Final[dict[str, str]] = {
    FIX: N_("Last day that can be promised for the fix"),
    OBJECTIONS: N_("Workers may object to the reported fix"),
}

SEVERITIES: Final[dict[Severity, str]] = {
    Severity.ZERO_TOLERANCE: N_("zero tolerance"),
    Severity.CRITICAL: N_("critical"),
    Severity.MAJOR: N_("major"),
    Severity.MINOR: N_("minor"),
    Severity.COLLABORATIVE: N_("collaborative"),
}

CAUSES: Final[dict[SuspensionCause, str]] = {
    SuspensionCause.PERMIT_PENDING: N_("a permit is pending"),
    SuspensionCause.PARTS_ON_ORDER: N_("parts are on order"),
    SuspensionCause.STRIKE: N_("there is a strike"),
    SuspensionCause.FLOOD: N_("there is a flood"),
}

HINDRANCES: Final[dict[Hindrance, str]] = {
    Hindrance.PROGRAMME: N_("the programme could not come"),
    Hindrance.FACTORY: N_("the factory asked for it"),
    Hindrance.ACCESS_REFUSED: N_("the factory did not let the verifier in"),
    Hindrance.EVENT: N_("a strike, a flood or the like"),
}

MODALITIES: Final[dict[Modality, str]] = {
    Modality.DESKTOP: N_("from documents and photos"),
    Modality.ON_SITE: N_("on site"),
}
