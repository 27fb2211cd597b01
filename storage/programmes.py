"""The directory's places: programmes and their factories."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, or_, select

from remediation.permissions import Reach
from remediation.words import FactoryId, ProgrammeId
from storage.places import factories, programmes
from storage.statements import Stored, save


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme; `policy` and `catalogue` are the versions that its new findings get."""

    id: ProgrammeId
    name: str
    policy: str
    catalogue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factory:
    """A factory. `country` is ISO 3166-1 alpha-2, `zone` IANA's, `rest_days` are ISO weekdays (Monday is 1).

    `calendar` is the version that its new findings get; `language` is a letter's where a person has none.
    """

    id: FactoryId
    programme: ProgrammeId
    name: str
    country: str
    zone: str
    rest_days: tuple[int, ...]
    language: str
    calendar: str
    active: bool = True

    def today(self, now: datetime) -> date:
        """Give the factory's local day at an aware instant."""
        return now.astimezone(ZoneInfo(self.zone)).date()


def save_programme(connection: Connection, programme: Programme) -> None:
    """Store a programme, or bring it up to date. Its policy must be kept before."""
    row = {"id": programme.id, "name": programme.name}
    save(connection, programmes, [row | {"policy": programme.policy, "catalogue": programme.catalogue}])


def programme(connection: Connection, programme: str) -> Programme | None:
    """Give a programme by id, or None."""
    row = connection.execute(_PROGRAMME, {"programme": programme}).one_or_none()
    return _programme(row) if row else None


def all_programmes(connection: Connection) -> tuple[Programme, ...]:
    """Give all programmes by name."""
    rows = connection.execute(select(programmes).order_by(programmes.c.name, programmes.c.id))
    return tuple(_programme(row) for row in rows)


def save_factory(connection: Connection, factory: Factory) -> None:
    """Store a factory, or bring it up to date. Its programme and calendar must be kept before."""
    save_factories(connection, [factory])


def save_factories(connection: Connection, given: list[Factory]) -> None:
    """Store factories, or bring them up to date. Their programmes and calendars must be kept before."""
    save(connection, factories, [_factory_row(factory) for factory in given])


def factory(connection: Connection, factory: str) -> Factory | None:
    """Give a factory by id, or None."""
    row = connection.execute(_FACTORY, {"factory": factory}).one_or_none()
    return _factory(row) if row else None


_PROGRAMME = select(programmes).where(programmes.c.id == bindparam("programme"))
_FIELDS = tuple(field.name for field in fields(Factory))
_FACTORIES = select(*(factories.c[name] for name in _FIELDS))
_FACTORY = _FACTORIES.where(factories.c.id == bindparam("factory"))


def factories_within(connection: Connection, reach: Reach) -> tuple[Factory, ...]:
    """Give the factories that somebody's reach covers, by name."""
    rows = connection.execute(_EVERY if reach.everywhere else _SOME, _asked(reach))
    return tuple(map(_factory, rows.all()))


def names_within(connection: Connection, reach: Reach) -> dict[str, str]:
    """Give what the factories that somebody's reach covers are called, by id and in order of their names."""
    rows = connection.execute(_NAMES if reach.everywhere else _NAMES_WITHIN, _asked(reach))
    return dict(rows.all())


def countries_of(connection: Connection, programme: str) -> dict[str, str]:
    """Give the countries of a programme's factories, by the factories' ids."""
    query = select(factories.c.id, factories.c.country).where(factories.c.programme == programme)
    return dict(connection.execute(query).all())


def _asked(reach: Reach) -> dict[str, list[str]]:
    if reach.everywhere:
        return {}
    return {"programmes": sorted(reach.programmes), "factories": sorted(reach.factories)}


_BY_NAME = (factories.c.name, factories.c.id)
_WITHIN = or_(
    factories.c.programme.in_(bindparam("programmes", expanding=True)),
    factories.c.id.in_(bindparam("factories", expanding=True)),
)
_NAMES = select(factories.c.id, factories.c.name).order_by(*_BY_NAME)
_NAMES_WITHIN = _NAMES.where(_WITHIN)
_EVERY = _FACTORIES.order_by(*_BY_NAME)
_SOME = _EVERY.where(_WITHIN)


def _factory_row(factory: Factory) -> dict[str, Any]:
    return {
        "id": factory.id,
        "programme": factory.programme,
        "name": factory.name,
        "country": factory.country,
        "zone": factory.zone,
        "rest_days": ",".join(map(str, factory.rest_days)),
        "language": factory.language,
        "calendar": factory.calendar,
        "active": factory.active,
    }


def _programme(row: Stored) -> Programme:
    return Programme(id=ProgrammeId(row.id), name=row.name, policy=row.policy, catalogue=row.catalogue)


def _factory(row: Stored) -> Factory:
    stored = dict(zip(_FIELDS, row, strict=True))
    stored["rest_days"] = tuple(int(day) for day in stored["rest_days"].split(",") if day)
    return Factory(**stored)
