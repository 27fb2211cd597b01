"""Letters about a finding's beginning: new, corrected, disputed; and the zero-tolerance alarm."""

from notifications.letters.asking import NOTHING, Ask, asked
from notifications.letters.composing import compose
from notifications.occasion import Letter, Occasion
from notifications.wording import ROLES, YOU
from remediation.facts import AlarmDecided, Amended, Contained, Disputed, DisputeDecided, Issued
from remediation.words import STAFF_ROLES, Alarm, DisputeOutcome, Duty, Role, Severity


def new_finding(occasion: Occasion[Issued] | Occasion[AlarmDecided]) -> Letter:
    """Tell the committee, the manager and the advisor of a new finding."""
    state = occasion.state
    return compose(
        occasion,
        asked(state, Duty.COMMIT, occasion.reader.role),
        repeat=state.repeat_of is not None,
        review_by=state.review_by,
        commit_by=state.commit_by,
        dispute_by=state.calendar.due(state.attempt_began, state.policy.windows.dispute),
    )


def finding_amended(occasion: Occasion[Amended]) -> Letter:
    """Tell the factory that a corrected assessment changed the finding."""
    return compose(occasion, asked(occasion.state, Duty.COMMIT, occasion.reader.role))


def alarm_raised(occasion: Occasion[Issued] | Occasion[Amended]) -> Letter:
    """Call the duty officer, and the factory where it is told at once."""
    staff = occasion.reader.role in STAFF_ROLES
    duty = Duty.CONFIRM_ALARM if staff else Duty.CONTAIN
    ask = asked(occasion.state, duty, occasion.reader.role)
    return compose(occasion, ask, staff=staff, restricted=occasion.state.restricted)


def alarm_decided(occasion: Occasion[AlarmDecided]) -> Letter:
    """Tell what became of an alarm those who knew of it."""
    staff = occasion.reader.role in STAFF_ROLES
    confirmed = occasion.fact.alarm is Alarm.CONFIRMED
    duty = _after_alarm(confirmed=confirmed, staff=staff)
    return compose(
        occasion,
        asked(occasion.state, duty, occasion.reader.role),
        staff=staff,
        confirmed=confirmed,
        duty=duty,
    )


def _after_alarm(*, confirmed: bool, staff: bool) -> Duty:
    if not confirmed:
        return Duty.COMMIT
    return Duty.NOTIFY_AUTHORITY if staff else Duty.CONTAIN


def contained(occasion: Occasion[Contained]) -> Letter:
    """Tell the programme that the factory says the harm has stopped; the advisor looks whether it has."""
    mine = occasion.reader.role is Role.ADVISOR
    return compose(occasion, Ask(who=YOU if mine else ROLES[Role.ADVISOR]))


def dispute_raised(occasion: Occasion[Disputed]) -> Letter:
    """Ask the team leader for a decision; the advisor is told."""
    return compose(
        occasion,
        asked(occasion.state, Duty.DECIDE_DISPUTE, occasion.reader.role),
        decide_by=occasion.fact.decide_by,
        clock_runs=occasion.state.severity is Severity.ZERO_TOLERANCE,
    )


def dispute_decided(occasion: Occasion[DisputeDecided]) -> Letter:
    """Tell the factory and the advisor how a dispute was decided."""
    fact = occasion.fact
    upheld = fact.outcome is DisputeOutcome.UPHELD
    ask = NOTHING if upheld else asked(occasion.state, Duty.COMMIT, occasion.reader.role)
    return compose(occasion, ask, outcome=fact.outcome, days_added=fact.days_added)
