"""The style page, in development only: every component that pages are made of, in all its states."""

from fastapi import APIRouter, Response

from remediation.words import Severity, Stage
from service.pages.fields import Field, Kind, Option
from service.pages.forms import Filled, boxes
from service.pages.rendering import page
from service.pages.way import way
from service.problems import FieldProblem

router = APIRouter(include_in_schema=False, max_body_size=0)

TOKENS = ("ground", "sheet", "well", "ink", "soft", "line", "edge", "accent", "accent-ground", "thread")
MEANINGS = ("late", "late-ground", "warn", "warn-ground", "good", "good-ground")
FEW = (Option("pass", "passed"), Option("partial", "passed in part"), Option("fail", "failed"))
PEOPLE = tuple(Option(f"p{number}", name) for number, name in enumerate(("Amina Rahman", "Bao Tran")))
FIELDS = (
    Field(name="reason", kind=Kind.TEXT, required=True, label="A text", help="What a field asks for."),
    Field(name="verdict", kind=Kind.CHOICE, required=True, label="One of few", help="", options=FEW),
    Field(name="verifier", kind=Kind.PICK, required=False, label="One of many", help="", options=PEOPLE),
    Field(name="until", kind=Kind.DATE, required=True, label="A day", help="In the factory's calendar."),
    Field(name="percent", kind=Kind.NUMBER, required=True, label="A number", help="", span=(0, 100)),
    Field(name="actions", kind=Kind.MANY, required=True, label="Any of these", help="", options=PEOPLE),
)
WRONG = (
    FieldProblem(field="reason", message="This field is required."),
    FieldProblem(field="until", message="Write a date as YYYY-MM-DD, such as 2026-11-30."),
)


@router.api_route("/style", methods=["GET", "HEAD"])
def style() -> Response:
    """Show every component."""
    return page(
        "style.html",
        tokens=TOKENS,
        meanings=MEANINGS,
        severities=list(Severity),
        way=way(Stage.COMMITTED),
        boxes=boxes(FIELDS, Filled(data={}, choices={}, problems=WRONG)),
    )
