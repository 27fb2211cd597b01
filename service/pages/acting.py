"""Acting on a finding: each verb's form at an address of its own, sent the way that the API's commands go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from inspect import getdoc
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from remediation.permissions import Action
from remediation.words import SYSTEM, FindingId, SignatureMethod
from service.api.bodies import BODIES, Body
from service.api.findings import Finding, proposal
from service.api.orders import MOST_BODY, carry_out
from service.api.shapes import TimelineEntry
from service.auth import Caller, permit
from service.context import Context, Shared
from service.dossier import Dossier, Happened, open_dossier
from service.pages.acts import ACTS
from service.pages.choices import choices_of, prefilled
from service.pages.evidence import MOST_FILES, MOST_TOGETHER, Sending, chosen, take_in_all
from service.pages.fields import Kind, fields_of
from service.pages.form_data import Data, body_of, data_of, first
from service.pages.forms import SPARE_ROWS, Filled, boxes, labels
from service.pages.keys import new_key, usable_key
from service.pages.offers import Offer, stand
from service.pages.rendering import page
from service.pages.session import FINDINGS, Viewer
from service.pages.troubles import AGAIN, Trouble, of_files, of_problem, of_refusal, placed_in
from service.pins import VOTES, prove
from service.problems import FieldProblem, ProblemError, not_found, validation_problem
from service.receiving import Asked, etag, thing_of
from service.refusing import in_words
from service.showing import shape
from service.speaking import say
from service.timeline import entry_of
from storage import commands
from storage.commands import Refused, command_id
from storage.database import reading

router = APIRouter(prefix=FINDINGS, include_in_schema=False, max_body_size=MOST_BODY)

READ = ["GET", "HEAD"]
MOST_FIELDS = 300
PIN = "pin"
Verb = Annotated[str, Path(max_length=40, pattern=r"^[a-z-]+$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Somebody is at a verb's form: who, where, and what was typed so far."""

    viewer: Caller
    finding: str
    verb: str
    data: Data

    @property
    def key(self) -> str:
        """The idempotency key that the form was shown with; empty where it came without a usable one."""
        return usable_key(self.data)


@router.api_route("/{finding}/{verb}", methods=READ)
def show_form(context: Shared, viewer: Viewer, finding: Finding, verb: Verb) -> Response:
    """Show what is to be filled in for a verb, or why it cannot be done now."""
    wish = Wish(viewer=viewer, finding=finding, verb=_known(verb), data={})
    with reading(context.database) as connection:
        dossier, offered = _opened(context, connection, wish)
        data = prefilled(dossier, fields_of(wish.verb))
        return _page(connection, dossier, offered, replace(wish, data=data), spare=SPARE_ROWS)


@router.post("/{finding}/{verb}", max_body_size=MOST_TOGETHER)
async def send_form(
    request: Request, context: Shared, viewer: Viewer, finding: Finding, verb: Verb
) -> Response:
    """Give the command that a form asks for, and lead to what became of it; or show the form again."""
    async with request.form(max_files=MOST_FILES * 2, max_fields=MOST_FIELDS) as form:
        wish = Wish(viewer=viewer, finding=finding, verb=_known(verb), data=data_of(form))
        wish, wrong = await run_in_threadpool(_with_files, context, wish, chosen(form))
    asked = await run_in_threadpool(_asked, context, wish, wrong)
    if isinstance(asked, Response):
        return asked
    try:
        asked = await run_in_threadpool(_proven, context, asked, first(wish.data, PIN))
        command, known = await carry_out(context, asked)
    except ProblemError as error:
        if error.problem.status not in AGAIN:
            raise
        return await run_in_threadpool(_again, context, wish, of_problem(error))
    if isinstance(known, Refused):
        return await run_in_threadpool(_again, context, wish, of_refusal(known))
    return RedirectResponse(
        f"{FINDINGS}/{quote(command.finding, safe='')}?sent={command.id}", status_code=303
    )


def _proven(context: Context, asked: Asked, pin: str) -> Asked:
    """Give the command with its giver's PIN proven, where one was typed. Raises the problem 422."""
    if not pin or asked.verb not in VOTES:
        return asked
    return replace(asked, caller=prove(context, asked.caller, pin, by=asked.caller.person.id))


def _known(verb: str) -> str:
    name = verb.replace("-", "_")
    if name not in ACTS:
        raise not_found()
    return name


def _opened(context: Context, connection: Connection, wish: Wish) -> tuple[Dossier, Offer]:
    """Give the finding and the verb for who may give it. Raises the problems 403 and 404."""
    dossier = open_dossier(connection, wish.viewer, wish.finding, context.clock())
    permit(wish.viewer, Action(wish.verb), thing_of(dossier.listed))
    offered = stand(dossier.case, dossier.listed, wish.viewer, dossier.now).offer(wish.verb)
    assert offered is not None  # noqa: S101 - who is permitted is offered or told why not
    return dossier, offered


def _with_files(
    context: Context, wish: Wish, files: Sequence[UploadFile]
) -> tuple[Wish, tuple[FieldProblem, ...]]:
    """Keep the photos and documents that came along, and tick them: none is lost if the form comes back."""
    if not files or not wish.key or not any(each.kind is Kind.FILES for each in fields_of(wish.verb)):
        return wish, ()
    with reading(context.database) as connection:
        _opened(context, connection, wish)
    about = {"about_action": wish.data.get("action", ())} if wish.verb == "record_progress" else {}
    sending = Sending(viewer=wish.viewer, finding=wish.finding, data=about, files=files)
    taken, wrong = take_in_all(context, sending, wish.key)
    ticked = dict.fromkeys((*wish.data.get("files", ()), *(each.id for each in taken)))
    return replace(wish, data={**wish.data, "files": list(ticked)}), tuple(wrong)


