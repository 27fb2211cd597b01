"""Templates of the pages, with the words and dates they are written in."""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from notifications.languages import NAMES, language
from remediation.words import (
    Duty,
    LetterKind,
    Modality,
    Role,
    Severity,
    Side,
    Stage,
    SuspensionCause,
    Verdict,
)
from service import codes, saying
from service.pages.fields import label
from service.pages.navigation import places
from service.pages.way import way
from service.speaking import say, say_many, spoken
from storage.messages import MessageState

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
PERSON = "Mendwork-Person"
"""The header that names whose a page is, for the service worker that keeps it (docs/decisions/0010)."""
WHY = "Mendwork-Why"
"""The header that says why a form comes back, percent-encoded, for the outbox of the phone that sent it."""

_environment = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    # Templates change with the program: whether a file is newer was asked ten times a page.
    auto_reload=False,
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


def _translated(text: str, /, **values: Any) -> Markup:  # noqa: ANN401 - what templates fill in
    """Give a text of a template in the language spoken, as the extension does, in a third of its time."""
    if values:
        return Markup(spoken().say(text)) % values  # noqa: S704 - ours, and the values are escaped
    return _plain(text, spoken().code)


@lru_cache(8192)
def _plain(text: str, code: str) -> Markup:
    return Markup(language(code).say(text)) % {}  # noqa: S704 - ours


_reader: ContextVar[str] = ContextVar("reader", default="")

_environment.globals |= {"_": _translated, "gettext": _translated}


def _options(words: Mapping[str, str], chosen: object) -> Markup:
    """Give the choices of a list by their values: hundreds of them, for each of which no template is run."""
    every = (
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(said)}</option>'
        for value, said in words.items()
    )
    return Markup("\n".join(every))  # noqa: S704 - escaped one by one


_environment.globals |= {
    "options": _options,
    "reader": _reader.get,
    "spoken": spoken,
    "places": places,
    "languages": NAMES,
}


def _place(path: str) -> str:
    """Give a place in a plan, such as `actions[0].due`, by its label in the form."""
    number = re.match(r"actions\[(\d+)\]\.(.+)", path)
    if not number:
        return label(path)
    return say("Action %(number)s: %(field)s", number=int(number[1]) + 1, field=label(number[2]))


_environment.filters.update(
    alarm=lambda alarm: codes.ALARMS[alarm],
    basis=lambda basis: saying.BASES[basis],
    check=lambda check: saying.CHECKS[check],
    modality=lambda modality: saying.MODALITY[Modality(modality)],
    verdict=lambda verdict: saying.VERDICTS[Verdict(verdict)],
    visit_stage=lambda stage: saying.VISIT_STAGES[stage],
    capital=lambda text: text[:1].upper() + text[1:],
    cause=lambda cause: saying.CAUSE[SuspensionCause(cause)],
    clock=lambda local: spoken().clock(local),
    cluster=saying.cluster,
    country=saying.country,
    day=saying.day,
    delivery=lambda state: codes.DELIVERIES[MessageState(state)],
    duty=lambda duty: saying.DUTY[Duty(duty)],
    letter=lambda kind: saying.LETTERS[LetterKind(kind)],
    gathering=lambda kind: saying.GATHERINGS[kind],
    letter_ahead=saying.letter_ahead,
    level=lambda level: say(saying.LEVELS[level]),
    listed=saying.listed,
    local=lambda instant, zone: instant.astimezone(ZoneInfo(zone)).date(),
    month=lambda day: spoken().month(day),
    months=lambda number: say_many("%(count)s month", "%(count)s months", number),
    number=lambda number: spoken().number(number),
    percent=lambda number: spoken().percent(number),
    place=_place,
    point=saying.point,
    purpose=lambda purpose: codes.PURPOSES.get(purpose, saying.spaced(purpose)),
    reason=codes.reason,
    repeat_said=lambda repeat: saying.repeat_said(repeat.standing, repeat.followed),
    role=lambda role: saying.ROLE[Role(role)],
    role_name=lambda role: saying.ROLE_NAME[Role(role)],
    severity=lambda severity: saying.SEVERITY[Severity(severity)],
    size=saying.size,
    side=lambda side: saying.SIDES[Side(side)],
    stage=lambda stage: codes.STAGES[Stage(stage)],
    stage_sentence=lambda stage: saying.STAGES[stage],
    the_role=lambda role: saying.THE_ROLE[Role(role)],
    translated=lambda texts: map(say, texts),
    within=saying.within,
    way=way,
)


def keep_for(person: str) -> None:
    """Let the phone keep the pages of this request for a person. To be called in the request's own task."""
    _reader.set(person)


def rendered(template: str, **shown: Any) -> str:  # noqa: ANN401 - what templates show
    """Give a template, filled in, in the language spoken."""
    return _environment.get_template(template).render(shown)


def page(template: str, *, status: int = 200, why: str = "", **shown: Any) -> HTMLResponse:  # noqa: ANN401 - what templates show
    """Render a page; `why` says why a form on it comes back, for the phone that kept it."""
    html = rendered(template, **shown)
    headers = {PERSON: _reader.get()} if _reader.get() else {}
    if why:
        headers[WHY] = quote(why)
    return HTMLResponse(html, status_code=status, headers=headers)
