"""What an outside system is told, by whose eyes it looks, and when it is tried again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from remediation import hooks
from remediation.case import Case
from remediation.fact import Fact
from remediation.facts import KINDS, AlarmDecided, Disputed, Issued, Reseated
from remediation.hooks import Event, Sees, Topic, event, eyes, lends_no_better, message
from remediation.permissions import Actor, Grant, ScopeKind, Thing
from remediation.rules import Stamp, apply, begin
from remediation.words import Alarm, FactoryId, NoteId, PersonId, ProgrammeId, Role, Severity, Stage
from storage.codec import fact_of
from tests.storage.builders import BAO, DHAKA, MONDAY, SEATS, a_life, agreed

PROGRAMME, LOTUS = ProgrammeId("bd"), FactoryId("lotus")


def facts_of(life: Any) -> list[Fact]:  # noqa: ANN401 - a life of the builders
    return [fact_of(each.kind, each.body) for each in life.entries]


def told(sees: Sees, *, factory: str = "", programme: str = "bd", **given: Any) -> list[str]:  # noqa: ANN401
    """Give the types of what a webhook hears of a finding that was committed to, in order."""
    life = agreed(a_life(**given))
    seer = eyes(sees, programme, factory)
    return [each.type for each in _events(seer, facts_of(life), life.case)]


def _events(seer: Actor, story: list[Fact], end: Case) -> list[Event]:
    first = story[0]
    assert isinstance(first, Issued)
    case = Case(finding=begin(first, end.finding.policy, DHAKA, MONDAY), seq=1, digest="d1")
    found = [event(seer, first, None, case, MONDAY)]
    for seq, fact in enumerate(story[1:], 2):
        after = Case(finding=apply(fact, case.finding, Stamp(MONDAY, BAO)), seq=seq, digest=f"d{seq}")
        found.append(event(seer, fact, case, after, MONDAY))
        case = after
    return [each for each in found if each is not None]


def test_staff_and_the_factory_hear_what_happens() -> None:
    story = ["finding.issued", "finding.proposed", "finding.signed", "finding.signed", "finding.committed"]
    assert told(Sees.STAFF) == told(Sees.FACTORY) == told(Sees.FACTORY, factory="lotus") == story


def test_a_buyer_hears_only_that_the_standing_changed() -> None:
    assert told(Sees.STATUS) == ["finding.changed"] * 3


@pytest.mark.parametrize("sees", Sees)
def test_nobody_hears_of_another_programme_or_factory(sees: Sees) -> None:
    assert told(sees, programme="vn") == []
    assert told(sees, factory="padma") == []


def test_what_the_factory_is_not_told_yet_only_staff_hear() -> None:
    life = a_life(severity=Severity.ZERO_TOLERANCE, factory_told=False)
    for sees, types in ((Sees.STAFF, ["finding.issued"]), (Sees.FACTORY, []), (Sees.STATUS, [])):
        assert [each.type for each in _events(eyes(sees, "bd", ""), facts_of(life), life.case)] == types


def test_of_a_cancelled_suspicion_the_factory_hears_nothing_but_the_finding_that_stands() -> None:
    life = a_life(severity=Severity.ZERO_TOLERANCE, factory_told=False)
    cancelled = AlarmDecided(
        alarm=Alarm.CANCELLED, severity=Severity.MAJOR, reason=NoteId("n"), first_told=True
    )
    story = [*facts_of(life), cancelled]
    heard = {sees: [each.type for each in _events(eyes(sees, "bd", ""), story, life.case)] for sees in Sees}
    assert heard == {
        Sees.STAFF: ["finding.issued", "finding.alarm_decided"],
        Sees.FACTORY: [],
        Sees.STATUS: ["finding.changed"],
    }


def test_what_changes_no_standing_is_not_told_to_a_buyer() -> None:
    life = a_life()
    story = [*facts_of(life), Reseated(seats=SEATS[:1])]
    assert len(_events(eyes(Sees.STATUS, "bd", ""), story, life.case)) == 1
    disputed = Disputed(reason=NoteId("n"), decide_by=MONDAY)
    [_, after] = _events(eyes(Sees.STATUS, "bd", ""), [*facts_of(life), disputed], life.case)
    assert after.finding.stage is Stage.DISPUTED


def test_a_message_says_where_the_finding_stands_and_names_nobody() -> None:
    life = agreed(a_life())
    [*_, last] = _events(eyes(Sees.STAFF, "bd", ""), facts_of(life), life.case)
    said = message(last, "https://mendwork.example")
    row = last.finding
    assert row.next_due is not None
    assert said == {
        "type": "finding.committed",
        "timestamp": "2026-03-02T04:00:00+00:00",
        "data": {
            "finding": "f1",
            "sequence": 5,
            "programme": "bd",
            "factory": "lotus",
            "plan": "plan-1",
            "point": "emergency-preparedness",
            "question": "q1",
            "severity": "major",
            "stage": "committed",
            "attempt": 1,
            "level": 0,
            "issued_at": "2026-03-02T04:00:00+00:00",
            "next_duty": row.next_duty,
            "next_due": row.next_due.isoformat(),
            "next_due_day": str(row.next_due_day),
            "url": "https://mendwork.example/api/v1/findings/f1",
        },
    }
    assert hooks.test_message("h1", MONDAY)["type"] == "webhook.test"


def test_what_is_owed_no_more_is_null() -> None:
    life = a_life()
    [issued] = _events(eyes(Sees.STAFF, "bd", ""), facts_of(life), life.case)
    over = replace(issued.finding, next_duty=None, next_due=None, next_due_day=None)
    data = message(replace(issued, finding=over), "")["data"]
    assert (data["next_duty"], data["next_due"], data["next_due_day"]) == (None, None, None)


@pytest.mark.parametrize(
    ("role", "lends"),
    [
        (Role.PROGRAMME_MANAGER, set(Sees)),
        (Role.MANAGER, {Sees.FACTORY, Sees.STATUS}),
        (Role.BUYER, {Sees.STATUS}),
        (Role.OPERATOR, set()),
    ],
)
def test_nobody_lends_better_eyes_than_their_own(role: Role, lends: set[Sees]) -> None:
    actor = Actor(PersonId("somebody"), (Grant(role, ScopeKind.PROGRAMME, "bd"),))
    assert {each for each in Sees if lends_no_better(actor, each, Thing(PROGRAMME))} == lends
    at_lotus = Actor(PersonId("somebody"), (Grant(role, ScopeKind.FACTORY, "lotus"),))
    assert not any(lends_no_better(at_lotus, each, Thing(PROGRAMME)) for each in Sees)
    assert {each for each in Sees if lends_no_better(at_lotus, each, Thing(PROGRAMME, LOTUS))} == lends


def test_every_kind_of_fact_has_a_topic_and_what_is_taken_back_that_of_what_it_was() -> None:
    assert hooks.TOPICS_OF.keys() == KINDS.keys()
    several = {each: topics for each, topics in hooks.TOPICS_OF.items() if len(topics) != 1}
    assert several == {"taken_back": {Topic.ISSUING, Topic.AGREEMENT, Topic.FIXING}}
    assert {each for kinds in hooks.KINDS_OF.values() for each in kinds} == KINDS.keys()


def test_tries_come_ever_more_rarely_for_over_three_days_and_end() -> None:
    waits = [hooks.again_after(tries) for tries in range(1, 11)]
    assert waits[0] == timedelta(seconds=10)
    assert waits[8:] == [timedelta(hours=24), None]
    assert sum((each for each in waits if each), timedelta()) > hooks.FAILING_AT_MOST


def test_a_receiver_that_fails_three_times_in_a_row_is_left_in_peace_ever_longer() -> None:
    rests = [hooks.rest_after(failures) for failures in (1, 2, 3, 5, 6, 27, 300)]
    day = timedelta(hours=24)
    assert rests == [None, None, timedelta(seconds=10), timedelta(seconds=10), timedelta(minutes=5), day, day]


def test_a_test_message_says_whose_it_is_and_nothing_else() -> None:
    assert hooks.test_message("h-1", MONDAY) == {
        "type": "webhook.test",
        "timestamp": MONDAY.isoformat(),
        "data": {"webhook": "h-1"},
    }
