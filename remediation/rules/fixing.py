"""The manager reports the fix; worker members may object or concur."""

from dataclasses import replace
from datetime import datetime

from remediation.facts import FixConcurred, FixObjected, FixReported
from remediation.finding import Finding, Fix, Notice
from remediation.obligations import AFTER_REPORT
from remediation.orders import ConcurWithFix, ObjectToFix, ReportFixed
from remediation.refusals import ActionsNotDone, AlreadyDone, NotAtThisStage, TooLate
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as, at_stage, evidence_given, worker_member
from remediation.standstills import cut_short
from remediation.words import Duty, Modality, Role, Stage


def report_fixed(order: ReportFixed, finding: Finding, now: datetime) -> Facts:
    at_stage(finding, Stage.COMMITTED, to="report a fix")
    acting_as(order, Role.MANAGER, to="report a fix")
    undone = [action.id for action in finding.actions if not action.done]
    if undone:
        message = f"These actions are not done yet: {', '.join(undone)}. Record their progress first."
        raise ActionsNotDone(message)
    evidence_given(order.evidence, order.files)
    return (
        FixReported(
            reporter=order.by,
            evidence=order.evidence,
            files=order.files,
            note=order.note,
            objections_until=finding.calendar.due(now, finding.policy.windows.objection),
            verify_by=finding.calendar.due(now, finding.terms.verify),
        ),
    )


def fix_reported(fact: FixReported, finding: Finding, stamp: Stamp) -> Finding:
    return replace(
        cut_short(finding, stamp.at).moved_to(Stage.FIX_REPORTED),
        extension=None,
        mediate_by=None,
        proposal=None,
        fix=Fix(
            reporter=fact.reporter,
            reported_at=stamp.at,
            objections_until=fact.objections_until,
            verify_by=fact.verify_by,
            graded=finding.severity,
            owed=_sent_about_it(finding),
        ),
        fixers=tuple(dict.fromkeys((*finding.fixers, fact.reporter))),
    )


def object_to_fix(order: ObjectToFix, finding: Finding, now: datetime) -> Facts:
    fix = reported_fix(finding)
    worker_member(finding, order)
    if fix.objected:
        message = "An objection stands already; the next visit will look at it."
        raise AlreadyDone(message)
    if now >= fix.objections_until:
        message = f"Objections could be raised within {finding.policy.windows.objection} of the report."
        raise TooLate(message)
    evidence_given((), order.files, required=False)
    return (FixObjected(person=order.by, reason=order.reason, files=order.files),)


def fix_objected(fact: FixObjected, finding: Finding, stamp: Stamp) -> Finding:
    fix = replace(reported_fix(finding), objected=True)
    if fix.modality is Modality.ON_SITE or fix.verifier is None:
        return replace(finding, fix=fix)
    # What was booked for the desk falls away: somebody has to go and look.
    return replace(finding.moved_to(Stage.FIX_REPORTED), fix=replace(fix, verifier=None, modality=None))


def concur_with_fix(order: ConcurWithFix, finding: Finding, now: datetime) -> Facts:
    fix = reported_fix(finding)
    worker_member(finding, order)
    if fix.objected or fix.concurred:
        message = "The workers' side has answered the report already."
        raise AlreadyDone(message)
    return (FixConcurred(person=order.by),)


def fix_concurred(fact: FixConcurred, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, fix=replace(reported_fix(finding), concurred=True, concurred_by=fact.person))


def reported_fix(finding: Finding) -> Fix:
    """Give the fix that waits for verification. Refuses at any other stage."""
    if finding.fix is None or finding.path not in AFTER_REPORT:
        message = "There is no reported fix that waits for verification."
        raise NotAtThisStage(message)
    return finding.fix


def _sent_about_it(finding: Finding) -> Notice | None:
    return next((each for each in finding.notices if each.obligation == Duty.REPORT_FIX), None)
