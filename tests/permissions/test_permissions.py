"""Every role, action and scope, cell by cell, against a table written down here once more."""

from itertools import product

import pytest

from remediation.orders import VERBS
from remediation.permissions import (
    ROLES,
    Action,
    Actor,
    Grant,
    Reach,
    ScopeKind,
    Thing,
    actions_on,
    can,
    reach,
)
from remediation.words import STAFF_ROLES, FactoryId, PersonId, ProgrammeId, Role

COLUMNS = {
    "wm": Role.WORKER_MEMBER,
    "wc": Role.WORKER_CO_CHAIR,
    "mm": Role.MANAGEMENT_MEMBER,
    "mc": Role.MANAGEMENT_CO_CHAIR,
    "ao": Role.ACTION_OWNER,
    "ma": Role.MANAGER,
    "tm": Role.TOP_MANAGEMENT,
    "ad": Role.ADVISOR,
    "tl": Role.TEAM_LEADER,
    "pm": Role.PROGRAMME_MANAGER,
    "do": Role.DUTY_OFFICER,
    "dp": Role.DECISION_PANEL,
    "bu": Role.BUYER,
    "op": Role.OPERATOR,
    "sy": Role.SYSTEM,
}

TABLE = """
                        wm wc mm mc ao ma tm ad tl pm do dp bu op sy
amend                    .  .  .  .  .  .  .  x  x  x  .  .  .  .  .
dispute                  x  x  x  x  .  x  .  .  .  .  .  .  .  .  .
decide_dispute           .  .  .  .  .  .  .  .  x  .  .  .  .  .  .
propose                  x  x  x  x  .  .  .  .  .  .  .  .  .  .  .
sign                     x  x  x  x  .  .  .  .  .  .  .  .  .  .  .
refuse                   x  x  x  x  .  .  .  .  .  .  .  .  .  .  .
approve_no_action        .  .  .  .  .  .  .  x  .  .  .  .  .  .  .
allow_later_date         .  .  .  .  .  .  .  x  .  .  .  .  .  .  .
declare_deadlock         x  x  x  x  .  .  .  .  .  .  .  .  .  .  .
close_mediation          .  .  .  .  .  .  .  x  .  .  .  .  .  .  .
file_interim_plan        .  .  x  x  .  x  .  .  .  .  .  .  .  .  .
record_progress          x  x  x  x  x  x  x  .  .  .  .  .  .  .  .
request_extension        x  x  x  x  .  .  .  .  .  .  .  .  .  .  .
cosign_extension         x  x  x  x  .  .  .  .  .  .  .  .  .  .  .
decide_extension         .  .  .  .  .  .  .  x  x  x  .  .  .  .  .
suspend                  .  .  .  .  .  .  .  x  .  .  .  .  .  .  .
countersign_suspension   .  .  .  .  .  .  .  .  x  .  .  .  .  .  .
decline_suspension       .  .  .  .  .  .  .  .  x  .  .  .  .  .  .
end_suspension           .  .  .  .  .  .  .  x  x  .  .  .  .  .  .
report_fixed             .  .  .  .  .  x  .  .  .  .  .  .  .  .  .
object_to_fix            x  x  .  .  .  .  .  .  .  .  .  .  .  .  .
concur_with_fix          x  x  .  .  .  .  .  .  .  .  .  .  .  .  .
take_back                x  x  x  x  .  x  .  x  .  .  .  .  .  .  .
book_verification        .  .  .  .  .  .  .  x  x  .  .  .  .  .  .
verify                   .  .  .  .  .  .  .  x  x  .  .  .  .  .  .
check_effectiveness      .  .  .  .  .  .  .  x  x  .  .  .  .  .  .
reopen                   .  .  .  .  .  .  .  .  x  .  .  .  .  .  .
supersede                .  .  .  .  .  .  .  x  x  x  .  .  .  .  .
cease                    .  .  .  .  .  .  .  .  x  x  .  .  .  .  .
decide_alarm             .  .  .  .  .  .  .  .  .  .  x  .  .  .  .
notify_authority         .  .  .  .  .  .  .  .  .  .  x  .  .  .  .
contain                  .  .  .  .  .  x  .  .  .  .  .  .  .  .  .
acknowledge              .  .  .  .  .  .  .  x  x  x  .  .  .  .  .
snooze                   .  .  .  .  .  .  .  x  x  x  .  .  .  .  .
file_recovery_plan       .  .  .  .  .  x  .  .  .  .  .  .  .  .  .
accept_recovery_plan     .  .  .  .  .  .  .  .  x  .  .  .  .  .  .
return_recovery_plan     .  .  .  .  .  .  .  .  x  .  .  .  .  .  .
decide_consequence       .  .  .  .  .  .  .  .  .  .  .  x  .  .  .
file_plan                x  x  x  x  .  x  .  .  .  .  .  .  .  .  .
call_meeting             x  x  x  x  .  x  .  x  .  .  .  .  .  .  .
set_agenda               x  x  x  x  .  x  .  x  .  .  .  .  .  .  .
move_meeting             x  x  x  x  .  x  .  x  .  .  .  .  .  .  .
cancel_meeting           x  x  x  x  .  x  .  x  .  .  .  .  .  .  .
begin_meeting            x  x  x  x  .  .  .  x  .  .  .  .  .  .  .
record_attendance        x  x  x  x  .  .  .  x  .  .  .  .  .  .  .
end_meeting              x  x  x  x  .  .  .  x  .  .  .  .  .  .  .
correct_minutes          x  x  x  x  .  .  .  x  .  .  .  .  .  .  .
vote_together            x  x  x  x  .  .  .  .  .  .  .  .  .  .  .
sign_minutes             x  x  x  x  .  .  .  .  .  .  .  .  .  .  .
print_sheet              x  x  x  x  .  .  .  x  .  .  .  .  .  .  .
record_paper             x  x  x  x  .  .  .  .  .  .  .  .  .  .  .
witness_paper            .  .  .  .  .  .  .  x  x  .  .  .  .  .  .
decline_paper            .  .  .  .  .  .  .  x  x  .  .  .  .  .  .
plan_visit               .  .  .  .  .  .  .  x  x  .  .  .  .  .  .
begin_visit              .  .  .  .  .  .  .  x  x  .  .  .  .  .  .
record_outcome           .  .  .  .  .  .  .  x  x  .  .  .  .  .  .
postpone_visit           .  .  .  .  .  .  .  x  x  .  .  .  .  .  .
cancel_visit             .  .  .  .  .  .  .  x  x  .  .  .  .  .  .
end_visit                .  .  .  .  .  .  .  x  x  .  .  .  .  .  .
link_repeat              .  .  .  .  .  .  .  x  x  x  .  .  .  .  .
reseat                   .  .  .  .  .  .  .  x  x  x  .  .  .  .  .
reproject                .  .  .  .  .  .  .  x  x  x  .  .  .  x  .
view_finding             x  x  x  x  x  x  x  x  x  x  x  x  x  .  .
view_texts               x  x  x  x  x  x  x  x  x  x  x  x  .  .  .
view_timeline            x  x  x  x  x  x  x  x  x  x  x  x  .  .  .
view_deadlines           x  x  x  x  x  x  x  x  x  x  x  x  .  .  .
view_meetings            x  x  x  x  .  x  x  x  x  x  x  .  .  .  .
view_letters             x  x  x  x  x  x  x  x  x  x  x  x  .  .  .
view_delivery            .  .  .  .  .  .  .  x  x  x  x  .  .  .  .
view_reasons             x  x  x  x  .  .  .  x  x  x  x  .  .  .  .
view_worker_voices       x  x  .  .  .  .  .  x  x  x  x  .  .  .  .
view_management_voices   .  .  x  x  .  .  .  x  x  x  x  .  .  .  .
view_staff_matters       .  .  .  .  .  .  .  x  x  x  x  .  .  .  .
view_factory             x  x  x  x  x  x  x  x  x  x  x  x  x  x  .
view_people              x  x  x  x  x  x  x  x  x  x  x  .  .  x  .
view_evidence            x  x  x  x  x  x  x  x  x  x  x  x  .  .  .
add_evidence             x  x  x  x  x  x  x  x  x  x  x  .  .  .  .
comment                  x  x  x  x  .  x  .  x  x  x  x  .  .  .  .
import_assessment        .  .  .  .  .  .  .  x  x  x  .  .  .  .  .
manage_factory           .  .  .  .  .  .  .  x  x  x  .  .  .  x  .
manage_policy            .  .  .  .  .  .  .  .  .  x  .  .  .  x  .
manage_directory         .  .  .  .  .  .  .  .  .  x  .  .  .  x  .
manage_hooks             .  .  .  .  .  .  .  .  .  x  .  .  .  x  .
"""

