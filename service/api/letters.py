"""Letters: what was sent about a finding, and to a person, and why not."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel

from remediation.permissions import Action, reach
from service.api.findings import Finding, opened
from service.api.shapes import LetterShape
from service.auth import SignedIn
from service.context import Shared
from service.problems import documented, not_found
from service.saying import spaced
from service.timeline import shown
from storage import belonging, messages
from storage.database import reading
from storage.messages import Message

router = APIRouter(prefix="/api/v1", tags=["letters"], max_body_size=0)


class Letters(BaseModel):
    """Letters in the order in which they came to be owed."""

    items: list[LetterShape]


class MessageShape(BaseModel):
    """One mail to one person, and what became of it."""

    id: int
    kind: str
    subject: str
    created_at: AwareDatetime
    state: str
    reason: str
    attempts: int
    settled_at: AwareDatetime | None


class Messages(BaseModel):
    """The latest mails to a person, the newest first."""

    items: list[MessageShape]


@router.get("/findings/{finding}/letters", summary="Letters about a finding", responses=documented(403, 404))
def letters_of_finding(context: Shared, caller: SignedIn, finding: Finding) -> Letters:
    """Give the letters that a finding called for, and what became of each."""
    with reading(context.database) as connection:
        dossier = opened(context, connection, caller, finding, Action.VIEW_LETTERS)
        seen = {happened.entry.seq for happened in dossier.seen()}
        letters = shown(connection, dossier)
        return Letters(items=[shape for shape, letter in letters if letter.seq in seen])


@router.get("/people/{person}/letters", summary="Mails to a person", responses=documented(404))
def letters_of_person(
    context: Shared, caller: SignedIn, person: Annotated[str, Path(max_length=100)]
) -> Messages:
    """Give the latest mails to oneself; staff also those to people within their reach."""
    with reading(context.database) as connection:
        if person != caller.person.id:
            where = reach(caller.actor, Action.VIEW_DELIVERY)
            if belonging.member(connection, where, context.clock(), person) is None:
                raise not_found("This person")
        return Messages(items=[_message(each) for each in messages.of_person(connection, person)])


def _message(message: Message) -> MessageShape:
    return MessageShape(
        id=message.id,
        kind=message.kind,
        subject=message.subject,
        created_at=message.created_at,
        state=message.state.value,
        reason=spaced(message.reason),
        attempts=message.attempts,
        settled_at=message.settled_at,
    )
