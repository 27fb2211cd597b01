"""What people can do on a finding's page: one line for each verb, the most pressing first."""

from dataclasses import dataclass

from remediation import facts
from remediation.facts import Fact, kind
from remediation.waiting import Ask
from remediation.words import Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A verb as a page words it.

    `next` says what happens once it is done; `answers` is what waits for it; `shows` are the
    latest facts that somebody wants to read before.
    """

    title: str
    next: str
    answers: tuple[Duty | Ask, ...] = ()
    shows: tuple[type[Fact], ...] = ()


_FIX = (facts.FixReported, facts.FixObjected, facts.FixConcurred)

ACTS: dict[str, Act] = {
    "decide_alarm": Act(
        title="Decide the alarm",
        next="Confirmed, it is told to the factory, and its hours run. Cancelled, it goes the usual way.",
        answers=(Duty.CONFIRM_ALARM,),
    ),
    "notify_authority": Act(
        title="Record the notice to the authority",
        next="The notice is on record. Everything else on the finding goes on as before.",
        answers=(Duty.NOTIFY_AUTHORITY,),
    ),
    "contain": Act(
        title="Show that the harm has stopped",
        next="The containment is on record, and no reminder of it will come. The plan is still to be agreed.",
        answers=(Duty.CONTAIN,),
    ),
    "sign": Act(
        title="Sign the plan",
        next="Your signature counts for exactly this text. When both sides have signed, the plan holds.",
        answers=(Duty.COMMIT, Ask.SIGN),
    ),
    "propose": Act(
        title="Propose a plan",
        next="The plan is on the table. The members of both sides are asked to read and sign it.",
        answers=(Duty.REVIEW, Duty.COMMIT, Ask.PROPOSE),
    ),
    "refuse": Act(
        title="Refuse the plan",
        next="Your refusal is on record. Any member may propose another plan.",
    ),
    "approve_no_action": Act(
        title="Accept that nothing is done",
        next="The plan needs no more than the signatures of both sides.",
        answers=(Ask.ACCEPT_NO_ACTION,),
    ),
    "decide_dispute": Act(
        title="Decide the dispute",
        next="The factory and the advisor are told. If the finding stands, its dates move by that time.",
        answers=(Duty.DECIDE_DISPUTE,),
        shows=(facts.Disputed,),
    ),
    "close_mediation": Act(
        title="Close the mediation",
        next="The mediation has ended. The committee can still agree on a plan.",
        answers=(Duty.MEDIATE,),
        shows=(facts.DeadlockDeclared,),
    ),
    "cosign_extension": Act(
        title="Join the request for a later date",
        answers=(Ask.COSIGN,),
        next="Both sides have asked. Whoever decides it is told; until it is granted, the date stays.",
        shows=(facts.ExtensionRequested,),
    ),
    "decide_extension": Act(
        title="Decide on the later date",
        next="The manager and the co-chairs are told of the decision.",
        answers=(Duty.DECIDE_EXTENSION,),
        shows=(facts.ExtensionRequested,),
    ),
    "countersign_suspension": Act(
        title="Countersign the suspension",
        next="The factory's clock stands still, and its dates ahead move. The factory is told.",
        answers=(Duty.DECIDE_SUSPENSION,),
        shows=(facts.SuspensionAsked,),
    ),
    "decline_suspension": Act(
        title="Decline the suspension",
        next="The clock goes on, and the advisor is told.",
        answers=(Duty.DECIDE_SUSPENSION,),
        shows=(facts.SuspensionAsked,),
    ),
    "decide_consequence": Act(
        title="Decide what follows",
        next="Everybody who had been told hears what was decided.",
        answers=(Duty.DECIDE_CONSEQUENCE,),
        shows=(facts.DecisionDue,),
    ),
    "accept_recovery_plan": Act(
        title="Accept the recovery plan",
        next="It comes one level down, and the ladder waits for the plan's last day.",
        answers=(Duty.DECIDE_RECOVERY_PLAN,),
        shows=(facts.RecoveryPlanFiled,),
    ),
    "return_recovery_plan": Act(
        title="Return the recovery plan",
        next="The manager is asked for a better one. The ladder goes on.",
        answers=(Duty.DECIDE_RECOVERY_PLAN,),
        shows=(facts.RecoveryPlanFiled,),
    ),
    "file_recovery_plan": Act(
        title="File a recovery plan",
        next="The team leader accepts it or returns it. Until then the ladder goes on.",
        answers=(Duty.RECOVERY_PLAN,),
        shows=(facts.RecoveryPlanReturned,),
    ),
    "report_fixed": Act(
        title="Report the fix",
        next="Workers may object for some days, and somebody independent will verify the fix.",
        answers=(Duty.REPORT_FIX,),
    ),
    "record_progress": Act(
        title="Record progress",
        next="It is on record. When every action is done, the manager reports the fix.",
        answers=(Duty.ACTION, Duty.PROGRESS_REVIEW),
    ),
    "verify": Act(
        title="Record a verification",
        next="The manager, the co-chairs and the advisor are told what was found.",
        answers=(Duty.VERIFY,),
        shows=_FIX,
    ),
    "book_verification": Act(
        title="Book a verification",
        next="Who verifies is told. The day of a visit is not told to the factory.",
        shows=_FIX,
    ),
    "check_effectiveness": Act(
        title="Record whether the fix held",
        next="The check is on record.",
        answers=(Duty.CHECK_EFFECTIVENESS,),
        shows=(facts.FixReported, facts.Verified),
    ),
    "concur_with_fix": Act(
        title="Confirm the fix",
        next="The workers' side has confirmed the fix; nobody waits for objections any longer.",
        shows=_FIX,
    ),
    "object_to_fix": Act(
        title="Object to the fix",
        next="The objection stands: somebody will look at the fix on site.",
        shows=_FIX,
    ),
    "acknowledge": Act(
        title="Acknowledge an escalation",
        answers=(Ask.ACKNOWLEDGE,),
        next="It is on record that you have seen it. What is owed is still owed.",
    ),
    "snooze": Act(
        title="Put the next step of the ladder off",
        next="The next step comes so many working days later. What is owed is still owed.",
    ),
    "request_extension": Act(
        title="Ask for a later date",
        next="The other side of the committee must join the request. Until it is granted, the date stays.",
    ),
    "dispute": Act(
        title="Dispute the finding",
        next="The team leader decides. The time that takes is added to the dates.",
    ),
    "allow_later_date": Act(
        title="Allow later dates",
        next="The committee can now promise dates up to that day.",
    ),
    "declare_deadlock": Act(
        title="Declare a deadlock",
        next="The advisor mediates. Management may file an interim plan meanwhile.",
    ),
    "file_interim_plan": Act(
        title="File an interim plan",
        next="The plan holds, marked as not agreed, until the committee agrees on another.",
        shows=(facts.DeadlockDeclared,),
    ),
    "suspend": Act(
        title="Ask for a suspension",
        next="The team leader decides. Until it is countersigned, the clock goes on.",
    ),
    "end_suspension": Act(
        title="End the suspension",
        next="The clock goes on from tomorrow, and the dates come back by the days that were not used.",
        shows=(facts.Suspended,),
    ),
    "amend": Act(
        title="Correct the severity",
        next="The finding's dates are counted anew, from today.",
    ),
    "supersede": Act(
        title="Hand over to the next cycle's finding",
        next="This finding has ended; the other carries on.",
    ),
    "cease": Act(
        title="End the finding: the factory closed or left",
        next="The finding has ended.",
    ),
    "reopen": Act(
        title="Reopen the finding",
        next="A new attempt has begun: the committee reviews the finding again.",
    ),
}
"""Every verb that is given on a finding's page. Of those that answer what waits, the first comes first."""

OUTCOMES: dict[str, str] = {
    kind(facts.Committed): "What is promised holds from now on, and each owner is reminded before the day.",
    kind(facts.ProposalFailed): "With that the plan can no longer pass. A member must propose another.",
    kind(facts.Reopened): "A new attempt has begun: the committee reviews the finding again.",
    kind(facts.Ended): "With that the finding's life is over.",
}
"""What happens next where more followed from it than was asked for."""


def happens_next(verb: str, followed: tuple[str, ...]) -> str:
    """Give what happens after a verb that led to facts of these kinds."""
    return next((OUTCOMES[each] for each in reversed(followed) if each in OUTCOMES), ACTS[verb].next)
