"""Pasts on record: findings of three factories in one programme, as if workflows had led them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Engine

from remediation.words import FactoryId, PlanId, ProgrammeId
from storage.codec import recording_of
from storage.database import writing
from storage.recording import record
from storage.versions import keep_calendar, keep_policy
from tests.pasts import Past, a_past
from tests.rules.cast import RESTFUL


def pasts_on_record(engine: Engine, now: datetime, seeds: Iterable[int]) -> list[Past]:
    """Record a past for each seed as of an aware instant, and give them."""
    told = [
        a_past(
            seed,
            now,
            calendar=RESTFUL,
            programme=ProgrammeId("bd"),
            factory=FactoryId(f"x{seed % 3}"),
            plan=PlanId(f"plan-{seed % 3}"),
        )
        for seed in seeds
    ]
    with writing(engine) as connection:
        keep_calendar(connection, RESTFUL)
        keep_policy(connection, told[0].finding.policy)
        record(connection, [recording_of(each.case, tuple(each.entries)) for each in told])
    return told
