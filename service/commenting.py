"""Comments: written, seen and taken back. They are no facts: nothing follows from one but that it is read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from remediation.calendar import ONE_DAY
from remediation.finding import Finding
from remediation.permissions import STAFF, Action, Reach, can
from remediation.words import PersonId, Role
from service.api.shapes import CommentShape, Named
from service.auth import Caller, forbidden, permit
from service.context import Context
from service.mention_mail import mention_key, mention_message
from service.problems import FieldProblem, ProblemError, invalid, not_found
from service.receiving import key_reused, thing_of, visible_finding
from service.sight import Sight
from service.speaking import say
from storage import belonging, comments, findings, holders, messages, people, programmes
from storage.comments import Comment
from storage.database import writing
from storage.findings import Listed
from storage.people import Person

MOST_WORDS = 2000
MOST_MENTIONS = 20
MOST_OF_A_FINDING = 500
RETRACTABLE = timedelta(minutes=15)
"""How long a comment can be taken back: before its mail leaves, as a rule, and while few have read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A comment as it is sent. `mentions` are ids; people whose names stand in it after an @ are added."""

    caller: Caller
    finding: str
    key: str
    text: str
    mentions: tuple[str, ...] = ()
    confidential: bool = False

    @property
    def digest(self) -> str:
        """The SHA-256 of what is asked, to tell a repetition from another request."""
        asked = [self.finding, self.text, sorted(set(self.mentions)), self.confidential]
        return sha256(json.dumps(asked).encode()).hexdigest()


def write(context: Context, said: Said) -> tuple[Comment, bool]:
    """Keep a comment, and give it, and whether it is new. Safe to repeat with the same key.

    Raises the problems 403, 404, 409 and 422.
    """
    now = context.clock()
    with writing(context.database) as connection:
        listed = visible_finding(connection, said.caller, said.finding)
        role = permit(said.caller, Action.COMMENT, thing_of(listed))
        own = comments.comment_id(said.caller.person.id, said.key)
        known = comments.find(connection, own)
        if known is not None:
            if known.asked != said.digest:
                raise key_reused()
            return known, False
        if comments.count(connection, said.finding) >= MOST_OF_A_FINDING:
            raise _too_many()
        comment = _comment(said, listed, own, role, now)
        meant = _meant(connection, context, said, listed, confidential=comment.confidential)
        kept = replace(comment, mentions=tuple(sorted(each.id for each in meant)))
        comments.keep(connection, kept)
        _tell(connection, context, listed, meant)
    return kept, True


def _comment(said: Said, listed: Listed, own: str, role: Role, now: datetime) -> Comment:
    return Comment(
        id=own,
        finding=listed.summary.finding,
        by=said.caller.person.id,
        acting=role,
        at=now,
        asked=said.digest,
        text=said.text,
        # What staff say before the factory is told stays with them.
        confidential=_confidential(said, listed) or listed.summary.restricted,
    )


def _confidential(said: Said, listed: Listed) -> bool:
    if said.confidential and can(said.caller.actor, Action.VIEW_STAFF_MATTERS, thing_of(listed)) is None:
        message = say("Only the programme's staff can keep something among themselves.")
        raise invalid(FieldProblem(field="confidential", message=message))
    return said.confidential


def _too_many() -> ProblemError:
    return ProblemError(
        409,
        "too_many_comments",
        say("This finding has %(most)s comments. No more can be added.", most=MOST_OF_A_FINDING),
        way_out=say("Talk to each other, and write down what you agreed on where it belongs."),
    )


def mentionable(
    connection: Connection, context: Context, caller: Caller, listed: Listed, *, confidential: bool = False
) -> tuple[Person, ...]:
    """Give whom a comment may mention, by name: everybody else who may read it."""
    now, thing = context.clock(), thing_of(listed)
    action = Action.VIEW_STAFF_MATTERS if confidential else Action.VIEW_TIMELINE
    factory = programmes.factory(connection, listed.summary.factory)
    near = belonging.members(connection, Reach(factories=frozenset({listed.summary.factory})), now)
    staff = holders.all_holders(connection, factory, STAFF) if factory else ()
    known = {each.id: each for each in (*(member.person for member in near), *staff)}
    known.pop(caller.person.id, None)
    may = (each for each in known.values() if can(people.actor(connection, each.id, now), action, thing))
    return tuple(sorted(may, key=lambda each: (each.name, each.id)))


def _meant(
    connection: Connection, context: Context, said: Said, listed: Listed, *, confidential: bool
) -> list[Person]:
    if not said.mentions and "@" not in said.text:
        return []
    offered = mentionable(connection, context, said.caller, listed, confidential=confidential)
    known = {each.id: each for each in offered}
    for place, person in enumerate(said.mentions):
        if person not in known:
            message = say("Nobody who may read this comment is known by this id.")
            raise invalid(FieldProblem(field=f"mentions[{place}]", message=message))
    ids = {PersonId(each) for each in said.mentions} | set(_named(said.text, offered))
    if len(ids) > MOST_MENTIONS:
        message = say("Mention at most %(most)s people.", most=MOST_MENTIONS)
        raise invalid(FieldProblem(field="mentions", message=message))
    return [each for each in offered if each.id in ids]


def _named(text: str, offered: tuple[Person, ...]) -> Iterator[PersonId]:
    """Give the people whose whole name stands in the text after an @, if nobody else is called so."""
    names = [each.name.casefold() for each in offered]
    said = text.casefold()
    for person, name in zip(offered, names, strict=True):
        if names.count(name) == 1 and f"@{name}" in said:
            yield person.id


def _tell(connection: Connection, context: Context, listed: Listed, meant: list[Person]) -> None:
    """Write to each once a finding and morning, on the factory's next one; the text stays on the page."""
    case = findings.case(connection, listed.summary.finding) if meant else None
    if case is None:
        return
    morning = _next_morning(case.finding, context.clock())
    keys = {mention_key(each.id, listed.summary.finding, morning.date()): each for each in meant}
    known = messages.known_keys(connection, keys)
    new = [
        mention_message(context, key, person, listed, morning)
        for key, person in keys.items()
        if key not in known
    ]
    messages.address(connection, (), new, context.clock())


