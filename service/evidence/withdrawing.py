"""Photos and documents taken back by who handed them in, as long as no report names them."""

from contextlib import suppress

from remediation.permissions import Action
from service.auth import Caller, forbidden
from service.context import Context
from service.evidence.seeing import one
from service.evidence.store import UNREACHABLE
from service.problems import ProblemError
from service.speaking import say
from storage import evidence
from storage.database import reading, writing


def withdraw(context: Context, caller: Caller, finding: str, piece: str) -> None:
    """Take back a photo or document and delete its file. Raises the problems 403, 404 and 409."""
    with reading(context.database) as connection:
        found = one(connection, caller, finding, piece)
    if found.by != caller.person.id:
        raise forbidden(Action.ADD_EVIDENCE)
    with writing(context.database) as connection:
        taken_back = evidence.withdraw(connection, piece)
    if not taken_back:
        detail = say("A report names this photo or document. It stays, so that the report stays what it was.")
        way_out = say("Say in a remark what is wrong with it.")
        raise ProblemError(409, "already_named", detail, way_out=way_out)
    with suppress(*UNREACHABLE):  # what is left behind is swept away later
        context.evidence.delete(found.file)