def _asked(context: Context, wish: Wish, wrong: tuple[FieldProblem, ...]) -> Asked | Response:
    """Give the command that was asked for, or the form again where it cannot be sent yet."""
    with reading(context.database) as connection:
        dossier, offered = _opened(context, connection, wish)
        if "more" in wish.data or not wish.key:
            return _page(connection, dossier, offered, wish, spare=1)
        if wrong:
            return _page(connection, dossier, offered, replace(wish, data=_anew(wish)), of_files(wrong))
        body = _body(wish)
        trouble = body if isinstance(body, Trouble) else _overtaken(connection, dossier, wish)
        if trouble is not None:
            return _page(connection, dossier, offered, wish, trouble)
    assert isinstance(body, Body)  # noqa: S101 - it is no trouble
    return Asked(
        caller=wish.viewer,
        finding=FindingId(wish.finding),
        verb=wish.verb,
        body=body,
        key=wish.key,
        version=None if _bound(wish.verb) else etag(dossier.listed.summary.seq),
    )


def _body(wish: Wish) -> Body | Trouble:
    given = body_of(fields_of(wish.verb), wish.data)
    if acting := first(wish.data, "acting"):
        given["acting"] = acting
    if wish.verb == "sign" and wish.viewer.shared and given.get("method") == SignatureMethod.OWN_DEVICE:
        given["method"] = SignatureMethod.SHARED_DEVICE
    try:
        return BODIES[wish.verb].model_validate(given)
    except ValidationError as error:
        located = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        return of_problem(validation_problem(located))


def _bound(verb: str) -> bool:
    """Whether a verb is bound to the revision that was read, which says more than the finding's version."""
    return any(each.name == "revision" for each in fields_of(verb))


def _overtaken(connection: Connection, dossier: Dossier, wish: Wish) -> Trouble | None:
    """Tell what people did after the form was opened; nothing of a command that was received before."""
    seen = first(wish.data, "version")
    known = commands.find(connection, command_id(wish.viewer.person.id, wish.key))
    if _bound(wish.verb) or known is not None or not seen.isdecimal():
        return None
    later = [each for each in dossier.seen() if each.entry.seq > int(seen) and each.entry.by != SYSTEM]
    if not later:
        return None
    detail = say("Somebody has acted on the finding since you opened this form. Nothing was sent.")
    way_out = say("Read what happened. If what you wrote still holds, send it again.")
    return Trouble(status=412, detail=detail, way_out=way_out, since=_told(dossier, later))


def _told(dossier: Dossier, happened: Sequence[Happened]) -> tuple[TimelineEntry, ...]:
    return tuple(entry_of(dossier, each, {}) for each in happened)


def _again(context: Context, wish: Wish, trouble: Trouble) -> Response:
    """Show the form again with all that was typed, and a new key: the old one stands for what was sent."""
    with reading(context.database) as connection:
        dossier, offered = _opened(context, connection, wish)
        return _page(connection, dossier, offered, replace(wish, data=_anew(wish)), trouble)


def _anew(wish: Wish) -> Data:
    return {**wish.data, "key": [new_key()]}


def _page(  # noqa: PLR0913 - what a form is made of
    connection: Connection,
    dossier: Dossier,
    offered: Offer,
    wish: Wish,
    trouble: Trouble | None = None,
    *,
    spare: int = 0,
) -> Response:
    fields = fields_of(wish.verb)
    placed = placed_in(fields, wish.data, trouble, frozenset({PIN}))
    filled = Filled(
        data=wish.data,
        choices=choices_of(connection, dossier, fields, offered.possibility),
        problems=placed,
        spare=spare,
    )
    shown, shown_boxes = shape(dossier), boxes(fields, filled)
    return page(
        "act.html",
        status=trouble.status if trouble else 200,
        viewer=wish.viewer.person,
        finding=shown,
        act=offered.act,
        verb=offered.path,
        about=say(str(getdoc(BODIES[wish.verb]))),
        refusal=in_words(str(offered.possibility.refusal or "")) if not trouble else "",
        boxes=shown_boxes,
        labels=labels(shown_boxes),
        hidden=Kind.HIDDEN,
        votes=wish.verb in VOTES,
        shared=wish.viewer.shared,
        pin_wrong=next((each.message for each in placed if each.field == PIN), ""),
        trouble=trouble,
        why=trouble.why if trouble else "",
        placed=placed,
        acting=offered.possibility.acting,
        key=wish.key or new_key(),
        version=shown.version,
        proposal=_proposal(dossier, wish.verb),
        before=_told(dossier, _read_before(dossier, offered)),
        now=dossier.now,
    )


def _proposal(dossier: Dossier, verb: str) -> object:
    on_table = dossier.finding.proposal
    if on_table is None or not _bound(verb) or on_table.revision not in dossier.plans:
        return None
    return proposal(dossier, on_table.revision)


def _read_before(dossier: Dossier, offered: Offer) -> list[Happened]:
    """Give the latest of each kind of fact that the verb is about."""
    latest = {type(each.fact): each for each in dossier.seen() if isinstance(each.fact, offered.act.shows)}
    return list(latest.values())
