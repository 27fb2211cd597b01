from dataclasses import replace
from datetime import timedelta
from itertools import chain

import pytest
from sqlalchemy import Engine

from remediation.catalogue import CLUSTERS, VERSION
from remediation.permissions import Reach
from remediation.words import FactoryId, FindingId, PersonId, PlanId, ProgrammeId, Severity, Stage
from storage import findings
from storage.assessments import Assessment, Subject, add_assessment, add_subjects
from storage.cursors import END, Cursor
from storage.database import reading, writing
from storage.findings import EVERYWHERE, Filters, page
from storage.plans import plans
from storage.recording import record
from storage.versions import keep_catalogue
from tests.storage.builders import MONDAY, Life, a_life, a_recording, agreed, recordings
from tests.storage.cast import NOW

NOWHERE = Reach()
LOTUS = Reach(factories=frozenset({"lotus"}))


def keep(engine: Engine, *lives: Life) -> None:
    with writing(engine) as connection:
        record(connection, recordings(lives))


def ids(
    engine: Engine,
    filters: Filters | None = None,
    visible: Reach = EVERYWHERE,
    restricted: Reach = EVERYWHERE,
) -> list[str]:
    with reading(engine) as connection:
        found = page(connection, filters, visible=visible, restricted=restricted)
    return [row.summary.finding for row in found.rows]


def a_subject(finding: str = "f1") -> Subject:
    return Subject(
        finding=FindingId(finding),
        assessment="a1",
        plan=PlanId("plan-1"),
        factory=FactoryId("lotus"),
        severity=Severity.MAJOR,
        cycle="7",
        assessed_on=None,
        cluster="occupational-safety-and-health",
        point="emergency-preparedness",
        question="q1",
        question_text="Are the exits free?",
    )


def test_a_finding_is_shown_with_its_factory_and_question(cast: Engine) -> None:
    life = agreed(a_life())
    keep(cast, life, a_life("f2", factory="unlisted"))
    by = PersonId("chloe")
    with writing(cast) as connection:
        of_lotus = Assessment(
            id="a1", programme=ProgrammeId("bd"), file="0" * 64, name="a.csv", by=by, imported_at=NOW
        )
        add_assessment(connection, of_lotus)
        add_subjects(connection, [a_subject()])
    with reading(cast) as connection:
        shown = findings.find(connection, "f1")
        assert shown is not None
        assert shown.summary == a_recording(life).summary
        assert (shown.factory_name, shown.question_text, shown.cycle) == (
            "Lotus Garments",
            "Are the exits free?",
            "7",
        )
        assert shown.updated_at == life.entries[-1].at
        bare = findings.find(connection, "f2")
        assert bare is not None
        assert (bare.factory_name, bare.question_text) == ("unlisted", "")
        assert findings.find(connection, "f3") is None
        assert findings.case(connection, "f3") is None


def test_the_soonest_due_comes_first_and_what_owes_nothing_last(engine: Engine) -> None:
    undated = a_recording(a_life("never"))
    undated = replace(undated, summary=replace(undated.summary, next_due=None, next_duty=None))
    keep(engine, a_life("later", at=MONDAY + timedelta(days=3)), a_life("b"), a_life("a"))
    with writing(engine) as connection:
        record(connection, [undated])
    assert ids(engine) == ["a", "b", "later", "never"]
    with reading(engine) as connection:
        last = page(connection, visible=EVERYWHERE, restricted=EVERYWHERE).rows[-1]
    assert last.summary == undated.summary