def _next_morning(finding: Finding, at: datetime) -> datetime:
    calendar = finding.calendar
    day = calendar.working_day_on_or_after(calendar.today(at) + ONE_DAY)
    return calendar.instant(day, finding.policy.reminders.at)


def seen(connection: Connection, sight: Sight, finding: str) -> tuple[Comment, ...]:
    """Give the comments on a finding that the viewer may read, the oldest first."""
    if not sight.may(Action.VIEW_TIMELINE):
        return ()
    kept = comments.of_finding(connection, finding)
    return tuple(each for each in kept if sight.staff or not each.confidential)


def retract(context: Context, caller: Caller, finding: str, comment: str) -> None:
    """Take back one's own comment soon after it was written. Raises the problems 403, 404 and 409."""
    now = context.clock()
    with writing(context.database) as connection:
        thing = thing_of(visible_finding(connection, caller, finding))
        known = comments.find(connection, comment)
        staff = can(caller.actor, Action.VIEW_STAFF_MATTERS, thing) is not None
        readable = can(caller.actor, Action.VIEW_TIMELINE, thing) is not None
        if known is None or known.finding != finding or not readable or (known.confidential and not staff):
            raise not_found("This comment")
        if known.by != caller.person.id:
            raise forbidden(Action.COMMENT)
        if known.retracted_at is None and now - known.at >= RETRACTABLE:
            raise _too_late()
        if comments.retract(connection, comment, now):
            _tell_no_more(connection, known)


def _tell_no_more(connection: Connection, comment: Comment) -> None:
    """Let no mail about it leave, but where another comment mentions the same person that morning."""
    case = findings.case(connection, comment.finding) if comment.mentions else None
    if case is None:
        return
    morning = _next_morning(case.finding, comment.at)
    standing = (each for each in comments.of_finding(connection, comment.finding) if not each.retracted_at)
    meant = {
        person
        for each in standing
        if _next_morning(case.finding, each.at) == morning
        for person in each.mentions
    }
    gone = (person for person in comment.mentions if person not in meant)
    messages.forget(connection, [mention_key(each, comment.finding, morning.date()) for each in gone])


def _too_late() -> ProblemError:
    return ProblemError(
        409,
        "too_late_to_retract",
        say("A comment can be taken back for fifteen minutes. Others may have read this one by now."),
        way_out=say("Write another comment that puts it right."),
    )


def shapes(
    connection: Connection, sight: Sight, kept: tuple[Comment, ...], finding: Finding
) -> list[CommentShape]:
    """Give comments as they are shown."""
    ids = {each.by for each in kept} | {person for each in kept for person in each.mentions}
    names = {each.id: each.name for each in people.people_of(connection, ids).values()}

    def named(person: PersonId) -> Named:
        return Named(id=person, name=names.get(person, person))

    return [
        CommentShape(
            id=each.id,
            finding=each.finding,
            by=named(each.by),
            role=each.acting,
            at=each.at,
            local=finding.calendar.local(each.at),
            text=each.text,
            mentions=[named(person) for person in each.mentions],
            confidential=each.confidential,
            retracted=each.retracted_at is not None,
            own=each.by == sight.viewer,
        )
        for each in kept
    ]
