"""The two pages: the list of findings, and one finding with all that is known and ahead."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import Connection

from notifications.wording import N_
from remediation.permissions import Action, reach
from remediation.words import ENDINGS, Duty, LetterKind, Severity, Stage
from service import commenting, listing, repeating, saying
from service.api.dossiers import Printed, dossier_file
from service.api.findings import Finding, proposal
from service.api.shapes import CommentShape, Deadlines, FindingShape, PlannedLetter, Reason, TimelineEntry
from service.auth import Caller
from service.commenting import RETRACTABLE
from service.context import Shared
from service.deadlines import deadlines
from service.dossier import Dossier, open_dossier
from service.evidence.twins import twins
from service.listing import LAST, USUAL_LIMIT, OnPage
from service.pages.evidence import MOST_FILES
from service.pages.gallery import gallery
from service.pages.keys import new_key
from service.pages.offers import offers, undo
from service.pages.rendering import page
from service.pages.sent import sent as what_became
from service.pages.session import FINDINGS, Elsewhere, Viewer
from service.pages.taking_along import files
from service.problems import ProblemError
from service.repeating import Pair, found_again
from service.sealed.making import About
from service.showing import shape
from service.speaking import say
from service.timeline import timeline
from storage import programmes
from storage.database import reading

router = APIRouter(prefix=FINDINGS, include_in_schema=False, max_body_size=0)

AHEAD = timedelta(days=90)
READ = ["GET", "HEAD"]


async def tidied(request: Request) -> None:
    """Forms send what was left open as empty text: lead to the address without it."""
    given = request.query_params.multi_items()
    kept = [(name, value) for name, value in given if value]
    if len(kept) < len(given):
        raise Elsewhere(f"{request.url.path}?{urlencode(kept)}" if kept else request.url.path)


@dataclass(frozen=True, slots=True)
class Notice:
    """Letters of one kind that leave at one moment about one thing, and to whom."""

    local: datetime
    kind: LetterKind
    what: str
    duty: Duty | None
    level: int | None
    to: tuple[str, ...]
    why: list[Reason]


@router.api_route("", methods=READ, dependencies=[Depends(tidied)])
def findings_page(context: Shared, viewer: Viewer, wanted: OnPage) -> Response:
    """Show the findings that the viewer may see, the soonest due first."""
    now = context.clock()
    with reading(context.database) as connection:
        shown = listing.page(connection, viewer, wanted, now)
        factories = programmes.names_within(connection, reach(viewer.actor, Action.VIEW_FINDING))
    places = {N_("First"): None, N_("Earlier"): shown.prev, N_("Later"): shown.next, N_("Last"): LAST}
    return page(
        "findings.html",
        viewer=viewer.person,
        asked=wanted,
        items=shown.items,
        factories=factories,
        stages=list(Stage),
        severities=list(Severity),
        links={
            say(word): wanted.address(FINDINGS, cursor)
            for word, cursor in _useful(places, shown.prev, shown.next)
        },
        filtered=wanted.address(FINDINGS, None) != FINDINGS,
        files=files(replace(wanted, cursor=None, limit=USUAL_LIMIT).address(FINDINGS, None)),
        now=now,
    )


def _useful(
    places: dict[str, str | None], before: str | None, after: str | None
) -> Iterator[tuple[str, str | None]]:
    """Leave out the links that would lead to the page that is shown."""
    for word, cursor in places.items():
        if (before if word in {"First", "Earlier"} else after) is not None:
            yield word, cursor


@router.api_route("/{finding}/dossier", methods=READ)
def finding_dossier(
    context: Shared, viewer: Viewer, finding: Finding, *, printed: Printed = False
) -> Response:
    """Give the finding in one sealed file, with what the viewer may see of it."""
    return dossier_file(context, viewer, About(kind="finding", id=finding, printed=printed))


@router.api_route("/{finding}", methods=READ)
def finding_page(
    context: Shared,
    viewer: Viewer,
    finding: Finding,
    sent: Annotated[str | None, Query(max_length=100)] = None,
    kept: Annotated[list[str], Query(max_length=MOST_FILES)] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Show one finding: where it stands, who promised what, what is due, what will be sent, what happened."""
    now = context.clock()
    with reading(context.database) as connection:
        dossier = open_dossier(connection, viewer, finding, now)
        may = dossier.sight.may
        ahead = deadlines(connection, dossier, now + AHEAD) if may(Action.VIEW_DEADLINES) else None
        known = twins(connection, viewer, dossier)
        before = _before(connection, viewer, dossier)
        again = list(found_again(connection, viewer, finding))
        story = timeline(connection, dossier) if may(Action.VIEW_TIMELINE) else None
        said = commenting.seen(connection, dossier.sight, finding)
        comments = commenting.shapes(connection, dossier.sight, said, dossier.finding)
    shown, done = shape(dossier), what_became(context.database, viewer, finding, sent)
    return page(
        "finding.html",
        viewer=viewer.person,
        sent=done,
        undo=undo(dossier, viewer, done.verb) if done and done.state == "done" else None,
        key=new_key(),
        offers=offers(dossier, viewer),
        finding=shown,
        before=before,
        again=again,
        may_link=may(Action.LINK_REPEAT),
        gallery=gallery(dossier, known),
        kept=[each.id for each in dossier.evidence if each.id in kept and each.by == viewer.person.id],
        may_see_evidence=may(Action.VIEW_EVIDENCE),
        may_add_evidence=may(Action.ADD_EVIDENCE) and shown.stage not in ENDINGS,
        proposal=proposal(dossier, shown.proposal.revision)
        if shown.proposal and _worded(dossier, shown)
        else None,
        owed=ahead.owed if ahead else [],
        notices=list(_notices(ahead)) if ahead else None,
        fix_by=ahead.fix_by if ahead else None,
        story=_stream(story.entries, comments) if story else None,
        may_comment=may(Action.COMMENT),
        retractable=now - RETRACTABLE,
        now=now,
    )


def _before(connection: Connection, viewer: Caller, dossier: Dossier) -> Pair | None:
    """Give what a finding repeats, or may, where the viewer may see that."""
    try:
        return repeating.before(connection, viewer, dossier.listed)
    except ProblemError:
        return None


def _stream(entries: list[TimelineEntry], comments: list[CommentShape]) -> list[TimelineEntry | CommentShape]:
    """Give facts and comments as one story, the latest first."""
    return sorted((*entries, *comments), key=lambda each: each.at, reverse=True)


def _worded(dossier: Dossier, shown: FindingShape) -> bool:
    return shown.proposal is not None and shown.proposal.revision in dossier.plans


def _notices(ahead: Deadlines) -> Iterator[Notice]:
    """Put together what leaves at one moment about one thing."""
    for _, letters in groupby(
        ahead.planned, key=lambda each: (each.at, each.kind, each.obligation, each.level)
    ):
        together = tuple(letters)
        first = together[0]
        to = tuple(_recipients(together))
        yield Notice(first.local, first.kind, first.what, first.duty, first.level, to, first.why)


def _recipients(letters: tuple[PlannedLetter, ...]) -> Iterator[str]:
    """Name everybody once, with all that they are told as; and the roles that nobody holds."""
    told: dict[str, list[str]] = {}
    for letter in letters:
        for person in letter.people:
            told.setdefault(person.name, []).append(saying.ROLE[letter.role])
    yield from (f"{name} ({saying.listed(roles)})" for name, roles in told.items())
    yield from (saying.THE_ROLE[letter.role] for letter in letters if not letter.people)
