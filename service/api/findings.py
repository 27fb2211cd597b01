"""Findings: the list, one of them, its timeline, deadlines, proposals and letters."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import Connection

from remediation import facts
from remediation.permissions import Action
from service import comparing, listing
from service.api.shapes import (
    Deadlines,
    FindingPage,
    FindingShape,
    Named,
    ProposalAction,
    ProposalItem,
    Proposals,
    ProposalShape,
    Timeline,
)
from service.auth import Caller, SignedIn, forbidden
from service.context import Context, Shared
from service.deadlines import deadlines
from service.dossier import Dossier, Plan, PlanAction, open_dossier
from service.listing import Listing
from service.problems import documented, not_found
from service.receiving import etag
from service.showing import shape
from service.timeline import timeline
from storage.database import reading

PREFIX = "/api/v1/findings"
LOOK_AHEAD = 90

router = APIRouter(prefix=PREFIX, tags=["findings"], max_body_size=0)

Finding = Annotated[str, Path(description="The finding's id.", max_length=100)]


@router.get("", summary="List findings", responses=documented())
def list_findings(context: Shared, caller: SignedIn, wanted: Listing, response: Response) -> FindingPage:
    """Give the findings that the caller may see, the soonest due first, page by page."""
    with reading(context.database) as connection:
        shown = listing.page(connection, caller, wanted, context.clock())
    response.headers["Link"] = listing.link_header(wanted, PREFIX, shown)
    return shown


def opened(context: Context, connection: Connection, caller: Caller, finding: str, action: Action) -> Dossier:
    """Give a finding's dossier. Raises the problems 404, and 403 for what the caller sees but may not."""
    dossier = open_dossier(connection, caller, finding, context.clock())
    if not dossier.sight.may(action):
        raise forbidden(action)
    return dossier


@router.get("/{finding}", summary="One finding", responses=documented(404))
def one_finding(context: Shared, caller: SignedIn, finding: Finding, response: Response) -> FindingShape:
    """Give one finding. Its ETag is what If-Match of commands takes."""
    with reading(context.database) as connection:
        shown = shape(opened(context, connection, caller, finding, Action.VIEW_FINDING))
    response.headers["ETag"] = etag(shown.version)
    return shown


@router.get("/{finding}/timeline", summary="What has happened", responses=documented(403, 404))
def what_happened(context: Shared, caller: SignedIn, finding: Finding) -> Timeline:
    """Tell what has happened in plain words, with the letters it called for and what became of them."""
    with reading(context.database) as connection:
        return timeline(connection, opened(context, connection, caller, finding, Action.VIEW_TIMELINE))


@router.get(
    "/{finding}/deadlines", summary="What is owed, and what will be sent", responses=documented(403, 404)
)
def what_is_owed(
    context: Shared,
    caller: SignedIn,
    finding: Finding,
    days: Annotated[int, Query(ge=1, le=730, description="How far to look ahead.")] = LOOK_AHEAD,
) -> Deadlines:
    """Give what is owed now, and what will be sent to whom and when if nothing happens."""
    until = context.clock() + timedelta(days=days)
    with reading(context.database) as connection:
        dossier = opened(context, connection, caller, finding, Action.VIEW_DEADLINES)
        return deadlines(connection, dossier, until)


@router.get("/{finding}/proposals", summary="Revisions of the plan", responses=documented(403, 404))
def list_proposals(context: Shared, caller: SignedIn, finding: Finding) -> Proposals:
    """Give all revisions that were put on the table, the earliest first."""
    with reading(context.database) as connection:
        dossier = opened(context, connection, caller, finding, Action.VIEW_TEXTS)
    items = [
        ProposalItem(
            revision=plan.revision.digest, number=number, author=_author(dossier, plan), at=plan.revision.at
        )
        for number, plan in enumerate(_proposed(dossier), 1)
    ]
    return Proposals(items=items)


@router.get("/{finding}/proposals/{revision}", summary="One revision", responses=documented(403, 404))
def one_proposal(context: Shared, caller: SignedIn, finding: Finding, revision: str) -> ProposalShape:
    """Give a revision in words, and what it changed since the one before."""
    with reading(context.database) as connection:
        dossier = opened(context, connection, caller, finding, Action.VIEW_TEXTS)
    return proposal(dossier, revision)


def proposal(dossier: Dossier, revision: str) -> ProposalShape:
    """Give a revision that was put on the table. Raises the problem 404 for another."""
    before = None
    for number, plan in enumerate(_proposed(dossier), 1):
        if plan.revision.digest == revision:
            return ProposalShape(
                revision=plan.revision.digest,
                number=number,
                author=_author(dossier, plan),
                at=plan.revision.at,
                root_cause=plan.root_cause,
                actions=[_action(dossier, action) for action in plan.actions],
                no_action_reason=plan.no_action_reason,
                changes=comparing.changes(before, plan),
            )
        before = plan
    raise not_found("This revision")


def _proposed(dossier: Dossier) -> Iterator[Plan]:
    """Give the plans that were put on the table, in order; each once, though it may come back."""
    put = (
        each.fact.revision
        for each in dossier.story
        if isinstance(each.fact, facts.Proposed | facts.Committed)
    )
    return (dossier.plans[revision] for revision in dict.fromkeys(put) if revision in dossier.plans)


def _author(dossier: Dossier, plan: Plan) -> Named:
    return Named(id=plan.revision.author, name=dossier.sight.name(plan.revision.author))


def _action(dossier: Dossier, action: PlanAction) -> ProposalAction:
    return ProposalAction(
        id=action.id,
        kind=action.kind,
        description=action.description,
        owner=Named(id=action.owner, name=dossier.sight.name(action.owner)),
        due=action.due,
        evidence_expected=action.evidence_expected,
    )
