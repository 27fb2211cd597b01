"""Ten thousand random forgeries of a dossier: each is found, and the honest one is not suspected."""

from random import Random

from service.sealed.verifier import verify
from tests.sealed.dossiers import dossier, keep_pasts
from tests.sealed.forging import FORGERIES
from tests.service.stage import CHLOE, Theatre


async def test_ten_thousand_forgeries_are_all_found(theatre: Theatre) -> None:
    chances = Random(20261123)  # noqa: S311 - the same forgeries every time
    keep_pasts(theatre, 2, days=45)
    data = await dossier(theatre, CHLOE, "plans/plan-1")
    sealed = verify(data)
    assert sealed.faults == []
    unseen = []
    for number in range(10_000):
        forged = FORGERIES[number % len(FORGERIES)](data, chances)
        if forged != data and verify(forged, sealed.key).faults == []:
            unseen.append(FORGERIES[number % len(FORGERIES)].__name__)
    assert unseen == []
