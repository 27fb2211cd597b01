import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, select, update

from remediation.catalogue import CLUSTERS, VERSION
from remediation.permissions import Action, Grant, Reach, ScopeKind, Thing, can
from remediation.policy import Policy
from remediation.words import FactoryId, ProgrammeId, Role, Side
from storage import people, places, versions
from storage.codec import policy_json
from storage.committees import committee, save_term, terms
from storage.database import reading, writing
from storage.holders import Holders
from storage.places import policies
from storage.programmes import all_programmes, factories_within, factory, programme, save_factory
from storage.statements import AlreadyOtherwise
from tests.storage.builders import AMINA, BAO, CHLOE, DHAKA, TOMAS
from tests.storage.cast import NOW, OUTSIDER, TODAY, a_factory, a_person, a_term, at_lotus, of_programme


def names(connection: Connection, role: Role, factory: str = "lotus") -> list[str]:
    return [each.id for each in Holders(connection).of(a_factory(factory), role, TODAY)]


def test_a_role_of_a_factory_finds_its_people(cast: Engine) -> None:
    with reading(cast) as connection:
        assert names(connection, Role.WORKER_CO_CHAIR) == [AMINA]
        assert names(connection, Role.MANAGEMENT_CO_CHAIR) == [BAO]
        assert names(connection, Role.WORKER_MEMBER) == [AMINA]
        assert names(connection, Role.MANAGER) == [BAO]
        assert names(connection, Role.ADVISOR) == [CHLOE]
        assert names(connection, Role.TEAM_LEADER) == [TOMAS]
        assert names(connection, Role.BUYER) == []
        assert names(connection, Role.ACTION_OWNER) == []


def test_another_factory_has_its_own_people_and_the_programme_s_advisor(cast: Engine) -> None:
    with reading(cast) as connection:
        assert names(connection, Role.MANAGER, "jasmine") == []
        assert names(connection, Role.WORKER_CO_CHAIR, "jasmine") == []
        assert names(connection, Role.ADVISOR, "jasmine") == [CHLOE]


def test_a_factory_s_own_advisor_goes_before_the_programme_s(cast: Engine) -> None:
    with writing(cast) as connection:
        people.give(connection, TOMAS, at_lotus(Role.ADVISOR))
        people.give(connection, TOMAS, Grant(Role.DUTY_OFFICER, ScopeKind.ALL))
        assert names(connection, Role.ADVISOR) == [TOMAS]
        assert names(connection, Role.ADVISOR, "jasmine") == [CHLOE]
        assert names(connection, Role.DUTY_OFFICER) == [TOMAS]


def test_a_seat_counts_in_its_term_only(cast: Engine) -> None:
    with writing(cast) as connection:
        save_term(connection, a_term(AMINA, Side.WORKER, co_chair=True, until=TODAY))
        assert [seat.person for seat in committee(connection, "lotus", TODAY)] == [AMINA, BAO]
        tomorrow = TODAY + timedelta(days=1)
        assert [seat.person for seat in committee(connection, "lotus", tomorrow)] == [BAO]
        assert Holders(connection).of(a_factory(), Role.WORKER_CO_CHAIR, tomorrow) == ()
        assert people.actor(connection, AMINA, NOW + timedelta(days=1)).grants == ()
        assert {term.until for term in terms(connection, "lotus")} == {TODAY, None}


def test_a_second_term_keeps_the_first(cast: Engine) -> None:
    ended = a_term(AMINA, Side.WORKER, until=TODAY)
    again = replace(a_term(AMINA, Side.WORKER), since=TODAY + timedelta(days=1))
    with writing(cast) as connection:
        save_term(connection, ended)
        save_term(connection, again)
        assert [term.since for term in terms(connection, "lotus") if term.seat.person == AMINA] == [
            again.since,
            ended.since,
        ]


def test_what_a_person_may_act_as_comes_from_grants_and_seats(cast: Engine) -> None:
    with reading(cast) as connection:
        amina = people.actor(connection, AMINA, NOW)
        outsider = people.actor(connection, OUTSIDER, NOW)
    lotus = Thing(ProgrammeId("bd"), FactoryId("lotus"))
    jasmine = Thing(ProgrammeId("bd"), FactoryId("jasmine"))
    assert can(amina, Action.SIGN, lotus) is Role.WORKER_CO_CHAIR
    assert can(amina, Action.SIGN, jasmine) is None
    assert outsider.grants == ()


