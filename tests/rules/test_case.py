"""A case: the one place where orders and the clock become entries."""

from datetime import timedelta

import pytest

from remediation.itself import Itself
from remediation.orders import Dispute, Order, Propose, Sign, verb
from remediation.refusals import Refusal
from remediation.words import SYSTEM, CommandId, Role, Stage
from tests.rules.cast import AMINA, MONDAY, NOTE, PLAN, a_case


def test_time_that_owes_nothing_changes_nothing() -> None:
    case = a_case().case
    assert case.keep_time(MONDAY + timedelta(days=1)) == (case, ())


def test_the_clock_signs_as_the_system_and_without_a_command() -> None:
    case, entries = a_case().case.keep_time(MONDAY + timedelta(days=10))
    assert [(entry.by, entry.command, entry.kind) for entry in entries] == [(SYSTEM, None, "reminded")]
    assert case.seq == 2


def test_a_case_is_never_changed_in_place() -> None:
    story = a_case()
    first = story.case
    story.propose()
    assert first.finding.stage is Stage.ISSUED
    assert first.seq == 1


def test_what_is_kept_is_kept_of_one_state_and_not_of_another_that_equals_it() -> None:
    state, twin = a_case().finding, a_case().finding
    assert state == twin
    assert Itself(state) == Itself(state)
    assert Itself(state) != Itself(twin)
    assert Itself(state) != state
    assert hash(Itself(state)) == hash(Itself(state)) != hash(Itself(twin))


def test_the_same_order_on_the_same_case_gives_the_same_entries() -> None:
    story = a_case()
    order = Propose(
        id=CommandId("c"),
        by=AMINA,
        acting=Role.WORKER_MEMBER,
        revision=PLAN,
        actions=(story.action(),),
    )
    assert story.case.obey(order, MONDAY) == story.case.obey(order, MONDAY)


def test_a_refused_order_leaves_what_the_clock_owes_for_later() -> None:
    story = a_case()
    late = MONDAY + timedelta(days=10)
    order = Sign(id=CommandId("c"), by=AMINA, acting=Role.WORKER_MEMBER, revision=PLAN)
    with pytest.raises(Refusal):
        story.case.obey(order, late)
    assert len(story.case.keep_time(late)[1]) == 1


def test_the_clock_is_kept_before_an_order_is_weighed() -> None:
    story = a_case()
    order = Dispute(id=CommandId("c"), by=AMINA, acting=Role.WORKER_MEMBER, reason=NOTE)
    _, entries = story.case.obey(order, MONDAY + timedelta(days=10))
    assert [(entry.kind, entry.command) for entry in entries] == [("reminded", None), ("disputed", "c")]
    assert [entry.seq for entry in entries] == [2, 3]


def test_verbs_are_named_as_people_say_them() -> None:
    assert verb(Propose) == "propose"
    assert {verb(kind) for kind in Order.__subclasses__()} >= {"decide_dispute", "concur_with_fix"}
