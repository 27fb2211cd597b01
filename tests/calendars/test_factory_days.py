"""A factory's days: clock changes of every zone, holidays with their gaps, and working days."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, pairwise
from random import Random
from time import tzset
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from babel.languages import get_official_languages
from hypothesis import given
from hypothesis import strategies as st

from activities.calendars import (
    HOLIDAY_YEARS,
    YEARS_AHEAD,
    CalendarRefused,
    ResolvedCalendar,
    resolve_calendar,
)
from activities.calendars import calendar_of as calendar_for
from remediation.calendar import Calendar
from remediation.countries import COUNTRIES, Country, country_code
from remediation.notices import notice_of
from remediation.obligations import obligations
from remediation.reminding import reminders_ahead
from remediation.spans import Span, Unit
from storage.factory_days import DayKind, OwnDays
from tests.rules.cast import DHAKA, a_case
from tests.storage.cast import a_factory

YEAR = 2026
QUARTER = timedelta(minutes=15)
"""No zone has changed its clock by or at anything finer for decades."""
ONE_DAY = timedelta(days=1)
ZONES = sorted(available_timezones())


def resolved(country: str = "BD", zone: str = "Asia/Dhaka", **settings: object) -> ResolvedCalendar:
    usual: dict[str, Any] = {"rest_days": (5,), "year": YEAR}
    return resolve_calendar(country=country, zone=zone, **usual | settings)


@cache
def calendar_of(zone: str, year: int = YEAR) -> Calendar:
    return resolved(country="", zone=zone, year=year).calendar


def rule_sets() -> dict[tuple[object, ...], str]:
    """One zone for each distinct set of clock changes; most of the 600 are aliases of each other."""
    return {calendar_of(zone).offsets: zone for zone in reversed(ZONES)}


def first_instant_after(zone: ZoneInfo, day: date) -> datetime:
    """Walk in quarters of an hour until the zone's own clock shows a later day."""
    at = datetime.combine(day, datetime.min.time(), UTC)
    while at.astimezone(zone).date() <= day:
        at += QUARTER
    return at


def days_around_changes(calendar: Calendar) -> Iterator[date]:
    yield date(YEAR, 5, 5)
    for change in calendar.offsets[1:]:
        for distance in (-2, -1, 0, 1):
            yield (change.since + distance * ONE_DAY).date()


def test_every_day_of_every_zone_ends_with_the_first_instant_of_the_next() -> None:
    zones = rule_sets()
    assert len(zones) > 50
    for name in zones.values():
        calendar, zone = calendar_of(name), ZoneInfo(name)
        for day in set(days_around_changes(calendar)):
            assert calendar.end_of(day) == first_instant_after(zone, day), (name, day)


@given(
    zone=st.sampled_from(ZONES),
    at=st.datetimes(datetime(YEAR - 1, 1, 2), datetime(YEAR + YEARS_AHEAD, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 - strategies want naive bounds
)
def test_the_wall_clock_agrees_with_the_zone(zone: str, at: datetime) -> None:
    calendar = calendar_of(zone)
    assert calendar.local(at) == at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert calendar.today(at) == at.astimezone(ZoneInfo(zone)).date()


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(YEAR, 1, 2), date(YEAR + YEARS_AHEAD, 12, 28)),
    clock=st.times(),
)
def test_an_instant_is_the_first_at_which_the_clock_shows_at_least_the_time(
    zone: str, day: date, clock: time
) -> None:
    calendar = calendar_of(zone)
    at = calendar.instant(day, clock)
    wall = datetime.combine(day, clock)
    assert calendar.local(at) >= wall
    assert calendar.local(at - timedelta(microseconds=1)) < wall


@given(zone=st.sampled_from(ZONES), day=st.dates(date(YEAR, 1, 2), date(YEAR + YEARS_AHEAD, 12, 28)))
def test_a_due_instant_belongs_to_the_day_it_ends(zone: str, day: date) -> None:
    calendar = calendar_of(zone)
    end = calendar.end_of(day)
    assert calendar.last_day(end) == day
    assert calendar.last_day(end + timedelta(microseconds=1)) == calendar.today(end)


def test_a_day_that_begins_an_hour_late_ends_the_day_before_at_the_change() -> None:
    """Egypt's clocks jump from midnight to one o'clock on a Friday in April."""
    cairo = calendar_of("Africa/Cairo")
    thursday = date(2027, 4, 29)
    assert cairo.end_of(thursday) == datetime(2027, 4, 29, 22, tzinfo=UTC)
    assert cairo.local(cairo.end_of(thursday)) == datetime(2027, 4, 30, 1)  # noqa: DTZ001 - a wall clock


