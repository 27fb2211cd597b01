"""Verification visits: planned, looked up, and the commands they take."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from notifications.wording import N_
from remediation.gatherings.gathering import own_id
from remediation.gatherings.visit.agenda import visit_gathering
from remediation.gatherings.visit.state import Delivery
from remediation.permissions import Action, reach
from remediation.words import Check, Hindrance, Modality, Verdict, VisitStage
from service.api.bodies import EVIDENCE, FILES, MOST_ACTIONS, NOTE, REASON, Body, Evidence, Files, Id, Words
from service.api.orders import IdempotencyKey, Subject, add_verb, carry_out
from service.api.values import Day, Flag
from service.auth import Caller, SignedIn
from service.commands import Answer
from service.context import Context, Shared
from service.problems import documented
from service.receiving import Asked, etag
from service.visiting import errands, planning
from service.visiting.showing import Entry, Shown, show
from storage.commands import Command
from storage.database import reading
from storage.visits import visits
from workflows.messages import Receipt

router = APIRouter(prefix="/api/v1/visits", tags=["visits"], max_body_size=256 * 1024)

VisitId = Annotated[str, Path(description="The visit's id.", max_length=100)]
MOST_LISTED = 200


class PlanVisit(BaseModel):
    """A visit to a factory: on which day, to which findings, by whom, and whether the factory is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    factory: Id
    on: Day
    announced: Flag = Field(description="Whether the factory is told before the visit begins.")
    verifier: Id | None = Field(None, description="Who goes. Left out, it is the caller.")
    findings: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100)]


class BeginVisit(Body):
    """Say that you are at the factory. From now on it knows of the visit."""

    on: Day = Field(description=N_("The local day on which the visit began."))


class SeenAction(BaseModel):
    """An action as it was found; what remains of it has a new local due day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id
    verdict: Verdict
    due: Day | None = None


class RecordOutcome(Body):
    """Record what you found about one finding. Its own rules decide whether they accept it."""

    finding: Id
    verdict: Verdict = Field(description="Of an effectiveness check: `pass` if the fix held, else `fail`.")
    modality: Modality = Modality.ON_SITE
    actions: Annotated[tuple[SeenAction, ...], Field(max_length=MOST_ACTIONS)] = ()
    evidence: Evidence = EVIDENCE
    files: Files = FILES
    note: Words | None = NOTE


class PostponeVisit(Body):
    """Put the visit off to another day. No date of any finding moves by that."""

    on: Day
    hindrance: Hindrance
    reason: Words = REASON


class CancelVisit(Body):
    """Say that the visit does not take place. No date of any finding moves by that."""

    hindrance: Hindrance
    reason: Words = REASON


class EndVisit(Body):
    """End the visit. Its report is made from what was recorded."""

    summary: Words | None = Field(None, description=N_("What the report says first, in a few sentences."))


BODIES: dict[str, type[Body]] = {
    "begin_visit": BeginVisit,
    "record_outcome": RecordOutcome,
    "postpone_visit": PostponeVisit,
    "cancel_visit": CancelVisit,
    "end_visit": EndVisit,
}
"""What people can ask of a visit, and the body it takes."""


class OutcomeShape(BaseModel):
    """An outcome, and what became of it at its finding: `code` says why that refused it."""

    verdict: Verdict
    modality: Modality
    on: Day
    delivery: Delivery
    code: str | None


class LineShape(BaseModel):
    """A line of the checklist."""

    finding: str
    check: Check
    outcomes: list[OutcomeShape]


class VisitShape(BaseModel):
    """A verification visit."""

    visit: str
    factory: str
    stage: VisitStage
    version: int
    on: Day
    announced: bool
    verifier: str
    postponed: int
    begun_on: Day | None
    report_by: AwareDatetime | None
    lines: list[LineShape]


class VisitList(BaseModel):
    """Visits, the latest planned first."""

    visits: list[VisitShape]


@router.post("", summary="Plan a visit", status_code=201, responses=documented(400, 403, 404, 409))
async def plan_visit(
    response: Response, context: Shared, caller: SignedIn, body: PlanVisit, key: IdempotencyKey
) -> VisitShape:
    """Plan a verification visit. May be given by: advisor, team leader."""
    wish = planning.Wish(
        factory=body.factory,
        on=body.on,
        announced=body.announced,
        verifier=body.verifier or caller.person.id,
        findings=body.findings,
    )
    gathering = await planning.plan(context, caller, wish, key)
    shown = _shown(context, caller, own_id(gathering))
    response.headers["Location"] = f"/api/v1/visits/{shown.own}"
    return shape(shown)


@router.get("", summary="Verification visits", responses=documented())
def list_visits(context: Shared, caller: SignedIn, *, over: Annotated[bool, Query()] = False) -> VisitList:
    """Give the visits that the caller may see: those ahead and under way, or with `over` those past."""
    with reading(context.database) as connection:
        found = visits(connection, *_seen(caller), over=over, limit=MOST_LISTED)
        shown = [show(connection, caller, own_id(each.id)) for each in found]
    return VisitList(visits=[shape(each) for each in shown])


@router.get("/{visit}", summary="One visit", responses=documented(404))
def one_visit(response: Response, context: Shared, caller: SignedIn, visit: VisitId) -> VisitShape:
    """Give a visit with its checklist."""
    shown = _shown(context, caller, visit)
    response.headers["ETag"] = etag(shown.row.seq)
    return shape(shown)


def _seen(caller: Caller) -> tuple[Any, Any]:
    view = Action.VIEW_TIMELINE
    return reach(caller.actor, view), reach(caller.actor, view, restricted=True)


def _shown(context: Context, caller: Caller, visit: str) -> Shown:
    with reading(context.database) as connection:
        return show(connection, caller, visit)


def shape(shown: Shown) -> VisitShape:
    """Give a visit as the API shows it."""
    visit = shown.visit
    return VisitShape(
        visit=shown.own,
        factory=visit.factory,
        stage=visit.stage,
        version=shown.row.seq,
        on=visit.on,
        announced=visit.planned.announced,
        verifier=visit.verifier,
        postponed=visit.postponed,
        begun_on=visit.begun_on,
        report_by=visit.report_by if shown.staff else None,
        lines=[_line(each) for each in shown.entries],
    )


def _line(entry: Entry) -> LineShape:
    outcomes = [
        OutcomeShape(
            verdict=each.outcome.found.verdict,
            modality=each.outcome.found.modality,
            on=each.outcome.found.on,
            delivery=each.outcome.delivery,
            code=each.outcome.code or None,
        )
        for each in entry.seen
    ]
    return LineShape(finding=entry.line.item.finding, check=entry.line.item.check, outcomes=outcomes)


async def give(context: Context, asked: Asked) -> tuple[Command, Answer]:
    """Give a command to a visit, and see to what it calls for at once; the steward does where this fails."""
    command, known = await carry_out(context, asked)
    if isinstance(known, Receipt):
        visit = visit_gathering(own_id(asked.finding))
        await errands.run(context.engine, context.database, visit, context.clock())
    return command, known


_VISIT = Subject(word="visit", subject=visit_gathering, give=give)
for _verb, _body in BODIES.items():
    add_verb(router, "/{visit}", _VISIT, _verb, _body)
