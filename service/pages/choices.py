"""What a form can already say: whom and what may be picked, and what stands there when it is opened."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Connection

from remediation.notices import notice_of
from remediation.obligations import obligations
from remediation.permissions import FIELD_STAFF, Reach
from remediation.possible import Possibility
from remediation.words import ENDINGS, FACTORY_ROLES, Duty, Severity, Stage, Statement
from service import saying
from service.dossier import Dossier, wording
from service.pages.fields import ENUMS, Field, Kind, Option
from service.pages.form_data import Data
from service.pages.forms import Choices
from service.speaking import say
from storage import belonging, findings, holders, programmes
from storage.evidence import Kind as Taken
from storage.evidence import State
from storage.findings import EVERYWHERE, Filters

Offered = Iterator[Option]


def choices_of(
    connection: Connection, dossier: Dossier, fields: Sequence[Field], possibility: Possibility
) -> Choices:
    """Give what may be picked in the fields of a form; fields that know their own are left out.

    Of actions and of things late only those are offered for which the rules would take the order.
    """
    names = {each.name for field in fields for each in (field, *field.fields)}
    known = {name: tuple(offer(connection, dossier)) for name, offer in _OFFERED.items() if name in names}
    for name in _BY_THE_RULES & known.keys() if possibility.taken else ():
        taken = {value for each in possibility.taken for value in _values(each.get(name, ()))}
        known[name] = tuple(option for option in known[name] if option.value in taken)
    return known


def _values(given: object) -> tuple[str, ...]:
    return tuple(map(str, given)) if isinstance(given, tuple) else (str(given),)


def _of_the_factory(connection: Connection, dossier: Dossier) -> Offered:
    return people_of_factory(connection, dossier.finding.factory, dossier.now)


def people_of_factory(connection: Connection, factory: str, now: datetime) -> Offered:
    """Offer everybody of a factory at an aware instant, by name, with what they are there."""
    where = Reach(factories=frozenset({factory}))
    found = belonging.members(connection, where, now)
    for each in sorted(found, key=lambda member: member.person.name):
        roles = [saying.ROLE_NAME[grant.role] for grant in each.grants if grant.role in FACTORY_ROLES]
        if roles:
            yield Option(each.person.id, f"{each.person.name} ({saying.listed(dict.fromkeys(roles))})")


def _independent(connection: Connection, dossier: Dossier) -> Offered:
    """Offer the advisors and team leaders who neither planned, did nor reported the fix."""
    finding = dossier.finding
    for option in _field_staff(connection, dossier):
        if option.value not in finding.fixers and not any(
            seat.person == option.value for seat in finding.seats
        ):
            yield option


def _field_staff(connection: Connection, dossier: Dossier) -> Offered:
    factory = programmes.factory(connection, dossier.finding.factory)
    for person in holders.all_holders(connection, factory, FIELD_STAFF) if factory else ():
        yield Option(person.id, person.name)


def _actions_by_day(_connection: Connection, dossier: Dossier) -> Offered:
    for action in dossier.finding.actions:
        yield Option(
            action.id,
            say("%(action)s, by %(day)s", action=_called(dossier, action.id), day=saying.day(action.due)),
        )


def _all_actions(_connection: Connection, dossier: Dossier) -> Offered:
    for action in dossier.finding.actions:
        yield Option(action.id, _called(dossier, action.id))


def _called(dossier: Dossier, action: str) -> str:
    words = {str(each): text for each, text in wording(dossier.plan).items()}
    return words.get(action) or say("Action %(id)s", id=action)


def _late(_connection: Connection, dossier: Dossier) -> Offered:
    """Offer what is owed, with the level of the ladder it has come to."""
    for owed in obligations(dossier.finding):
        level = notice_of(dossier.finding, owed).level
        words = _owed(dossier, owed.duty, owed.key)
        yield Option(owed.key, say("%(what)s, level %(level)s", what=words, level=level) if level else words)


def _owed(dossier: Dossier, duty: Duty, key: str) -> str:
    return _called(dossier, key.partition(":")[2]) if duty is Duty.ACTION else saying.DUTY[duty]


def _successors(connection: Connection, dossier: Dossier) -> Offered:
    """Offer the factory's other open findings about the same compliance point, the latest issued first."""
    running = tuple(stage for stage in Stage if stage not in ENDINGS)
    alike = Filters(factory=dossier.finding.factory, point=dossier.finding.point, stages=running)
    found = findings.page(connection, alike, visible=EVERYWHERE, restricted=EVERYWHERE).rows
    for each in sorted(found, key=lambda row: row.summary.issued_at, reverse=True):
        row = each.summary
        if row.finding != dossier.finding.id:
            cycle = say("cycle %(number)s", number=each.cycle) + ", " if each.cycle else ""
            yield Option(row.finding, f"{each.question_text or row.point} ({cycle}{row.finding})")


