"""A directory file, checked as a whole: rows against each other and against what is stored."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from activities.calendars import CalendarRefused, resolve_calendar
from remediation.calendar import Calendar
from remediation.catalogue import VERSION
from remediation.countries import COUNTRIES, country_code
from remediation.orders import Seat
from remediation.permissions import COMMITTEE, Grant, ScopeKind
from remediation.policy import Policy
from remediation.words import FactoryId, PersonId, ProgrammeId, Role
from service.directory_file.faults import DirectoryRefused, FileFault
from service.directory_file.rows import FactoryRow, PersonRow, ProgrammeRow, R, RoleRow, SeatRow, typed
from service.directory_file.sheets import Line, Sheets
from storage.committees import Term
from storage.people import Person
from storage.programmes import Factory, Programme

EVERYWHERE = "all"
AT_FACTORIES = frozenset({Role.MANAGER, Role.TOP_MANAGEMENT, Role.ACTION_OWNER, Role.BUYER})
NEVER_AT_FACTORIES = frozenset(
    {Role.PROGRAMME_MANAGER, Role.DUTY_OFFICER, Role.DECISION_PANEL, Role.OPERATOR}
)

Policies = Callable[[str], Policy]
"""Gives the policy of a file's name; raises ValueError with what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is stored already: programmes and factories by id, ids of people, and committees in office.

    `operated` says whether anybody is an operator.
    """

    programmes: Mapping[str, Programme]
    factories: Mapping[str, Factory]
    people: frozenset[str]
    committees: Mapping[str, tuple[Seat, ...]]
    operated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What a file says, ready to be stored; policies and calendars by version."""

    programmes: tuple[Programme, ...]
    factories: tuple[Factory, ...]
    people: tuple[Person, ...]
    grants: tuple[tuple[PersonId, Grant], ...]
    terms: tuple[Term, ...]
    policies: Mapping[str, Policy]
    calendars: Mapping[str, Calendar]


def check(sheets: Sheets, known: Known, policies: Policies, now: datetime) -> Directory:
    """Give what the sheets say, as of an aware instant. Raises DirectoryRefused with every fault."""
    work = _Check(sheets, known, policies, now)
    found = Directory(
        programmes=tuple(work.programmes),
        factories=tuple(work.factories),
        people=tuple(work.people),
        grants=tuple(work.grants()),
        terms=tuple(work.terms()),
        policies=work.policies,
        calendars=work.calendars,
    )
    if not known.operated and not any(grant.role is Role.OPERATOR for _, grant in found.grants):
        message = "Nobody would be an operator, who keeps the directory. Add a row with that role at all."
        work.faults.append(FileFault(sheet="roles", message=message))
    if work.faults:
        raise DirectoryRefused(work.faults)
    return found


