"""Lists to take along, as XLSX or CSV: findings as they are filtered, plans and factories."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from remediation.vocabularies import Vocabulary
from service.context import Shared
from service.listing import OnPage
from service.pages.findings import READ
from service.pages.session import Viewer
from service.sheets.lists import factories_sheet, findings_sheet, plans_sheet
from service.sheets.writing import Form, file_of

router = APIRouter(include_in_schema=False, max_body_size=0)

Words = Annotated[Vocabulary, Query(description="Whose words the status is written in.")]


@router.api_route("/findings.{form}", methods=READ)
def findings_file(
    context: Shared,
    viewer: Viewer,
    form: Form,
    wanted: OnPage,
    words: Words = Vocabulary.MENDWORK,
) -> Response:
    """Give all findings of a list as a file."""
    return file_of(findings_sheet(context, viewer, wanted, words), form, "findings")


@router.api_route("/plans.{form}", methods=READ)
def plans_file(context: Shared, viewer: Viewer, form: Form) -> Response:
    """Give the plans as a file."""
    return file_of(plans_sheet(context, viewer), form, "plans")


@router.api_route("/factories.{form}", methods=READ)
def factories_file(
    context: Shared, viewer: Viewer, form: Form, text: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """Give the factories as a file."""
    return file_of(factories_sheet(context, viewer, text), form, "factories")