def test_a_day_whose_last_hour_comes_twice_ends_after_the_second() -> None:
    """Egypt's clocks go back from midnight to eleven o'clock on a Thursday in October."""
    cairo = calendar_of("Africa/Cairo")
    thursday = date(2027, 10, 28)
    assert cairo.end_of(thursday) == datetime(2027, 10, 28, 22, tzinfo=UTC)
    assert cairo.end_of(thursday) - cairo.instant(thursday) == timedelta(hours=25)


def test_a_skipped_day_ends_when_the_next_begins() -> None:
    """Samoa left out 30 December 2011; a promise for it was late from the 31st on."""
    apia = calendar_of("Pacific/Apia", 2011)
    skipped = date(2011, 12, 30)
    new_year_s_eve = datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert apia.end_of(skipped - ONE_DAY) == apia.end_of(skipped) == new_year_s_eve
    assert apia.today(new_year_s_eve) == date(2011, 12, 31)


def test_a_time_that_the_clock_leaps_over_is_reached_at_the_leap() -> None:
    cairo = calendar_of("Africa/Cairo")
    leap = datetime(2027, 4, 29, 22, tzinfo=UTC)
    assert cairo.instant(date(2027, 4, 30), time(0, 30)) == leap
    assert cairo.instant(date(2027, 4, 30), time(1, 15)) == leap + timedelta(minutes=15)


def test_before_its_first_clock_change_a_calendar_knows_one_offset() -> None:
    cairo = calendar_of("Africa/Cairo")
    long_ago = datetime(1999, 6, 1, 12, tzinfo=UTC)
    assert cairo.local(long_ago) - long_ago.replace(tzinfo=None) == timedelta(
        minutes=cairo.offsets[0].minutes
    )
    assert cairo.local(cairo.instant(date(1999, 6, 1), time(9))).time() == time(9)


@pytest.fixture
def machine_in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    tzset()
    yield
    monkeypatch.undo()
    tzset()


@pytest.mark.usefixtures("machine_in_tokyo")
def test_where_the_machine_stands_does_not_matter() -> None:
    dhaka = calendar_of("Asia/Dhaka")
    noon = dhaka.instant(date(YEAR, 3, 2), time(12))
    assert noon == datetime(YEAR, 3, 2, 6, tzinfo=UTC)
    assert dhaka.local(noon) == datetime(YEAR, 3, 2, 12)  # noqa: DTZ001 - a wall clock


def test_clock_changes_reach_from_the_year_before_to_ten_years_ahead() -> None:
    offsets = calendar_of("America/Port-au-Prince").offsets
    assert offsets[0].since == datetime(YEAR - 1, 1, 1, tzinfo=UTC)
    assert offsets[-1].since.year == YEAR + YEARS_AHEAD
    assert all(earlier.since < later.since for earlier, later in pairwise(offsets))


def test_where_the_library_has_no_holidays_it_is_said() -> None:
    sri_lanka = resolved("LK", "Asia/Colombo", year=2026).coverage
    assert sri_lanka.known == (2026,)
    assert sri_lanka.missing == (2027, 2028, 2029, 2030)


def test_days_that_hang_on_the_moon_are_named() -> None:
    coverage = resolved("EG", "Africa/Cairo").coverage
    assert coverage.estimated
    assert set(coverage.estimated) <= set(resolved("EG", "Africa/Cairo").calendar.holidays)
    assert resolved("KH", "Asia/Phnom_Penh").coverage.estimated == ()


@pytest.mark.parametrize("country", ["", "ZZ", "XX"])
def test_a_country_without_data_has_no_public_holidays_and_says_so(country: str) -> None:
    answer = resolved(country)
    assert answer.calendar.holidays == ()
    assert answer.coverage.missing == tuple(range(YEAR, YEAR + HOLIDAY_YEARS))


def test_a_factory_adds_its_own_holidays_and_works_on_public_ones() -> None:
    victory_day, founding_day = date(YEAR, 12, 16), date(YEAR, 12, 17)
    calendar = resolved(own_holidays=(founding_day,), worked_days=(victory_day,)).calendar
    assert calendar.is_working_day(victory_day)
    assert not calendar.is_working_day(founding_day)
    assert not resolved().calendar.is_working_day(victory_day)


def test_the_version_says_what_the_days_are() -> None:
    first = resolved().calendar
    resolve_calendar.cache_clear()
    assert resolved().calendar == first
    assert first.version.startswith("cal-")
    others = (
        resolved(zone="Asia/Karachi"),
        resolved(rest_days=(7,)),
        resolved(own_holidays=(date(YEAR, 1, 2),)),
    )
    assert len({first.version, *(each.calendar.version for each in others)}) == 4


