"""A short campaign: whatever strikes, every invariant holds. `make chaos` runs long ones."""

import os
from itertools import islice
from pathlib import Path

import pytest

from tests.nemesis.blows import strokes
from tests.nemesis.campaign import campaign
from tests.nemesis.report import report
from tests.nemesis.world import SQLITE

SEED = int(os.environ.get("MENDWORK_SEED", "1"))
SECONDS = 15.0


@pytest.mark.timeout(300)  # a quiet machine needs less than a minute; each part has its own limit
async def test_every_invariant_holds_whatever_strikes(tmp_path: Path) -> None:
    outcome = await campaign(tmp_path, SEED, SECONDS, SQLITE)
    assert outcome.failures == [], report(outcome)
    assert outcome.journal.done


def test_a_seed_fixes_the_order_of_all_blows() -> None:
    blows = ("worker", "service", "temporal")
    first, again, other = (list(islice(strokes(seed, "kills", blows), 20)) for seed in (1, 1, 2))
    assert first == again != other
    assert {stroke.blow for stroke in first[:3]} == set(blows), "each blow comes before any comes twice"
