"""Somebody independent looks: pass, partial or fail; later, whether the fix held."""

from dataclasses import replace
from datetime import date, datetime

from remediation.facts import EffectivenessChecked, Ended, Reopened, VerificationBooked, Verified
from remediation.finding import Action, Finding, Fix
from remediation.orders import BookVerification, CheckEffectiveness, Verify
from remediation.refusals import (
    DateInThePast,
    NotAtThisStage,
    NotIndependent,
    OnSiteRequired,
    SameAsBefore,
    TooEarly,
    TooLate,
    UnknownAction,
)
from remediation.rules.core import Facts, Stamp, apply, decide
from remediation.rules.fixing import reported_fix
from remediation.rules.guards import acting_as, at_stage, evidence_given
from remediation.words import Modality, PersonId, Role, Severity, Stage, Verdict

VERIFIERS = (Role.ADVISOR, Role.TEAM_LEADER)


@decide.register
def _(order: BookVerification, finding: Finding, now: datetime) -> Facts:
    reported_fix(finding)
    acting_as(order, *VERIFIERS, to="book a verification")
    _independent(finding, order.verifier, field="verifier")
    _seen_where_it_must_be(finding, order.modality)
    if order.on < finding.calendar.today(now):
        message = f"The day {order.on.isoformat()} has passed."
        raise DateInThePast(message, field="on")
    return (VerificationBooked(verifier=order.verifier, modality=order.modality, on=order.on),)


@apply.register
def _(fact: VerificationBooked, finding: Finding, stamp: Stamp) -> Finding:
    fix = replace(reported_fix(finding), verifier=fact.verifier, modality=fact.modality)
    return replace(finding, stage=Stage.VERIFYING, fix=fix)


@decide.register
def _(order: Verify, finding: Finding, now: datetime) -> Facts:
    fix = reported_fix(finding)
    acting_as(order, *VERIFIERS, to="verify a fix")
    _independent(finding, order.by, field="")
    _seen_where_it_must_be(finding, order.modality)
    _workers_were_heard(fix, order.modality, now)
    evidence_given(order.evidence)
    _remaining_named(finding, order, now)
    verified = Verified(
        verdict=order.verdict,
        modality=order.modality,
        verifier=order.by,
        evidence=order.evidence,
        note=order.note,
        remaining=order.remaining,
        effectiveness_by=_effectiveness_by(finding, order.verdict, now),
    )
    if order.verdict is not Verdict.FAIL:
        return (verified,)
    return (verified, reopening(finding, "verification", finding.severity))


@apply.register
def _(fact: Verified, finding: Finding, stamp: Stamp) -> Finding:
    fix = reported_fix(finding)
    if fact.verdict is Verdict.PASS:
        today = finding.calendar.today(stamp.at)
        seen = replace(
            fix, verifier=fact.verifier, modality=fact.modality, verified_on=today, effectiveness_by=fact.effectiveness_by
        )
        return replace(finding, stage=Stage.CLOSED, fix=seen)
    if fact.verdict is Verdict.FAIL:
        return finding  # the reopening that follows starts the next attempt
    remaining = {each.id: each.due for each in fact.remaining}
    return replace(
        finding,
        stage=Stage.COMMITTED,
        fix=None,
        last_progress=stamp.at,
        actions=tuple(_again(action, remaining.get(action.id)) for action in finding.actions),
    )


@decide.register
def _(order: CheckEffectiveness, finding: Finding, now: datetime) -> Facts:
    at_stage(finding, Stage.CLOSED, to="check whether a fix held")
    acting_as(order, *VERIFIERS, to="check whether a fix held")
    verified_on = _verified_on(finding)
    if order.on <= verified_on:
        message = f"The check must be dated after the verification on {verified_on.isoformat()}."
        raise TooEarly(message, field="on")
    if order.on > finding.calendar.today(now):
        message = "The check must not be dated in the future."
        raise TooLate(message, field="on")
    evidence_given(order.evidence)
    checked = EffectivenessChecked(held=order.held, on=order.on, evidence=order.evidence, note=order.note)
    if order.held:
        return (checked, Ended(stage=Stage.SUSTAINED))
    return (checked, reopening(finding, "effectiveness", finding.severity.one_up))


@apply.register
def _(fact: EffectivenessChecked, finding: Finding, stamp: Stamp) -> Finding:
    return finding  # what follows from it is a fact of its own


def reopening(finding: Finding, cause: str, severity: Severity) -> Reopened:
    """Give the fact that starts the next attempt."""
    return Reopened(attempt=finding.attempt + 1, severity=severity, cause=cause, reason=None)


def _independent(finding: Finding, verifier: PersonId, *, field: str) -> None:
    """The fixer's employer never verifies: seats belong to the factory, authors and reporters too."""
    if verifier in finding.fixers or finding.seat_of(verifier) is not None or _owns_an_action(finding, verifier):
        message = "A fix is verified by somebody who neither planned, did nor reported it."
        raise NotIndependent(message, field=field)


def _owns_an_action(finding: Finding, person: PersonId) -> bool:
    return any(action.owner == person for action in finding.actions)


def _seen_where_it_must_be(finding: Finding, modality: Modality) -> None:
    if modality is Modality.DESKTOP and finding.must_be_seen_on_site:
        message = "This fix must be seen on site: documents alone cannot show it."
        raise OnSiteRequired(message, field="modality")


def _workers_were_heard(fix: Fix, modality: Modality, now: datetime) -> None:
    """On site the verifier hears the workers; from a desk their window to object must have passed."""
    if modality is Modality.DESKTOP and not fix.concurred and now < fix.objections_until:
        message = "Workers may still object. Wait for the end of their window, or for a worker member to concur."
        raise TooEarly(message)


def _remaining_named(finding: Finding, order: Verify, now: datetime) -> None:
    if (order.verdict is Verdict.PARTIAL) != bool(order.remaining):
        message = "A partial verdict, and only that, lists the actions that remain with their new dates."
        raise SameAsBefore(message, field="remaining")
    today = finding.calendar.today(now)
    for remaining in order.remaining:
        if finding.action(remaining.id) is None:
            raise UnknownAction(field="remaining")
        if remaining.due <= today:
            message = f"The new date {remaining.due.isoformat()} must lie ahead."
            raise DateInThePast(message, field="remaining")


def _again(action: Action, due: date | None) -> Action:
    return action if due is None else replace(action, percent=0, due=due)


def _effectiveness_by(finding: Finding, verdict: Verdict, now: datetime) -> datetime | None:
    span = finding.terms.effectiveness
    if verdict is not Verdict.PASS or span is None:
        return None
    return finding.calendar.due(now, span)


def _verified_on(finding: Finding) -> date:
    if finding.fix is None or finding.fix.verified_on is None:
        message = "The fix has not been verified."
        raise NotAtThisStage(message)
    return finding.fix.verified_on
