"""Commands come in: judged by who gives them, then stored before anybody acts on them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from notifications.wording import N_
from remediation.gatherings.gathering import Kind, kind_of
from remediation.gatherings.summary import GatheringSummary
from remediation.permissions import Action, Actor, ScopeKind, Thing, can
from remediation.words import FACTORY_ROLES, Role, SubjectId
from service.api.bodies import Body, BookVerification, FileInterimPlan, Propose, Sign, Supersede
from service.auth import Caller, permit
from service.commands import Answer, answer
from service.context import Context
from service.convening import refuse_unfit
from service.drafting import Draft, FileNotKnown, about_of, digest_of, write
from service.pins import check_own
from service.problems import FieldProblem, ProblemError, invalid, not_found
from service.speaking import say
from storage import commands, evidence, findings, gatherings, people
from storage.codec import order_json
from storage.commands import Command, KeyReused, Pending, command_id
from storage.database import reading, writing
from storage.findings import Listed
from storage.statements import AlreadyOtherwise

SEEING = {
    Kind.PLAN: Action.VIEW_FINDING,
    Kind.MEETING: Action.VIEW_MEETINGS,
    Kind.VISIT: Action.VIEW_TIMELINE,
}
"""What it takes to see that a gathering of a kind exists."""
NAMES = {Kind.PLAN: N_("This plan"), Kind.MEETING: N_("This meeting"), Kind.VISIT: N_("This visit")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for a command, as it came in. `version` is what If-Match names, if it names any."""

    caller: Caller
    finding: SubjectId
    verb: str
    body: Body
    key: str
    version: str | None = None


def receive(context: Context, asked: Asked) -> tuple[Command, Answer]:
    """Store a command, and give it with what is known of it: for a new one, that it is pending.

    Raises the problems 403, 404, 409 (the key was used for something else), 412 and 422.
    """
    with reading(context.database) as connection:
        about = _visible(connection, asked.caller, asked.finding)
        known = commands.find(connection, command_id(asked.caller.person.id, asked.key))
        if known is None:
            role = _permitted(context, connection, asked, about)
    if known is None:
        return _stored(context, asked, role), Pending()
    # A repetition is neither judged anew nor stored again: what was decided once stays so.
    if (known.finding, known.verb, known.digest) != (asked.finding, asked.verb, digest_of(asked.body)):
        raise key_reused()
    return known, answer(context.database, known)


@dataclass(frozen=True, slots=True)
class About:
    """What a command is about: as permissions know it, and after how many entries."""

    thing: Thing
    seq: int


def _visible(connection: Connection, caller: Caller, subject: SubjectId) -> About:
    """Give a finding or gathering that the caller may see. Raises the problem 404."""
    if kind_of(subject) is not None:
        row = visible_gathering(connection, caller, subject)
        return About(thing_of_gathering(row), row.seq)
    listed = visible_finding(connection, caller, subject)
    return About(thing_of(listed), listed.summary.seq)


def visible_thing(connection: Connection, caller: Caller, subject: SubjectId) -> Thing:
    """Give what a finding or gathering is to permissions, to who may see it. Raises the problem 404."""
    return _visible(connection, caller, subject).thing


def visible_gathering(connection: Connection, caller: Caller, gathering: str) -> GatheringSummary:
    """Give a gathering that the caller may see. Raises the problem 404."""
    row, kind = gatherings.find(connection, gathering), kind_of(gathering) or Kind.PLAN
    if row is None or can(caller.actor, SEEING[kind], thing_of_gathering(row)) is None:
        raise not_found(NAMES[kind])
    return row


def thing_of_gathering(row: GatheringSummary) -> Thing:
    """Give a gathering as permissions know it."""
    return Thing(row.programme, row.factory, row.restricted)


def visible_finding(connection: Connection, caller: Caller, finding: str) -> Listed:
    """Give a finding that the caller may see. Raises the problem 404."""
    listed = findings.find(connection, finding)
    if listed is None or can(caller.actor, Action.VIEW_FINDING, thing_of(listed)) is None:
        raise not_found("This finding")
    return listed


def thing_of(listed: Listed) -> Thing:
    """Give a finding as permissions know it."""
    row = listed.summary
    return Thing(row.programme, row.factory, row.restricted)


def _permitted(context: Context, connection: Connection, asked: Asked, about: About) -> Role:
    thing = about.thing
    role = permit(asked.caller, Action(asked.verb), thing, acting=asked.body.acting)
    check_own(asked.caller, asked.verb, asked.body)
    _unchanged(asked, about)
    _known_people(context, connection, asked.body, thing)
    _known_successor(connection, asked, thing)
    refuse_unfit(connection, asked.body, thing.factory)
    _known_finding(connection, asked, thing)
    _seen_files(connection, asked, thing)
    return role


