"""Refusals: why an order cannot be carried out.

Each has a stable code, which programs branch on, and a sentence for people that names the way out.
Nobody branches on the sentence.
"""

from typing import ClassVar


class Refusal(Exception):
    """An order that the rules do not allow now. Nothing was changed.

    `field` names the field of the order that is at fault, where one is.
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = "This is not possible now."

    def __init__(self, sentence: str = "", *, field: str = "") -> None:
        self.field = field
        super().__init__(sentence or self.sentence)


class NotAtThisStage(Refusal):
    """The lifecycle of domain.md section 6 does not know this step at the finding's stage."""

    code = "not_at_this_stage"


class NotAMember(Refusal):
    """Only a person who holds a seat on the committee may do this."""

    code = "not_a_member"
    sentence = "Only a member of the factory's committee can do this."


class NotYourRole(Refusal):
    """The rules reserve this decision for another role."""

    code = "not_your_role"


class NotIndependent(Refusal):
    """Author, reporter and assessor do not judge their own work."""

    code = "not_independent"


class NotYours(Refusal):
    """Somebody would take back what they have not said."""

    code = "not_yours"


class MovesOutdated(Refusal):
    """What was confirmed is not what would be done now."""

    code = "preview_outdated"
    sentence = "The dates would move otherwise than was shown. Look at them again, and confirm what you see."


class TooLate(Refusal):
    """The time the rules allow for this has passed."""

    code = "too_late"


class TooEarly(Refusal):
    """The rules ask for something to happen or pass first."""

    code = "too_early"


class AlreadyDone(Refusal):
    """It happened before, and the rules allow it once."""

    code = "already_done"


class RevisionOutdated(Refusal):
    """The proposal was edited after the member read it; a signature holds for one exact text."""

    code = "revision_outdated"
    sentence = "The proposal has changed since you opened it. Read the current revision, then sign that one."


class ProposalMissing(Refusal):
    """There is no open proposal to sign, refuse or approve."""

    code = "proposal_missing"
    sentence = "There is no open proposal. A committee member must propose first."


class DateBeyondPolicy(Refusal):
    """An action's date lies after the last day the policy allows for the severity."""

    code = "date_beyond_policy"


class DateInThePast(Refusal):
    """A promise needs a date that has not passed."""

    code = "date_in_the_past"


class ActionsInvalid(Refusal):
    """A proposal needs actions, or a reasoned wish to take none."""

    code = "actions_invalid"


class UnknownAction(Refusal):
    """The order names an action the commitment does not hold."""

    code = "unknown_action"
    sentence = "The commitment has no such action. Look at the finding's actions for their ids."


class ReasonRequired(Refusal):
    """The rules ask for a reason in words."""

    code = "reason_required"


class EvidenceRequired(Refusal):
    """The rules ask for evidence: a photograph, a document or a record."""

    code = "evidence_required"
    sentence = "Attach at least one piece of evidence."


class ActionsNotDone(Refusal):
    """A fix can be reported when every action is done."""

    code = "actions_not_done"


class ExtensionPending(Refusal):
    """One extension at a time."""

    code = "extension_pending"
    sentence = "An extension is already being decided. Wait for the decision."


class ExtensionMissing(Refusal):
    """There is no extension to sign or decide."""

    code = "extension_missing"
    sentence = "No extension has been asked for."


class ExtensionLimit(Refusal):
    """At most two extensions, at most half of the original window together."""

    code = "extension_limit"


class SuspensionMissing(Refusal):
    """There is no suspension to countersign, decline or end."""

    code = "suspension_missing"


class SuspensionLimit(Refusal):
    """A suspension is capped, and so are all of an attempt together."""

    code = "suspension_limit"


class NeverSuspended(Refusal):
    """Nothing stops the clock of a zero-tolerance finding."""

    code = "never_suspended"
    sentence = "A zero-tolerance finding is never suspended: its clock runs whatever happens."


class SnoozeLimit(Refusal):
    """A step of the ladder is put off once a level, by a few working days, and never under zero tolerance."""

    code = "snooze_limit"


class OnSiteRequired(Refusal):
    """Some fixes can only be seen on site: zero tolerance, repeats, objections, proof by interview."""

    code = "on_site_required"


class FieldInvalid(Refusal):
    """A value of the order lies outside what the rules can work with; `field` names it."""

    code = "field_invalid"


class SameAsBefore(Refusal):
    """The order would change nothing."""

    code = "same_as_before"


class QuorumMissing(Refusal):
    """Too few members of a side are present for a meeting to decide."""

    code = "quorum_missing"
    sentence = (
        "The meeting has no quorum. Note who else is here, or vote one by one on the findings' own pages."
    )


class NotPresent(Refusal):
    """Only who is noted as present votes in a meeting, or signs its minutes."""

    code = "not_present"
    sentence = "Only a member who is noted as present at the meeting can do this."


class NotOnTheAgenda(Refusal):
    """A visit's outcome is about a finding that the visit does not look at."""

    code = "not_on_the_agenda"
    sentence = "This finding is not on the visit's agenda. Look at the visit for those that are."
