"""Changing a factory's committee: seats, terms, and the open findings that must know."""

from typing import Any

import pytest

from tests.service.stage import AMINA, ASHA, BAO, BINH, CHLOE, NEIGHBOUR, Live, Theatre, a_life, a_plan, key

PATH = "/api/v1/factories/lotus/committee"


def seat(person: str, side: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"person": person, "side": side, **more}


WITHOUT_ASHA = {
    "seats": [
        seat(AMINA, "worker", elected=True, co_chair=True),
        seat(BAO, "management", co_chair=True),
        seat(BINH, "management"),
    ]
}


async def test_open_findings_learn_of_new_seats(live: Live) -> None:
    finding = await live.begin()
    async with live.theatre.act(ASHA) as asha, live.theatre.act(CHLOE) as chloe:
        before = (await chloe.get(PATH)).json()
        changed = await chloe.put(PATH, json=WITHOUT_ASHA, headers=key())
        assert changed.status_code == 200, changed.text
        assert live.theatre.ledger(finding)[-1] == "reseated"
        refused = await asha.post(f"/api/v1/findings/{finding}/propose", json=a_plan(), headers=key())
        assert refused.status_code == 404, "who has left the committee sees nothing any more"
        back = [
            {"person": each["person"]["id"], **{name: each[name] for name in ("side", "elected", "co_chair")}}
            for each in before["seats"]
        ]
        restored = await chloe.put(PATH, json={"seats": back}, headers=key())
    told = changed.json()
    assert [each["person"]["id"] for each in told["seats"]] == [AMINA, BAO, BINH]
    assert told["pending"] == 0
    assert told["findings"] >= 1
    assert told["warnings"] == [
        "The worker side has fewer members than the management side.",
        "1 seat of the worker side is vacant.",
    ]
    assert restored.json()["seats"] == before["seats"]


async def test_saying_it_twice_changes_it_once(live: Live) -> None:
    finding = await live.begin()
    same = key()
    async with live.theatre.act(CHLOE) as chloe:
        before = (await chloe.get(PATH)).json()["seats"]
        answers = [await chloe.put(PATH, json=WITHOUT_ASHA, headers=same) for _ in range(2)]
        other = {"seats": WITHOUT_ASHA["seats"][:2]}
        conflict = await chloe.put(PATH, json=other, headers=same)
        back = [
            {"person": each["person"]["id"], **{k: each[k] for k in ("side", "elected", "co_chair")}}
            for each in before
        ]
        await chloe.put(PATH, json={"seats": back}, headers=key())
    assert answers[0].json() == answers[1].json()
    assert (conflict.status_code, conflict.json()["code"]) == (409, "idempotency_key_reused")
    assert live.theatre.ledger(finding).count("reseated") == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"seats": []}, "seats"),
        ({"seats": [seat("nobody", "worker")]}, "seats[0].person"),
        ({"seats": [seat(AMINA, "worker"), seat(AMINA, "management")]}, "body"),
        ({"seats": [seat(AMINA, "worker", co_chair=True), seat(ASHA, "worker", co_chair=True)]}, "body"),
        ({"seats": [seat(AMINA, "workers")]}, "seats[0].side"),
        ({"seats": [seat(AMINA, "worker", until="2027-01-01")]}, "seats[0].until"),
    ],
)
async def test_a_committee_that_cannot_be(theatre: Theatre, body: dict[str, Any], field: str) -> None:
    theatre.keep(a_life("f1"))
    async with theatre.act(CHLOE) as chloe:
        before = (await chloe.get(PATH)).json()
        answer = await chloe.put(PATH, json=body, headers=key())
        assert (await chloe.get(PATH)).json() == before
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert theatre.count("commands") == 0


@pytest.mark.parametrize(("person", "status"), [(BAO, 403), (AMINA, 403), (NEIGHBOUR, 404), ("omar", 404)])
async def test_the_factory_does_not_seat_its_own_committee(
    theatre: Theatre, person: str, status: int
) -> None:
    async with theatre.act(person) as client:
        assert (await client.put(PATH, json=WITHOUT_ASHA, headers=key())).status_code == status
    assert theatre.count("commands") == 0


async def test_while_the_engine_is_away_the_seats_change_and_the_findings_wait(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"), a_life("f2"))
    async with theatre.act(CHLOE) as chloe:
        answer = await chloe.put(PATH, json=WITHOUT_ASHA, headers=key())
        seats = (await chloe.get(PATH)).json()["seats"]
    assert answer.status_code == 202
    assert (answer.json()["findings"], answer.json()["pending"]) == (2, 2)
    assert ASHA not in {each["person"]["id"] for each in seats}
    assert theatre.count("commands") == 2
