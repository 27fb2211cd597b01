"""What was done about a finding, told: its alarm, progress, fix, verification and end."""
# ruff: noqa: ARG001 - facts are all told alike, and not each needs what stands around it

from notifications.wording import N_
from remediation import facts
from remediation.rules.progress import DONE
from remediation.words import Alarm, Modality, Verdict
from service import saying
from service.saying import day
from service.speaking import say
from service.telling.setting import Setting, sentences, tell

_CAUSES = {
    "verification": N_("The finding is open again, because its verification failed."),
    "effectiveness": N_("The finding is open again, because the fix did not hold."),
    "after_end": N_("The finding is open again after its end."),
}

_VERDICTS = {
    Verdict.PASS: N_("%(who)s verified the fix %(how)s: it passed."),
    Verdict.PARTIAL: N_("%(who)s verified the fix %(how)s: it passed in part."),
    Verdict.FAIL: N_("%(who)s verified the fix %(how)s: it failed."),
}


@tell.register
def _(fact: facts.AlarmDecided, around: Setting) -> str:
    if fact.alarm is Alarm.CONFIRMED:
        return say("%(who)s confirmed the zero-tolerance alarm.", who=around.who)
    return say(
        "%(who)s cancelled the zero-tolerance alarm: the finding is %(severity)s now.",
        who=around.who,
        severity=saying.SEVERITY[fact.severity],
    )


@tell.register
def _(fact: facts.AuthorityNotified, around: Setting) -> str:
    return say("%(who)s gave notice to the authority.", who=around.who)


@tell.register
def _(fact: facts.Contained, around: Setting) -> str:
    shown = say("%(who)s showed that the harm has stopped.", who=around.who)
    return sentences(shown, around.given(fact.evidence))


@tell.register
def _(fact: facts.ProgressRecorded, around: Setting) -> str:
    values = {"who": around.who, "action": around.action(fact.action)}
    if fact.percent == DONE:
        recorded = say("%(who)s recorded %(action)s as done.", **values)
    else:
        recorded = say(
            "%(who)s recorded %(action)s as %(percent)s percent done.", percent=fact.percent, **values
        )
    return sentences(recorded, around.given(fact.evidence))


@tell.register
def _(fact: facts.FixReported, around: Setting) -> str:
    return sentences(
        say("%(who)s reported the finding as fixed.", who=around.who),
        around.given(fact.evidence),
        say(
            "Worker members may object until %(day)s; it is verified by %(verified)s.",
            day=around.until(fact.objections_until),
            verified=around.until(fact.verify_by),
        ),
    )


@tell.register
def _(fact: facts.FixObjected, around: Setting) -> str:
    return say("%(who)s objected to the reported fix: it must be seen on site.", who=around.who)


@tell.register
def _(fact: facts.FixConcurred, around: Setting) -> str:
    return say("%(who)s confirmed the reported fix.", who=around.who)


@tell.register
def _(fact: facts.VerificationBooked, around: Setting) -> str:
    if fact.modality is Modality.ON_SITE and not around.sight.staff:
        return say("The programme has arranged the verification of the fix.")
    return say(
        "%(who)s arranged the verification: %(verifier)s, %(how)s, on %(day)s.",
        who=around.who,
        verifier=around.name(fact.verifier),
        how=saying.MODALITY[fact.modality],
        day=day(fact.on),
    )


@tell.register
def _(fact: facts.Verified, around: Setting) -> str:
    verified = say(_VERDICTS[fact.verdict], who=around.who, how=saying.MODALITY[fact.modality])
    if fact.verdict is Verdict.PASS and fact.effectiveness_by:
        day_of_check = around.until(fact.effectiveness_by)
        return sentences(verified, say("Whether it holds is checked by %(day)s.", day=day_of_check))
    remaining = "; ".join(
        say("%(action)s by %(day)s", action=around.action(each.id), day=day(each.due))
        for each in fact.remaining
    )
    return sentences(verified, say("What remains: %(actions)s.", actions=remaining) if remaining else "")


@tell.register
def _(fact: facts.EffectivenessChecked, around: Setting) -> str:
    if fact.held:
        return say("%(who)s checked the fix on %(day)s: it has held.", who=around.who, day=day(fact.on))
    return say("%(who)s checked the fix on %(day)s: it has not held.", who=around.who, day=day(fact.on))


@tell.register
def _(fact: facts.Reopened, around: Setting) -> str:
    return sentences(
        say(_CAUSES[fact.cause]),
        say(
            "Attempt %(number)s begins, as %(severity)s, with new dates.",
            number=fact.attempt,
            severity=saying.SEVERITY[fact.severity],
        ),
    )


@tell.register
def _(fact: facts.Ended, around: Setting) -> str:
    return say("The finding's life ended. %(stage)s.", stage=saying.STAGES[fact.stage])