OURS, THEIRS = FactoryId("factory-ours"), FactoryId("factory-theirs")
PROGRAMME, ELSEWHERE = ProgrammeId("programme-ours"), ProgrammeId("programme-elsewhere")

# The grant's scope, and whether it counts for our factory's thing and for a thing of our whole programme.
SCOPES = {
    (ScopeKind.ALL, ""): (True, True),
    (ScopeKind.PROGRAMME, PROGRAMME): (True, True),
    (ScopeKind.PROGRAMME, ELSEWHERE): (False, False),
    (ScopeKind.FACTORY, OURS): (True, False),
    (ScopeKind.FACTORY, THEIRS): (False, False),
    # A factory's id that happens to be a programme's, and the other way round, opens nothing.
    (ScopeKind.FACTORY, PROGRAMME): (False, False),
    (ScopeKind.PROGRAMME, OURS): (False, False),
}


def allowed() -> set[tuple[Action, Role]]:
    header, *rows = TABLE.strip().splitlines()
    columns = [COLUMNS[name] for name in header.split()]
    cells = {Action(row.split()[0]): row.split()[1:] for row in rows}
    assert set(cells) == set(Action), "the table names every action"
    assert set(columns) == set(Role), "the table names every role"
    assert all(len(marks) == len(columns) and set(marks) <= {"x", "."} for marks in cells.values())
    return {
        (action, role)
        for action, marks in cells.items()
        for role, mark in zip(columns, marks, strict=True)
        if mark == "x"
    }


