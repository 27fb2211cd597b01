"""What a page's address asks for is judged in one go, and as the interface judges it."""

from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from httpx2 import ASGITransport, AsyncClient

from service.asked import at_a_glance, at_once
from service.listing import Wanted

judging = FastAPI()


@judging.get("/one-by-one")
async def one_by_one(wanted: Annotated[Wanted, Depends(at_once(Wanted))]) -> str:
    return repr(wanted)


@judging.get("/at-a-glance")
async def seen_at_a_glance(wanted: Annotated[Wanted, Depends(at_a_glance(Wanted))]) -> str:
    return repr(wanted)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("stage=issued&stage=closed&severity=major&overdue=true", 200),
        ("limit=7&limit=9&plan=p&unknown=2", 200),
        ("promise=late&age_from=3&overdue=1", 200),
        ("stage=nope&severity=x&promise=kept", 422),
        ("limit=0&level=9&age_from=x", 422),
        ("overdue=maybe&limit=abc&level=&stage=", 422),
        (f"country=BGD&text={'a' * 101}", 422),
    ],
)
async def test_both_ways_of_judging_come_to_the_same(query: str, status: int) -> None:
    async with AsyncClient(transport=ASGITransport(judging), base_url="http://asked") as client:
        each, together = [await client.get(f"/{way}?{query}") for way in ("one-by-one", "at-a-glance")]
    assert (each.status_code, together.status_code) == (status, status)
    assert each.json() == together.json()
