"""Leave cover: whose place a deputy may take, and what an absence lends them for its time."""

from itertools import product

import pytest

from remediation.permissions import NEVER_LENT, ROLES, Action, Actor, Grant, ScopeKind, Thing, can, reach
from remediation.standing_in import COVERED, STAND_INS, Post, deputies_of, lending, may_stand_in, present
from remediation.words import FactoryId, PersonId, ProgrammeId, Role

OURS, THEIRS = FactoryId("factory-ours"), FactoryId("factory-theirs")
PROGRAMME, ELSEWHERE = ProgrammeId("programme-ours"), ProgrammeId("programme-elsewhere")
AMINA, BAO, CHLOE, TOMAS = (PersonId(name) for name in ("amina", "bao", "chloe", "tomas"))

TABLE = """
                        wm wc mm mc ao ma tm ad tl pm do dp bu op sy
manager                  .  .  x  x  .  x  x  .  .  .  .  .  .  .  .
top_management           .  .  x  x  .  x  x  .  .  .  .  .  .  .  .
advisor                  .  .  .  .  .  .  .  x  x  x  .  .  .  .  .
team_leader              .  .  .  .  .  .  .  x  x  x  .  .  .  .  .
programme_manager        .  .  .  .  .  .  .  x  x  x  .  .  .  .  .
duty_officer             .  .  .  .  .  .  .  x  x  x  x  .  .  .  .
"""
COLUMNS = (
    Role.WORKER_MEMBER,
    Role.WORKER_CO_CHAIR,
    Role.MANAGEMENT_MEMBER,
    Role.MANAGEMENT_CO_CHAIR,
    Role.ACTION_OWNER,
    Role.MANAGER,
    Role.TOP_MANAGEMENT,
    Role.ADVISOR,
    Role.TEAM_LEADER,
    Role.PROGRAMME_MANAGER,
    Role.DUTY_OFFICER,
    Role.DECISION_PANEL,
    Role.BUYER,
    Role.OPERATOR,
    Role.SYSTEM,
)
SEATS = {*COLUMNS[:4]}


def allowed() -> set[tuple[Role, Role]]:
    _, *rows = TABLE.strip().splitlines()
    cells = {Role(row.split()[0]): row.split()[1:] for row in rows}
    return {
        (role, own)
        for role, marks in cells.items()
        for own, mark in zip(COLUMNS, marks, strict=True)
        if mark == "x"
    }


ALLOWED = allowed()


@pytest.mark.parametrize(("role", "own"), list(product(Role, COLUMNS)))
def test_each_role_is_taken_by_those_of_the_same_side_only(role: Role, own: Role) -> None:
    assert set(COLUMNS) == set(Role)
    here = Post(role, PROGRAMME, OURS)
    assert may_stand_in(here, [Post(own, PROGRAMME, OURS)]) == ((role, own) in ALLOWED)
    assert not may_stand_in(here, [Post(own, ELSEWHERE, THEIRS)])
    assert not may_stand_in(here, [Post(own, ELSEWHERE)])
    assert not may_stand_in(here, [])


def test_seats_of_committee_and_panel_are_never_lent() -> None:
    assert not set(STAND_INS) & {*SEATS, Role.DECISION_PANEL, Role.BUYER, Role.OPERATOR, Role.SYSTEM}
    assert not COVERED & SEATS


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.TEAM_LEADER, Role.PROGRAMME_MANAGER, Role.DUTY_OFFICER])
def test_staff_cover_for_one_another_anywhere_in_their_programme(role: Role) -> None:
    for post in (Post(role, PROGRAMME, OURS), Post(role, PROGRAMME)):
        assert may_stand_in(post, [Post(Role.ADVISOR, PROGRAMME, THEIRS)])
        assert may_stand_in(post, [Post(Role.ADVISOR, PROGRAMME)])
        assert may_stand_in(post, [Post(Role.ADVISOR)])
        assert not may_stand_in(post, [Post(Role.ADVISOR, ELSEWHERE)])


def test_who_works_everywhere_is_replaced_by_somebody_who_does() -> None:
    assert may_stand_in(Post(Role.TEAM_LEADER), [Post(Role.TEAM_LEADER)])
    assert not may_stand_in(Post(Role.TEAM_LEADER), [Post(Role.TEAM_LEADER, PROGRAMME)])


def test_a_manager_is_replaced_within_the_factory_only() -> None:
    manager = Post(Role.MANAGER, PROGRAMME, OURS)
    assert may_stand_in(manager, [Post(Role.TOP_MANAGEMENT, PROGRAMME, OURS)])
    assert not may_stand_in(manager, [Post(Role.MANAGER, PROGRAMME, THEIRS)])
    assert not may_stand_in(manager, [Post(Role.TOP_MANAGEMENT, PROGRAMME)])
    assert not may_stand_in(manager, [Post(Role.TOP_MANAGEMENT)])


def a_deputy(lender: PersonId, lent: Grant, *own: Grant) -> Actor:
    return lending(Actor(TOMAS, own), [(lender, lent)])


@pytest.mark.parametrize(("action", "role"), list(product(Action, STAND_INS)))
def test_a_lent_role_opens_what_the_role_opens_but_for_the_directory(action: Action, role: Role) -> None:
    grant = Grant(role, ScopeKind.PROGRAMME, PROGRAMME)
    own = can(Actor(CHLOE, (grant,)), action, Thing(PROGRAMME, OURS))
    deputy = a_deputy(CHLOE, grant)
    expected = None if action in NEVER_LENT else own
    assert can(deputy, action, Thing(PROGRAMME, OURS)) == expected
    assert can(deputy, action, Thing(ELSEWHERE, THEIRS)) is None
    assert reach(deputy, action).nowhere == (expected is None)


def test_only_the_directory_and_webhooks_are_never_lent() -> None:
    assert {Action.MANAGE_DIRECTORY, Action.MANAGE_HOOKS} == NEVER_LENT
    assert set(ROLES) >= NEVER_LENT


def test_a_role_of_ones_own_is_not_lent_besides() -> None:
    own = Grant(Role.ADVISOR, ScopeKind.PROGRAMME, PROGRAMME)
    assert a_deputy(CHLOE, own, own).grants == (own,)
    more = a_deputy(CHLOE, Grant(Role.TEAM_LEADER, ScopeKind.PROGRAMME, PROGRAMME), own).grants
    assert more == (own, Grant(Role.TEAM_LEADER, ScopeKind.PROGRAMME, PROGRAMME, lent_by=CHLOE))


def test_who_is_there_is_the_first_deputy_who_is_not_away() -> None:
    assert present(CHLOE, {CHLOE: TOMAS}) == TOMAS
    assert present(CHLOE, {CHLOE: TOMAS, TOMAS: BAO}) == BAO
    assert present(CHLOE, {CHLOE: None}) is None
    assert present(CHLOE, {CHLOE: TOMAS, TOMAS: None}) is None


def test_deputies_in_a_circle_end_with_nobody() -> None:
    assert list(deputies_of(CHLOE, {CHLOE: TOMAS, TOMAS: BAO, BAO: CHLOE})) == [TOMAS, BAO]
    assert list(deputies_of(CHLOE, {CHLOE: TOMAS, TOMAS: BAO, BAO: TOMAS})) == [TOMAS, BAO]
    assert present(CHLOE, {CHLOE: TOMAS, TOMAS: BAO, BAO: TOMAS}) is None
    assert present(CHLOE, {CHLOE: TOMAS, TOMAS: CHLOE}) is None


def test_who_is_not_away_has_no_deputies() -> None:
    assert list(deputies_of(AMINA, {CHLOE: TOMAS})) == []