ALLOWED = allowed()
CELLS = list(product(Action, Role))


def holder(role: Role, kind: ScopeKind, scope: str) -> Actor:
    return Actor(PersonId("somebody"), (Grant(role, kind, scope),))


@pytest.mark.parametrize(("action", "role"), CELLS, ids=[f"{action}-{role}" for action, role in CELLS])
def test_each_cell_of_the_table_holds_in_every_scope(action: Action, role: Role) -> None:
    for (kind, scope), (for_ours, for_programme) in SCOPES.items():
        actor = holder(role, kind, scope)
        for restricted in (False, True):
            open_to_role = (action, role) in ALLOWED and (not restricted or role in STAFF_ROLES)
            of_factory = Thing(PROGRAMME, OURS, restricted)
            of_programme = Thing(PROGRAMME, None, restricted)
            assert can(actor, action, of_factory) == (role if open_to_role and for_ours else None)
            assert can(actor, action, of_programme) == (role if open_to_role and for_programme else None)


@pytest.mark.parametrize("action", Action)
def test_nobody_may_do_anything_without_a_role(action: Action) -> None:
    assert can(Actor(PersonId("outsider")), action, Thing(PROGRAMME, OURS)) is None
    assert reach(Actor(PersonId("outsider")), action).nowhere


@pytest.mark.parametrize("lender", [None, PersonId("Chloé")], ids=["own", "lent"])
@pytest.mark.parametrize("role", Role)
def test_all_that_somebody_may_do_is_what_they_may_one_by_one(role: Role, lender: PersonId | None) -> None:
    for (kind, scope), restricted in product(SCOPES, (False, True)):
        actor = Actor(PersonId("somebody"), (Grant(role, kind, scope, lender),))
        for thing in (Thing(PROGRAMME, OURS, restricted), Thing(PROGRAMME, None, restricted)):
            assert actions_on(actor, thing) == {each for each in Action if can(actor, each, thing)}


