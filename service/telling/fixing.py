"""What was done about a finding, told: its alarm, progress, fix, verification and end."""
# ruff: noqa: ARG001 - facts are all told alike, and not each needs what stands around it

from remediation import facts
from remediation.words import Alarm, Modality, Verdict
from service import saying
from service.saying import day
from service.telling.setting import Setting, tell

_CAUSES = {
    "verification": "because its verification failed",
    "effectiveness": "because the fix did not hold",
    "after_end": "after its end",
}


@tell.register
def _(fact: facts.AlarmDecided, around: Setting) -> str:
    if fact.alarm is Alarm.CONFIRMED:
        return f"{around.who} confirmed the zero-tolerance alarm."
    severity = saying.SEVERITY[fact.severity]
    return f"{around.who} cancelled the zero-tolerance alarm: the finding is {severity} now."


@tell.register
def _(fact: facts.AuthorityNotified, around: Setting) -> str:
    return f"{around.who} gave notice to the authority."


@tell.register
def _(fact: facts.Contained, around: Setting) -> str:
    return f"{around.who} showed that the harm has stopped{around.given(fact.evidence)}."


@tell.register
def _(fact: facts.ProgressRecorded, around: Setting) -> str:
    done = "done" if fact.percent == 100 else f"{fact.percent} percent done"  # noqa: PLR2004 - a percentage
    return f"{around.who} recorded {around.action(fact.action)} as {done}{around.given(fact.evidence)}."


@tell.register
def _(fact: facts.FixReported, around: Setting) -> str:
    return (
        f"{around.who} reported the finding as fixed{around.given(fact.evidence)}. Worker members may object "
        f"until {around.until(fact.objections_until)}; it is verified by {around.until(fact.verify_by)}."
    )


@tell.register
def _(fact: facts.FixObjected, around: Setting) -> str:
    return f"{around.who} objected to the reported fix: it must be seen on site."


@tell.register
def _(fact: facts.FixConcurred, around: Setting) -> str:
    return f"{around.who} confirmed the reported fix."


@tell.register
def _(fact: facts.VerificationBooked, around: Setting) -> str:
    if fact.modality is Modality.ON_SITE and not around.sight.staff:
        return "The programme has arranged the verification of the fix."
    how = saying.MODALITY[fact.modality]
    return f"{around.who} arranged the verification: {around.name(fact.verifier)}, {how}, on {day(fact.on)}."


@tell.register
def _(fact: facts.Verified, around: Setting) -> str:
    remaining = "; ".join(f"{around.action(each.id)} by {day(each.due)}" for each in fact.remaining)
    more = f" What remains: {remaining}." if fact.remaining else ""
    if fact.verdict is Verdict.PASS and fact.effectiveness_by:
        more = f" Whether it holds is checked by {around.until(fact.effectiveness_by)}."
    how = saying.MODALITY[fact.modality]
    return f"{around.who} verified the fix {how}: it {saying.VERDICTS[fact.verdict]}.{more}"


@tell.register
def _(fact: facts.EffectivenessChecked, around: Setting) -> str:
    held = "has held" if fact.held else "has not held"
    return f"{around.who} checked the fix on {day(fact.on)}: it {held}."


@tell.register
def _(fact: facts.Reopened, around: Setting) -> str:
    cause = _CAUSES.get(fact.cause, "")
    severity = saying.SEVERITY[fact.severity]
    return f"The finding is open again {cause}: attempt {fact.attempt} begins, as {severity}, with new dates."


@tell.register
def _(fact: facts.Ended, around: Setting) -> str:
    return f"The finding's life ended. {saying.STAGES[fact.stage]}."
