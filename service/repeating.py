"""Repeats of former cycles: shown to who may see both findings, and decided by the programme's staff."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from remediation.orders import Amend, LinkRepeat, Order, Supersede, verb
from remediation.permissions import Action, can
from remediation.repeats import Standing, Then, usual
from remediation.words import ENDINGS, CommandId, FindingId, NoteId, Role, Severity, Stage
from service.auth import Caller, permit
from service.commands import Answer, deliver
from service.context import Context
from service.problems import FieldProblem, ProblemError, invalid, not_found
from service.receiving import key_reused, thing_of, visible_finding
from service.speaking import say
from storage import assessments, commands, findings, notes, repeats
from storage.assessments import Subject
from storage.codec import order_json
from storage.commands import Command, KeyReused, Refused, command_id
from storage.database import reading, writing
from storage.findings import Listed
from storage.notes import Note
from storage.repeats import Repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A finding and the former one that it repeats or may, both of which the viewer may see."""

    repeat: Repeat
    new: Listed
    former: Listed
    about: Subject | None
    """What the former one is about, in words."""
    words: Subject | None
    """The same of the new one."""

    @property
    def usual(self) -> Then:
        """What usually becomes of the former one."""
        return usual(self.former.summary.stage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether it is a repeat, and what becomes of the former finding; None for what usually does."""

    repeats: bool
    then: Then | None = None


def pair_of(connection: Connection, caller: Caller, finding: str) -> Pair:
    """Give what a finding repeats, or may. Raises the problem 404, also where the former is not for them."""
    return before(connection, caller, visible_finding(connection, caller, finding))


def before(connection: Connection, caller: Caller, new: Listed) -> Pair:
    """Give the same of a finding that the caller may see."""
    found = repeats.find(connection, new.summary.finding)
    pair = next(_pairs(connection, caller, (found,)), None) if found else None
    if pair is None:
        raise not_found("This repeat")
    return pair


def pairs_of_plan(connection: Connection, caller: Caller, plan: str) -> Iterator[Pair]:
    """Give the repeats among a plan's findings of which the caller may see both."""
    return _pairs(connection, caller, repeats.of_plan(connection, plan))


def found_again(connection: Connection, caller: Caller, former: str) -> Iterator[Pair]:
    """Give the later findings that repeat one, of which the caller may see both."""
    return _pairs(connection, caller, repeats.later(connection, former))


def _sees(caller: Caller, row: Listed) -> bool:
    return can(caller.actor, Action.VIEW_FINDING, thing_of(row)) is not None


def _pairs(connection: Connection, caller: Caller, found: Sequence[Repeat]) -> Iterator[Pair]:
    rows = findings.some(connection, sorted({id_ for each in found for id_ in (each.finding, each.former)}))
    seen = {id_: row for id_, row in rows.items() if _sees(caller, row)}
    worded = assessments.find_subjects(connection, seen)
    for each in found:
        if each.finding in seen and each.former in seen:
            yield Pair(
                repeat=each,
                new=seen[each.finding],
                former=seen[each.former],
                about=worded.get(each.former),
                words=worded.get(each.finding),
            )


async def decide(
    context: Context, caller: Caller, finding: str, decision: Decision, key: str
) -> tuple[Repeat, tuple[str, ...]]:
    """Keep what somebody decided, and give the orders that follow from it to both findings.

    Gives the repeat as it stands, and why orders were refused. What is not carried out at once, the courier
    delivers. Raises the problems 403, 404, 409 (decided before, or a certain repeat rejected) and 422.
    """
    given = await run_in_threadpool(_stored, context, caller, finding, decision, key)
    answers = [await deliver(context.engine, context.database, each) for each in given]
    with reading(context.database) as connection:
        decided = pair_of(connection, caller, finding).repeat
    return decided, tuple(_why(answers))


def _why(answers: list[Answer]) -> Iterator[str]:
    return (each.detail for each in answers if isinstance(each, Refused))


def _stored(
    context: Context, caller: Caller, finding: str, decision: Decision, key: str
) -> tuple[Command, ...]:
    now = context.clock()
    with writing(context.database) as connection:
        pair = pair_of(connection, caller, finding)
        role = permit(caller, Action.LINK_REPEAT, thing_of(pair.new))
        giver = _Giver(caller, role, now, key)
        if not pair.repeat.waits:
            return _decided_before(connection, giver, pair, decision)
        then = _then(pair, decision)
        standing = _standing(pair, decision)
        given = tuple(_commands(connection, giver, pair, then)) if then else ()
        if not repeats.decide(connection, finding, standing, then, caller.person.id, now):
            raise _already()
        try:
            return tuple(commands.receive(connection, each) for each in given)
        except KeyReused as reused:
            raise key_reused() from reused


def _already() -> ProblemError:
    return ProblemError(409, "already_done", say("Somebody has decided this already."))


def _decided_before(
    connection: Connection, giver: "_Giver", pair: Pair, decision: Decision
) -> tuple[Command, ...]:
    """Give what the same request led to before. Raises the problem 409 for another one."""
    if not decision.repeats and pair.repeat.standing is Standing.REJECTED:
        return ()
    both = pair.repeat.finding, pair.repeat.former
    ids = [giver.id(each, kind) for kind in (LinkRepeat, Amend, Supersede) for each in both]
    known = tuple(found for each in ids if (found := commands.find(connection, each)) is not None)
    if not known:
        raise _already()
    return known


def _standing(pair: Pair, decision: Decision) -> Standing:
    if not decision.repeats:
        if pair.repeat.standing is Standing.CERTAIN:
            message = say("Both findings are about the same question: that it is a repeat is certain.")
            raise ProblemError(409, "not_at_this_stage", message)
        return Standing.REJECTED
    return Standing.CERTAIN if pair.repeat.standing is Standing.CERTAIN else Standing.CONFIRMED


def _then(pair: Pair, decision: Decision) -> Then | None:
    if not decision.repeats:
        return None
    over = pair.former.summary.stage in ENDINGS
    then = decision.then or pair.usual
    if over is not (then is Then.LINK):
        message = (
            say("The former finding has ended: the two can only be linked.")
            if over
            else say("The former finding is open: say which of the two carries on.")
        )
        raise invalid(FieldProblem(field="then", message=message))
    return then


@dataclass(frozen=True, slots=True)
class _Giver:
    """Who decides, in which role, at which aware instant, under which key."""

    caller: Caller
    role: Role
    now: datetime
    key: str

    def key_of(self, finding: FindingId, kind: type[Order]) -> str:
        # A key of the caller's has no space in it, so that none of theirs is mistaken for one of these.
        return f"{self.key} {verb(kind)} {finding}"

    def id(self, finding: FindingId, kind: type[Order]) -> CommandId:
        return command_id(self.caller.person.id, self.key_of(finding, kind))

    def command(self, finding: FindingId, kind: type[Order], **fields: Any) -> Command:  # noqa: ANN401
        person, key = self.caller.person.id, self.key_of(finding, kind)
        order = kind(id=self.id(finding, kind), by=person, acting=self.role, **fields)
        said = order_json(order)
        return Command(
            id=order.id,
            person=person,
            key=key,
            finding=finding,
            verb=verb(kind),
            order=said,
            digest=sha256(said.encode()).hexdigest(),
            received_at=self.now,
        )


def _commands(connection: Connection, giver: _Giver, pair: Pair, then: Then) -> Iterator[Command]:
    """Give the orders to both findings, in the order in which they are given."""
    new, former = pair.repeat.finding, pair.repeat.former
    if pair.repeat.standing is not Standing.CERTAIN:
        yield giver.command(new, LinkRepeat, other=former, earlier=True)
        if then is not Then.CARRY_ON:
            yield from _raised(connection, giver, pair)
    if then is Then.CARRY_ON:
        yield giver.command(former, LinkRepeat, other=new, earlier=False)
        yield giver.command(new, Supersede, successor=former)
    if then is Then.SUPERSEDE:
        yield giver.command(former, Supersede, successor=new)


def _raised(connection: Connection, giver: _Giver, pair: Pair) -> Iterator[Command]:
    """Raise a confirmed repeat by one severity, as an import does, while nobody has acted on its dates."""
    row = pair.new.summary
    if row.stage is not Stage.ISSUED or row.severity.one_up is row.severity:
        return
    note = NoteId(f"{command_id(giver.caller.person.id, giver.key)}.note")
    text = say("It repeats a finding of an earlier cycle.")
    by = giver.caller.person.id
    notes.write_note(
        connection,
        Note(id=note, finding=row.finding, by=by, at=giver.now, purpose="note", text=text),
    )
    severity: Severity = row.severity.one_up
    yield giver.command(row.finding, Amend, severity=severity, note=note)
