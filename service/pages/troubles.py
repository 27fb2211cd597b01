"""Why a form comes back: what is said above it, and at which of its fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from service.api.shapes import TimelineEntry
from service.pages.fields import Field
from service.pages.form_data import Data, where
from service.problems import FieldProblem, ProblemError
from service.refusing import in_words
from service.speaking import say
from storage.commands import Refused

MOST_SAID = 300
"""Characters of a trouble in a line: percent-encoded they still pass through every proxy."""
AGAIN = frozenset({409, 412, 422})
"""Statuses with which a form is shown again, and not a page that says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a form comes back: the answer's status, a sentence, and the fields at fault by the body's names."""

    status: int
    detail: str
    errors: tuple[FieldProblem, ...] = ()
    way_out: str = ""
    since: tuple[TimelineEntry, ...] = ()
    """What happened after the form was opened."""

    @property
    def why(self) -> str:
        """All of it in a line, or its beginning: it travels in a header."""
        said = (self.detail, *(each.message for each in self.errors), self.way_out)
        return shorten(" ".join(dict.fromkeys(said)), MOST_SAID, placeholder=" …")


def of_files(wrong: tuple[FieldProblem, ...]) -> Trouble:
    """Give the trouble with files that cannot be taken."""
    detail = say("Some files cannot be taken. Nothing was sent; the others are kept and ticked below.")
    return Trouble(status=422, detail=detail, errors=wrong)


def of_problem(error: ProblemError) -> Trouble:
    """Give the trouble with a request that was refused before anybody judged it."""
    problem = error.problem
    errors = tuple(problem.errors or ())
    detail = say("Some of what you wrote needs another look. Nothing was sent.") if errors else problem.detail
    if problem.code == "idempotency_key_reused":
        detail = say(
            "This form was sent before, with other words. Look at the finding: it may be done already."
        )
    way_out = say("If something is still to be sent, send the form again.") if not errors else ""
    return Trouble(status=problem.status, detail=detail, errors=errors, way_out=way_out)


def of_refusal(refused: Refused) -> Trouble:
    """Give the trouble with a command that the rules refused."""
    detail = in_words(refused.detail)
    errors = (FieldProblem(field=refused.field, message=detail),) if refused.field else ()
    return Trouble(status=409, detail=detail, errors=errors)


def placed_in(
    fields: Sequence[Field], data: Data, trouble: Trouble | None, own: frozenset[str] = frozenset()
) -> tuple[FieldProblem, ...]:
    """Give the fields at fault by the form's names; those named in `own` stand in no body."""
    return tuple(
        FieldProblem(
            field=each.field if each.field in own else where(fields, data, each.field), message=each.message
        )
        for each in (trouble.errors if trouble else ())
    )
