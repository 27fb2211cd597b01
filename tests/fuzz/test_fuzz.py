"""A short run of what `make fuzz` does at length: made-up requests to every operation of the API."""

from pathlib import Path

from tests.fuzz.run import fuzz


async def test_made_up_requests_meet_no_fault_and_what_the_document_promises(tmp_path: Path) -> None:
    run = await fuzz(tmp_path, seed=1, examples=5, options=("--phases=fuzzing", "--no-shrink"))
    assert run.clean, f"schemathesis gave {run.code}; the service logged {run.faults}"
