"""The advisor's board: what waits for staff at all their factories, and which of these need them first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from notifications.wording import N_
from remediation.need import Need, by_need
from remediation.permissions import Action, Actor, Reach, can, reach
from remediation.waiting import Ask
from remediation.words import Duty, Stage
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


@router.api_route("", methods=READ)
def board_page(context: Shared, viewer: Viewer, show: Annotated[str, Query(max_length=20)] = "") -> Response:
    """Show what waits at all factories of the viewer; with `show` one section of it as far as it goes."""
    within = reach(viewer.actor, Action.VIEW_STAFF_MATTERS)
    if within.nowhere:
        raise forbidden(Action.VIEW_STAFF_MATTERS)
    now = context.clock()
    scope = Scope(within, reach(viewer.actor, Action.VIEW_STAFF_MATTERS, restricted=True))
    wanted = {show} if show in SECTIONS else set(SECTIONS)
    with reading(context.database) as connection:
        counts, needs = context.counted.of(connection, _counts, scope, now)
        few = MANY if show in SECTIONS else FEW
        sections = [
            _section(connection, viewer, scope, key, counts, now, few) for key in SECTIONS if key in wanted
        ]
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


def _counts(
    connection: Connection, scope: Scope, now: datetime
) -> tuple[dict[Duty | Ask, int], tuple[Need, ...]]:
    needs = by_need(board.needs(connection, scope, now, ASKED).values())
    return board.counted(connection, scope, ASKED), needs


def _names(connection: Connection, needs: tuple[Need, ...]) -> dict[str, str]:
    within = Reach(factories=frozenset(each.factory for each in needs))
    return programmes.names_within(connection, within)


def _section(  # noqa: PLR0913 - what a section is made of
    connection: Connection,
    viewer: Caller,
    scope: Scope,
    key: str,
    counts: dict[Duty | Ask, int],
    now: datetime,
    few: int,
) -> Section:
    title, what = SECTIONS[key]
    if key == "objections":
        ids, total = board.objected(connection, scope, few)
        lines = _objections(connection, viewer, ids)
    elif key == "overdue":
        late = findings.page(
            connection,
            Filters(overdue_at=now),
            visible=scope.visible,
            restricted=scope.restricted,
            limit=few,
        )
        lines = (_line(viewer, each, None) for each in late.rows)
        total = board.overdue(connection, scope, now)
    else:
        asked = board.asked(connection, scope, what, few)
        known = {
            each.summary.finding: each for each in findings.listed(connection, [a.finding for a in asked])
        }
        lines = (_asked(viewer, known[each.finding], each) for each in asked)
        total = sum(counts.get(each, 0) for each in what)
    return Section(key=key, title=say(title), lines=tuple(lines), total=total)


def _objections(connection: Connection, viewer: Caller, ids: tuple[str, ...]) -> Iterator[Line]:
    for each in findings.listed(connection, ids):
        yield _line(viewer, each, Duty.VERIFY)


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
