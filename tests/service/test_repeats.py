"""Repeats of a former cycle: shown to both sides, decided by the advisor, and what both findings are told."""

import pytest

from remediation.repeats import Basis, Standing
from remediation.words import FindingId, PlanId
from service.crosswalks import UnusableCrosswalk, read_crosswalk
from storage import repeats
from storage.database import writing
from storage.repeats import Repeat
from tests.service.browsing import Reader, browser
from tests.service.stage import AMINA, BAO, CHLOE, LOTUS, NEIGHBOUR, PROGRAMME, Live, key


async def found_again(live: Live, former: str, standing: Standing = Standing.PROPOSED) -> str:
    """Give a new finding that may repeat a former one, as an import brings it."""
    new = await live.begin(plan=PlanId("plan-2"))
    basis = Basis.POINT if standing is Standing.PROPOSED else Basis.QUESTION
    with writing(live.theatre.database) as connection:
        row = Repeat(
            finding=FindingId(new),
            former=FindingId(former),
            programme=PROGRAMME,
            factory=LOTUS,
            plan=PlanId("plan-2"),
            basis=basis,
            standing=standing,
        )
        repeats.keep(connection, [row, row])
    return new


async def test_a_confirmed_repeat_takes_over_from_a_former_finding_that_nobody_promised_anything_about(
    live: Live,
) -> None:
    former = await live.begin()
    new = await found_again(live, former)
    to_decide = "/plans/plan-2#repeats"
    async with browser(live.theatre, AMINA) as client:
        assert to_decide not in Reader((await client.get("/")).text).links
    async with browser(live.theatre, CHLOE) as client:
        assert to_decide in Reader((await client.get("/")).text).links
        page = Reader((await client.get(f"/findings/{new}")).text)
        assert f"/findings/{new}/repeat" in page.links
        assert "Seen before" in page.text
        form = Reader((await client.get(f"/findings/{new}/repeat")).text)
        assert "usual at this stage" in form.text
        unsaid = {"key": form.forms[-1].data["key"]}
        assert (await client.post(f"/findings/{new}/repeat", data=unsaid)).status_code == 422
        sent = {"then": ["supersede"], "key": form.forms[-1].data["key"]}
        for _ in range(2):  # a second click has one effect
            assert (await client.post(f"/findings/{new}/repeat", data=sent)).status_code == 303
        after = Reader((await client.get(f"/findings/{former}")).text)
        assert to_decide not in Reader((await client.get("/")).text).links
    assert "Found again" in after.text
    assert live.theatre.ledger(former)[-1] == "ended"
    assert live.theatre.ledger(new) == ["issued", "repeat_linked", "amended"]
    async with live.theatre.act(AMINA) as client:
        shown = (await client.get(f"/api/v1/findings/{new}")).json()
        (listed,) = [
            each
            for each in (await client.get("/api/v1/plans/plan-2/repeats")).json()
            if each["finding"] == new
        ]
    assert (shown["repeat_of"], shown["severity"]) == (former, "critical")
    assert (listed["standing"], listed["then"], listed["former_stage"]) == (
        "confirmed",
        "supersede",
        "superseded",
    )


async def test_a_promise_that_is_kept_up_carries_on_and_the_new_finding_ends(live: Live) -> None:
    former = await live.begin()
    await live.agree(former)
    new = await found_again(live, former, Standing.CERTAIN)
    async with live.theatre.act(CHLOE) as client:
        wrong = await client.post(f"/api/v1/findings/{new}/repeat", json={"repeats": False}, headers=key())
        link = {"repeats": True, "then": "link"}
        odd = await client.post(f"/api/v1/findings/{new}/repeat", json=link, headers=key())
        said = await client.post(f"/api/v1/findings/{new}/repeat", json={"repeats": True}, headers=key())
        again = await client.post(f"/api/v1/findings/{new}/repeat", json={"repeats": True}, headers=key())
    assert (wrong.status_code, odd.status_code, again.status_code) == (409, 422, 409)
    assert said.status_code == 200, said.text
    assert (said.json()["repeat"]["then"], said.json()["refused"]) == ("carry_on", [])
    assert live.theatre.ledger(former)[-1] == "repeat_linked"
    assert live.theatre.ledger(new)[-1] == "ended"
    async with browser(live.theatre, BAO) as client:
        page = Reader((await client.get(f"/findings/{former}")).text)
    assert "decided that this finding carries on" in page.text


async def test_what_is_rejected_stays_apart_and_strangers_decide_nothing(live: Live) -> None:
    former = await live.begin()
    new = await found_again(live, former)
    for person, expected in ((BAO, 403), (NEIGHBOUR, 404), (CHLOE, 200)):
        async with live.theatre.act(person) as client:
            said = await client.post(f"/api/v1/findings/{new}/repeat", json={"repeats": False}, headers=key())
        assert said.status_code == expected, person
    assert live.theatre.ledger(new) == live.theatre.ledger(former) == ["issued"]
    async with live.theatre.act(CHLOE) as client:
        none = await client.post(f"/api/v1/findings/{former}/repeat", json={"repeats": True}, headers=key())
    assert none.status_code == 404
    async with browser(live.theatre, AMINA) as client:
        assert "they are not linked" in (await client.get(f"/findings/{new}")).text


CSV = b"\xef\xbb\xbfold;new\nq1;q2\nq3;q4\n"


def test_a_crosswalk_is_read_from_csv_and_toml() -> None:
    assert read_crosswalk(CSV) == {"q1": "q2", "q3": "q4"}
    assert read_crosswalk(b'[questions]\n"q1" = "q2"\n') == {"q1": "q2"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"before,after\nq1,q2\n", "columns `old` and `new`"),
        (b"old,new\nq1,\n", "row 2: an id is empty"),
        (b"old,new\nq1,q1\n", "row 2: 'q1' would become itself"),
        (b"old,new\nq1,q2\nq1,q3\n", "row 3: 'q1' stands twice"),
        (b"old,new\n", "names no question"),
        (b"old,new\nq1," + b"x" * 201, "more than 200"),
        (b"[other]", "lacks the table [questions]"),
        (b"[questions", "no TOML"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_an_unusable_crosswalk_is_told_with_the_place_and_the_way_out(data: bytes, said: str) -> None:
    with pytest.raises(UnusableCrosswalk) as raised:
        read_crosswalk(data)
    assert said in str(raised.value)