def _unchanged(asked: Asked, about: About) -> None:
    named = {tag.strip() for tag in (asked.version or "*").split(",")}
    if named & {"*", etag(about.seq)}:
        return
    raise ProblemError(
        412,
        "version_changed",
        say("The finding has moved on since you read it."),
        way_out="Read the finding again, and send the command with its new ETag if it still holds.",
        headers={"ETag": etag(about.seq)},
    )


def etag(seq: int) -> str:
    """Give the ETag of a finding after `seq` ledger entries."""
    return f'"{seq}"'


def _known_people(context: Context, connection: Connection, body: Body, thing: Thing) -> None:
    """Refuse people whom the directory does not know in the part they are given."""
    problems = [
        FieldProblem(field=field, message=message)
        for field, person, allowed, message in _named(body)
        if not allowed(people.actor(connection, person, context.clock()), thing)
    ]
    if problems:
        raise invalid(*problems)


Knows = Callable[[Actor, Thing], bool]


def _named(body: Body) -> Iterator[tuple[str, str, Knows, str]]:
    if isinstance(body, Propose | FileInterimPlan):
        message = say("Nobody of this factory is known by this id. See the factory's people.")
        for place, action in enumerate(body.actions):
            yield f"actions[{place}].owner", action.owner, _of_the_factory, message
    if isinstance(body, BookVerification):
        message = say("No advisor or team leader of this factory is known by this id.")
        yield "verifier", body.verifier, _of_the_field_staff, message
    if isinstance(body, Sign) and body.witness is not None:
        message = say("No advisor or team leader of this factory is known by this id.")
        yield "witness", body.witness, _of_the_field_staff, message


def _of_the_factory(actor: Actor, thing: Thing) -> bool:
    return any(
        grant.kind is ScopeKind.FACTORY and grant.scope == thing.factory and grant.role in FACTORY_ROLES
        for grant in actor.grants
    )


def _of_the_field_staff(actor: Actor, thing: Thing) -> bool:
    return can(actor, Action.VERIFY, thing) is not None


def _known_successor(connection: Connection, asked: Asked, thing: Thing) -> None:
    if not isinstance(asked.body, Supersede):
        return
    successor = findings.find(connection, asked.body.successor)
    if successor is None or successor.summary.factory != thing.factory:
        message = say("This factory has no finding of this id.")
        raise invalid(FieldProblem(field="successor", message=message))


def _known_finding(connection: Connection, asked: Asked, thing: Thing) -> None:
    """Refuse a visit's outcome about another factory's finding, before any photo of it is looked for."""
    about = about_of(asked.body, asked.finding)
    if about == asked.finding:
        return
    found = findings.find(connection, about)
    if found is None or found.summary.factory != thing.factory:
        message = say("This factory has no finding of this id.")
        raise invalid(FieldProblem(field="finding", message=message))


def _seen_files(connection: Connection, asked: Asked, thing: Thing) -> None:
    """Refuse photos and documents that the finding has not, or that the caller does not see."""
    pieces: tuple[str, ...] = getattr(asked.body, "files", ())
    staff = can(asked.caller.actor, Action.VIEW_STAFF_MATTERS, thing) is not None
    seen = {
        each.id
        for each in (evidence.of_finding(connection, about_of(asked.body, asked.finding)) if pieces else ())
        if staff or not each.confidential
    }
    unknown = [place for place, piece in enumerate(pieces) if piece not in seen]
    if unknown:
        raise _unknown_file(unknown[0])


def _unknown_file(place: int) -> ProblemError:
    message = say("This finding has no photo or document of this id. It may have been taken back.")
    return invalid(FieldProblem(field=f"files[{place}]", message=message))


def _stored(context: Context, asked: Asked, role: Role) -> Command:
    person = asked.caller.person.id
    draft = Draft(
        command=command_id(person, asked.key),
        finding=asked.finding,
        verb=asked.verb,
        body=asked.body,
        by=person,
        acting=role,
        at=context.clock(),
    )
    try:
        with writing(context.database) as connection:
            return commands.receive(connection, _command(asked, draft, order_json(write(connection, draft))))
    except FileNotKnown as unknown:
        raise _unknown_file(unknown.place) from unknown
    except (KeyReused, AlreadyOtherwise) as reused:
        # Two requests with one key came in at the same moment, and the other was stored first.
        raise key_reused() from reused


def _command(asked: Asked, draft: Draft, order: str) -> Command:
    return Command(
        id=draft.command,
        person=draft.by,
        key=asked.key,
        finding=draft.finding,
        verb=draft.verb,
        order=order,
        digest=digest_of(draft.body),
        received_at=draft.at,
    )


def key_reused() -> ProblemError:
    """Give the problem 409 for an idempotency key that stands for another request."""
    return ProblemError(
        409,
        "idempotency_key_reused",
        say("You have used this Idempotency-Key before, for another request."),
        way_out="Take a new key for each new request, and the same key only to send the same request again.",
    )
