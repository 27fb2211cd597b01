"""Committee meetings in SQL: a factory's, what waits for its committee, and what became of votes."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, select

from remediation.facts import kind
from remediation.gatherings.gathering import Kind
from remediation.gatherings.meeting.facts import AgendaItem, Printed, Result, VotedTogether
from remediation.gatherings.meeting.state import Meeting
from remediation.gatherings.summary import GatheringSummary
from remediation.permissions import Reach
from remediation.waiting import Ask
from remediation.words import AgendaKind, Duty, FindingId, MeetingStage, PersonId, Stage
from storage import commands, findings, gatherings, ledger, notes
from storage.commands import Done, Outcome, Pending
from storage.sent import sent_by
from storage.tables import attempts, waits
from storage.tables import findings as rows

EXTENSIONS_AHEAD = timedelta(days=31)
"""An action due so soon is on the agenda: a later date can only be asked for before it."""
_ASKED_AS: dict[str, AgendaKind] = {
    Ask.SIGN.value: AgendaKind.SIGN,
    Ask.ANSWER_REPORT.value: AgendaKind.OBJECTION,
    Ask.COSIGN.value: AgendaKind.EXTENSION,
    Duty.ACTION.value: AgendaKind.EXTENSION,
    Ask.PROPOSE.value: AgendaKind.REVIEW,
    Duty.PROGRESS_REVIEW.value: AgendaKind.REVIEW,
}
"""As what things that wait come before the committee."""
_ORDER = tuple(AgendaKind)
_REPORTED = (Stage.FIX_REPORTED.value, Stage.VERIFYING.value)


Found = tuple[tuple[GatheringSummary, Meeting], ...]
"""Meetings: the row of each, and its state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """A vote that a meeting sent to a finding, and what became of it there."""

    finding: FindingId
    by: PersonId
    verb: str
    outcome: Outcome


def of_factory(connection: Connection, factory: str) -> Found:
    """Give a factory's meetings with their states, the latest first."""
    return _found(connection, Reach(factories=frozenset({factory})))


def within(connection: Connection, places: Reach, since: datetime) -> Found:
    """Give the meetings of some places from an aware instant on that were not cancelled, the latest first."""
    every = () if places.nowhere else _found(connection, places)
    return tuple(
        (row, meeting)
        for row, meeting in every
        if meeting.starts >= since and meeting.stage is not MeetingStage.CANCELLED
    )


def _found(connection: Connection, places: Reach) -> Found:
    asked = gatherings.Asked(kind=Kind.MEETING)
    listed = gatherings.listed(connection, asked, visible=places, restricted=places)
    known = gatherings.some(connection, [each.gathering for each in listed])
    found = [(row, case.state) for row, case in known if isinstance(case.state, Meeting)]
    return tuple(sorted(found, key=lambda each: (each[1].starts, each[0].own), reverse=True))


def place_of(connection: Connection, meeting: Meeting) -> str:
    """Give where a meeting is, in words; empty where nobody has said."""
    known = notes.find_notes(connection, [meeting.place] if meeting.place else [])
    return known[meeting.place].text if meeting.place in known else ""


def what_waits(connection: Connection, factory: str, now: datetime) -> tuple[AgendaItem, ...]:
    """Give what waits for a factory's committee at an aware instant, as an agenda; nothing kept from it."""
    found = {*_waiting(connection, factory, now), *_objected(connection, factory)}
    ordered = sorted(found, key=lambda each: (_ORDER.index(each[0]), each[1]))
    return tuple(AgendaItem(kind=kind_, finding=finding) for kind_, finding in ordered)


def _waiting(connection: Connection, factory: str, now: datetime) -> Iterator[tuple[AgendaKind, FindingId]]:
    current = and_(waits.c.finding == rows.c.id, waits.c.seq == rows.c.seq)
    here = and_(rows.c.factory == factory, ~rows.c.restricted, waits.c.what.in_(list(_ASKED_AS)))
    query = select(waits.c.finding, waits.c.what, waits.c.due).join(rows, current).where(here)
    for row in connection.execute(query):
        action = row.what == Duty.ACTION.value
        if not action or now < row.due <= now + EXTENSIONS_AHEAD:
            yield _ASKED_AS[row.what], FindingId(row.finding)


def _objected(connection: Connection, factory: str) -> Iterator[tuple[AgendaKind, FindingId]]:
    current = and_(attempts.c.finding == rows.c.id, attempts.c.number == rows.c.attempt)
    here = and_(rows.c.factory == factory, ~rows.c.restricted, rows.c.stage.in_(_REPORTED))
    query = select(rows.c.id).join(attempts, current).where(here, attempts.c.objected)
    return ((AgendaKind.OBJECTION, FindingId(each)) for each in connection.execute(query).scalars())


def on_the_table(connection: Connection, meeting: Meeting) -> tuple[Printed, ...]:
    """Give the plans on a meeting's agenda that members can sign now, each by its exact revision."""
    ids = [each.finding for each in meeting.agenda if each.kind is AgendaKind.SIGN and each.finding]
    known = findings.cases(connection, ids)
    proposals = ((each, known[each].finding.proposal) for each in ids if each in known)
    return tuple(
        Printed(finding=finding, revision=proposal.revision)
        for finding, proposal in proposals
        if proposal is not None and not proposal.failed
    )


def votes(connection: Connection, meeting: str) -> tuple[Cast, ...]:
    """Give the votes that a meeting sent to findings, in order, each with what became of it."""
    told = (each for each in ledger.entries(connection, meeting) if each.kind == kind(VotedTogether))
    return tuple(
        Cast(
            finding=FindingId(command.finding),
            by=command.person,
            verb=command.verb,
            outcome=commands.outcome(connection, command.id),
        )
        for entry in told
        for command in sent_by(entry)
    )


def results(connection: Connection, meeting: str) -> tuple[Result, ...]:
    """Give what the votes of a meeting have come to by now, by finding; on paper they wait for a witness."""
    cast = [(each.finding, _became(each.outcome)) for each in votes(connection, meeting)]
    cast += [(finding, "open") for finding in _on_paper(connection, meeting)]
    counts = Counter(cast)
    named = list(dict.fromkeys(finding for finding, _ in cast))
    known = {each.summary.finding: each for each in findings.listed(connection, named)}
    return tuple(
        Result(
            finding=finding,
            stage=known[finding].summary.stage,
            counted=counts[finding, "counted"],
            turned_down=counts[finding, "turned_down"],
            open=counts[finding, "open"],
        )
        for finding in named
    )


def _on_paper(connection: Connection, meeting: str) -> Iterator[FindingId]:
    """Give the finding of each vote on paper that nobody has witnessed yet."""
    case = gatherings.case(connection, meeting)
    assert case is not None  # noqa: S101 - its votes are counted
    assert isinstance(case.state, Meeting)  # noqa: S101 - its id says so
    for paper in case.state.to_witness:
        sheet = case.state.sheets[paper.sheet - 1]
        yield from (sheet.line(number).finding for each in paper.ballots for number in each.numbers)


def _became(outcome: Outcome) -> str:
    if isinstance(outcome, Done):
        return "counted"
    return "open" if isinstance(outcome, Pending) else "turned_down"


def told_of(connection: Connection, factory: str, ids: Collection[str]) -> frozenset[FindingId]:
    """Give which of some findings are a factory's, and not kept from it."""
    here = and_(rows.c.factory == factory, ~rows.c.restricted, rows.c.id.in_(sorted(set(ids))))
    return frozenset(FindingId(each) for each in connection.execute(select(rows.c.id).where(here)).scalars())
