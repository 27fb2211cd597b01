"""What the board counts is what waits, on both databases."""

from collections import Counter, defaultdict
from datetime import UTC, datetime

from sqlalchemy import Engine

from remediation.waiting import Ask, waits
from remediation.words import ENDINGS, Duty
from storage import board
from storage.database import reading
from storage.figures import Scope
from storage.findings import EVERYWHERE
from tests.pasts import Past
from tests.storage.pasts import pasts_on_record

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
WHAT: tuple[Duty | Ask, ...] = (Duty.VERIFY, Duty.CHECK_EFFECTIVENESS, Ask.ACKNOWLEDGE, Duty.DECIDE_DISPUTE)
EVERYTHING = Scope(EVERYWHERE, EVERYWHERE)


def test_the_board_counts_what_waits_and_what_factories_need(cast: Engine) -> None:
    told = pasts_on_record(cast, NOW, range(100, 130))
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