class _Check:
    """The check of one file, sheet by sheet; what is wrong is gathered in `faults`."""

    def __init__(self, sheets: Sheets, known: Known, policies: Policies, now: datetime) -> None:
        self.faults: list[FileFault] = []
        self.policies: dict[str, Policy] = {}
        self.calendars: dict[str, Calendar] = {}
        self._sheets, self._known, self._policy_of, self._now = sheets, known, policies, now
        self.programmes = list(self._programmes())
        self._all_programmes = {*known.programmes, *(each.id for each in self.programmes)}
        self.factories = list(self._factories())
        own: dict[str, Factory] = {each.id: each for each in self.factories}
        self._all_factories: dict[str, Factory] = {**known.factories, **own}
        self.people = list(self._people())
        self._all_people = known.people | self._named("people")

    def _named(self, sheet: str) -> set[str]:
        """Give the ids that a sheet names, also in faulty rows: one fault must not bring others after it."""
        return {str(line.cells.get("id", "")) for line in self._sheets[sheet]}

    def _rows(self, sheet: str, kind: type[R], *key: str) -> Iterator[tuple[Line, R]]:
        """Give the good rows of a sheet; what is wrong, and what is there twice by its key, is noted."""
        seen: dict[tuple[object, ...], int] = {}
        for line in self._sheets[sheet]:
            row, faults = typed(line, kind)
            self.faults += faults
            if row is None:
                continue
            name = tuple(getattr(row, column) for column in key)
            if name in seen:
                self._fault(line, key[0], f"Row {seen[name]} says this already.")
            else:
                seen[name] = line.number
                yield line, row

    def _fault(self, line: Line, column: str, message: str) -> None:
        self.faults.append(line.fault(column, message))

    def _programmes(self) -> Iterator[Programme]:
        for line, row in self._rows("programmes", ProgrammeRow, "id"):
            policy = self._policy(line, row)
            if policy is not None:
                yield Programme(id=ProgrammeId(row.id), name=row.name, policy=policy, catalogue=VERSION)

    def _policy(self, line: Line, row: ProgrammeRow) -> str | None:
        """Give the version of a programme's policy: its file's, else what it has, else the default."""
        known = self._known.programmes.get(row.id)
        if known is not None and not row.policy:
            return known.policy
        try:
            policy = self._policy_of(row.policy) if row.policy else Policy()
        except ValueError as error:
            self._fault(line, "policy", str(error))
            return None
        self.policies[policy.version] = policy
        return policy.version

    def _factories(self) -> Iterator[Factory]:
        for line, row in self._rows("factories", FactoryRow, "id"):
            programme, country = self._programme(line, "programme", row.programme), country_code(row.country)
            if country is None:
                self._fault(
                    line, "country", "Nobody knows this country. Write its two-letter code, such as BD."
                )
            factory = self._factory(line, row, programme, country) if programme and country else None
            if factory is not None:
                yield factory

    def _programme(self, line: Line, column: str, wanted: str) -> ProgrammeId | None:
        every, named = sorted(self._all_programmes), [each.id for each in self.programmes]
        if wanted in self._all_programmes:
            return ProgrammeId(wanted)
        # A file about one programme means that one, whatever others there are.
        if not wanted and 1 in {len(named), len(every)}:
            return ProgrammeId(named[0] if len(named) == 1 else every[0])
        said = f"There is no programme {wanted}" if wanted else "There are several programmes"
        listed = f"name one of {', '.join(every)}." if every else "begin with a row in programmes."
        self._fault(line, column, f"{said}: {listed}" if every else f"There is no programme yet: {listed}")
        return None

    def _factory(self, line: Line, row: FactoryRow, programme: ProgrammeId, country: str) -> Factory | None:
        usual = COUNTRIES.get(country)
        zone, rest_days = row.zone or (usual.zone if usual else ""), row.rest_days
        if not zone:
            self._fault(line, "zone", "Nobody knows this country's time zone. Write IANA's name.")
            return None
        place = Factory(
            id=FactoryId(row.id),
            programme=programme,
            name=row.name,
            country=country,
            zone=zone,
            rest_days=rest_days or (usual.rest_days if usual else ()),
            language=row.language or (usual.languages[0] if usual else "en"),
            calendar="",
        )
        known = self._known.factories.get(row.id)
        return self._as_before(line, place, known) if known else self._with_calendar(line, place)

    def _as_before(self, line: Line, place: Factory, known: Factory) -> Factory:
        """Keep the days of a factory that is there: its open findings count by them."""
        for column in ("programme", "country", "zone", "rest_days"):
            if getattr(place, column) != getattr(known, column):
                message = f"It stands as {getattr(known, column)}. Change it by PATCH /factories/{known.id}."
                self._fault(line, column, message)
        return replace(known, name=place.name, language=place.language)

    def _with_calendar(self, line: Line, place: Factory) -> Factory | None:
        try:
            resolved = resolve_calendar(
                country=place.country, zone=place.zone, rest_days=place.rest_days, year=self._now.year
            )
        except CalendarRefused as refused:
            column = "rest_days" if str(refused).startswith("rest_days") else "zone"
            self._fault(line, column, str(refused))
            return None
        self.calendars[resolved.calendar.version] = resolved.calendar
        return replace(place, calendar=resolved.calendar.version)

    def _people(self) -> Iterator[Person]:
        for _, row in self._rows("people", PersonRow, "id"):
            yield Person(
                id=PersonId(row.id), name=row.name, email=row.email, language=row.language, phone=row.phone
            )

    def _known_person(self, line: Line, person: str) -> bool:
        if person not in self._all_people:
            self._fault(line, "person", f"Nobody has the id {person}. Add them to the sheet people.")
        return person in self._all_people

    def grants(self) -> Iterator[tuple[PersonId, Grant]]:
        """Give who holds which role where."""
        for line, row in self._rows("roles", RoleRow, "person", "role", "at"):
            grant = self._grant(line, row)
            if self._known_person(line, row.person) and grant is not None:
                yield PersonId(row.person), grant

    def _grant(self, line: Line, row: RoleRow) -> Grant | None:
        if row.role in COMMITTEE or row.role is Role.SYSTEM:
            self._fault(
                line, "role", "Nobody is given this role. Committee members stand in the sheet seats."
            )
        elif row.at in self._all_factories and row.role not in NEVER_AT_FACTORIES:
            return Grant(row.role, ScopeKind.FACTORY, row.at)
        elif row.role in AT_FACTORIES or row.at in self._all_factories:
            where = "a factory: name it" if row.role in AT_FACTORIES else "a programme: name that"
            self._fault(line, "at", f"This role is held at {where} by its id.")
        elif row.at == EVERYWHERE:
            return Grant(row.role, ScopeKind.ALL)
        else:
            programme = self._programme(line, "at", row.at)
            return Grant(row.role, ScopeKind.PROGRAMME, programme) if programme else None
        return None

    def terms(self) -> Iterator[Term]:
        """Give the seats of committees that are new."""
        lines: dict[str, Line] = {}
        wanted: dict[str, list[Term]] = {}
        for line, row in self._rows("seats", SeatRow, "factory", "person"):
            factory = self._all_factories.get(row.factory)
            if factory is None and row.factory not in self._named("factories"):
                message = f"There is no factory {row.factory}. Add it to the sheet factories."
                self._fault(line, "factory", message)
            elif self._known_person(line, row.person) and factory is not None:
                lines.setdefault(factory.id, line)
                wanted.setdefault(factory.id, []).append(_term(row, factory.today(self._now)))
        for factory_id, theirs in wanted.items():
            yield from self._new_terms(lines[factory_id], factory_id, theirs)

    def _new_terms(self, line: Line, factory: str, wanted: Sequence[Term]) -> Sequence[Term]:
        """Give the terms of a committee that did not sit before; one that does is changed elsewhere."""
        sitting = self._known.committees.get(factory, ())
        if not sitting:
            return wanted
        if set(sitting) != {term.seat for term in wanted}:
            message = (
                f"A committee sits at {factory} already. Change it by PUT /factories/{factory}/committee, "
                f"which tells its open findings."
            )
            self._fault(line, "factory", message)
        return ()


def _term(row: SeatRow, today: date) -> Term:
    seat = Seat(person=PersonId(row.person), side=row.side, elected=row.elected, co_chair=row.co_chair)
    return Term(factory=FactoryId(row.factory), seat=seat, since=row.since or today)
