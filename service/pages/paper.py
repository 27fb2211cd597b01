"""Plans and findings on paper: what their pages show, as PDFs to download, print and sign."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from service.api.findings import Finding
from service.context import Shared
from service.pages.findings import READ
from service.pages.session import Viewer
from service.paper import printing
from service.paper.composing import finding_paper, plan_paper
from storage.database import reading

router = APIRouter(include_in_schema=False, max_body_size=0)


@router.api_route("/plans/{plan}/paper", methods=READ)
def plan_on_paper(context: Shared, viewer: Viewer, plan: Annotated[str, Path(max_length=100)]) -> Response:
    """Give a plan as a PDF, with what the viewer may see of it and a sheet to sign."""
    with reading(context.database) as connection:
        html = plan_paper(connection, viewer, plan, context.settings.public_url, context.clock())
    return printing.answer(printing.pdf(html), "mendwork-plan")


@router.api_route("/findings/{finding}/paper", methods=READ)
def finding_on_paper(context: Shared, viewer: Viewer, finding: Finding) -> Response:
    """Give a finding as a PDF, with what the viewer may see of it."""
    with reading(context.database) as connection:
        html = finding_paper(connection, viewer, finding, context.settings.public_url, context.clock())
    return printing.answer(printing.pdf(html), "mendwork-finding")
