"""Leave: people's absences, who may enter them, and who may stand in for whom."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from remediation.permissions import Action, reach
from remediation.standing_in import STAND_INS, may_stand_in
from remediation.words import PersonId
from service.auth import Caller
from service.directing import reachable, within
from service.problems import FieldProblem, ProblemError, invalid, not_found
from storage import absences, belonging, people, posts
from storage.absences import Absence, AbsencesOverlap, Leave

LONGEST = timedelta(days=366)
A_DAY = timedelta(days=1)


class LeaveRefused(ValueError):
    """An absence cannot be entered so: `field` is at fault, and `said` names the way out."""

    def __init__(self, field: str, said: str) -> None:
        self.field = field
        self.said = said
        super().__init__(f"{field}: {said}")


def enter(connection: Connection, leave: Leave, by: PersonId, now: datetime) -> Absence:
    """Enter an absence, or correct the one that begins on the same day. Safe to repeat.

    Raises LeaveRefused.
    """
    _check_days(leave, now)
    if leave.deputy is not None:
        _check_deputy(connection, leave.person, leave.deputy, by, now)
    try:
        return absences.enter(connection, leave, by, now)
    except AbsencesOverlap as overlap:
        raise LeaveRefused("last", f"They are {overlap}.") from overlap


def _check_days(leave: Leave, now: datetime) -> None:
    if leave.last < leave.first:
        raise LeaveRefused("last", "The last day lies before the first.")
    if leave.last - leave.first > LONGEST:
        raise LeaveRefused("last", "Longer than a year is no leave: give their roles to somebody else.")
    if leave.last < now.date() - A_DAY:
        raise LeaveRefused("last", "These days are over, and nothing would come of it.")


def _check_deputy(
    connection: Connection, person: PersonId, deputy: PersonId, by: PersonId, now: datetime
) -> None:
    if deputy == person:
        raise LeaveRefused("deputy", "Nobody stands in for themselves. Name somebody else, or leave it out.")
    if deputy == by:
        message = "Nobody takes another's place by their own word. Ask them, or somebody else who may."
        raise LeaveRefused("deputy", message)
    held = posts.held_by(connection, [person, deputy], now)
    lent = [each.post for each in held if each.person == person and each.post.role in STAND_INS]
    theirs = [each.post for each in held if each.person == deputy]
    if not lent:
        message = "Committee seats are held in person, and no other role here is lent. Leave the deputy out."
        raise LeaveRefused("deputy", message)
    if not any(may_stand_in(post, theirs) for post in lent):
        message = (
            "They may not stand in here. Staff name a colleague of the same programme; a manager names "
            "somebody of the same factory's management."
        )
        raise LeaveRefused("deputy", message)


def find(connection: Connection, person: str, first: date) -> Absence | None:
    """Give the absence of a person that begins on a local day, or None."""
    theirs = absences.lasting(connection, first, person)
    return next((each for each in theirs if each.first == first), None)


def permit_entering(connection: Connection, caller: Caller, person: str, now: datetime) -> None:
    """Let everybody enter their own absence, and staff those of people within their reach.

    Raises the problems 403, 404 and 409.
    """
    if person == caller.person.id:
        return
    where = within(connection, caller, Action.MANAGE_FACTORY)
    if not sees(connection, caller, person, now):
        raise not_found("This person")
    reachable(caller, where, people.actor(connection, person, now))


def sees(connection: Connection, caller: Caller, person: str, now: datetime) -> bool:
    """Whether the caller may know that somebody is away: themselves, and whoever sees them as a person."""
    if person == caller.person.id:
        return True
    return belonging.member(connection, reach(caller.actor, Action.VIEW_PEOPLE), now, person) is not None


def may_enter(connection: Connection, caller: Caller, person: str, now: datetime) -> bool:
    """Whether the caller may enter somebody's absence, and so read the reasons of those that are entered."""
    try:
        permit_entering(connection, caller, person, now)
    except ProblemError:
        return False
    return True


def refused(error: LeaveRefused) -> ProblemError:
    """Give the answer for an absence that cannot be entered so."""
    return invalid(FieldProblem(field=error.field, message=error.said))