@pytest.mark.parametrize("count", [0, 1, 3, 4, 7])
def test_pages_can_be_turned_on_and_back_and_miss_nothing(engine: Engine, count: int) -> None:
    keep(engine, *(a_life(f"f{n}", at=MONDAY + timedelta(days=n // 2)) for n in range(count)))
    expected = ids(engine)
    assert len(expected) == count

    def walk(cursor: Cursor | None, *, back: bool) -> list[list[str]]:
        turned: list[list[str]] = []
        while True:
            with reading(engine) as connection:
                own = page(connection, visible=EVERYWHERE, restricted=EVERYWHERE, cursor=cursor, limit=3)
            turned.append([row.summary.finding for row in own.rows])
            cursor = own.previous if back else own.next
            if cursor is None:
                return turned
            cursor = Cursor.parse(str(cursor))

    assert list(chain(*walk(None, back=False))) == expected
    assert list(chain(*reversed(walk(END, back=True)))) == expected
    assert list(chain(*reversed(walk(Cursor.parse(str(END)), back=True)))) == expected


def test_a_page_between_knows_both_ways(engine: Engine) -> None:
    keep(engine, *(a_life(f"f{n}") for n in range(5)))
    with reading(engine) as connection:
        first = page(connection, visible=EVERYWHERE, restricted=EVERYWHERE, limit=2)
        assert first.previous is None
        second = page(connection, visible=EVERYWHERE, restricted=EVERYWHERE, limit=2, cursor=first.next)
        assert second.previous is not None
        assert second.next is not None
        back = page(connection, visible=EVERYWHERE, restricted=EVERYWHERE, limit=2, cursor=second.previous)
        assert back == first
        last = page(connection, visible=EVERYWHERE, restricted=EVERYWHERE, limit=2, cursor=END)
        assert last.next is None


@pytest.mark.parametrize("text", ["", "!", "AAAA", "Pg", "PjIwMjYgeA", "P2EgYg", "ü"])
def test_a_cursor_that_no_page_gave_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="leave it out for the first page"):
        Cursor.parse(text)


def test_a_list_is_narrowed(engine: Engine) -> None:
    with writing(engine) as connection:
        keep_catalogue(connection, VERSION, CLUSTERS)
    keep(
        engine,
        a_life("a"),
        a_life("b", factory="jasmine", plan="plan-2", programme="vn"),
        agreed(a_life("c")),
        a_life("d", severity=Severity.MINOR, point="leave"),
    )
    assert ids(engine, Filters(programme="vn")) == ["b"]
    assert ids(engine, Filters(factory="jasmine")) == ["b"]
    assert ids(engine, Filters(plan="plan-2")) == ["b"]
    assert ids(engine, Filters(stages=(Stage.COMMITTED,))) == ["c"]
    assert ids(engine, Filters(stages=(Stage.COMMITTED, Stage.ISSUED), factory="lotus")) == ["a", "d", "c"]
    assert ids(engine, Filters(severity=Severity.MINOR)) == ["d"]
    assert ids(engine, Filters(point="leave")) == ["d"]
    assert ids(engine, Filters(cluster="working-time")) == ["d"]
    assert ids(engine, Filters(cluster="child-labour")) == []


def test_overdue_is_asked_for_at_an_instant_and_levels_from_one_up(engine: Engine) -> None:
    early = a_life("early")
    due = early.case.finding.review_by
    late = early.keep_time(due + timedelta(days=30))
    keep(engine, late, a_life("fresh", at=MONDAY + timedelta(days=20)))
    assert ids(engine, Filters(overdue_at=due - timedelta(seconds=1))) == []
    assert ids(engine, Filters(overdue_at=due)) == ["early"]
    assert ids(engine, Filters(level=0)) == ["early", "fresh"]
    assert ids(engine, Filters(level=1)) == ["early"]
    assert ids(engine, Filters(level=6)) == []


def test_everybody_sees_what_lies_within_their_reach(engine: Engine) -> None:
    alarm = a_life("alarm", severity=Severity.ZERO_TOLERANCE, factory_told=False)
    keep(engine, a_life("a"), a_life("b", factory="jasmine"), alarm)
    bangladesh = Reach(programmes=frozenset({"bd"}))
    assert ids(engine, visible=LOTUS, restricted=NOWHERE) == ["a"]
    assert ids(engine, visible=LOTUS, restricted=LOTUS) == ["alarm", "a"]
    assert ids(engine, visible=bangladesh, restricted=LOTUS) == ["alarm", "a", "b"]
    assert ids(engine, visible=bangladesh, restricted=NOWHERE) == ["a", "b"]
    assert ids(engine, visible=NOWHERE, restricted=NOWHERE) == []


def test_a_plan_adds_up_what_its_findings_are(cast: Engine) -> None:
    life = a_life("a")
    now = life.case.finding.review_by
    keep(cast, life, agreed(a_life("b")), agreed(a_life("c")), a_life("z", factory="jasmine", plan="plan-2"))
    with reading(cast) as connection:
        first, second = plans(connection, now, visible=EVERYWHERE, restricted=EVERYWHERE)
        assert (first.plan, first.factory_name) == ("plan-1", "Lotus Garments")
        assert first.stages == {Stage.ISSUED: 1, Stage.COMMITTED: 2}
        assert (first.findings, first.ended, first.overdue, first.level) == (3, 0, 1, 0)
        assert first.next_due == now
        assert plans(connection, now, visible=LOTUS, restricted=NOWHERE) == (first,)
        assert plans(connection, now, visible=EVERYWHERE, restricted=EVERYWHERE, after="plan-1") == (second,)
        assert plans(connection, now, visible=EVERYWHERE, restricted=EVERYWHERE, plan="plan-2") == (second,)
        assert plans(connection, now, visible=NOWHERE, restricted=NOWHERE) == ()
