"""Repeats of former cycles: those among a plan's findings, and what the programme's staff decide on one."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from remediation.repeats import Basis, Standing, Then
from remediation.words import Stage
from service.api.findings import Finding
from service.api.orders import IdempotencyKey
from service.api.places import one_plan
from service.auth import SignedIn
from service.context import Shared
from service.problems import documented
from service.repeating import Decision, Pair, decide, pair_of, pairs_of_plan
from storage.database import reading

router = APIRouter(prefix="/api/v1", tags=["repeats"], max_body_size=16 * 1024)


class RepeatShape(BaseModel):
    """A finding that repeats a former cycle's, or may."""

    finding: str
    former: str
    former_stage: Stage
    former_cycle: str
    basis: Basis = Field(description="`point`: only the compliance point is the same, and a person must say.")
    standing: Standing
    then: Then | None = Field(description="What became of the former; null as long as nobody has said.")
    usual: Then = Field(description="What usually becomes of a former finding at this stage.")
    at: AwareDatetime | None


class DecideRepeat(BaseModel):
    """Say whether it is a repeat, and which of the two findings carries on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    repeats: bool
    then: Then | None = Field(None, description="Left out: what usually follows.")


class Decided(BaseModel):
    """The repeat as it stands, and why orders that followed were refused, if any were."""

    repeat: RepeatShape
    refused: list[str]


@router.get("/plans/{plan}/repeats", summary="Repeats among a plan's findings", responses=documented(404))
def plan_repeats(
    context: Shared, caller: SignedIn, plan: Annotated[str, Path(max_length=100)]
) -> list[RepeatShape]:
    """Give the findings of a plan that repeat former ones, or may; those of which the caller sees both."""
    one_plan(context, caller, plan)  # who sees nothing of the plan is told that there is none
    with reading(context.database) as connection:
        return [shape_of(each) for each in pairs_of_plan(connection, caller, plan)]


@router.post(
    "/findings/{finding}/repeat",
    summary="Decide a repeat",
    operation_id="decide_repeat",
    responses=documented(400, 403, 404, 409, 413),
)
async def decide_repeat(
    context: Shared, caller: SignedIn, finding: Finding, body: DecideRepeat, key: IdempotencyKey
) -> Decided:
    """Say whether a finding repeats the former one.

    May be given by: the programme's advisors, team leaders and managers.
    """
    decision = Decision(repeats=body.repeats, then=body.then)
    _, refused = await decide(context, caller, finding, decision, key)
    with reading(context.database) as connection:
        return Decided(repeat=shape_of(pair_of(connection, caller, finding)), refused=list(refused))


def shape_of(pair: Pair) -> RepeatShape:
    """Give a repeat as the API shows it."""
    return RepeatShape(
        finding=pair.repeat.finding,
        former=pair.repeat.former,
        former_stage=pair.former.summary.stage,
        former_cycle=pair.former.cycle,
        basis=pair.repeat.basis,
        standing=pair.repeat.standing,
        then=pair.repeat.followed,
        usual=pair.usual,
        at=pair.repeat.at,
    )
