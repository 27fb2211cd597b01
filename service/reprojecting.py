"""Other days or another policy: what would move is shown, and moves when exactly that is confirmed.

The settings change in SQL, and each open finding is given an order of its own.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from activities.calendars import CalendarRefused, Coverage, calendar_of
from remediation.calendar import Calendar
from remediation.orders import Reproject, verb
from remediation.policy import Policy
from remediation.rules.reprojection import Projection, project
from remediation.words import FindingId, NoteId, PersonId, Role
from service.problems import FieldProblem, ProblemError, invalid
from service.receiving import key_reused
from storage import commands, factory_days, findings, notes, programmes, totals, versions
from storage.codec import order_json
from storage.commands import Command, command_id
from storage.factory_days import OwnDays
from storage.notes import Note
from storage.programmes import Factory, Programme
from storage.statements import AlreadyOtherwise

VERB = verb(Reproject)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would move, finding by finding, if open findings followed a calendar or a policy.

    Findings that follow it already are not among them.
    """

    calendar: Calendar | None = None
    policy: Policy | None = None
    findings: tuple[tuple[FindingId, Projection], ...]

    @property
    def version(self) -> str:
        """The version of what open findings would follow."""
        return "".join(each.version for each in (self.calendar, self.policy) if each)

    @property
    def digest(self) -> str:
        """The SHA-256 of all that is shown; a confirmation names it."""
        seen = [(finding, projection.digest) for finding, projection in self.findings]
        return sha256(json.dumps([self.version, seen]).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Who confirms what they saw, in which role, why, and under which idempotency key."""

    by: PersonId
    acting: Role
    digest: str
    reason: str
    key: str
    at: datetime


def days_shown(
    connection: Connection, place: Factory, days: Sequence[OwnDays], now: datetime
) -> tuple[Preview, Coverage]:
    """Give what would move if a factory had these days of its own, and how far its holidays are known.

    Raises the problem 422 for days that make no calendar.
    """
    ids = totals.open_findings(connection, place.id)
    try:
        # The working days of an old finding are counted again too.
        first = totals.first_issue(connection, place.id) or now
        resolved = calendar_of(place, days, now.year, first.year)
    except CalendarRefused as refused:
        raise invalid(FieldProblem(field="days", message=str(refused))) from refused
    moved = tuple(_projections(connection, ids, resolved.calendar, None, now))
    return Preview(calendar=resolved.calendar, findings=moved), resolved.coverage


def policy_shown(connection: Connection, programme: Programme, policy: Policy, now: datetime) -> Preview:
    """Give what would move if a programme's open findings followed a policy."""
    ids = totals.open_in_programme(connection, programme.id)
    return Preview(policy=policy, findings=tuple(_projections(connection, ids, None, policy, now)))


def confirm_days(
    connection: Connection, place: Factory, days: Sequence[OwnDays], asked: Confirmation
) -> tuple[Command, ...]:
    """Give a factory its days, and an order to each open finding; the same again on a repetition.

    Raises the problems 409 (something else would move by now, or the key was used) and 422.
    """
    given = _given_before(connection, asked)
    if given:
        return given
    preview, _ = days_shown(connection, place, days, asked.at)
    _unchanged(preview, asked)
    assert preview.calendar is not None  # noqa: S101 - days make a calendar
    versions.keep_calendar(connection, preview.calendar)
    factory_days.keep_days(connection, place.id, days)
    programmes.save_factory(connection, replace(place, calendar=preview.calendar.version))
    return _ordered(connection, preview, asked)


def confirm_policy(
    connection: Connection, programme: Programme, policy: Policy, asked: Confirmation, *, reproject: bool
) -> tuple[Command, ...]:
    """Give a programme a policy for new findings and, if so said, an order to each open one to follow it.

    Raises the problem 409: something else would move by now, or the version's name or the key was used.
    """
    given = _given_before(connection, asked)
    if given:
        return given
    preview = policy_shown(connection, programme, policy, asked.at)
    if reproject:
        _unchanged(preview, asked)
    try:
        versions.keep_policy(connection, policy)
    except AlreadyOtherwise as error:
        raise ProblemError(
            409,
            "version_taken",
            f"There is another policy of version {policy.version!r}, and a version never changes.",
            way_out="Give the file another version, and look at the preview again.",
        ) from error
    programmes.save_programme(connection, replace(programme, policy=policy.version))
    return _ordered(connection, preview, asked) if reproject else ()


def _projections(
    connection: Connection,
    ids: Sequence[FindingId],
    calendar: Calendar | None,
    policy: Policy | None,
    now: datetime,
) -> Iterator[tuple[FindingId, Projection]]:
    shelf = versions.Shelf(connection)
    for each in ids:
        case = findings.case(connection, each, shelf)
        assert case is not None  # noqa: S101 - it was listed in this transaction
        finding = case.keep_time(now)[0].finding
        follows = calendar or finding.calendar, policy or finding.policy
        if follows != (finding.calendar, finding.policy):
            yield each, project(finding, *follows, now)


def _unchanged(preview: Preview, asked: Confirmation) -> None:
    if preview.digest != asked.digest:
        raise ProblemError(
            409,
            "preview_outdated",
            "Other dates would move by now than those that were shown.",
            way_out="Look at the preview again, and confirm it by its new digest.",
        )


def _given_before(connection: Connection, asked: Confirmation) -> tuple[Command, ...]:
    given = commands.with_key_before(connection, asked.by, f"{asked.key} ")
    if any((each.verb, each.digest) != (VERB, _request(asked)) for each in given):
        raise key_reused()
    return given


def _request(asked: Confirmation) -> str:
    return sha256(f"{asked.digest}\n{asked.reason}".encode()).hexdigest()


def _ordered(connection: Connection, preview: Preview, asked: Confirmation) -> tuple[Command, ...]:
    return tuple(_command(connection, preview, asked, *each) for each in preview.findings)


def _command(
    connection: Connection, preview: Preview, asked: Confirmation, finding: FindingId, seen: Projection
) -> Command:
    # A key of the caller's has no space in it, so that none of theirs is mistaken for one of these.
    key = f"{asked.key} {finding}"
    ident = command_id(asked.by, key)
    note = NoteId(f"{ident}:reason")
    notes.write_note(
        connection,
        Note(id=note, finding=finding, by=asked.by, at=asked.at, purpose="reason", text=asked.reason),
    )
    order = Reproject(
        id=ident,
        by=asked.by,
        acting=asked.acting,
        calendar=preview.calendar,
        policy=preview.policy,
        reason=note,
        seen=seen.digest,
    )
    command = Command(
        id=ident,
        person=asked.by,
        key=key,
        finding=finding,
        verb=VERB,
        order=order_json(order),
        digest=_request(asked),
        received_at=asked.at,
    )
    return commands.receive(connection, command)
