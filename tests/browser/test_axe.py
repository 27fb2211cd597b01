"""axe finds nothing, and nothing overflows: on every page, in every situation, on every form."""

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
from tests.browser.acting import choose
from tests.browser.gallery import hang
from tests.browser.routes import pages, who_can_open
from tests.browser.scanning import Fault, by_turns, faults_here, faults_of
from tests.browser.site import Site
from tests.browser.weighing import ANY, Scale
from tests.rules.cast import RUTH
from tests.service.stage import AMINA, BAO, CHLOE, DINA, PETRA, TOMAS, Theatre

ACTORS = (AMINA, BAO, CHLOE, TOMAS, DINA, PETRA, RUTH)
NOT_IN_THE_GALLERY = frozenset({"cosign_extension", "approve_no_action", "check_effectiveness"})
"""Verbs that no situation waits for at its moment. Their forms are made of the same fields as others."""


@pytest.fixture(scope="module")
def gallery(everything: Site) -> Mapping[str, str]:
    """A finding in every situation, by name."""
    return hang(everything.live.theatre)


@pytest.mark.usefixtures("gallery")
async def test_nothing_is_wrong_with_any_page(site: Site) -> None:
    faults = list[Fault]()
    for path in sorted(set(pages(site.live.theatre))):
        person = await who_can_open(site, path)
        if person is not None:
            page = await site.open(person)
            scale = Scale(page)
            faults += await faults_of(page, path)
            if (weight := await scale.bytes()) > ANY:
                faults.append(Fault(path, "weight", f"{weight} bytes"))
    assert faults == []


async def test_nothing_is_wrong_with_a_finding_in_any_situation(
    site: Site, gallery: Mapping[str, str]
) -> None:
    chloe, faults = await site.open(CHLOE), list[Fault]()
    for number, finding in enumerate(gallery.values()):
        faults += await faults_of(chloe, f"/findings/{finding}", by_turns(number))
    assert faults == []


async def test_nothing_is_wrong_with_any_form(site: Site, gallery: Mapping[str, str]) -> None:
    forms, faults = offered(site.live.theatre, gallery), list[Fault]()
    assert set(ACTS) - set(forms) == NOT_IN_THE_GALLERY
    phones = {person: await site.open(person) for person in ACTORS}
    for number, (verb, (finding, person)) in enumerate(sorted(forms.items())):
        path = f"/findings/{finding}/{verb.replace('_', '-')}"
        faults += await faults_of(phones[person], path, by_turns(number))
    assert faults == []


async def test_nothing_is_wrong_with_a_form_that_comes_back(site: Site) -> None:
    finding = await site.live.begin()
    amina = await site.open(AMINA)
    await choose(amina, finding, "propose")
    await amina.locator('form.act button[name="send"]').click()
    await amina.get_by_role("alert").wait_for()
    assert await faults_here(amina, "an empty proposal") == []


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
