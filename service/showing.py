"""A finding as the API and the pages show it, as far as the viewer may see it."""

from datetime import datetime

from remediation.finding import Fix, Proposal
from remediation.permissions import Action
from remediation.standstills import running
from remediation.words import Alarm, Modality, PersonId, Role, Side
from service.api.shapes import (
    ExtensionShape,
    FindingItem,
    FindingShape,
    FixShape,
    Named,
    Promise,
    StandstillShape,
    SuspensionShape,
    Table,
    Votes,
)
from service.dossier import Dossier, PlanAction
from service.sight import Sight
from storage.findings import Listed


def item(listed: Listed, now: datetime, *, texts: bool) -> FindingItem:
    """Give a finding as lists show it at an aware instant; its question in words only with `texts`."""
    row = listed.summary
    return FindingItem(
        id=row.finding,
        programme=row.programme,
        factory=Named(id=row.factory, name=listed.factory_name),
        plan=row.plan,
        cluster=listed.cluster,
        point=row.point,
        question=row.question,
        question_text=listed.question_text if texts else None,
        severity=row.severity,
        stage=row.stage,
        attempt=row.attempt,
        level=row.level,
        overdue=row.next_due is not None and row.next_due <= now,
        restricted=row.restricted,
        issued_at=row.issued_at,
        next_duty=row.next_duty,
        next_due=row.next_due,
        next_due_day=row.next_due_day,
        version=row.seq,
    )


def shape(dossier: Dossier) -> FindingShape:
    """Give one finding in full."""
    finding, subject, sight = dossier.finding, dossier.subject, dossier.sight
    texts = sight.may(Action.VIEW_TEXTS)
    plain = item(dossier.listed, dossier.now, texts=texts)
    return FindingShape(
        **plain.model_dump(),
        cycle=dossier.listed.cycle,
        assessed_on=subject.assessed_on if subject else None,
        statement=subject.statement if subject and texts else None,
        evidence=subject.evidence if subject and texts else None,
        suggested_deadline=subject.suggested_deadline if subject and texts else None,
        assessor=named(sight, finding.assessor),
        repeat_of=finding.repeat_of,
        successor=finding.successor,
        alarm=_alarm(dossier),
        contained=finding.contained,
        deadlocked=finding.deadlocked,
        agreed=finding.agreed,
        proposal=_table(dossier, finding.proposal) if finding.proposal and texts else None,
        promises=_promises(dossier),
        extension=_extension(dossier) if texts else None,
        extensions_granted=finding.extensions_granted,
        suspension=_suspension(dossier) if texts else None,
        standstills=_standstills(dossier, texts=texts),
        stands_still=_stands_still(dossier),
        fix=_fix(sight, finding.fix) if finding.fix else None,
        may=sorted(sight.actions),
    )


def named(sight: Sight, person: PersonId | None) -> Named | None:
    """Give a person with their name, to who may see names."""
    if person is None or not sight.may(Action.VIEW_TEXTS):
        return None
    return Named(id=person, name=sight.name(person))


def _alarm(dossier: Dossier) -> Alarm | None:
    """Give the alarm's state; a suspicion that was cancelled is not told to the factory."""
    alarm = dossier.finding.alarm
    return None if alarm is Alarm.CANCELLED and not dossier.sight.staff else alarm


def _table(dossier: Dossier, proposal: Proposal) -> Table:
    return Table(
        revision=proposal.revision,
        author=named(dossier.sight, proposal.author),
        no_action=proposal.no_action,
        no_action_approved=proposal.no_action_approved,
        failed=proposal.failed,
        votes=[_votes(dossier, proposal, side) for side in Side],
    )


def _votes(dossier: Dossier, proposal: Proposal, side: Side) -> Votes:
    members = dossier.finding.side(side)
    signed = [person for person in members if person in proposal.signed]
    refused = [person for person in members if person in proposal.refused]
    return Votes(
        side=side,
        seats=len(members),
        needed=dossier.finding.policy.quorum.needed(len(members)),
        signed=len(signed),
        refused=len(refused),
        signed_by=_heard(dossier.sight, side, signed),
        refused_by=_heard(dossier.sight, side, refused),
    )


def _heard(sight: Sight, side: Side, voters: list[PersonId]) -> list[Named] | None:
    if not sight.hears(side):
        return None
    return [Named(id=person, name=sight.name(person)) for person in voters]


def _promises(dossier: Dossier) -> list[Promise]:
    texts = dossier.sight.may(Action.VIEW_TEXTS)
    words: dict[str, PlanAction] = {}
    if texts and dossier.plan:
        words = {each.id: each for each in dossier.plan.actions}
    return [
        Promise(
            id=action.id,
            kind=words[action.id].kind if action.id in words else None,
            description=words[action.id].description if action.id in words else None,
            evidence_expected=words[action.id].evidence_expected if action.id in words else None,
            owner=named(dossier.sight, action.owner),
            due=action.due,
            original_due=action.original_due,
            percent=action.percent,
        )
        for action in dossier.finding.actions
    ]


def _extension(dossier: Dossier) -> ExtensionShape | None:
    asked = dossier.finding.extension
    if asked is None:
        return None
    decider: Role | None = asked.decider
    return ExtensionShape(
        asked_by=asked.asked_by, actions=list(asked.actions), until=asked.until, decider=decider
    )


def _suspension(dossier: Dossier) -> SuspensionShape | None:
    asked = dossier.finding.suspension
    return SuspensionShape(cause=asked.cause, until=asked.until, decide_by=asked.decide_by) if asked else None


def _stands_still(dossier: Dossier) -> bool:
    still = running(dossier.finding)
    return still is not None and dossier.now < dossier.finding.calendar.end_of(still.last)


def _standstills(dossier: Dossier, *, texts: bool) -> list[StandstillShape]:
    return [
        StandstillShape(cause=each.cause if texts else None, first=each.first, last=each.last, days=each.days)
        for each in dossier.finding.standstills
    ]


def _fix(sight: Sight, fix: Fix) -> FixShape:
    known = tells_visit(sight, fix)
    return FixShape(
        reporter=named(sight, fix.reporter),
        reported_at=fix.reported_at,
        objections_until=fix.objections_until,
        objected=fix.objected,
        concurred=fix.concurred,
        verifier=named(sight, fix.verifier) if known else None,
        modality=fix.modality if known else None,
        verified_on=fix.verified_on,
    )


def tells_visit(sight: Sight, fix: Fix) -> bool:
    """Whether the viewer may know who verifies and how: a visit ahead may be unannounced."""
    return sight.staff or fix.verified_on is not None or fix.modality is not Modality.ON_SITE
