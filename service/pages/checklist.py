"""A visit's checklist as a page shows it: each finding with its promises, and the form of its outcome."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from remediation.permissions import Action
from remediation.words import Check, Verdict
from service import saying
from service.api.shapes import FindingShape
from service.auth import Caller
from service.dossier import Dossier, open_dossiers
from service.pages.form_data import first
from service.pages.keys import new_key
from service.problems import not_found
from service.showing import shape
from service.speaking import say
from service.visiting.showing import Entry, Shown

Data = Mapping[str, Sequence[str]]
SEEN, DUE = "seen.", "due."
"""What fields about one action begin with; its id follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A line of the checklist: the finding as the viewer sees it, and the form as it was filled in."""

    entry: Entry
    finding: FindingShape
    pieces: int
    """How many photos and documents of it the viewer may see."""
    files: tuple[tuple[str, str], ...]
    """Those handed in with this form, by id, with what they show: they stay ticked."""
    data: Data
    key: str
    form: bool
    """Whether the viewer may record an outcome now."""

    @property
    def id(self) -> str:
        """The finding's id."""
        return self.finding.id

    @property
    def name(self) -> str:
        """What it is called."""
        return self.finding.question_text or saying.point(self.finding.point)

    @property
    def verdicts(self) -> list[tuple[str, str]]:
        """What can be said of it: its fix passes, partly or fails; or it held, or did not."""
        said = saying.HELD if self.entry.line.item.check is Check.EFFECTIVENESS else saying.VERDICTS
        return [(each.value, said[each]) for each in Verdict if each in said]

    @property
    def said(self) -> str:
        """The outcome that counts, in words; empty where there is none."""
        counts = self.entry.counts
        return dict(self.verdicts).get(counts.outcome.found.verdict.value, "") if counts else ""

    def part(self, name: str) -> str:
        """Give the id of a part of its form: a page holds the forms of many findings."""
        return f"o-{self.id}-{name.replace('.', '-').replace('_', '-')}"

    def value(self, name: str) -> str:
        """Give what was typed in a field."""
        return first(self.data, name)


def checklist(connection: Connection, viewer: Caller, shown: Shown, now: datetime) -> list[Wish]:
    """Give the lines of a visit's checklist that the viewer may see, as of an aware instant."""
    dossiers = open_dossiers(connection, viewer, [each.listed for each in shown.entries], now)
    return [_line(dossier, shown, each, {}) for dossier, each in zip(dossiers, shown.entries, strict=True)]


def filled_in(dossier: Dossier, shown: Shown, data: Data) -> Wish:
    """Give one finding's line with its form as it was filled in. Raises the problem 404."""
    return _line(dossier, shown, line_of(shown, dossier.listed.summary.finding), data)


def line_of(shown: Shown, finding: str) -> Entry:
    """Give a finding's line. Raises the problem 404 where the visit does not look at it."""
    for each in shown.entries:
        if each.listed.summary.finding == finding:
            return each
    raise not_found("This finding")


def _line(dossier: Dossier, shown: Shown, entry: Entry, data: Data) -> Wish:
    ticked = set(data.get("files", ()))
    return Wish(
        entry=entry,
        finding=shape(dossier),
        pieces=len(dossier.evidence) if dossier.sight.may(Action.VIEW_EVIDENCE) else 0,
        files=tuple((each.id, each.shows or each.id) for each in dossier.evidence if each.id in ticked),
        data=data,
        key=new_key(),
        form=shown.open and shown.verifies and not entry.barred and entry.line.outcome is None,
    )


def typed(data: Data) -> dict[str, Any]:
    """Give what was filled in, as the fields of the body. What was left empty is left out."""
    given: dict[str, Any] = {
        "verdict": first(data, "verdict"),
        "modality": first(data, "modality"),
        "note": first(data, "note").strip(),
        "actions": list(_actions(data)),
        "evidence": [line for line in map(str.strip, first(data, "evidence").splitlines()) if line],
        "files": [each for each in data.get("files", ()) if each],
    }
    return {name: value for name, value in given.items() if value}


def _actions(data: Data) -> Iterator[dict[str, str]]:
    """Give what was said of actions; a new day counts only for one found undone in a partial outcome."""
    for name in data:
        verdict = first(data, name)
        if not name.startswith(SEEN) or not verdict:
            continue
        own = name.removeprefix(SEEN)
        due = first(data, DUE + own)
        remains = due and verdict != Verdict.PASS and first(data, "verdict") == Verdict.PARTIAL
        yield {"id": own, "verdict": verdict} | ({"due": due} if remains else {})


def as_comment(wish: Wish) -> str:
    """Give what was typed into a form as the text of a comment; nothing of a form that is empty."""
    told = [*_actions_told(wish), *wish.value("evidence").splitlines(), wish.value("note")]
    found = dict(wish.verdicts).get(wish.value("verdict"))
    if found:
        told.insert(0, say("Seen on a visit, and not recorded as its outcome: %(found)s.", found=found))
    return "\n".join(line for line in map(str.strip, told) if line)


def _actions_told(wish: Wish) -> Iterator[str]:
    for each in wish.finding.promises:
        verdict = wish.value(SEEN + each.id)
        if verdict in saying.VERDICTS:
            said = (saying.VERDICTS[Verdict(verdict)], wish.value(DUE + each.id))
            yield f"{each.description or each.id}: {', '.join(filter(None, said))}"
