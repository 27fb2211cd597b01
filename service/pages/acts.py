"""What people can do on a finding's or gathering's page: one line for each verb, the most pressing first."""

from collections.abc import Mapping
from dataclasses import dataclass

from notifications.wording import N_
from remediation import facts
from remediation.facts import Fact, kind
from remediation.gatherings.gathering import Kind, kind_of
from remediation.waiting import Ask
from remediation.words import Duty, Statement, SubjectId
from service.speaking import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A verb as a page words it, in English: `say` gives it to who reads it.

    `next` says what happens once it is done, and `lasts` what can be done about it afterwards; `answers`
    is what waits for it; `shows` are the latest facts that somebody wants to read before.
    """

    title: str
    next: str
    lasts: str = N_("It stays on record, and cannot be undone.")
    refusable: bool = True
    """Whether a page says why it cannot be done: nobody wants to read that there is nothing to take back."""
    answers: tuple[Duty | Ask, ...] = ()
    shows: tuple[type[Fact], ...] = ()


UNDOABLE: dict[str, Statement] = {
    "sign": Statement.SIGNATURE,
    "refuse": Statement.REFUSAL,
    "dispute": Statement.DISPUTE,
    "request_extension": Statement.EXTENSION_REQUEST,
    "suspend": Statement.SUSPENSION_REQUEST,
    "report_fixed": Statement.FIX_REPORT,
    "concur_with_fix": Statement.CONFIRMATION,
}
"""What can be taken back, and as what."""
_UNDONE = N_("You can take it back as long as nobody else has acted on it.")
_FIX = (facts.FixReported, facts.FixObjected, facts.FixConcurred)

ACTS: dict[str, Act] = {
    "decide_alarm": Act(
        title=N_("Decide the alarm"),
        next=N_("Confirmed, it is told to the factory, and its hours run. Cancelled, it goes the usual way."),
        answers=(Duty.CONFIRM_ALARM,),
    ),
    "notify_authority": Act(
        title=N_("Record the notice to the authority"),
        next=N_("The notice is on record. Everything else on the finding goes on as before."),
        answers=(Duty.NOTIFY_AUTHORITY,),
    ),
    "contain": Act(
        title=N_("Show that the harm has stopped"),
        next=N_(
            "The containment is on record, and no reminder of it will come. The plan is still to be agreed."
        ),
        answers=(Duty.CONTAIN,),
    ),
    "sign": Act(
        title=N_("Sign the plan"),
        next=N_("Your signature counts for exactly this text. When both sides have signed, the plan holds."),
        answers=(Duty.COMMIT, Ask.SIGN),
        lasts=_UNDONE,
    ),
    "propose": Act(
        title=N_("Propose a plan"),
        next=N_("The plan is on the table. The members of both sides are asked to read and sign it."),
        answers=(Duty.REVIEW, Duty.COMMIT, Ask.PROPOSE),
        lasts=N_("It stays on record. Another plan can take its place until both sides have signed."),
    ),
    "refuse": Act(
        title=N_("Refuse the plan"),
        next=N_("Your refusal is on record. Any member may propose another plan."),
        lasts=_UNDONE,
    ),
    "approve_no_action": Act(
        title=N_("Accept that nothing is done"),
        next=N_("The plan needs no more than the signatures of both sides."),
        answers=(Ask.ACCEPT_NO_ACTION,),
    ),
    "decide_dispute": Act(
        title=N_("Decide the dispute"),
        next=N_("The factory and the advisor are told. If the finding stands, its dates move by that time."),
        answers=(Duty.DECIDE_DISPUTE,),
        shows=(facts.Disputed,),
    ),
    "close_mediation": Act(
        title=N_("Close the mediation"),
        next=N_("The mediation has ended. The committee can still agree on a plan."),
        answers=(Duty.MEDIATE,),
        shows=(facts.DeadlockDeclared,),
    ),
    "cosign_extension": Act(
        title=N_("Join the request for a later date"),
        answers=(Ask.COSIGN,),
        next=N_("Both sides have asked. Whoever decides it is told; until it is granted, the date stays."),
        shows=(facts.ExtensionRequested,),
    ),
    "decide_extension": Act(
        title=N_("Decide on the later date"),
        next=N_("The manager and the co-chairs are told of the decision."),
        answers=(Duty.DECIDE_EXTENSION,),
        shows=(facts.ExtensionRequested,),
    ),
    "countersign_suspension": Act(
        title=N_("Countersign the suspension"),
        next=N_("The factory's clock stands still, and its dates ahead move. The factory is told."),
        answers=(Duty.DECIDE_SUSPENSION,),
        shows=(facts.SuspensionAsked,),
    ),
    "decline_suspension": Act(
        title=N_("Decline the suspension"),
        next=N_("The clock goes on, and the advisor is told."),
        answers=(Duty.DECIDE_SUSPENSION,),
        shows=(facts.SuspensionAsked,),
    ),
    "decide_consequence": Act(
        title=N_("Decide what follows"),
        next=N_("Everybody who had been told hears what was decided."),
        answers=(Duty.DECIDE_CONSEQUENCE,),
        shows=(facts.DecisionDue,),
    ),
    "accept_recovery_plan": Act(
        title=N_("Accept the recovery plan"),
        next=N_("It comes one level down, and the ladder waits for the plan's last day."),
        answers=(Duty.DECIDE_RECOVERY_PLAN,),
        shows=(facts.RecoveryPlanFiled,),
    ),
    "return_recovery_plan": Act(
        title=N_("Return the recovery plan"),
        next=N_("The manager is asked for a better one. The ladder goes on."),
        answers=(Duty.DECIDE_RECOVERY_PLAN,),
        shows=(facts.RecoveryPlanFiled,),
    ),
    "file_recovery_plan": Act(
        title=N_("File a recovery plan"),
        next=N_("The team leader accepts it or returns it. Until then the ladder goes on."),
        answers=(Duty.RECOVERY_PLAN,),
        shows=(facts.RecoveryPlanReturned,),
    ),
    "report_fixed": Act(
        title=N_("Report the fix"),
        next=N_("Workers may object for some days, and somebody independent will verify the fix."),
        answers=(Duty.REPORT_FIX,),
        lasts=_UNDONE,
    ),
    "record_progress": Act(
        title=N_("Record progress"),
        next=N_("It is on record. When every action is done, the manager reports the fix."),
        answers=(Duty.ACTION, Duty.PROGRESS_REVIEW),
        lasts=N_("It stays on record. Less than 100 percent is put right by recording another number."),
    ),
    "verify": Act(
        title=N_("Record a verification"),
        next=N_("The manager, the co-chairs and the advisor are told what was found."),
        answers=(Duty.VERIFY,),
        shows=_FIX,
    ),
    "book_verification": Act(
        title=N_("Book a verification"),
        next=N_("Who verifies is told. The day of a visit is not told to the factory."),
        shows=_FIX,
        lasts=N_("It stays on record. Book again to change who verifies, how or when."),
    ),
    "check_effectiveness": Act(
        title=N_("Record whether the fix held"),
        next=N_("The check is on record."),
        answers=(Duty.CHECK_EFFECTIVENESS,),
        shows=(facts.FixReported, facts.Verified),
    ),
    "concur_with_fix": Act(
        title=N_("Confirm the fix"),
        next=N_("The workers' side has confirmed the fix; nobody waits for objections any longer."),
        shows=_FIX,
        lasts=_UNDONE,
    ),
    "object_to_fix": Act(
        title=N_("Object to the fix"),
        next=N_("The objection stands: somebody will look at the fix on site."),
        shows=_FIX,
        lasts=N_(
            "It stands: nobody can press you to take it back. Management sees photos that come with it, but "
            "not who handed them in."
        ),
    ),
    "take_back": Act(
        title=N_("Take back what you said"),
        next=N_("It counts no more, and stays on record. Whoever had been told of it is told of this."),
        lasts=N_("What you take back you can say again, as long as it is time for it."),
        refusable=False,
    ),
    "acknowledge": Act(
        title=N_("Acknowledge an escalation"),
        answers=(Ask.ACKNOWLEDGE,),
        next=N_("It is on record that you have seen it. What is owed is still owed."),
    ),
    "snooze": Act(
        title=N_("Put the next step of the ladder off"),
        next=N_("The next step comes so many working days later. What is owed is still owed."),
    ),
    "request_extension": Act(
        title=N_("Ask for a later date"),
        next=N_(
            "The other side of the committee must join the request. Until it is granted, the date stays."
        ),
        lasts=_UNDONE,
    ),
    "dispute": Act(
        title=N_("Dispute the finding"),
        next=N_("The team leader decides. The time that takes is added to the dates."),
        lasts=_UNDONE,
    ),
    "allow_later_date": Act(
        title=N_("Allow later dates"),
        next=N_("The committee can now promise dates up to that day."),
    ),
    "declare_deadlock": Act(
        title=N_("Declare a deadlock"),
        next=N_("The advisor mediates. Management may file an interim plan meanwhile."),
    ),
    "file_interim_plan": Act(
        title=N_("File an interim plan"),
        next=N_("The plan holds, marked as not agreed, until the committee agrees on another."),
        shows=(facts.DeadlockDeclared,),
    ),
    "suspend": Act(
        title=N_("Ask for a suspension"),
        next=N_("The team leader decides. Until it is countersigned, the clock goes on."),
        lasts=_UNDONE,
    ),
    "end_suspension": Act(
        title=N_("End the suspension"),
        next=N_("The clock goes on from tomorrow, and the dates come back by the days that were not used."),
        shows=(facts.Suspended,),
    ),
    "amend": Act(
        title=N_("Correct the severity"),
        next=N_("The finding's dates are counted anew, from today."),
    ),
    "supersede": Act(
        title=N_("Hand over to the next cycle's finding"),
        next=N_("This finding has ended; the other carries on."),
        lasts=N_("It stays on record. A team leader can reopen the finding."),
    ),
    "cease": Act(
        title=N_("End the finding: the factory closed or left"),
        next=N_("The finding has ended."),
        lasts=N_("It stays on record. A team leader can reopen the finding."),
    ),
    "reopen": Act(
        title=N_("Reopen the finding"),
        next=N_("A new attempt has begun: the committee reviews the finding again."),
    ),
}
"""Every verb that is given on a finding's page. Of those that answer what waits, the first comes first."""

