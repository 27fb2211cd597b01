"""Somebody independent looks: pass, partial or fail; later, whether the fix held."""

from dataclasses import replace
from datetime import date, datetime

from remediation.facts import EffectivenessChecked, Ended, VerificationBooked, Verified
from remediation.finding import Action, Finding, Fix
from remediation.orders import BookVerification, CheckEffectiveness, Verify
from remediation.refusals import (
    DateInThePast,
    FieldInvalid,
    NotAtThisStage,
    NotIndependent,
    OnSiteRequired,
    TooEarly,
    UnknownAction,
)
from remediation.rules.core import Facts, Stamp
from remediation.rules.endings import reopening
from remediation.rules.fixing import reported_fix
from remediation.rules.guards import acting_as, day_ahead, evidence_given, within_a_fix
from remediation.rules.recovery import carried_down
from remediation.words import ActionId, Modality, PersonId, Role, Stage, Verdict

VERIFIERS = (Role.ADVISOR, Role.TEAM_LEADER)


def book_verification(order: BookVerification, finding: Finding, now: datetime) -> Facts:
    reported_fix(finding)
    acting_as(order, *VERIFIERS, to="book a verification")
    _independent(finding, order.verifier, field="verifier")
    _seen_where_it_must_be(finding, order.modality)
    day_ahead(finding.calendar, order.on, now, field="on")
    booked = VerificationBooked(
        verifier=order.verifier, modality=order.modality, on=order.on, visit=order.visit
    )
    return (booked,)


def verification_booked(fact: VerificationBooked, finding: Finding, stamp: Stamp) -> Finding:
    fix = replace(reported_fix(finding), verifier=fact.verifier, modality=fact.modality)
    return replace(finding.moved_to(Stage.VERIFYING), fix=fix)


def verify(order: Verify, finding: Finding, now: datetime) -> Facts:
    fix = reported_fix(finding)
    acting_as(order, *VERIFIERS, to="verify a fix")
    _independent(finding, order.by)
    _seen_where_it_must_be(finding, order.modality)
    _workers_were_heard(fix, order.modality, now)
    evidence_given(order.evidence, order.files)
    _remaining_named(finding, order, now)
    seen = Verified(
        verdict=order.verdict,
        modality=order.modality,
        verifier=order.by,
        evidence=order.evidence,
        files=order.files,
        note=order.note,
        remaining=order.remaining,
        effectiveness_by=_effectiveness_by(finding, order.verdict, now),
    )
    if seen.verdict is Verdict.FAIL:
        return (seen, reopening(finding, "verification", finding.severity))
    after = verified(seen, finding, Stamp(now, order.by))
    return (seen, *carried_down(after, finding, [each.id for each in order.remaining]))


def verified(fact: Verified, finding: Finding, stamp: Stamp) -> Finding:
    fix = reported_fix(finding)
    if fact.verdict is Verdict.PASS:
        seen = replace(
            fix,
            verifier=fact.verifier,
            modality=fact.modality,
            verified_on=finding.calendar.today(stamp.at),
            verified_at=stamp.at,
            effectiveness_by=fact.effectiveness_by,
            graded=finding.severity,
        )
        return replace(finding.moved_to(Stage.CLOSED), fix=seen)
    if fact.verdict is Verdict.FAIL:
        return finding  # the reopening that follows starts the next attempt
    remaining = {each.id: each.due for each in fact.remaining}
    return replace(
        finding.moved_to(Stage.COMMITTED),
        fix=None,
        last_progress=stamp.at,
        actions=tuple(_again(action, remaining, stamp.at) for action in finding.actions),
    )


def check_effectiveness(order: CheckEffectiveness, finding: Finding, now: datetime) -> Facts:
    acting_as(order, *VERIFIERS, to="check whether a fix held")
    _independent(finding, order.by)
    verified_on = _verified_on(finding)
    if order.on <= verified_on:
        message = f"The check must be dated after the verification on {verified_on.isoformat()}."
        raise TooEarly(message, field="on")
    if order.on > finding.calendar.today(now):
        message = "The check must not be dated in the future."
        raise FieldInvalid(message, field="on")
    evidence_given(order.evidence, order.files)
    checked = EffectivenessChecked(
        held=order.held, on=order.on, evidence=order.evidence, files=order.files, note=order.note
    )
    if order.held:
        return (checked, Ended(stage=Stage.SUSTAINED))
    return (checked, reopening(finding, "effectiveness", finding.severity.one_up))


def effectiveness_checked(fact: EffectivenessChecked, finding: Finding, stamp: Stamp) -> Finding:
    return finding  # what follows from it is a fact of its own


def _independent(finding: Finding, verifier: PersonId, *, field: str = "") -> None:
    """Refuse who planned, did or reported the fix, and every member: the factory employs them all."""
    if verifier in finding.fixers or finding.seat_of(verifier) is not None:
        message = "A fix is verified by somebody who neither planned, did nor reported it."
        raise NotIndependent(message, field=field)


def _seen_where_it_must_be(finding: Finding, modality: Modality) -> None:
    if modality is Modality.DESKTOP and finding.must_be_seen_on_site:
        message = "This fix must be seen on site: documents alone cannot show it."
        raise OnSiteRequired(message, field="modality")


def _workers_were_heard(fix: Fix, modality: Modality, now: datetime) -> None:
    """On site the verifier hears the workers; from a desk their window to object must have passed."""
    if modality is Modality.DESKTOP and not fix.concurred and now < fix.objections_until:
        message = "Workers may still object. Wait until their window ends or a worker member concurs."
        raise TooEarly(message)


def _remaining_named(finding: Finding, order: Verify, now: datetime) -> None:
    if (order.verdict is Verdict.PARTIAL) != bool(order.remaining):
        message = "A partial verdict, and only that, lists the actions that remain with their new dates."
        raise FieldInvalid(message, field="remaining")
    if len({each.id for each in order.remaining}) < len(order.remaining):
        message = "Each action that remains is listed once."
        raise FieldInvalid(message, field="remaining")
    for each in order.remaining:
        if finding.action(each.id) is None:
            raise UnknownAction(field="remaining")
        _new_date_fits(finding, each.due, now)


def _new_date_fits(finding: Finding, due: date, now: datetime) -> None:
    """Give what remains as long again as the policy gives a fix: the verifier allows the later date."""
    day_ahead(finding.calendar, due, now, field="remaining")
    if due == finding.calendar.today(now):
        message = f"The new date {due.isoformat()} must lie ahead."
        raise DateInThePast(message, field="remaining")
    within_a_fix(finding, due, now, field="remaining")


def _again(action: Action, remaining: dict[ActionId, date], at: datetime) -> Action:
    due = remaining.get(action.id)
    return action if due is None else replace(action, percent=0, due=due, since=at, level=0)


def _effectiveness_by(finding: Finding, verdict: Verdict, now: datetime) -> datetime | None:
    span = finding.terms.effectiveness
    if verdict is not Verdict.PASS or span is None:
        return None
    return finding.calendar.due(now, span)


def _verified_on(finding: Finding) -> date:
    if finding.fix is None or finding.fix.verified_on is None:
        message = "Whether a fix held is checked after its verification has closed the finding."
        raise NotAtThisStage(message)
    return finding.fix.verified_on
