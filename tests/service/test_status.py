"""What operators ask, and what the description of the API says."""

from typing import Any

import pytest
from httpx2 import AsyncClient

from service.api.bodies import BODIES
from tests.service.stage import BAO, CHLOE, Live, Theatre, a_life, a_plan, key


async def test_it_is_alive_whatever_is_down(theatre: Theatre) -> None:
    async with theatre.act() as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}


async def test_it_names_what_is_down(theatre: Theatre) -> None:
    async with theatre.act() as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "down",
        "down": ["temporal"],
        "sql": "up",
        "temporal": "down",
        "mail": "on time",
    }


async def test_it_is_ready_when_all_is_up(live: Live) -> None:
    async with live.theatre.act() as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


async def test_a_database_of_another_version_is_not_ready(theatre: Theatre) -> None:
    with theatre.database.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    async with theatre.act() as client:
        assert (await client.get("/readyz")).json()["sql"] == "not migrated"


async def test_mail_that_waits_too_long_is_named(theatre: Theatre) -> None:
    old = "2026-01-01 00:00:00"
    with theatre.database.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO messages (key, person, kind, urgent, address, message_id, date, subject, content,"
            " created_at, next_try_at) VALUES ('k', 'bao', 'reminder', 0, 'b@c', 'm', ?, 's', x'', ?, ?)",
            (old, old, old),
        )
    async with theatre.act() as client:
        assert (await client.get("/readyz")).json()["mail"] == "late"


async def numbers(client: AsyncClient) -> dict[str, float]:
    lines = (await client.get("/metrics")).text.splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


async def test_metrics_count_findings_letters_requests_and_commands(live: Live) -> None:
    finding = await live.begin()
    async with live.theatre.act(BAO) as client:
        before = await numbers(client)
        assert (await client.get("/api/v1/findings")).status_code == 200
        await client.post(f"/api/v1/findings/{finding}/propose", json=a_plan(), headers=key())
        await client.post(f"/api/v1/findings/{finding}/report-fixed", json={"evidence": ["x"]}, headers=key())
        after = await numbers(client)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    listed = 'mendwork_http_requests_total{method="GET",route="/api/v1/findings",status="200"}'
    assert grown[listed] == 1
    assert grown['mendwork_commands_total{outcome="done",verb="propose"}'] == 1
    assert grown['mendwork_commands_total{outcome="refused",verb="report_fixed"}'] == 1
    assert after["mendwork_findings_open"] >= 1
    assert after["mendwork_letters_waiting"] > 0
    assert after["mendwork_commands_pending"] == 0


async def test_metrics_count_what_is_overdue(theatre: Theatre) -> None:
    theatre.keep(a_life("late", ago=60), a_life("new"))
    async with theatre.act() as client:
        counted = await numbers(client)
    assert (counted["mendwork_findings_open"], counted["mendwork_findings_overdue"]) == (2, 1)


@pytest.fixture
async def described(theatre: Theatre) -> dict[str, Any]:
    async with theatre.act() as client:
        schema: dict[str, Any] = (await client.get("/api/v1/openapi.json")).json()
    return schema


async def test_every_error_is_described_as_a_problem(described: dict[str, Any]) -> None:
    for path, methods in described["paths"].items():
        if not path.startswith("/api/"):
            continue
        for method, operation in methods.items():
            errors = {status: told for status, told in operation["responses"].items() if status >= "400"}
            assert {"401", "422", "500", "503"} <= set(errors), (method, path)
            assert "{" not in path or "404" in errors or (method, "409" in errors) == ("put", True), (
                method,
                path,
            )
            for told in errors.values():
                assert list(told["content"]) == ["application/problem+json"], (method, path)
            assert operation["security"] == [{"token": []}], (method, path)
    assert "HTTPValidationError" not in described["components"]["schemas"]


async def test_every_verb_is_described_with_its_body_and_its_key(described: dict[str, Any]) -> None:
    for verb, body in BODIES.items():
        operation = described["paths"][f"/api/v1/findings/{{finding}}/{verb.replace('_', '-')}"]["post"]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        assert schema.endswith(f"/{body.__name__}")
        assert described["components"]["schemas"][body.__name__]["additionalProperties"] is False
        required = [each["name"] for each in operation["parameters"] if each["required"]]
        assert required == ["finding", "Idempotency-Key"]
        assert {"200", "202", "403", "409", "412"} <= set(operation["responses"])
        assert "May be given by" in operation["description"]


async def test_the_api_can_be_read_about_without_scripts(theatre: Theatre) -> None:
    async with theatre.act() as client:
        answer = await client.get("/api/v1/docs")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "/api/v1/findings/{finding}/report-fixed" in answer.text


async def test_a_person_knows_their_letters_and_staff_those_of_others(theatre: Theatre) -> None:
    async with theatre.act(BAO) as bao, theatre.act(CHLOE) as chloe:
        assert (await bao.get("/api/v1/people/bao/letters")).json() == {"items": []}
        assert (await bao.get("/api/v1/people/amina/letters")).status_code == 404
        assert (await chloe.get("/api/v1/people/amina/letters")).status_code == 200
        assert (await chloe.get("/api/v1/people/nobody/letters")).status_code == 404
