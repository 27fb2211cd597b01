"""What the board counts is what waits, on both databases."""

from collections import Counter, defaultdict
from datetime import UTC, datetime

from sqlalchemy import Engine

from remediation.waiting import Ask, waits
from remediation.words import ENDINGS, Duty, FactoryId, PlanId, ProgrammeId
from storage import board
from storage.codec import recording_of
from storage.database import reading, writing
from storage.figures import Scope
from storage.findings import EVERYWHERE
from storage.recording import record
from storage.versions import keep_calendar, keep_policy
from tests.pasts import Past, a_past
from tests.rules.cast import RESTFUL

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
WHAT: tuple[Duty | Ask, ...] = (Duty.VERIFY, Duty.CHECK_EFFECTIVENESS, Ask.ACKNOWLEDGE, Duty.DECIDE_DISPUTE)
EVERYTHING = Scope(EVERYWHERE, EVERYWHERE)


def on_record(engine: Engine) -> list[Past]:
    told = [
        a_past(
            seed,
            NOW,
            calendar=RESTFUL,
            programme=ProgrammeId("bd"),
            factory=FactoryId(f"x{seed % 3}"),
            plan=PlanId(f"plan-{seed % 3}"),
        )
        for seed in range(100, 130)
    ]
    with writing(engine) as connection:
        keep_calendar(connection, RESTFUL)
        keep_policy(connection, told[0].finding.policy)
        record(connection, [recording_of(each.case, tuple(each.entries)) for each in told])
    return told


def test_the_board_counts_what_waits_and_what_factories_need(cast: Engine) -> None:
    told = on_record(cast)
    waiting = {each.finding.id: {wait.what for wait in waits(each.finding)} & set(WHAT) for each in told}
    by_hand = Counter(what for found in waiting.values() for what in found)
    objected = {
        each.finding.id for each in told if each.finding.fix and each.finding.fix.objected and _reported(each)
    }
    open_ = Counter(each.finding.factory for each in told if each.stage() not in ENDINGS)
    asked: dict[str, int] = defaultdict(int)
    for each in told:
        asked[each.finding.factory] += bool(waiting[each.finding.id])
    with reading(cast) as connection:
        counted = board.counted(connection, EVERYTHING, WHAT)
        lines = board.asked(connection, EVERYTHING, WHAT, 200)
        ids, number = board.objected(connection, EVERYTHING, 200)
        needs = board.needs(connection, EVERYTHING, NOW, WHAT)
        late = board.overdue(connection, EVERYTHING, NOW)
    assert counted == dict(by_hand)
    assert Counter(each.what for each in lines) == by_hand
    assert [each.due for each in lines] == sorted(each.due for each in lines)
    assert (set(ids), number) == (objected, len(objected))
    assert {each: need.open for each, need in needs.items()} == dict(open_)
    assert {each: need.asked for each, need in needs.items()} == {each: asked[each] for each in needs}
    assert sum(need.overdue for need in needs.values()) == late > 0


def _reported(past: Past) -> bool:
    return past.stage() in {"fix_reported", "verifying"}
