"""The application and Temporal: it serves reads without it, and finds it when it comes."""

import asyncio
from pathlib import Path

import pytest

from tests.service.stage import CHLOE, a_life, a_theatre
from tests.temporal_server import TemporalServer


async def test_it_serves_reads_until_temporal_comes_and_then_commands_too(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = TemporalServer(tmp_path / "temporal", durable=False)
    monkeypatch.setenv("TEMPORAL_ADDRESS", server.target)
    theatre = a_theatre(tmp_path, template=template)
    theatre.keep(a_life("f1"))
    context = theatre.app.state.context
    try:
        async with theatre.app.router.lifespan_context(theatre.app), theatre.act(CHLOE) as client:
            assert (await client.get("/api/v1/findings/f1")).status_code == 200
            assert (await client.get("/readyz")).json()["down"] == ["temporal"]
            await asyncio.to_thread(server.start)
            while context.engine is None:  # noqa: ASYNC110 - there is nothing else to wait for
                await asyncio.sleep(0)
            assert (await client.get("/readyz")).json()["status"] == "ready"
    finally:
        server.stop()
        theatre.close()