@pytest.mark.parametrize("rest_days", [(0,), (8,), (1, 2, 3, 4, 5, 6, 7)])
def test_it_refuses_a_week_that_cannot_be(rest_days: tuple[int, ...]) -> None:
    with pytest.raises(CalendarRefused, match="ISO weekdays"):
        resolved(rest_days=rest_days)


@pytest.mark.parametrize(
    ("zone", "hint"), [("Asia/Daka", "Asia/Dhaka"), ("", "Asia/Dhaka"), ("../etc", "write it like")]
)
def test_it_refuses_an_unknown_zone_and_names_a_near_one(zone: str, hint: str) -> None:
    with pytest.raises(CalendarRefused, match=hint):
        resolved(zone=zone)


def test_a_calendar_without_a_working_day_leaves_days_where_they_are() -> None:
    """Nothing resolved here is like that, but nothing may loop for ever if it were."""
    never = replace(calendar_of("Asia/Dhaka"), rest_days=(1, 2, 3, 4, 5, 6, 7))
    day = date(YEAR, 3, 4)
    assert never.working_day_on_or_before(day) == never.working_day_on_or_after(day) == day


def test_hours_are_exact_and_days_run_to_midnight() -> None:
    cairo = calendar_of("Africa/Cairo")
    thursday_evening = datetime(2027, 10, 28, 18, tzinfo=UTC)
    assert cairo.due(thursday_evening, Span(24, Unit.HOURS)) == datetime(2027, 10, 29, 18, tzinfo=UTC)
    assert cairo.due(thursday_evening, Span(1)) == datetime(2027, 10, 29, 22, tzinfo=UTC)


def test_a_day_that_is_made_up_for_is_worked_although_it_is_one_of_rest() -> None:
    friday, victory_day = date(YEAR, 3, 6), date(YEAR, 12, 16)
    calendar = resolved(worked_days=(friday, victory_day)).calendar
    assert calendar.workdays == (friday,)
    assert calendar.is_working_day(friday)
    assert calendar.is_working_day(victory_day)
    assert calendar.version != resolved().calendar.version


def test_estimated_days_are_marked_in_the_calendar_itself() -> None:
    answer = resolved("EG", "Africa/Cairo")
    assert answer.calendar.estimated == answer.coverage.estimated
    moon = answer.coverage.estimated[0]
    worked = resolved("EG", "Africa/Cairo", worked_days=(moon,)).calendar
    assert moon not in worked.estimated


def test_an_old_finding_s_years_keep_their_holidays() -> None:
    before = resolved(first=YEAR - 2)
    assert before.coverage.known[0] == YEAR - 2
    assert any(day.year == YEAR - 2 for day in before.calendar.holidays)
    assert before.calendar.offsets[0].since == datetime(YEAR - 3, 1, 1, tzinfo=UTC)


def test_a_factory_s_own_days_are_resolved_with_its_country_s() -> None:
    place = a_factory("lotus")
    days = (
        OwnDays(date(YEAR, 4, 10), date(YEAR, 4, 14), DayKind.SHUTDOWN),
        OwnDays(date(YEAR, 4, 12), date(YEAR, 4, 12), DayKind.WORKDAY),
        OwnDays(date(YEAR, 5, 4), date(YEAR, 5, 4), DayKind.HOLIDAY),
    )
    calendar = calendar_for(place, days, YEAR).calendar
    off = [day for day in (10, 11, 12, 13, 14) if not calendar.is_working_day(date(YEAR, 4, day))]
    assert off == [10, 11, 13, 14]
    assert not calendar.is_working_day(date(YEAR, 5, 4))


@pytest.mark.parametrize("share", range(4))
def test_in_every_zone_for_ten_years_promises_end_with_their_day_and_reminders_come_on_working_days(
    share: int,
) -> None:
    for number, name in enumerate(ZONES[share::4]):
        chance = Random(f"{share} {number}")  # noqa: S311 - drawn the same each time
        week = tuple(sorted(chance.sample(range(1, 8), chance.randint(1, 3))))
        holidays = tuple(sorted(any_day(chance) for _ in range(150)))
        calendar = replace(calendar_of(name), rest_days=week, holidays=holidays)
        for _ in range(4):
            a_promise_ends_with_its_day(calendar, any_day(chance))
            working_days_add_up(calendar, any_day(chance), chance.randint(1, 60))
            reminders_come_on_working_days(calendar, any_day(chance))


