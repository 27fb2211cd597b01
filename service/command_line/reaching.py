"""Reaching what the commands work on: the engine, and a directory's people by what one knows of them."""

import os
from collections.abc import Sequence

from sqlalchemy import Connection, select

from remediation.permissions import ScopeKind
from remediation.words import ProgrammeId, Role
from service.engine import DEFAULT_TARGET, Engine, connect
from service.faults import Fault
from service.settings import Settings
from storage.people import Person, a_person, people_of
from storage.places import grants, people
from storage.programmes import all_programmes


async def reach_engine(given: Settings) -> Engine:
    """Connect to the Temporal server. Raises Fault where none answers."""
    try:
        return Engine(await connect(), patience=given.command_patience)
    except RuntimeError as error:
        raise no_server() from error


def no_server() -> Fault:
    """Give the fault of a Temporal server that is away."""
    where = os.environ.get("TEMPORAL_ADDRESS", DEFAULT_TARGET)
    return Fault(
        f"no Temporal server answers at {where}. Start all with `mendwork up`, or set TEMPORAL_ADDRESS to "
        f"where one runs"
    )


def the_programme(connection: Connection, wanted: str) -> ProgrammeId:
    """Give the programme of an id; without one, the only programme there is. Raises Fault."""
    known = [each.id for each in all_programmes(connection)]
    if not known:
        raise Fault(
            "there is no programme yet. `mendwork demo` makes one to try with, `mendwork directory` your own"
        )
    if wanted in known:
        return ProgrammeId(wanted)
    if not wanted and len(known) == 1:
        return known[0]
    said = f"there is no programme {wanted!r}" if wanted else "there are several programmes"
    raise Fault(f"{said}: say --programme with one of {', '.join(known)}")


def the_person(connection: Connection, wanted: str) -> Person:
    """Give the person of an id or an e-mail address. Raises Fault."""
    known = (people.c.id == wanted) | (people.c.email == wanted)
    rows = connection.execute(select(people).where(known)).all()
    if len(rows) == 1:
        return a_person(rows[0])
    said = "several people share" if rows else "nobody in the directory has"
    raise Fault(f"{said} the id or e-mail address {wanted!r}. Give an id, as pages and the API show it")


def the_advisor(connection: Connection, programme: ProgrammeId) -> Person:
    """Give the programme's only advisor. Raises Fault where there are none or several."""
    found = _holders(connection, programme, Role.ADVISOR)
    if len(found) == 1:
        return found[0]
    said = ", ".join(f"{each.id} ({each.name})" for each in found) or "nobody is an advisor there yet"
    raise Fault(f"say with --by which advisor made the assessment: {said}")


def _holders(connection: Connection, programme: ProgrammeId, role: Role) -> Sequence[Person]:
    held = (grants.c.role == role.value) & (grants.c.scope == programme)
    query = select(grants.c.person).where(held, grants.c.kind == ScopeKind.PROGRAMME.value)
    found = people_of(connection, connection.execute(query.order_by(grants.c.person)).scalars())
    return list(found.values())
