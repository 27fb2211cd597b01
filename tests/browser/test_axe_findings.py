"""axe finds nothing, and nothing overflows: a finding in every situation, and every form."""

from collections.abc import Mapping
from itertools import product

import pytest

from remediation.words import PersonId
from service.auth import Caller
from service.pages.acts import ACTS
from service.pages.offers import stand
from service.problems import ProblemError
from service.receiving import visible_finding
from storage import findings, people
from storage.database import reading
from tests.browser.gallery import hang
from tests.browser.scanning import Fault, by_turns, faults_of
from tests.browser.site import Site
from tests.rules.cast import RUTH
from tests.rules.situations import SITUATIONS
from tests.service.stage import AMINA, BAO, CHLOE, DINA, PETRA, TOMAS, Theatre

ACTORS = (AMINA, BAO, CHLOE, TOMAS, DINA, PETRA, RUTH)


@pytest.fixture(scope="module")
def gallery(everything: Site) -> Mapping[str, str]:
    """A finding in every situation, by name."""
    return hang(everything.live.theatre)


async def test_nothing_is_wrong_with_a_finding_in_any_situation(
    site: Site, gallery: Mapping[str, str]
) -> None:
    chloe, faults = await site.open(CHLOE), list[Fault]()
    for number, name in enumerate(SITUATIONS):
        faults += await faults_of(chloe, f"/findings/{gallery[name]}", by_turns(number))
    assert faults == []


async def test_nothing_is_wrong_with_any_form(site: Site, gallery: Mapping[str, str]) -> None:
    forms, faults = offered(site.live.theatre, gallery), list[Fault]()
    assert set(forms) == set(ACTS)
    phones = {person: await site.open(person) for person in ACTORS}
    for number, (verb, (finding, person)) in enumerate(sorted(forms.items())):
        path = f"/findings/{finding}/{verb.replace('_', '-')}"
        faults += await faults_of(phones[person], path, by_turns(number))
    assert faults == []


def offered(theatre: Theatre, gallery: Mapping[str, str]) -> dict[str, tuple[str, PersonId]]:
    """Give for every verb a finding on which somebody is offered it, and whom."""
    found: dict[str, tuple[str, PersonId]] = {}
    now = theatre.app.state.context.clock()
    with reading(theatre.database) as connection:
        for finding, person in product(gallery.values(), ACTORS):
            known = people.person(connection, person)
            assert known is not None
            caller = Caller(known, people.actor(connection, person, now))
            try:
                listed = visible_finding(connection, caller, finding)
            except ProblemError:
                continue
            case = findings.case(connection, finding)
            assert case is not None
            standing = stand(case, listed, caller, now)
            for verb in set(ACTS) - set(found):
                offer = standing.offer(verb)
                if offer is not None and offer.open:
                    found[verb] = finding, person
    return found