@pytest.mark.parametrize(("action", "role"), CELLS, ids=[f"{action}-{role}" for action, role in CELLS])
def test_lists_filter_by_the_same_answer_as_single_things(action: Action, role: Role) -> None:
    for kind, scope in SCOPES:
        actor = holder(role, kind, scope)
        for restricted in (False, True):
            there = reach(actor, action, restricted=restricted)
            for programme, factory in product((PROGRAMME, ELSEWHERE), (OURS, THEIRS)):
                listed = there.everywhere or programme in there.programmes or factory in there.factories
                thing = Thing(ProgrammeId(programme), FactoryId(factory), restricted)
                assert listed == (can(actor, action, thing) is not None)


def test_lists_leave_out_nothing_that_is_open_to_the_factory() -> None:
    amina = holder(Role.WORKER_CO_CHAIR, ScopeKind.FACTORY, OURS)
    assert reach(amina, Action.VIEW_FINDING) == Reach(factories=frozenset({OURS}))
    assert reach(amina, Action.VIEW_FINDING, restricted=True).nowhere


EVERYWHERE = Grant(Role.OPERATOR, ScopeKind.ALL, "")
IN_PROGRAMME = Grant(Role.ADVISOR, ScopeKind.PROGRAMME, PROGRAMME)
IN_FACTORY = Grant(Role.MANAGER, ScopeKind.FACTORY, OURS)


@pytest.mark.parametrize(
    ("there", "covered"),
    [
        (Reach(everywhere=True), {EVERYWHERE, IN_PROGRAMME, IN_FACTORY}),
        (Reach(programmes=frozenset({PROGRAMME})), {IN_PROGRAMME}),
        (Reach(factories=frozenset({OURS})), {IN_FACTORY}),
        (Reach(programmes=frozenset({OURS, ""}), factories=frozenset({PROGRAMME, ""})), set()),
        (Reach(), set()),
    ],
)
def test_a_grant_is_covered_by_who_reaches_all_that_it_opens(there: Reach, covered: set[Grant]) -> None:
    assert {grant for grant in (EVERYWHERE, IN_PROGRAMME, IN_FACTORY) if there.covers(grant)} == covered


def test_every_verb_of_an_order_is_an_action() -> None:
    assert set(VERBS) <= {action.value for action in Action}
    assert set(ROLES) == set(Action)


def test_who_holds_two_roles_acts_in_the_first_that_may() -> None:
    bao = Actor(
        PersonId("bao"),
        (
            Grant(Role.MANAGEMENT_CO_CHAIR, ScopeKind.FACTORY, OURS),
            Grant(Role.MANAGER, ScopeKind.FACTORY, OURS),
        ),
    )
    thing = Thing(PROGRAMME, OURS)
    assert can(bao, Action.SIGN, thing) is Role.MANAGEMENT_CO_CHAIR
    assert can(bao, Action.FILE_INTERIM_PLAN, thing) is Role.MANAGER
    assert can(bao, Action.FILE_INTERIM_PLAN, thing, Role.MANAGEMENT_CO_CHAIR) is Role.MANAGEMENT_CO_CHAIR
    assert can(bao, Action.SIGN, thing, Role.MANAGER) is None
    assert can(bao, Action.SIGN, thing, Role.WORKER_MEMBER) is None


def test_a_role_at_one_factory_opens_nothing_at_another() -> None:
    amina = Actor(
        PersonId("amina"),
        (
            Grant(Role.WORKER_CO_CHAIR, ScopeKind.FACTORY, OURS),
            Grant(Role.ACTION_OWNER, ScopeKind.FACTORY, THEIRS),
        ),
    )
    assert can(amina, Action.SIGN, Thing(PROGRAMME, OURS)) is Role.WORKER_CO_CHAIR
    assert can(amina, Action.SIGN, Thing(PROGRAMME, THEIRS)) is None
    assert can(amina, Action.RECORD_PROGRESS, Thing(PROGRAMME, THEIRS)) is Role.ACTION_OWNER


def test_a_buyer_sees_where_a_finding_stands_and_no_words_or_names() -> None:
    seen = {action for action in Action if (action, Role.BUYER) in ALLOWED}
    assert seen == {Action.VIEW_FINDING, Action.VIEW_FACTORY}