OF_GATHERINGS: Mapping[Kind, Mapping[str, Act]] = {
    Kind.PLAN: {
        "file_plan": Act(
            title=N_("File the improvement plan"),
            next=N_("It is no longer owed as a whole. Each finding keeps its own dates."),
            answers=(Duty.FILE_PLAN,),
        ),
        **{verb: ACTS[verb] for verb in ("decide_consequence", "acknowledge", "snooze")},
    },
    Kind.MEETING: {
        "sign_minutes": Act(
            title=N_("Sign the minutes"),
            next=N_("Your signature counts for exactly these minutes. One of each side signs them."),
            answers=(Duty.SIGN_MINUTES,),
        ),
        "begin_meeting": Act(
            title=N_("Begin the meeting"),
            next=N_("Note who is here. As soon as there is a quorum, members can vote together."),
            answers=(Duty.HOLD_MEETING,),
        ),
        "record_attendance": Act(
            title=N_("Note who is here"),
            next=N_("The quorum is counted anew."),
            lasts=N_("It can be changed until the meeting ends."),
        ),
        "vote_together": Act(
            title=N_("Sign plans together"),
            next=N_("Each vote is given to its finding in the member's name. What came of it stands below."),
            lasts=N_("A vote can be taken back on its finding's page while nobody else has acted on it."),
        ),
        "end_meeting": Act(
            title=N_("End the meeting"),
            next=N_("Its minutes are drafted. One of each side reads and signs them."),
            answers=(Duty.HOLD_MEETING,),
        ),
        "set_agenda": Act(
            title=N_("Change the agenda"),
            next=N_("This is the agenda from now on."),
            lasts=N_("It can be changed until the meeting ends."),
        ),
        "move_meeting": Act(
            title=N_("Move the meeting"),
            next=N_("Everybody who is invited gets the new time, for their calendar, too."),
            lasts=N_("It can be moved again until it begins."),
        ),
        "cancel_meeting": Act(
            title=N_("Cancel the meeting"),
            next=N_("Everybody who was invited is told, and their calendar as well."),
        ),
        "correct_minutes": Act(
            title=N_("Correct the minutes"),
            next=N_("Signatures given before do not count for the new text: it is signed anew."),
            lasts=N_("They can be corrected again until both sides have signed."),
        ),
        "print_sheet": Act(
            title=N_("Make a sheet to sign on paper"),
            next=N_("It holds the plans of the agenda exactly as they lie on the table now, to be printed."),
            refusable=False,
        ),
        "record_paper": Act(
            title=N_("Enter what was signed on paper"),
            next=N_("The advisor compares it with the photo. Until then nothing counts."),
            refusable=False,
        ),
        "witness_paper": Act(
            title=N_("Compare the signed sheet with what was entered"),
            next=N_("Each vote is given to its finding in the member's name."),
            answers=(Duty.WITNESS_PAPER,),
            refusable=False,
        ),
        "decline_paper": Act(
            title=N_("Do not witness a signed sheet"),
            next=N_("Who entered it is told. Nothing of it counts, and the sheet can be entered anew."),
            refusable=False,
        ),
    },
    Kind.VISIT: {
        "record_outcome": Act(
            title=N_("Record an outcome"),
            next=N_("The finding is told of it now, and what it says stands on the checklist."),
            refusable=False,
        ),
        "begin_visit": Act(
            title=N_("Begin the visit"),
            next=N_("The factory knows of the visit from now on. Record each outcome on the checklist."),
            answers=(Duty.HOLD_VISIT,),
            refusable=False,
        ),
        "end_visit": Act(
            title=N_("End the visit"),
            next=N_("The report is there, and the factory is told. What nobody looked at stays due."),
            answers=(Duty.END_VISIT,),
            refusable=False,
        ),
        "postpone_visit": Act(
            title=N_("Postpone the visit"),
            next=N_("Whoever knew of the visit is told. No date of any finding moves."),
            lasts=N_("It stays on record. The visit can be put off again."),
            refusable=False,
        ),
        "cancel_visit": Act(
            title=N_("Cancel the visit"),
            next=N_("Whoever knew of the visit is told. No date of any finding moves."),
            refusable=False,
        ),
    },
}
"""Every verb that is given on the page of a gathering, by its kind."""

OUTCOMES: dict[str, str] = {
    kind(facts.Committed): N_(
        "What is promised holds from now on, and each owner is reminded before the day."
    ),
    kind(facts.ProposalFailed): N_("With that the plan can no longer pass. A member must propose another."),
    kind(facts.Reopened): N_("A new attempt has begun: the committee reviews the finding again."),
    kind(facts.Ended): N_("With that the finding's life is over."),
}
"""What happens next where more followed from it than was asked for."""


def acts_of(subject: SubjectId | str) -> Mapping[str, Act]:
    """Give the verbs that are given on the page of a finding or gathering, by its id."""
    kind_ = kind_of(subject)
    return OF_GATHERINGS[kind_] if kind_ else ACTS


def happens_next(act: Act, followed: tuple[str, ...]) -> str:
    """Give what happens after a verb that led to facts of these kinds, in the language spoken."""
    return say(next((OUTCOMES[each] for each in reversed(followed) if each in OUTCOMES), act.next))
