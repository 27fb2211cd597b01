"""Role by action by stage by factory: what a page offers, cell by cell, at every stage of a life."""

from collections.abc import Iterator

import pytest

from remediation.permissions import Action, Actor, Grant, ScopeKind, Thing
from remediation.words import STAFF_ROLES, FactoryId, PersonId, Role, Stage
from service.auth import Caller
from service.pages.acts import ACTS
from service.pages.offers import Stand
from storage.people import Person
from tests.permissions.test_permissions import ALLOWED
from tests.rules.cast import Story
from tests.rules.situations import SITUATIONS

PLACES = {
    "own factory": (ScopeKind.FACTORY, True),
    "another factory": (ScopeKind.FACTORY, False),
    "own programme": (ScopeKind.PROGRAMME, True),
    "another programme": (ScopeKind.PROGRAMME, False),
}


def standing(story: Story, role: Role, kind: ScopeKind, *, own: bool) -> Stand:
    """Let somebody who holds a role, here or elsewhere, stand before the finding."""
    finding, someone = story.finding, PersonId("somebody")
    here = finding.factory if kind is ScopeKind.FACTORY else finding.programme
    scope = here if own else FactoryId("elsewhere")
    actor = Actor(someone, (Grant(role, kind, scope),))
    person = Person(id=someone, name="Somebody", email=None, language="en")
    thing = Thing(finding.programme, finding.factory, finding.restricted)
    return Stand(watched=finding, thing=thing, caller=Caller(person, actor), now=story.now)


def offered(story: Story, role: Role, kind: ScopeKind, *, own: bool) -> Iterator[str]:
    stands = standing(story, role, kind, own=own)
    yield from (verb for verb in ACTS if stands.offer(verb) is not None)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_page_offers_each_role_its_own_verbs_and_no_others_at_every_stage(situation: str) -> None:
    story = SITUATIONS[situation]()
    for role in Role:
        sees = not story.finding.restricted or role in STAFF_ROLES
        for place, (kind, own) in PLACES.items():
            expected = {verb for verb in ACTS if own and sees and (Action(verb), role) in ALLOWED}
            assert set(offered(story, role, kind, own=own)) == expected, (role, place)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_nothing_waits_elsewhere_for_anybody(situation: str) -> None:
    story = SITUATIONS[situation]()
    for role in Role:
        for kind in (ScopeKind.FACTORY, ScopeKind.PROGRAMME):
            assert standing(story, role, kind, own=False).waiting() == ()


def test_the_situations_reach_every_stage() -> None:
    assert {build().finding.stage for build in SITUATIONS.values()} == set(Stage)
