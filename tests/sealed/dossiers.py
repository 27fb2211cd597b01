"""Dossiers for tests: pasts on record, and what a person is given of them."""

from datetime import UTC, datetime
from typing import Any

from remediation.ledger import Entry
from storage.database import writing
from storage.recording import record
from tests.pasts import a_past
from tests.service.stage import DHAKA, LOTUS, PROGRAMME, Theatre


async def dossier(theatre: Theatre, person: str, about: str) -> bytes:
    async with theatre.act(person) as client:
        answer = await client.get(f"/api/v1/{about}/dossier")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/zip"
    return answer.content


def keep_pasts(theatre: Theatre, count: int, days: int = 420) -> list[tuple[Entry, ...]]:
    now = datetime.now(UTC)
    ground: dict[str, Any] = {"programme": PROGRAMME, "factory": LOTUS, "plan": "plan-1", "days": days}
    lives = [a_past(seed, now, calendar=DHAKA, **ground) for seed in range(count)]
    with writing(theatre.database) as connection:
        for life in lives:
            for recording in life.recordings:
                record(connection, [recording])
    return [tuple(life.entries) for life in lives]
