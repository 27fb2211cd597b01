"""What became of a command that was given on a page, for who gave it."""

from dataclasses import dataclass

from sqlalchemy import Engine as Database

from service.auth import Caller
from service.commands import answer
from service.pages.acts import acts_of, happens_next
from service.refusing import in_words
from service.speaking import say
from storage import commands
from storage.commands import Refused
from storage.database import reading
from workflows.messages import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was asked for, whether it is done, and the sentence for it."""

    command: str
    verb: str
    title: str
    state: str
    """`done`, `pending` or `refused`."""
    text: str


def sent(database: Database, caller: Caller, subject: str, command: str | None) -> Sent | None:
    """Tell what became of a command of the caller's on a finding or gathering; None for any other."""
    if command is None:
        return None
    with reading(database) as connection:
        found = commands.find(connection, command)
    if found is None or (found.person, found.finding) != (caller.person.id, subject):
        return None
    act = acts_of(subject).get(found.verb)
    if act is None:
        return None
    known, text, state = answer(database, found), "", "pending"
    if isinstance(known, Receipt):
        state, text = "done", happens_next(act, known.facts)
    elif isinstance(known, Refused):
        state, text = "refused", in_words(known.detail)
    return Sent(command=found.id, verb=found.verb, title=say(act.title), state=state, text=text)
