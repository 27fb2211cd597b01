"""Findings in sum by plan and factory, and who belongs within a reach: on both databases."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from remediation.permissions import Reach
from remediation.words import Role, Severity, Side, Stage
from storage import belonging, totals
from storage.committees import save_term
from storage.database import reading, writing
from storage.findings import EVERYWHERE
from storage.people import give
from storage.recording import record
from tests.storage.builders import AMINA, BAO, MONDAY, a_life, agreed, recordings
from tests.storage.cast import NOW, OUTSIDER, TODAY, a_term, at_lotus

NOWHERE = Reach()
LOTUS = Reach(factories=frozenset({"lotus"}))


def some_findings(engine: Engine) -> None:
    lives = [
        agreed(a_life("f1")),
        a_life("f2"),
        a_life("f3", factory="jasmine", plan="plan-2"),
        a_life("f4", plan="plan-2", severity=Severity.ZERO_TOLERANCE, factory_told=False),
    ]
    with writing(engine) as connection:
        record(connection, recordings(lives))


def test_a_plan_stands_in_sum_of_what_may_be_seen(cast: Engine) -> None:
    some_findings(cast)
    later = MONDAY + timedelta(days=41)
    with reading(cast) as connection:
        one, two = totals.totals(connection, "plan", later, visible=EVERYWHERE, restricted=NOWHERE)
        all_ = totals.totals(connection, "plan", later, visible=EVERYWHERE, restricted=EVERYWHERE)
    assert (one.key, one.findings, one.open, one.overdue) == ("plan-1", 2, 2, 2)
    assert one.by_stage == {Stage.COMMITTED: 1, Stage.ISSUED: 1}
    assert (two.key, two.findings, two.factory) == ("plan-2", 1, "jasmine")
    assert sum(total.findings for total in all_) == 4


def test_a_page_of_totals_begins_after_a_key_and_keeps_to_its_size(cast: Engine) -> None:
    some_findings(cast)
    with reading(cast) as connection:
        first = totals.totals(connection, "plan", NOW, visible=EVERYWHERE, restricted=NOWHERE, limit=1)
        rest = totals.totals(connection, "plan", NOW, visible=EVERYWHERE, restricted=NOWHERE, after="plan-1")
        named = totals.totals(
            connection, "factory", NOW, visible=EVERYWHERE, restricted=NOWHERE, keys=("jasmine", "none")
        )
        nothing = totals.totals(connection, "plan", NOW, visible=NOWHERE, restricted=NOWHERE)
    assert [[total.key for total in page] for page in (first, rest, named, nothing)] == [
        ["plan-1"],
        ["plan-2"],
        ["jasmine"],
        [],
    ]


def test_open_findings_of_a_factory(cast: Engine) -> None:
    some_findings(cast)
    with writing(cast) as connection:
        connection.exec_driver_sql("UPDATE findings SET stage = 'ceased' WHERE id = 'f2'")
        assert totals.open_findings(connection, "lotus") == ("f1", "f4")


def test_people_within_a_reach_with_what_they_are_there(cast: Engine) -> None:
    with reading(cast) as connection:
        at_the_factory = belonging.members(connection, LOTUS, NOW)
        everybody = belonging.members(connection, EVERYWHERE, NOW)
        nobody = belonging.members(connection, NOWHERE, NOW)
        stranger = belonging.member(connection, LOTUS, NOW, OUTSIDER)
    roles = {member.person.id: {grant.role for grant in member.grants} for member in at_the_factory}
    assert roles[AMINA] == {Role.WORKER_CO_CHAIR, Role.WORKER_MEMBER}
    assert Role.MANAGER in roles[BAO]
    assert {member.person.id for member in everybody} > set(roles)
    assert (nobody, stranger) == ((), None)


def test_people_come_page_by_page(cast: Engine) -> None:
    with writing(cast) as connection:
        give(connection, OUTSIDER, at_lotus(Role.BUYER))
        first = belonging.members(connection, LOTUS, NOW, limit=1)
        rest = belonging.members(connection, LOTUS, NOW, after=first[0].person.id)
    ids = [member.person.id for member in (*first, *rest)]
    assert ids == sorted({AMINA, BAO, OUTSIDER})


def test_a_term_ends_with_the_factorys_own_day(cast: Engine) -> None:
    with writing(cast) as connection:
        save_term(connection, a_term(AMINA, Side.WORKER, co_chair=True, until=TODAY))
        midnight = datetime.combine(TODAY + timedelta(days=1), datetime.min.time(), UTC) - timedelta(hours=6)
        before = belonging.member(connection, LOTUS, midnight - timedelta(seconds=1), AMINA)
        after = belonging.member(connection, LOTUS, midnight, AMINA)
    assert before is not None
    assert after is None
    assert date(2026, 3, 2) == TODAY