def test_what_was_given_can_be_taken(cast: Engine) -> None:
    with writing(cast) as connection:
        for _ in range(2):
            people.give(connection, OUTSIDER, at_lotus(Role.BUYER))
        assert names(connection, Role.BUYER) == [OUTSIDER]
        for _ in range(2):
            people.take(connection, OUTSIDER, at_lotus(Role.BUYER))
        assert names(connection, Role.BUYER) == []
        assert people.actor(connection, CHLOE, NOW).grants == (of_programme(Role.ADVISOR),)


def test_a_token_names_its_person_until_it_is_revoked_and_is_not_stored(cast: Engine) -> None:
    with writing(cast) as connection:
        token = people.issue_token(connection, AMINA, "phone", NOW)
        known = people.person_of_token(connection, token)
        assert known is not None
        assert known.id == AMINA
        assert people.person_of_token(connection, token + "x") is None
        assert token not in str(connection.execute(select(places.tokens)).all())
        (note,) = people.tokens_of(connection, AMINA)
        assert people.revoke(connection, note.sha256, NOW)
        assert not people.revoke(connection, note.sha256, NOW)
        assert people.person_of_token(connection, token) is None


def test_a_given_token_is_kept_once(cast: Engine) -> None:
    with writing(cast) as connection:
        for _ in range(2):
            people.keep_token(connection, "demo-amina", AMINA, "demo", NOW)
        assert len(people.tokens_of(connection, AMINA)) == 1
        assert people.person_of_token(connection, "demo-amina") is not None


def test_people_come_back_as_they_were_saved(cast: Engine) -> None:
    without_mail = replace(a_person(AMINA), phone="+880 1")
    with writing(cast) as connection:
        people.save_person(connection, without_mail)
        assert people.person(connection, AMINA) == without_mail
        assert people.person(connection, "nobody") is None
        assert set(people.people_of(connection, [AMINA, BAO, "nobody"])) == {AMINA, BAO}


def test_factories_come_back_as_they_were_saved(cast: Engine) -> None:
    closed = replace(a_factory(), active=False, name="Lotus", rest_days=())
    with writing(cast) as connection:
        save_factory(connection, closed)
        assert factory(connection, "lotus") == closed
        assert factory(connection, "nowhere") is None
        assert programme(connection, "nowhere") is None
        assert all_programmes(connection) == (programme(connection, "bd"),)


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        (Reach(everywhere=True), ["jasmine", "lotus"]),
        (Reach(programmes=frozenset({"bd"})), ["jasmine", "lotus"]),
        (Reach(factories=frozenset({"lotus"})), ["lotus"]),
        (Reach(), []),
    ],
)
def test_factories_are_listed_within_reach(cast: Engine, reach: Reach, expected: list[str]) -> None:
    with reading(cast) as connection:
        assert [each.id for each in factories_within(connection, reach)] == expected


def test_a_version_of_a_policy_never_changes(cast: Engine) -> None:
    changed = replace(Policy(), tell_factory_when_raised=True)
    with pytest.raises(AlreadyOtherwise, match="policies: version default-1"), writing(cast) as connection:
        versions.keep_policy(connection, changed)
    with writing(cast) as connection:
        versions.keep_policy(connection, Policy())
        versions.keep_calendar(connection, DHAKA)
        assert versions.policy(connection, "default-1") == Policy()
        assert versions.calendar(connection, "dhaka-1") == DHAKA


def test_a_policy_of_before_a_rule_was_added_still_is_the_same_policy(cast: Engine) -> None:
    with writing(cast) as connection:
        body = json.loads(policy_json(Policy()))
        del body["suspensions"]
        connection.execute(update(policies).values(body=json.dumps(body)))
        versions.keep_policy(connection, Policy())
        assert versions.policy(connection, "default-1") == Policy()


def test_a_version_that_is_missing_is_named(engine: Engine) -> None:
    with reading(engine) as connection:
        with pytest.raises(versions.VersionMissing, match="policy of version 'v9'"):
            versions.policy(connection, "v9")
        with pytest.raises(versions.VersionMissing, match="calendar of version 'v9'"):
            versions.calendar(connection, "v9")


def test_the_catalogue_comes_back_in_its_order(engine: Engine) -> None:
    with writing(engine) as connection:
        for _ in range(2):
            versions.keep_catalogue(connection, VERSION, CLUSTERS)
        assert versions.catalogue(connection, VERSION) == CLUSTERS
        assert versions.catalogue(connection, "never") == ()
