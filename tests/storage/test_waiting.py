"""What waits for one person: by role and place, by name, never what they may not see; on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from remediation.permissions import Action, Actor, Grant, ScopeKind, reach
from remediation.words import FindingId, PersonId, Role, Severity
from storage import ledger, waiting
from storage.database import reading, writing
from storage.people import give
from storage.recording import record
from storage.waiting import Found
from tests.storage.builders import AMINA, BAO, MONDAY, a_life, a_recording, agreed, recordings

CHLOE, PETRA = PersonId("chloe"), PersonId("petra")
LOTUS = Grant(Role.MANAGER, ScopeKind.FACTORY, "lotus")
SOON = MONDAY + timedelta(days=2)
LATE = datetime(2030, 1, 1, tzinfo=UTC)


def for_(
    engine: Engine, person: str, *grants: Grant, now: datetime = SOON, part: slice | None = None
) -> Found:
    actor = Actor(PersonId(person), grants)
    seen = reach(actor, Action.VIEW_FINDING), reach(actor, Action.VIEW_FINDING, restricted=True)
    with reading(engine) as connection:
        return waiting.found_for(connection, actor, seen, now, part=part or slice(0, 20))


def ids(found: Found) -> list[str]:
    return list(found.ids)


def kept(engine: Engine) -> None:
    lives = [
        agreed(a_life("f1")),
        a_life("f2"),
        a_life("f3", factory="jasmine", plan="plan-2"),
        a_life("f4", severity=Severity.ZERO_TOLERANCE, factory_told=False),
    ]
    with writing(engine) as connection:
        record(connection, recordings(lives))


def test_a_role_at_a_factory_finds_what_waits_there(cast: Engine) -> None:
    kept(cast)
    assert ids(for_(cast, "somebody", LOTUS)) == ["f2"]
    assert ids(for_(cast, "somebody", Grant(Role.MANAGER, ScopeKind.FACTORY, "jasmine"))) == ["f3"]
    assert ids(for_(cast, "somebody")) == []


def test_a_person_finds_what_they_promised_and_are_asked_for(cast: Engine) -> None:
    kept(cast)
    assert set(ids(for_(cast, BAO, LOTUS))) == {"f1", "f2"}
    member = Grant(Role.WORKER_MEMBER, ScopeKind.FACTORY, "lotus")
    assert ids(for_(cast, AMINA, member)) == ["f2"]
    assert ids(for_(cast, AMINA)) == [], "who has no seat any more sees nothing"


def test_the_soonest_comes_first_in_parts_with_the_number_of_all(cast: Engine) -> None:
    kept(cast)
    first = for_(cast, BAO, LOTUS, part=slice(0, 1))
    second = for_(cast, BAO, LOTUS, part=slice(1, 2))
    assert (len(first.ids), first.total, second.total) == (1, 2, 2)
    assert {*ids(first), *ids(second)} == {"f1", "f2"}


def test_what_is_kept_from_the_factory_waits_for_staff_alone(cast: Engine) -> None:
    kept(cast)
    duty = Grant(Role.DUTY_OFFICER, ScopeKind.PROGRAMME, "bd")
    assert ids(for_(cast, "dina", duty)) == ["f4"]
    assert "f4" not in ids(for_(cast, BAO, LOTUS))


def test_what_waits_for_a_role_waits_for_the_nearest_holders(cast: Engine) -> None:
    kept(cast)
    everywhere = Grant(Role.DUTY_OFFICER, ScopeKind.ALL)
    assert ids(for_(cast, PETRA, everywhere)) == ["f4"]
    with writing(cast) as connection:
        give(connection, CHLOE, Grant(Role.DUTY_OFFICER, ScopeKind.PROGRAMME, "bd"))
    assert ids(for_(cast, PETRA, everywhere)) == []
    with writing(cast) as connection:
        give(connection, BAO, Grant(Role.DUTY_OFFICER, ScopeKind.FACTORY, "lotus"))
    assert ids(for_(cast, CHLOE, Grant(Role.DUTY_OFFICER, ScopeKind.PROGRAMME, "bd"))) == []


def test_recording_again_and_out_of_turn_changes_nothing(cast: Engine) -> None:
    begun = a_life("f2")
    life = agreed(begun)
    with writing(cast) as connection:
        record(connection, [a_recording(begun)])
        record(connection, [a_recording(life, since=1)])
    before = ids(for_(cast, AMINA, LOTUS))
    with writing(cast) as connection:
        record(connection, [a_recording(life, since=1)])
        record(connection, [a_recording(begun)])
    assert ids(for_(cast, AMINA, LOTUS)) == before == []
    assert ids(for_(cast, BAO, LOTUS)) == ["f2"]


def test_rows_that_are_missing_or_wrong_are_found_and_made_anew(cast: Engine) -> None:
    kept(cast)
    with writing(cast) as connection:
        assert ledger.astray(connection) == ()
        waiting.forget(connection, FindingId("f2"))
    with writing(cast) as connection:
        assert ledger.astray(connection) == ("f2",)
        wrong = replace(a_recording(a_life("f2")), waits=a_recording(agreed(a_life("f1"))).waits)
        waiting.keep_waits(connection, [wrong])
        assert ledger.astray(connection) == ("f2",)
        waiting.forget(connection, FindingId("f2"))
        waiting.keep_waits(connection, [a_recording(a_life("f2"))])
        assert ledger.astray(connection) == ()


def test_nothing_to_record_is_no_statement(cast: Engine) -> None:
    with writing(cast) as connection:
        waiting.keep_waits(connection, [])
    assert for_(cast, BAO, LOTUS, now=LATE).total == 0
