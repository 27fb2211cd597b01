"""Who would read a letter ahead: the people behind its role on its day, for who may see their names."""

from datetime import date, datetime

from sqlalchemy import Connection

from activities.mailroom.relevance import MAY_KNOW_EARLY
from activities.mailroom.roster import Roster, Slot
from remediation.letters import LetterOrder
from remediation.permissions import Action
from remediation.standing_in import COVERED
from remediation.words import FACTORY_ROLES, STAFF_ROLES, PersonId, Role
from service.api.shapes import Named
from service.dossier import Dossier
from storage import programmes


class Readers:
    """Looks up who reads a dossier's letters, with those who are away on the day replaced; each slot once."""

    def __init__(self, connection: Connection, dossier: Dossier) -> None:
        self._sight, self._finding = dossier.sight, dossier.finding
        self._factory = programmes.factory(connection, dossier.listed.summary.factory)
        self._now = dossier.now
        self._roster = Roster(connection, self._now)
        self._known: dict[tuple[Role, PersonId | None, date], list[Named]] = {}

    def of(self, letter: LetterOrder, at: datetime) -> list[Named]:
        """Give who would read a letter leaving at an aware instant; nobody to who may not see names."""
        outside = letter.person is None and letter.role not in FACTORY_ROLES | STAFF_ROLES
        if not self._sight.may(Action.VIEW_TEXTS) or (outside and not self._sight.staff):
            return []
        # Who sits on the committee then, nobody knows; who is away then, they have said.
        day = self._finding.calendar.today(at if letter.role in COVERED else self._now)
        key = (letter.role, letter.person, day)
        if key not in self._known:
            self._known[key] = self._look_up(*key)
        return self._known[key]

    def _look_up(self, role: Role, person: PersonId | None, day: date) -> list[Named]:
        if self._factory is None:
            return []
        found = self._roster.readers(Slot(self._factory, role, day, person), self._may_read)
        names = [Named(id=each.person.id, name=each.person.name) for each in found]
        return names or ([Named(id=person, name=self._sight.name(person))] if person else [])

    def _may_read(self, role: Role) -> bool:
        return not self._finding.restricted or role in MAY_KNOW_EARLY
