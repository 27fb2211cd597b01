"""Dossiers for tests: pasts on record, and what a person is given of them."""

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

from remediation.ledger import Entry
from service.sealed.verifier import RECORD
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


def record_of(data: bytes) -> dict[str, Any]:
    """Give what programs read of a dossier."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found: dict[str, Any] = json.loads(archive.read(RECORD))
        return found


def everything_in(data: bytes) -> str:
    """Give all texts of a dossier."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def keep_pasts(theatre: Theatre, count: int, days: int = 420) -> list[tuple[Entry, ...]]:
    now = datetime.now(UTC)
    ground: dict[str, Any] = {"programme": PROGRAMME, "factory": LOTUS, "plan": "plan-1", "days": days}
    lives = [a_past(seed, now, calendar=DHAKA, **ground) for seed in range(count)]
    with writing(theatre.database) as connection:
        for life in lives:
            for recording in life.recordings:
                record(connection, [recording])
    return [tuple(life.entries) for life in lives]
