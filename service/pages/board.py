"""The advisor's board: what waits for staff at all their factories, and which of these need them first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query, Response
from sqlalchemy import Connection

from notifications.wording import N_
from remediation.need import Need, by_need
from remediation.permissions import Action, Actor, Reach, can, reach
from remediation.waiting import Ask
from remediation.words import Duty, FindingId, Stage
from service import saying
from service.auth import Caller, forbidden
from service.context import Shared
from service.pages.acts import ACTS, Act
from service.pages.findings import READ
from service.pages.rendering import page
from service.pages.session import Viewer
from service.receiving import thing_of
from service.speaking import say
from storage import board, findings, programmes
from storage.database import reading
from storage.figures import Scope
from storage.findings import Filters, Listed

router = APIRouter(prefix="/board", include_in_schema=False, max_body_size=0)

FEW, MANY = 6, 200
MOST_FACTORIES = 15

DECISIONS = (
    Duty.CONFIRM_ALARM,
    Duty.NOTIFY_AUTHORITY,
    Duty.DECIDE_DISPUTE,
    Duty.DECIDE_EXTENSION,
    Duty.DECIDE_SUSPENSION,
    Duty.DECIDE_RECOVERY_PLAN,
    Duty.DECIDE_CONSEQUENCE,
    Duty.MEDIATE,
    Ask.ACCEPT_NO_ACTION,
)
VERIFICATIONS = (Duty.VERIFY, Duty.CHECK_EFFECTIVENESS)
SECTIONS: dict[str, tuple[str, tuple[Duty | Ask, ...]]] = {
    "escalations": (N_("Escalations to acknowledge"), (Ask.ACKNOWLEDGE,)),
    "decisions": (N_("Decisions asked for"), DECISIONS),
    "objections": (N_("Objections to reported fixes"), ()),
    "verifications": (N_("Verifications and checks due"), VERIFICATIONS),
    "overdue": (N_("Overdue at the factories and with us"), ()),
}
ASKED = (Ask.ACKNOWLEDGE, *DECISIONS, *VERIFICATIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A finding on the board: what waits, by when, and the one thing to do about it."""

    listed: Listed
    texts: bool
    what: str
    due: datetime | None
    day: date | None
    verb: str
    act: Act | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the board: its first lines, and how many there are in all."""

    key: str
    title: str
    lines: tuple[Line, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The findings of a section's first lines, with what is asked there, and how many there are in all."""

    ids: tuple[FindingId, ...]
    asked: tuple[board.Asked, ...] = ()
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that the board shows of a scope: its sections, and the factories by need."""

    sections: Mapping[str, Found]
    needs: tuple[Need, ...]


@router.api_route("", methods=READ)
def board_page(
    context: Shared,
    viewer: Viewer,
    after: BackgroundTasks,
    show: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show what waits at all factories of the viewer; with `show` one section of it as far as it goes."""
    within = reach(viewer.actor, Action.VIEW_STAFF_MATTERS)
    if within.nowhere:
        raise forbidden(Action.VIEW_STAFF_MATTERS)
    now = context.clock()
    scope = Scope(within, reach(viewer.actor, Action.VIEW_STAFF_MATTERS, restricted=True))
    with reading(context.database) as connection:
        seen = context.counted.of(connection, _seen, scope, now, after)
        needs = seen.needs
        found = {show: _found(connection, scope, now, show, MANY)} if show in SECTIONS else seen.sections
        sections = list(_sections(connection, viewer, found))
        shown = needs[:MOST_FACTORIES]
        names = _names(connection, shown)
    return page(
        "board.html",
        viewer=viewer.person,
        sections=sections,
        needs=[] if show in SECTIONS else [(each, names.get(each.factory, each.factory)) for each in shown],
        more=len(needs) - len(shown),
        show=show if show in SECTIONS else "",
        now=now,
    )


def _seen(connection: Connection, scope: Scope, now: datetime) -> Seen:
    """Give what the board shows of a scope at an aware instant."""
    return Seen(
        sections={key: _found(connection, scope, now, key, FEW) for key in SECTIONS},
        needs=by_need(board.needs(connection, scope, now, ASKED).values()),
    )


def _found(connection: Connection, scope: Scope, now: datetime, key: str, few: int) -> Found:
    _, what = SECTIONS[key]
    if key == "objections":
        ids, total = board.objected(connection, scope, few)
        return Found(ids=ids, total=total)
    if key == "overdue":
        late = findings.page(
            connection,
            Filters(overdue_at=now),
            visible=scope.visible,
            restricted=scope.restricted,
            limit=few,
        )
        ids = tuple(each.summary.finding for each in late.rows)
        return Found(ids=ids, total=board.overdue(connection, scope, now))
    asked = board.asked(connection, scope, what, few)
    total = sum(board.counted(connection, scope, what).values())
    return Found(ids=tuple(each.finding for each in asked), asked=asked, total=total)


def _names(connection: Connection, needs: tuple[Need, ...]) -> dict[str, str]:
    within = Reach(factories=frozenset(each.factory for each in needs))
    return programmes.names_within(connection, within)


def _sections(connection: Connection, viewer: Caller, found: Mapping[str, Found]) -> Iterator[Section]:
    ids = list(dict.fromkeys(each for section in found.values() for each in section.ids))
    known = {each.summary.finding: each for each in findings.listed(connection, ids)}
    for key, section in found.items():
        lines = tuple(_lines(viewer, known, key, section))
        yield Section(key=key, title=say(SECTIONS[key][0]), lines=lines, total=section.total)


def _lines(viewer: Caller, known: Mapping[FindingId, Listed], key: str, section: Found) -> Iterator[Line]:
    if section.asked:
        yield from (_asked(viewer, known[each.finding], each) for each in section.asked)
        return
    what = Duty.VERIFY if key == "objections" else None
    yield from (_line(viewer, known[each], what) for each in section.ids)


def _asked(viewer: Caller, listed: Listed, asked: board.Asked) -> Line:
    line = _line(viewer, listed, asked.what)
    return replace(line, what=_words(asked.what), due=asked.due, day=None)


def _line(viewer: Caller, listed: Listed, what: Duty | Ask | None) -> Line:
    row = listed.summary
    owed = what or row.next_duty
    verb = _verb(viewer.actor, listed, owed)
    return Line(
        listed=listed,
        texts=can(viewer.actor, Action.VIEW_TEXTS, thing_of(listed)) is not None,
        what=_words(owed) if owed else "",
        due=row.next_due,
        day=row.next_due_day,
        verb=verb.replace("_", "-"),
        act=ACTS[verb] if verb else None,
    )


def _words(what: Duty | Ask) -> str:
    return saying.ASKS[what] if isinstance(what, Ask) else saying.DUTY[what]


def _verb(actor: Actor, listed: Listed, what: Duty | Ask | None) -> str:
    """Give the one verb that answers what waits and that the viewer has permission for; empty for none."""
    thing = thing_of(listed)
    verbs = tuple(verb for verb, act in ACTS.items() if what in act.answers)
    if what is Duty.VERIFY and listed.summary.stage is Stage.FIX_REPORTED:
        verbs = ("book_verification",)
    return next((verb for verb in verbs if can(actor, Action(verb), thing) is not None), "")
