"""Comments on a finding: read, written and taken back."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from remediation.permissions import Action
from service import commenting
from service.api.findings import Finding, opened
from service.api.orders import IdempotencyKey
from service.api.shapes import CommentList, CommentShape
from service.auth import Caller, SignedIn
from service.commenting import MOST_MENTIONS, MOST_WORDS, Said
from service.context import Context, Shared
from service.problems import documented
from storage.database import reading

PREFIX = "/api/v1/findings/{finding}/comments"

router = APIRouter(prefix=PREFIX, tags=["comments"], max_body_size=64 * 1024)

One = Annotated[str, Path(description="The comment's id.", max_length=100)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_WORDS)]


class Write(BaseModel):
    """A comment to be written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Text = Field(description="What you say to all who may read the finding's story.")
    mentions: list[Annotated[str, Field(max_length=100)]] = Field(
        [],
        max_length=MOST_MENTIONS,
        description="Ids of people to write to. Who is named in the text after an @ is among them.",
    )
    confidential: bool = Field(
        default=False, description="Keep it among the programme's staff; only they can ask so."
    )


@router.get("", summary="Comments", responses=documented(403, 404))
def list_comments(context: Shared, caller: SignedIn, finding: Finding) -> CommentList:
    """Give the comments on a finding that the caller may read, the oldest first."""
    with reading(context.database) as connection:
        dossier = opened(context, connection, caller, finding, Action.VIEW_TIMELINE)
        kept = commenting.seen(connection, dossier.sight, finding)
        return CommentList(items=commenting.shapes(connection, dossier.sight, kept, dossier.finding))


@router.post(
    "",
    summary="Write a comment",
    status_code=201,
    responses={
        200: {"model": CommentShape, "description": "It was written before with this key."},
        **documented(400, 403, 404, 409),
    },
)
def write_comment(  # noqa: PLR0913 - what a request carries
    context: Shared, caller: SignedIn, finding: Finding, body: Write, key: IdempotencyKey, response: Response
) -> CommentShape:
    """Keep a comment, and write to whom it mentions on the factory's next morning.

    It is no fact: nothing follows from it, and no date moves. It can be taken back for fifteen minutes.
    """
    said = Said(
        caller=caller,
        finding=finding,
        key=key,
        text=body.text,
        mentions=tuple(body.mentions),
        confidential=body.confidential,
    )
    comment, new = commenting.write(context, said)
    response.status_code = 201 if new else 200
    return _shown(context, caller, finding, comment.id)


@router.post("/{comment}/retract", summary="Take back a comment", responses=documented(403, 404, 409))
def retract_comment(context: Shared, caller: SignedIn, finding: Finding, comment: One) -> CommentShape:
    """Empty one's own comment within fifteen minutes. That there was one stays visible."""
    commenting.retract(context, caller, finding, comment)
    return _shown(context, caller, finding, comment)


def _shown(context: Context, caller: Caller, finding: str, comment: str) -> CommentShape:
    with reading(context.database) as connection:
        dossier = opened(context, connection, caller, finding, Action.VIEW_TIMELINE)
        kept = tuple(
            each for each in commenting.seen(connection, dossier.sight, finding) if each.id == comment
        )
        return commenting.shapes(connection, dossier.sight, kept, dossier.finding)[0]
