"""A factory's level over HTTP: with its history, and without what the factory is not told."""

from datetime import UTC, datetime, timedelta

from remediation.words import Severity
from tests.service.stage import AMINA, BAO, BUYER, CHLOE, LOTUS, NEIGHBOUR, OPERATOR, Theatre, a_life
from tests.storage.builders import Life

AGO = 40


def climbed(life: Life) -> Life:
    start = datetime.now(UTC) - timedelta(days=AGO)
    for hour in range(AGO * 24):
        life = life.keep_time(start + timedelta(hours=hour))
    return life


async def levels(theatre: Theatre, person: str) -> list[tuple[int, str]]:
    async with theatre.act(person) as client:
        answer = await client.get(f"/api/v1/factories/{LOTUS}/levels")
    assert answer.status_code == 200, answer.text
    return [(each["level"], each["finding"]) for each in answer.json()["items"]]


async def test_a_factorys_level_is_shown_with_what_brought_it_there(theatre: Theatre) -> None:
    theatre.keep(climbed(a_life("f1", ago=AGO)))
    ((level, finding),) = await levels(theatre, BAO)
    assert (level >= 2, finding) == (True, "f1")
    assert await levels(theatre, BUYER) == [(level, "f1")]
    assert await levels(theatre, OPERATOR) == []
    async with theatre.act(AMINA) as client:
        (listed,) = (await client.get("/api/v1/factories")).json()["items"]
        one = (await client.get(f"/api/v1/factories/{LOTUS}")).json()
    assert listed == {name: one[name] for name in listed}  # alone it tells its holidays, too
    assert one["level"] == level
    assert datetime.fromisoformat(one["level_since"]) < datetime.now(UTC)


async def test_what_the_factory_is_not_told_does_not_show_in_its_level(theatre: Theatre) -> None:
    theatre.keep(a_life("f1", ago=1))
    theatre.keep(climbed(a_life("f2", ago=AGO, severity=Severity.ZERO_TOLERANCE, factory_told=False)))
    assert [finding for _, finding in await levels(theatre, CHLOE)] == ["f2"]
    for person in (AMINA, BAO, BUYER):
        assert await levels(theatre, person) == []
        async with theatre.act(person) as client:
            one = (await client.get(f"/api/v1/factories/{LOTUS}")).json()
        assert (one["level"], one["level_since"]) == (0, None)


async def test_another_factorys_levels_are_not_there(theatre: Theatre) -> None:
    async with theatre.act(NEIGHBOUR) as client:
        assert (await client.get(f"/api/v1/factories/{LOTUS}/levels")).status_code == 404
