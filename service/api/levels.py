"""Levels: how a factory climbed the ladder of escalation, and came down again."""

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from service.api.places import Id, visible_factory
from service.auth import SignedIn
from service.context import Shared
from service.levels import known_levels
from service.problems import documented
from storage.database import reading

router = APIRouter(prefix="/api/v1", tags=["factories"], max_body_size=0)


class LevelShape(BaseModel):
    """A level of the ladder that a factory came to, and which finding brought it there."""

    level: int
    at: AwareDatetime
    finding: str
    seq: int = Field(description="The entry of that finding's timeline.")


class LevelList(BaseModel):
    """A factory's levels, the latest first."""

    items: list[LevelShape]


@router.get("/factories/{factory}/levels", summary="A factory's levels", responses=documented(404))
def list_levels(context: Shared, caller: SignedIn, factory: Id) -> LevelList:
    """Give each change of a factory's level, and by which finding it came."""
    with reading(context.database) as connection:
        known = visible_factory(connection, caller, factory)
        found = known_levels(connection, caller, [known]).get(known.id, ())
    items = [
        LevelShape(level=each.weight.level, at=each.at, finding=each.finding, seq=each.seq)
        for each in reversed(found)
    ]
    return LevelList(items=items)