def any_day(chance: Random) -> date:
    return date(YEAR, 1, 2) + ONE_DAY * chance.randrange(365 * YEARS_AHEAD)


def a_promise_ends_with_its_day(calendar: Calendar, day: date) -> None:
    end, zone = calendar.end_of(day), ZoneInfo(calendar.zone)
    assert end.astimezone(zone).date() > day, "no deadline is earlier than the end of the promised day"
    assert (end - timedelta(microseconds=1)).astimezone(zone).date() <= day


def working_days_add_up(calendar: Calendar, day: date, count: int) -> None:
    noon = calendar.instant(day, time(12))
    expected = naive_working_day(calendar, day, count)
    assert calendar.due(noon, Span(count, Unit.WORKING_DAYS)) == calendar.end_of(expected)


def reminders_come_on_working_days(calendar: Calendar, issued: date) -> None:
    finding = a_case(calendar=calendar, at=calendar.instant(issued, time(10))).finding
    for owed in obligations(finding):
        for at in islice(reminders_ahead(finding, owed, notice_of(finding, owed)), 8):
            local = at.astimezone(ZoneInfo(calendar.zone))
            assert local.isoweekday() not in calendar.rest_days, "no reminder comes on a rest day"
            assert local.date() not in calendar.holidays
            assert local.time() >= finding.policy.reminders.at


def naive_working_day(calendar: Calendar, day: date, count: int) -> date:
    while count:
        day += ONE_DAY
        count -= day.isoweekday() not in calendar.rest_days and day not in calendar.holidays
    return day


@given(
    country=st.sampled_from(sorted(COUNTRIES)),
    start=st.dates(date(YEAR, 1, 1), date(YEAR + HOLIDAY_YEARS, 1, 1)),
    count=st.integers(0, 60),
)
def test_working_days_add_up_to_a_plain_count(country: str, start: date, count: int) -> None:
    usual = COUNTRIES[country]
    calendar = resolved(country, usual.zone, rest_days=usual.rest_days).calendar
    expected = naive_working_day(calendar, start, count)
    assert calendar.add_working_days(start, count) == expected
    noon = calendar.instant(start) + timedelta(hours=12)
    if count:
        assert calendar.due(noon, Span(count, Unit.WORKING_DAYS)) == calendar.end_of(expected)


@given(country=st.sampled_from(sorted(COUNTRIES)), day=st.dates(date(YEAR, 1, 1), date(YEAR + 4, 12, 31)))
def test_a_notice_moves_to_the_nearest_working_day_and_no_farther(country: str, day: date) -> None:
    usual = COUNTRIES[country]
    calendar = resolved(country, usual.zone, rest_days=usual.rest_days).calendar
    before, after = calendar.working_day_on_or_before(day), calendar.working_day_on_or_after(day)
    assert before <= day <= after
    assert calendar.is_working_day(before)
    assert calendar.is_working_day(after)
    between = [before + ONE_DAY * n for n in range(1, (after - before).days)]
    assert all(each == day or not calendar.is_working_day(each) for each in between)


@pytest.mark.parametrize("usual", COUNTRIES.values(), ids=lambda country: country.code)
def test_each_country_s_defaults_make_a_calendar_with_holidays(usual: Country) -> None:
    answer = resolved(usual.code, usual.zone, rest_days=usual.rest_days)
    assert YEAR in answer.coverage.known
    assert usual.languages[0] in get_official_languages(usual.code, de_facto=True)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Viet Nam", "VN"),
        ("vietnam", "VN"),
        ("BGD", "BD"),
        (" bd ", "BD"),
        ("IN", "IN"),
        ("Atlantis", None),
        ("ZZ", None),
    ],
)
def test_a_country_is_known_by_name_or_code(written: str, code: str | None) -> None:
    assert country_code(written) == code


@pytest.mark.parametrize("machine", ["UTC", "America/New_York"])
def test_an_instant_is_the_same_whatever_clock_it_is_written_by(
    monkeypatch: pytest.MonkeyPatch, machine: str
) -> None:
    instant = datetime(2026, 3, 2, 22, tzinfo=UTC)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", machine)
        tzset()
        written = [instant.astimezone(ZoneInfo(zone)) for zone in ("America/New_York", "Asia/Dhaka")]
        local = {DHAKA.local(each).isoformat() for each in (instant, *written)}
        days = {DHAKA.today(each) for each in (instant, *written)}
    tzset()
    assert (local, days) == ({"2026-03-03T04:00:00"}, {date(2026, 3, 3)})
