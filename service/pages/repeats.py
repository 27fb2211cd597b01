"""A repeat to decide: the new finding beside the former one, and which of the two carries on."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from notifications.wording import N_
from remediation.permissions import Action, can
from remediation.repeats import Then
from remediation.words import ENDINGS
from service.api.findings import Finding
from service.auth import permit
from service.context import Shared
from service.pages.findings import READ
from service.pages.keys import new_key
from service.pages.rendering import page
from service.pages.session import FINDINGS, Viewer
from service.problems import FieldProblem, invalid
from service.receiving import thing_of
from service.repeating import Decision, Pair, decide, pair_of
from service.speaking import say
from storage.database import reading

router = APIRouter(prefix=FINDINGS, include_in_schema=False, max_body_size=16 * 1024)

CHOICES = {
    Then.SUPERSEDE: N_("It is the same: the former finding ends, and the new one carries on"),
    Then.CARRY_ON: N_("It is the same: the former finding carries on as promised, and the new one ends"),
    Then.LINK: N_("It is the same: the former finding had ended, and came back"),
}
NO = "no"


@router.api_route("/{finding}/repeat", methods=READ)
def show_repeat(context: Shared, viewer: Viewer, finding: Finding) -> Response:
    """Show both findings, and ask what becomes of them."""
    with reading(context.database) as connection:
        pair = pair_of(connection, viewer, finding)
        permit(viewer, Action.LINK_REPEAT, thing_of(pair.new))
        return _page(viewer, pair)


@router.post("/{finding}/repeat")
async def decide_repeat(
    context: Shared,
    viewer: Viewer,
    finding: Finding,
    then: Annotated[str, Form(max_length=20)] = "",
    key: Annotated[str, Form(max_length=180, pattern=r"^[\x21-\x7e]*$")] = "",
) -> Response:
    """Keep what was decided, and lead back to the finding."""
    if then not in {*CHOICES, NO}:
        raise invalid(FieldProblem(field="then", message=say("This field is required.")))
    chosen = Then(then) if then != NO else None
    await decide(context, viewer, finding, Decision(repeats=then != NO, then=chosen), key or new_key())
    return RedirectResponse(f"{FINDINGS}/{quote(finding, safe='')}#repeat", status_code=303)


def _page(viewer: Viewer, pair: Pair) -> Response:
    over = pair.former.summary.stage in ENDINGS
    return page(
        "repeat.html",
        viewer=viewer.person,
        pair=pair,
        sides=((pair.new, pair.words), (pair.former, pair.about)),
        texts=can(viewer.actor, Action.VIEW_TEXTS, thing_of(pair.new)) is not None,
        choices=[(each.value, words) for each, words in CHOICES.items() if (each is Then.LINK) is over],
        certain=pair.repeat.standing.value == "certain",
        key=new_key(),
    )
