"""Templates of the pages, with the words and dates they are written in."""

import re
from contextvars import ContextVar
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from notifications.languages import NAMES
from remediation.catalogue import CLUSTER_BY_ID, POINT_BY_ID
from remediation.words import Duty, LetterKind, Role, Severity, Side, Stage, SuspensionCause
from service import saying
from service.speaking import say, spoken

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
PERSON = "Mendwork-Person"
"""The header that names whose a page is, for the service worker that keeps it (docs/decisions/0010)."""

_environment = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
    # The optimizer would fold what a filter gives for a constant into the template: in one language for all.
    optimized=False,
)
_environment.policies["ext.i18n.trimmed"] = True
_environment.install_gettext_callables(  # type: ignore[attr-defined]
    lambda text: spoken().say(text),
    lambda one, many, count: spoken().say_many(one, many, count),
    newstyle=True,
)
_reader: ContextVar[str] = ContextVar("reader", default="")

_environment.globals |= {"reader": _reader.get, "spoken": spoken, "languages": NAMES}


def _stage(stage: Stage) -> str:
    return stage.value.replace("_", " ")


def _point(point: str) -> str:
    known = POINT_BY_ID.get(point)
    return known.name if known else point


def _cluster(cluster: str) -> str:
    known = CLUSTER_BY_ID.get(cluster)
    return known.name if known else cluster


def _clock(local: datetime) -> str:
    """Give a wall clock, such as `Thursday 26 November 2026, 09:00`."""
    return spoken().clock(local)


def _place(path: str) -> str:
    """Give a place in a plan, such as `actions[0].due`, in words."""
    number = re.match(r"actions\[(\d+)\]\.(.+)", path)
    return f"Action {int(number[1]) + 1}, {saying.spaced(number[2])}" if number else saying.spaced(path)


def _day(value: date) -> str:
    return saying.day(value)


_environment.filters.update(
    day=_day,
    clock=_clock,
    stage=_stage,
    stage_sentence=lambda stage: saying.STAGES[stage],
    severity=lambda severity: saying.SEVERITY[Severity(severity)],
    duty=lambda duty: saying.DUTY[Duty(duty)],
    cause=lambda cause: saying.CAUSE[SuspensionCause(cause)],
    role=lambda role: saying.ROLE[Role(role)],
    role_name=lambda role: saying.ROLE_NAME[Role(role)],
    size=saying.size,
    side=lambda side: saying.SIDES[Side(side)],
    letter=lambda kind: saying.LETTERS[LetterKind(kind)],
    month=lambda day: spoken().month(day),
    number=lambda number: spoken().number(number),
    level=lambda level: say(saying.LEVELS[level]),
    point=_point,
    place=_place,
    cluster=_cluster,
    spaced=saying.spaced,
    within=saying.within,
)


def keep_for(person: str) -> None:
    """Let the phone keep the pages of this request for a person. To be called in the request's own task."""
    _reader.set(person)


def page(template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:  # noqa: ANN401 - what templates show
    """Render a page."""
    html = _environment.get_template(template).render(shown)
    kept = {PERSON: _reader.get()} if _reader.get() else None
    return HTMLResponse(html, status_code=status, headers=kept)
