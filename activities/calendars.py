"""A factory's calendar resolved from the libraries of time zones and holidays, once, into plain data.

Both libraries change their data between releases. What is resolved here is handed to workflows as it
is, and its version is a digest of the content: the same days always have the same version.
"""

import json
from base64 import b32encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import holidays

from remediation.calendar import Calendar, Offset
from remediation.matching import nearest
from storage.factory_days import DayKind, OwnDays
from storage.programmes import Factory

YEARS_AHEAD = 10
"""Clock changes are computed this far ahead of the year of issue; no finding lives longer."""
HOLIDAY_YEARS = 5
"""Holidays are listed for the year of issue and the four after it. Later ones are mostly estimates, and every
listed day is carried by each finding."""
DAYS_OF_THE_WEEK = 7
ESTIMATED = "estimated"
"""The library's own mark on days that depend on the sighting of the moon."""

ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)


class CalendarRefused(ValueError):
    """A factory's settings do not make a calendar; the sentence names the setting and the way out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What is known of a country's public holidays.

    For the years in `missing` the library has none, so nothing moves off holidays then. Days in
    `estimated` depend on the sighting of the moon and may yet shift.
    """

    known: tuple[int, ...]
    missing: tuple[int, ...]
    estimated: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedCalendar:
    """A calendar, and how far its holidays can be relied on."""

    calendar: Calendar
    coverage: Coverage


@lru_cache(maxsize=1024)
def resolve_calendar(  # noqa: PLR0913 - a factory's settings, each under its name
    *,
    country: str,
    zone: str,
    rest_days: tuple[int, ...],
    year: int,
    own_holidays: tuple[date, ...] = (),
    worked_days: tuple[date, ...] = (),
    first: int | None = None,
) -> ResolvedCalendar:
    """Give the calendar of a factory for findings issued in `year`, or from the year `first` on.

    `country` is ISO 3166-1 alpha-2 (empty or unknown to the library: no public holidays), `zone` an IANA
    time zone, `rest_days` ISO weekdays (Monday is 1). The factory's `own_holidays` are added to the public
    ones. `worked_days` are worked, although they are among them or weekly rest days. Raises CalendarRefused.
    """
    _refuse_impossible_weeks(rest_days)
    begin = min(year, first or year)
    public, coverage = _public_holidays(country, tuple(range(begin, year + HOLIDAY_YEARS)))
    days = sorted((public | set(own_holidays)) - set(worked_days))
    calendar = Calendar(
        version="",
        zone=zone,
        offsets=tuple(_offsets(_zone(zone), begin, year)),
        rest_days=tuple(sorted(set(rest_days))),
        holidays=tuple(days),
        workdays=tuple(day for day in sorted(set(worked_days)) if day.isoweekday() in rest_days),
        estimated=tuple(day for day in coverage.estimated if day in public and day in days),
    )
    return ResolvedCalendar(calendar=replace(calendar, version=_version(calendar)), coverage=coverage)


def calendar_of(
    place: Factory, days: Sequence[OwnDays], year: int, first: int | None = None
) -> ResolvedCalendar:
    """Give a factory's calendar with its own days, for findings issued in `year`, or from `first` on.

    A day that is worked all the same is worked whatever else it is. Raises CalendarRefused.
    """
    worked = {day for own in days if own.kind is DayKind.WORKDAY for day in _each(own)}
    off = {day for own in days if own.kind is not DayKind.WORKDAY for day in _each(own)}
    return resolve_calendar(
        country=place.country,
        zone=place.zone,
        rest_days=place.rest_days,
        year=year,
        own_holidays=tuple(sorted(off)),
        worked_days=tuple(sorted(worked)),
        first=first,
    )


def _each(own: OwnDays) -> Iterator[date]:
    return (own.first + ONE_DAY * number for number in range((own.last - own.first).days + 1))


def _refuse_impossible_weeks(rest_days: Iterable[int]) -> None:
    week = set(rest_days)
    if not week <= set(range(1, DAYS_OF_THE_WEEK + 1)) or len(week) == DAYS_OF_THE_WEEK:
        message = (
            f"rest_days {sorted(week)}: use ISO weekdays, 1 for Monday to 7 for Sunday, and not all of them"
        )
        raise CalendarRefused(message)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        close = nearest(name, available_timezones()) or "Asia/Dhaka"
        message = f"zone {name!r} is not an IANA time zone; write it like {close!r}"
        raise CalendarRefused(message) from error


def _offsets(zone: ZoneInfo, first: int, year: int) -> Iterator[Offset]:
    """Give the zone's offset at the beginning of the year before the first, and each change from there on."""
    at, end = datetime(first - 1, 1, 1, tzinfo=UTC), datetime(year + YEARS_AHEAD + 1, 1, 1, tzinfo=UTC)
    minutes = _minutes(zone, at)
    yield Offset(at, minutes)
    while at < end:
        following = at + ONE_DAY
        if _minutes(zone, following) != minutes:
            change = _first_minute_of_change(zone, at, following)
            minutes = _minutes(zone, following)
            yield Offset(change, minutes)
        at = following


def _first_minute_of_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    old = _minutes(zone, before)
    while after - before > ONE_MINUTE:
        middle = before + (after - before) // ONE_MINUTE // 2 * ONE_MINUTE
        if _minutes(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _minutes(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset() or timedelta()
    return offset // ONE_MINUTE


def _public_holidays(country: str, years: tuple[int, ...]) -> tuple[set[date], Coverage]:
    if country not in holidays.list_supported_countries():
        return set(), Coverage(known=(), missing=years, estimated=())
    found = holidays.country_holidays(country, years=years, language=_language(country))
    # The library answers with nothing for years past its data, and says so nowhere.
    known = tuple(each for each in years if any(day.year == each for day in found))
    estimated = tuple(sorted(day for day, name in found.items() if ESTIMATED in name))
    missing = tuple(each for each in years if each not in known)
    return {day for day in found if day.year in years}, Coverage(
        known=known, missing=missing, estimated=estimated
    )


def _language(country: str) -> str | None:
    """Give English where the library has it, for its mark on estimated days is in the language asked for."""
    supported = getattr(holidays, country).supported_languages
    return "en_US" if "en_US" in supported else None


def _version(calendar: Calendar) -> str:
    content = {
        "zone": calendar.zone,
        "offsets": [[offset.since.isoformat(), offset.minutes] for offset in calendar.offsets],
        "rest_days": calendar.rest_days,
        "holidays": [day.isoformat() for day in calendar.holidays],
        "workdays": [day.isoformat() for day in calendar.workdays],
        "estimated": [day.isoformat() for day in calendar.estimated],
    }
    digest = sha256(json.dumps(content, sort_keys=True).encode()).digest()
    return f"cal-{b32encode(digest[:10]).decode().lower()}"