def _files(_connection: Connection, dossier: Dossier) -> Offered:
    """Offer what was handed in, the latest first: by what it shows, else by when it came."""
    for each in reversed(dossier.evidence):
        at = f"/findings/{quote(each.finding, safe='')}/evidence/{each.id}/thumb"
        words = each.shows or saying.day(dossier.finding.calendar.local(each.at).date())
        yield Option(each.id, words, at if each.kind is Taken.PHOTO else "")


def _severities(_connection: Connection, dossier: Dossier) -> Offered:
    """Offer every other severity; zero tolerance only where its alarm can be raised."""
    raisable = dossier.finding.stage is Stage.ISSUED and dossier.finding.alarm is None
    for severity in Severity:
        ruled_out = severity is Severity.ZERO_TOLERANCE and not raisable
        if severity is not dossier.finding.severity and not ruled_out:
            yield Option(severity, ENUMS["Severity"][severity])


def _statements(_connection: Connection, _dossier: Dossier) -> Offered:
    return (Option(each, saying.STATEMENTS[each]) for each in Statement)


_OFFERED: dict[str, Callable[[Connection, Dossier], Offered]] = {
    "owner": _of_the_factory,
    "verifier": _independent,
    "witness": _field_staff,
    "action": _actions_by_day,
    "actions": _actions_by_day,
    "id": _all_actions,
    "obligation": _late,
    "successor": _successors,
    "severity": _severities,
    "files": _files,
    "what": _statements,
}
"""Who knows what may be picked in a field, by the field's name."""


_BY_THE_RULES = frozenset({"action", "actions", "obligation", "what"})
"""Fields for which `possible` makes up an order for each thing there is."""


def prefilled(dossier: Dossier, fields: Sequence[Field]) -> Data:
    """Give what stands in a form when it is opened."""
    data: dict[str, list[str]] = {}
    for field in fields:
        for path, value in _PREFILLED.get(field.name, _nothing)(dossier, field):
            data.setdefault(path, []).append(value)
    return data


Typed = Iterator[tuple[str, str]]


def _nothing(_dossier: Dossier, _field: Field) -> Typed:
    return iter(())


def _revision(dossier: Dossier, _field: Field) -> Typed:
    if dossier.finding.proposal is not None:
        yield "revision", dossier.finding.proposal.revision


def _root_cause(dossier: Dossier, _field: Field) -> Typed:
    plan = dossier.on_table
    if plan is not None:
        yield "root_cause", plan.root_cause


def _plan_actions(dossier: Dossier, field: Field) -> Typed:
    plan = dossier.on_table
    if field.kind is not Kind.ROWS or plan is None:
        return
    for row, action in enumerate(plan.actions):
        for name in (each.name for each in field.fields):
            yield f"actions[{row}].{name}", str(getattr(action, name))


def _no_action(dossier: Dossier, _field: Field) -> Typed:
    plan = dossier.on_table
    if plan is not None and plan.no_action_reason:
        yield "no_action_reason", plan.no_action_reason


def _modality(dossier: Dossier, _field: Field) -> Typed:
    fix = dossier.finding.fix
    if fix is not None and fix.modality is not None:
        yield "modality", fix.modality
    elif dossier.finding.must_be_seen_on_site:
        yield "modality", "on_site"


def _remaining(dossier: Dossier, _field: Field) -> Typed:
    for row, action in enumerate(dossier.finding.actions):
        yield f"remaining[{row}].id", action.id
        yield f"remaining[{row}].due", ""


def _own_files(dossier: Dossier, _field: Field) -> Typed:
    """Tick what the viewer has handed in and nobody has named in a report yet."""
    for each in dossier.evidence:
        if each.by == dossier.sight.viewer and each.state is State.KEPT:
            yield "files", each.id


_PREFILLED: dict[str, Callable[[Dossier, Field], Typed]] = {
    "revision": _revision,
    "root_cause": _root_cause,
    "actions": _plan_actions,
    "no_action_reason": _no_action,
    "modality": _modality,
    "files": _own_files,
    "remaining": _remaining,
}
