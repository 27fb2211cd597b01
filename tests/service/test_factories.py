"""A factory's page: committee, warnings, calendar and level; and the list of factories."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from remediation.words import FactoryId, PersonId, PlanId, Severity
from storage.committees import Term, save_term
from storage.database import writing
from storage.factory_days import DayKind, OwnDays, keep_days
from storage.places import seats
from tests.service.browsing import Reader, browser
from tests.service.stage import (
    ASHA,
    BAO,
    BUYER,
    CHLOE,
    LOTUS,
    NEIGHBOUR,
    OUTSIDER,
    PADMA,
    SEATS,
    Theatre,
    a_life,
)

TODAY = datetime.now(UTC).date()


async def read(theatre: Theatre, person: str, path: str = f"/factories/{LOTUS}") -> str:
    async with browser(theatre, person) as client:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return Reader(answer.text).text


async def test_a_factory_shows_who_sits_on_its_committee_and_since_when(theatre: Theatre) -> None:
    page = await read(theatre, BAO)
    assert "Worker side: 2 seats" in page
    assert "Amina Rahman" in page
    assert "since 1 January 2025" in page
    assert "The committee works all the same" not in page


async def test_what_the_committee_lacks_is_said(theatre: Theatre) -> None:
    with writing(theatre.database) as connection:
        gone = seats.c.person == ASHA
        connection.execute(update(seats).where(gone).values(until=TODAY - timedelta(days=9)))
        soon = Term(factory=LOTUS, seat=SEATS[0], since=SEATS_SINCE, until=TODAY + timedelta(days=20))
        save_term(connection, soon)
    page = await read(theatre, CHLOE)
    for said in (
        "The worker side has fewer members than the management side.",
        "1 seat of the worker side is vacant.",
        "and nobody is named to follow.",
        "Who sat on it before",
    ):
        assert said in page
    async with theatre.act(CHLOE) as client:
        told = (await client.get(f"/api/v1/factories/{LOTUS}/committee")).json()
    assert "1 seat of the worker side is vacant." in told["warnings"]


SEATS_SINCE = datetime(2025, 1, 1, tzinfo=UTC).date()


async def test_a_buyer_sees_no_names_and_no_number_that_is_as_good_as_one(theatre: Theatre) -> None:
    with writing(theatre.database) as connection:
        closed = OwnDays(TODAY, TODAY + timedelta(days=3), DayKind.SHUTDOWN, "PLANTED strike")
        keep_days(connection, LOTUS, [closed])
    theatre.keep(a_life("f1"))
    page = await read(theatre, BUYER)
    assert "Worker side: fewer than 5 seats" in page
    assert "Worker side: 2 seats" in await read(theatre, BAO)
    assert "the factory is shut" in page
    for hidden in ("Amina", "Bao", "PLANTED", "elected"):
        assert hidden not in page
    assert "PLANTED" in await read(theatre, BAO)


async def test_days_ahead_name_their_source(theatre: Theatre) -> None:
    with writing(theatre.database) as connection:
        own = [
            OwnDays(TODAY + timedelta(days=5), TODAY + timedelta(days=9), DayKind.SHUTDOWN, "Winter closure"),
            OwnDays(TODAY - timedelta(days=9), TODAY - timedelta(days=5), DayKind.HOLIDAY, "Long past"),
        ]
        keep_days(connection, LOTUS, own)
    page = await read(theatre, CHLOE)
    assert "Weekly rest: Friday." in page
    assert "the factory is shut: Winter closure" in page
    assert "Long past" not in page
    assert "public holiday" in page


async def test_its_level_is_told_without_what_the_factory_must_not_know(theatre: Theatre) -> None:
    late = a_life("f-zt", ago=20, severity=Severity.ZERO_TOLERANCE, factory_told=False)
    theatre.keep(late.keep_time(datetime.now(UTC)), a_life("f-new"))
    assert "Not escalated." in await read(theatre, BAO)
    assert "1 of 1 finding is open." in await read(theatre, BAO)
    assert "2 of 2 findings are open." in await read(theatre, CHLOE)


async def test_a_climb_is_told_with_its_cause(theatre: Theatre) -> None:
    theatre.keep(a_life("f-late", ago=60).keep_time(datetime.now(UTC)))
    page = await read(theatre, BAO)
    assert "Escalated since" in page
    assert "How it climbed, and came down" in page


@pytest.mark.parametrize("person", [OUTSIDER, NEIGHBOUR])
async def test_strangers_are_told_that_there_is_no_such_factory(theatre: Theatre, person: PersonId) -> None:
    async with browser(theatre, person) as client:
        assert (await client.get(f"/factories/{LOTUS}")).status_code == 404
        assert "Lotus" not in (await client.get("/factories")).text


async def test_factories_are_found_by_name(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"), a_life("p1", factory=FactoryId(PADMA), plan=PlanId("p")))
    both = await read(theatre, CHLOE, "/factories")
    assert "Lotus Garments" in both
    assert "Padma Knit" in both
    assert "Lotus" not in await read(theatre, CHLOE, "/factories?text=padMA")
    assert "There is no such factory" in await read(theatre, CHLOE, "/factories?text=zzz")
