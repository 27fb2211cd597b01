"""Webhooks as people make and look after them: by the API, and in the browser."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select

from notifications.outgoing.sending import Fault
from remediation.hooks import Sees, Topic
from remediation.permissions import Grant, ScopeKind
from remediation.words import Role
from service.pages import hook_words
from service.settings import Settings
from service.worker import hook_settings
from storage import changes, deliveries, people
from storage.database import reading, writing
from storage.deliveries import DeliveryState, Try
from storage.hook_tables import hooks as hook_table
from storage.hooks import HookState, Why
from tests.service.browsing import Reader, browser, sent
from tests.service.stage import (
    AMINA,
    BAO,
    BUYER,
    CHLOE,
    DINA,
    LOTUS,
    OPERATOR,
    OTHER_PROGRAMME,
    OUTSIDER,
    PADMA,
    PETRA,
    PROGRAMME,
    TOMAS,
    Theatre,
    a_life,
    key,
)

URL = "https://receiver.example/hook"


async def ask(theatre: Theatre, person: str, method: str, path: str = "", **body: Any) -> Response:  # noqa: ANN401
    """Let somebody ask the API about webhooks."""
    async with theatre.act(person) as client:
        return await client.request(method, f"/api/v1/webhooks{path}", headers=key(), json=body or None)


async def a_hook(theatre: Theatre, **wanted: Any) -> str:  # noqa: ANN401 - as the API takes it
    """Let Petra register a webhook; give its id."""
    given = {"programme": PROGRAMME, "sees": "staff", "url": URL, **wanted}
    answer = await ask(theatre, PETRA, "POST", **given)
    assert answer.status_code == 201, answer.text
    ident: str = answer.json()["webhook"]["id"]
    return ident


def told(theatre: Theatre, hook: str) -> list[tuple[str, int, str]]:
    """Give what a webhook is to hear of: finding, entry and kind."""
    with reading(theatre.database) as connection:
        return sorted((each.finding, each.seq, each.kind) for each in deliveries.page(connection, hook, 100))


async def test_a_secret_is_told_once_and_the_same_key_makes_no_second_webhook(theatre: Theatre) -> None:
    body = {"programme": PROGRAMME, "sees": "staff", "url": URL, "topics": ["fixing"]}
    async with theatre.act(PETRA) as client:
        headers = key()
        first = await client.post("/api/v1/webhooks", json=body, headers=headers)
        again = await client.post("/api/v1/webhooks", json=body, headers=headers)
        other = await client.post("/api/v1/webhooks", json=body | {"sees": "status"}, headers=headers)
        listed = (await client.get("/api/v1/webhooks")).json()
    assert first.json()["secret"].startswith("whsec_")
    assert (again.status_code, again.json()["secret"]) == (200, None)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert [each["id"] for each in listed["items"]] == [first.json()["webhook"]["id"]]
    assert first.json()["secret"] not in str(listed)


async def test_who_only_works_in_the_programme_registers_nothing_and_sees_none(theatre: Theatre) -> None:
    hook = await a_hook(theatre)
    for person in (AMINA, BAO, BUYER, CHLOE, TOMAS, DINA):
        refused = await ask(theatre, person, "POST", programme=PROGRAMME, sees="status", url=URL)
        assert refused.status_code in {403, 404}
        assert (await ask(theatre, person, "GET")).json() == {"items": []}
        for method, path in (("GET", ""), ("GET", "/deliveries"), ("POST", "/rotate"), ("DELETE", "")):
            assert (await ask(theatre, person, method, f"/{hook}{path}")).status_code == 404
    for person in (CHLOE, BAO, OUTSIDER):
        async with browser(theatre, person) as client:
            assert (await client.get("/webhooks")).status_code == 404


async def test_another_programmes_manager_finds_no_such_webhook(theatre: Theatre) -> None:
    hook = await a_hook(theatre)
    with writing(theatre.database) as connection:
        people.give(connection, OUTSIDER, Grant(Role.PROGRAMME_MANAGER, ScopeKind.PROGRAMME, OTHER_PROGRAMME))
    assert (await ask(theatre, OUTSIDER, "GET", f"/{hook}")).status_code == 404
    assert (await ask(theatre, OUTSIDER, "POST", f"/{hook}/pause")).status_code == 404
    theirs = await ask(theatre, OUTSIDER, "POST", programme=OTHER_PROGRAMME, sees="staff", url=URL)
    assert theirs.status_code == 201
    other = await ask(theatre, OUTSIDER, "POST", programme=PROGRAMME, sees="staff", url=URL)
    assert other.status_code == 404


async def test_an_operator_keeps_webhooks_running_but_lends_no_eyes_they_do_not_have(
    theatre: Theatre,
) -> None:
    hook = await a_hook(theatre)
    refused = await ask(theatre, OPERATOR, "POST", programme=PROGRAMME, sees="status", url=URL)
    assert [each["field"] for each in refused.json()["errors"]] == ["sees"]
    moved = await ask(theatre, OPERATOR, "PATCH", f"/{hook}", url="https://elsewhere.example/")
    assert [each["field"] for each in moved.json()["errors"]] == ["url"]
    assert (await ask(theatre, OPERATOR, "PATCH", f"/{hook}", topics=["dates"])).status_code == 200
    assert (await ask(theatre, OPERATOR, "POST", f"/{hook}/pause")).json()["state"] == "paused"


async def test_an_address_that_messages_must_not_go_to_is_refused(theatre: Theatre) -> None:
    body = {"programme": PROGRAMME, "sees": "staff", "url": "https://169.254.169.254/latest"}
    answer = await ask(theatre, PETRA, "POST", **body)
    assert answer.status_code == 422, answer.text
    assert [each["field"] for each in answer.json()["errors"]] == ["url"]


async def test_nobody_is_reached_at_home_unless_the_operator_says_so() -> None:
    assert hook_settings(Settings()).own == ()


async def test_each_webhook_hears_of_its_own_programme_factory_and_topics(theatre: Theatre) -> None:
    theatre.keep(a_life("before"))
    every = await a_hook(theatre)
    lotus = await a_hook(theatre, factory=LOTUS, topics=["issuing", "fixing"])
    quiet = await a_hook(theatre, topics=["fixing"])
    paused = await a_hook(theatre)
    await ask(theatre, PETRA, "POST", f"/{paused}/pause")
    ended = await a_hook(theatre)
    await ask(theatre, PETRA, "DELETE", f"/{ended}")
    theatre.keep(a_life("f1"), a_life("f2", factory=PADMA), a_life("f3", programme=OTHER_PROGRAMME))
    both = [("f1", 1, "issued"), ("f2", 1, "issued")]
    assert (told(theatre, every), told(theatre, paused)) == (both, both)
    assert told(theatre, lotus) == [("f1", 1, "issued")]
    assert (told(theatre, quiet), told(theatre, ended)) == ([], [])


async def test_what_is_recorded_twice_is_told_once(theatre: Theatre) -> None:
    hook = await a_hook(theatre)
    life = a_life("f1")
    theatre.keep(life)
    theatre.keep(life)
    assert told(theatre, hook) == [("f1", 1, "issued")]


async def test_changes_are_on_record_two_secrets_hold_at_once_and_none_is_noted(theatre: Theatre) -> None:
    hook = await a_hook(theatre, description="Our portal")
    await ask(theatre, PETRA, "PATCH", f"/{hook}", description="Another portal", topics=["dates"])
    rotated = await ask(theatre, PETRA, "POST", f"/{hook}/rotate")
    assert rotated.json()["webhook"]["former_secret_until"]
    third = await ask(theatre, PETRA, "POST", f"/{hook}/rotate")
    assert (third.status_code, third.json()["code"]) == (409, "two_secrets_already")
    await ask(theatre, PETRA, "POST", f"/{hook}/pause")
    test = await ask(theatre, PETRA, "POST", f"/{hook}/test")
    assert (test.status_code, test.json()["code"]) == (409, "webhook_not_active")
    await ask(theatre, PETRA, "DELETE", f"/{hook}")
    with reading(theatre.database) as connection:
        noted = changes.latest(connection, hook)
        secret = connection.execute(select(hook_table.c.secret)).scalar_one()
    assert [bool(each.after) for each in noted] == [False, True, True, True, True]
    assert "whsec_" not in str(noted)
    assert secret == "", "an ended webhook's secret is forgotten"
    assert (await ask(theatre, PETRA, "GET", f"/{hook}")).status_code == 404


async def test_the_log_comes_in_pages_and_is_forgotten_after_thirty_days(theatre: Theatre) -> None:
    hook = await a_hook(theatre)
    theatre.keep(*(a_life(f"f{number}", ago=number) for number in range(5)), a_life("old", ago=31))
    first = (await ask(theatre, PETRA, "GET", f"/{hook}/deliveries?limit=4")).json()
    rest = (await ask(theatre, PETRA, "GET", f"/{hook}/deliveries?limit=4&before={first['next']}")).json()
    found = [each["finding"] for each in (*first["items"], *rest["items"])]
    assert (found, rest["next"]) == (["f0", "f1", "f2", "f3", "f4", "old"], None)
    assert (await ask(theatre, PETRA, "GET", f"/{hook}/deliveries?before=none")).status_code == 404
    with writing(theatre.database) as connection:
        deliveries.forget(connection, datetime.now(UTC))
    assert len(told(theatre, hook)) == 5


async def test_a_programme_has_so_many_webhooks_and_no_more(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.hooking.MOST_OF_A_PROGRAMME", 1)
    await a_hook(theatre)
    refused = await ask(theatre, PETRA, "POST", programme=PROGRAMME, sees="status", url=URL)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_webhooks")


async def test_petra_registers_watches_and_ends_a_webhook_in_the_browser(theatre: Theatre) -> None:
    async with browser(theatre, PETRA) as client:
        page = Reader((await client.get("/programmes/bd")).text)
        assert "/webhooks" in page.links
        form = next(
            each for each in Reader((await client.get("/webhooks")).text).forms if each.action == "/webhooks"
        )
        wrong = await sent(client, form, url="https://127.0.0.1/", topics=["fixing", "dates"])
        assert wrong.status_code == 422
        form = next(each for each in Reader(wrong.text).forms if each.action == "/webhooks")
        assert (form.data["topics"], form.data["url"]) == (["dates", "fixing"], ["https://127.0.0.1/"])
        made = await sent(client, form, url=URL, description="Our portal")
        assert made.text.count("whsec_") == 1
        hook = (await ask(theatre, PETRA, "GET")).json()["items"][0]
        again = await sent(client, form, url=URL, description="Our portal")
        assert (again.status_code, "whsec_" in again.text) == (200, False)
        at = f"/webhooks/{hook['id']}"
        for what in ("test", "pause", "resume"):
            assert (await client.post(f"{at}/{what}")).headers["Location"].startswith(at)
        assert "whsec_" in (await client.post(f"{at}/rotate")).text
        changed = await client.post(f"{at}/change", data={"url": URL, "topics": ["alarm"]})
        assert changed.status_code == 303
        assert (await client.post(f"{at}/change", data={"url": "x"})).status_code == 422
        assert (await client.post(f"{at}/end")).headers["Location"] == "/webhooks"
        assert (await client.get(at)).status_code == 404


async def test_the_page_tells_how_each_message_fared_and_sends_it_again(theatre: Theatre) -> None:
    hook = await a_hook(theatre)
    theatre.keep(a_life("f1"))
    now = datetime.now(UTC)
    with writing(theatre.database) as connection:
        [one] = deliveries.due(connection, hook, now, 10)
        for seconds, (status, fault) in enumerate(((None, "timeout"), (503, "refused"))):
            at = now + timedelta(seconds=seconds)
            how = Try(delivery=one.id, at=at, status=status, milliseconds=120, fault=fault)
            deliveries.tried(connection, how, DeliveryState.GIVEN_UP, now)
    async with browser(theatre, PETRA) as client:
        page = Reader((await client.get(f"/webhooks/{hook}")).text)
        assert "no answer within fifteen seconds" in page.text
        assert "not taken (503)" in page.text
        again = next(each.action for each in page.forms if each.action.endswith(f"{one.id}/resend"))
        assert (await client.post(again)).status_code == 303
        assert told(theatre, hook) == [("f1", 1, "issued")]
        every = await client.post(f"/webhooks/{hook}/resend", data={"since": "2026-01-01"})
        assert every.status_code == 303
    with reading(theatre.database) as connection:
        [one] = deliveries.due(connection, hook, datetime.now(UTC), 10)
    assert (one.tries, one.state) == (0, DeliveryState.WAITING)


def test_pages_have_words_for_every_code() -> None:
    tables = (
        (hook_words.STATES, HookState),
        (hook_words.WHYS, Why),
        (hook_words.SEES, Sees),
        (hook_words.TOPICS, Topic),
        (hook_words.DELIVERY_STATES, DeliveryState),
    )
    for table, codes in tables:
        assert set(table) == set(codes)
    assert set(hook_words.FAULTS) >= set(Fault)
