"""Comments on a finding in the browser: a form of its own, and taking one back."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Response
from fastapi.responses import RedirectResponse

from remediation.permissions import Action
from service import commenting
from service.api.findings import Finding, opened
from service.commenting import MOST_MENTIONS, MOST_WORDS, Said
from service.context import Context, Shared
from service.pages.keys import new_key
from service.pages.rendering import page
from service.pages.session import FINDINGS, Viewer
from service.problems import ProblemError
from service.showing import shape
from service.speaking import say
from storage.database import reading

router = APIRouter(prefix=FINDINGS, include_in_schema=False, max_body_size=64 * 1024)

READ = ["GET", "HEAD"]


@router.api_route("/{finding}/comment", methods=READ)
def comment_form(context: Shared, viewer: Viewer, finding: Finding) -> Response:
    """Show the form for a comment."""
    return _form(context, Said(caller=viewer, finding=finding, key=new_key(), text=""))


@router.post("/{finding}/comment")
def send_comment(  # noqa: PLR0913 - the form's fields
    context: Shared,
    viewer: Viewer,
    finding: Finding,
    key: Annotated[str, Form(max_length=200, pattern=r"^[\x21-\x7e]+$")],
    text: Annotated[str, Form(max_length=20_000)] = "",
    mentions: Annotated[list[str], Form(max_length=MOST_MENTIONS)] = [],  # noqa: B006 - FastAPI copies it
    confidential: Annotated[bool, Form()] = False,  # noqa: FBT002 - a field of a form
) -> Response:
    """Keep the comment and lead to it; or show the form again with all that was typed."""
    said = Said(
        caller=viewer,
        finding=finding,
        key=key,
        text=text.replace("\r\n", "\n").strip(),
        mentions=tuple(mentions),
        confidential=confidential,
    )
    wrong = unfit(said.text)
    if wrong:
        return _form(context, said, wrong, 422)
    try:
        comment, _ = commenting.write(context, said)
    except ProblemError as error:
        if error.problem.status not in {409, 422}:
            raise
        errors = [each.message for each in error.problem.errors or []]
        return _form(context, said, " ".join(errors) or error.problem.detail, error.problem.status)
    return RedirectResponse(f"{FINDINGS}/{finding}#comment-{comment.id}", status_code=303)


def unfit(text: str) -> str:
    """Say what is wrong with a comment's text; nothing where it can be kept."""
    if not text:
        return say("Write what you want to say.")
    if len(text) > MOST_WORDS:
        return say("Shorten it to %(most)s characters.", most=MOST_WORDS)
    return ""


def _form(context: Context, said: Said, wrong: str = "", status: int = 200) -> Response:
    viewer = said.caller
    with reading(context.database) as connection:
        dossier = opened(context, connection, viewer, said.finding, Action.COMMENT)
        offered = commenting.mentionable(connection, context, viewer, dossier.listed)
    return page(
        "comment.html",
        status=status,
        viewer=viewer.person,
        finding=shape(dossier),
        offered=offered,
        said=said,
        wrong=wrong,
        key=new_key() if wrong else said.key,
        staff=dossier.sight.staff,
        most=MOST_WORDS,
    )


@router.post("/{finding}/comments/{comment}/retract")
def take_back(
    context: Shared, viewer: Viewer, finding: Finding, comment: Annotated[str, Path(max_length=100)]
) -> Response:
    """Take back one's own comment."""
    commenting.retract(context, viewer, finding, comment)
    return RedirectResponse(f"{FINDINGS}/{finding}#comment-{comment}", status_code=303)
