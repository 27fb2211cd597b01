"""Requests that are wrong: each gets a clear problem body that names the way out, and nothing is changed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from httpx2 import Response

from service.problems import Problem
from tests.service.stage import AMINA, BAO, CHLOE, HOST, NEIGHBOUR, Theatre, a_life, a_plan, key

PATH = "/api/v1/findings/f1/propose"


def problem(answer: Response) -> Problem:
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    told = Problem.model_validate(answer.json())
    assert told.status == answer.status_code
    assert told.type.endswith(told.code)
    assert told.detail
    return told


def nothing_happened(theatre: Theatre) -> bool:
    return theatre.ledger("f1") == ["issued"] and not any(
        theatre.count(table) for table in ("commands", "notes", "revisions")
    )


@pytest.fixture(autouse=True)
def finding(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", "Bearer " + "x" * 999]
)
async def test_a_wrong_token(theatre: Theatre, header: str) -> None:
    async with theatre.act(None, Authorization=header) as client:
        for answer in (await client.get("/api/v1/findings"), await client.post(PATH, json=a_plan())):
            told = problem(answer)
            assert told.status == 401
            assert told.code in {"token_missing", "token_invalid"}
            assert "Authorization: Bearer" in (told.way_out or "")
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert nothing_happened(theatre)


async def test_a_revoked_token(theatre: Theatre) -> None:
    with theatre.database.begin() as connection:
        now = datetime.now(UTC).isoformat()
        connection.exec_driver_sql("UPDATE tokens SET revoked_at = ? WHERE person = ?", (now, BAO))
    async with theatre.act(BAO) as client:
        assert problem(await client.post(PATH, json=a_plan(), headers=key())).code == "token_invalid"


async def test_no_idempotency_key(theatre: Theatre) -> None:
    async with theatre.act(BAO) as client:
        told = problem(await client.post(PATH, json=a_plan()))
    assert (told.status, told.code) == (400, "idempotency_key_missing")
    assert "Idempotency-Key" in (told.way_out or "")
    assert nothing_happened(theatre)


@pytest.mark.parametrize("bad", [" ", "a b", "x" * 201, "\u00e9"])
async def test_an_idempotency_key_of_the_wrong_form(theatre: Theatre, bad: str) -> None:
    async with theatre.act(BAO) as client:
        headers = {"Idempotency-Key": bad.encode()}
        told = problem(await client.post(PATH, json=a_plan(), headers=headers))  # type: ignore[arg-type]
    assert (told.status, told.code) == (400, "idempotency_key_invalid")
    assert nothing_happened(theatre)


_GOOD = a_plan()
_ACTION = _GOOD["actions"][0]
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"colour": "red"}, "colour", "no such field"),
    ({"root_cause": None}, "root_cause", "string"),
    ({"root_cause": "   "}, "root_cause", "required"),
    ({"root_cause": "x" * 4001}, "root_cause", "at most 4000 characters"),
    ({"actions": [_ACTION] * 21}, "actions", "at most 20"),
    ({"actions": "all"}, "actions", "valid tuple"),
    ({"actions": [_ACTION | {"due": "31/03/2027"}]}, "actions[0].due", "YYYY-MM-DD"),
    ({"actions": [_ACTION | {"due": "2027-02-30"}]}, "actions[0].due", "YYYY-MM-DD"),
    ({"actions": [_ACTION | {"due": "2027-02-20T10:00:00Z"}]}, "actions[0].due", "without a time"),
    ({"actions": [_ACTION | {"kind": "magic"}]}, "actions[0].kind", "corrective"),
    ({"actions": [_ACTION | {"description": "y" * 5000}]}, "actions[0].description", "at most 4000"),
    ({"actions": [_ACTION, _ACTION | {"owner": "nobody"}]}, "actions[1].owner", "Nobody of this factory"),
    ({"actions": [_ACTION | {"percent": 100}]}, "actions[0].percent", "no such field"),
    ({"actions": [_ACTION | {"due": 0}]}, "actions[0].due", "YYYY-MM-DD"),
    ({"actions": [_ACTION | {"due": "1893456000"}]}, "actions[0].due", "YYYY-MM-DD"),
    ({"acting": "king"}, "acting", "worker_member"),
]


@pytest.mark.parametrize(("wrong", "field", "says"), WRONG, ids=[f"{f}-{s}" for _, f, s in WRONG])
async def test_a_field_at_fault_is_named(
    theatre: Theatre, wrong: dict[str, Any], field: str, says: str
) -> None:
    async with theatre.act(BAO) as client:
        told = problem(await client.post(PATH, json=_GOOD | wrong, headers=key()))
    assert (told.status, told.code) == (422, "invalid")
    assert told.errors
    assert (told.errors[0].field, says in told.errors[0].message) == (field, True), told
    assert nothing_happened(theatre)


async def test_all_fields_at_fault_are_named_at_once(theatre: Theatre) -> None:
    body = {"root_cause": "", "actions": [_ACTION | {"due": "soon"}], "x": 1}
    async with theatre.act(BAO) as client:
        told = problem(await client.post(PATH, json=body, headers=key()))
    assert {error.field for error in told.errors or ()} == {"root_cause", "actions[0].due", "x"}


async def test_what_was_written_is_never_sent_back(theatre: Theatre) -> None:
    async with theatre.act(BAO) as client:
        answer = await client.post(PATH, json={"root_cause": "PLANTED" * 900, "PLANTED2": 1}, headers=key())
    assert "PLANTEDPLANTED" not in answer.text


@pytest.mark.parametrize("content", [b"{", b"", b"nonsense", b'{"root_cause": }', b"\xff\xfe"])
async def test_a_body_that_is_not_json(theatre: Theatre, content: bytes) -> None:
    headers = key() | {"Content-Type": "application/json"}
    async with theatre.act(BAO) as client:
        told = problem(await client.post(PATH, content=content, headers=headers))
    assert told.status in {400, 422}
    assert nothing_happened(theatre)


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(theatre: Theatre) -> None:
    async with theatre.act(BAO) as client:
        told = problem(await client.post(PATH, json=a_plan() | {"root_cause": "x" * 300_000}, headers=key()))
        assert (told.status, told.code) == (413, "too_large")

        async def endless() -> AsyncIterator[bytes]:
            while True:
                yield b"x" * 65536

        headers = key() | {"Content-Type": "application/json"}
        assert problem(await client.post(PATH, content=endless(), headers=headers)).status == 413
        body_on_get = await client.request("GET", "/api/v1/findings/f1", content=b"x")
        assert body_on_get.status_code == 413
    assert nothing_happened(theatre)


async def test_another_factorys_finding_is_not_there(theatre: Theatre) -> None:
    async with theatre.act(NEIGHBOUR) as client:
        told = problem(await client.post(PATH, json=a_plan(NEIGHBOUR), headers=key()))
        unknown = problem(
            await client.post("/api/v1/findings/none/propose", json=a_plan(NEIGHBOUR), headers=key())
        )
    assert told == unknown
    assert told.status == 404
    assert nothing_happened(theatre)


async def test_an_address_or_method_that_does_not_exist(theatre: Theatre) -> None:
    async with theatre.act(BAO) as client:
        assert problem(await client.get("/api/v1/nothing")).status == 404
        assert problem(await client.post("/api/v1/findings/f1/reseat", json={}, headers=key())).status == 404
        wrong = await client.delete("/api/v1/findings/f1")
        assert problem(wrong).code == "method_not_allowed"
        assert wrong.headers["Allow"] == "GET"
        wrong = await client.delete("/api/v1/factories/lotus/committee")
        assert wrong.headers["Allow"] == "GET, PUT", "two routes share this address"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=nonsense", "cursor"),
        ("limit=0", "limit"),
        ("limit=100000", "limit"),
        ("stage=gone", "stage[0]"),
        ("severity=mild", "severity"),
        ("level=6", "level"),
        ("overdue=perhaps", "overdue"),
    ],
)
async def test_a_list_asked_for_wrongly(theatre: Theatre, query: str, field: str) -> None:
    async with theatre.act(BAO) as client:
        told = problem(await client.get(f"/api/v1/findings?{query}"))
    assert told.status == 422
    assert [error.field for error in told.errors or ()] == [field]


async def test_a_strange_host(theatre: Theatre) -> None:
    async with theatre.act(BAO, Host="evil.example") as client:
        assert problem(await client.get("/api/v1/findings")).status == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_another_sites_page_changes_nothing(theatre: Theatre, headers: dict[str, str]) -> None:
    async with theatre.act(BAO) as client:
        told = problem(await client.post(PATH, json=a_plan(), headers=key() | headers))
        assert (told.status, told.code) == (403, "cross_site")
        assert (await client.get("/api/v1/findings", headers=headers)).status_code == 200
    assert nothing_happened(theatre)


async def test_our_own_page_and_programs_may(theatre: Theatre) -> None:
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": HOST}, {}):
        async with theatre.act(BAO) as client:
            answer = await client.post(PATH, json=a_plan(), headers=key() | headers)
            assert answer.status_code == 202


async def test_a_database_that_is_away_is_said_to_be(theatre: Theatre) -> None:
    with theatre.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE tokens RENAME TO tokens_away")
    async with theatre.act(BAO) as client:
        answer = await client.get("/api/v1/findings")
    told = problem(answer)
    assert (told.status, told.code) == (503, "database_unavailable")
    assert int(answer.headers["Retry-After"]) > 0


async def test_a_fault_of_ours_tells_no_details(theatre: Theatre, capsys: pytest.CaptureFixture[str]) -> None:
    with theatre.database.begin() as connection:
        connection.exec_driver_sql("UPDATE findings SET state = '{\"PLANTED\": 1}'")
    async with theatre.act(AMINA) as client:
        answer = await client.get("/api/v1/findings/f1")
    told = problem(answer)
    assert (told.status, told.code) == (500, "internal_error")
    assert "PLANTED" not in answer.text + "".join(capsys.readouterr())


async def test_the_log_holds_no_ids_names_or_tokens(
    theatre: Theatre, capsys: pytest.CaptureFixture[str]
) -> None:
    async with theatre.act(CHLOE) as client:
        await client.get("/api/v1/findings/f1?secret=PLANTED")
        await client.get("/api/v1/people/amina")
    said = "".join(capsys.readouterr())  # earlier tests may have set where logs go
    assert "/api/v1/findings/{finding}" in said
    for hidden in ("f1", "PLANTED", "amina", "chloe", "token"):
        assert hidden not in said


async def test_reading_changes_nothing(theatre: Theatre) -> None:
    paths = [
        path.replace("{finding}", "f1").replace("{factory}", "lotus").replace("{person}", "amina")
        for path, methods in theatre.app.openapi()["paths"].items()
        if "get" in methods
    ]
    before = theatre.everything()
    async with theatre.act(CHLOE, Cookie=f"mendwork=token-of-{CHLOE}") as client:
        for path in [
            *paths,
            "/",
            "/findings",
            "/findings/f1",
            "/me",
            "/invitations",
            "/sign-in",
            "/findings?stage=",
        ]:
            for method in ("GET", "HEAD"):
                assert (await client.request(method, path)).status_code != 500, path
    assert theatre.everything() == before


async def test_safe_headers_come_with_every_answer(theatre: Theatre) -> None:
    async with theatre.act(BAO) as client:
        answers = [
            await client.get(path) for path in ("/healthz", "/api/v1/findings", "/nothing", "/sign-in")
        ]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("unknown", ["no:thing", ":", "visit", "plan:", "plan:p-none", "é:\u0001"])
async def test_an_id_that_nothing_has_whatever_it_holds(theatre: Theatre, unknown: str) -> None:
    path = quote(unknown, safe="")
    async with theatre.act(BAO) as client:
        told = problem(await client.post(f"/api/v1/findings/{path}/propose", json=a_plan(), headers=key()))
        shown = problem(await client.get(f"/api/v1/findings/{path}"))
    assert (told.status, shown.status) == (404, 404)
    assert nothing_happened(theatre)
