"""A plan taken along, edited and brought back: each cell compared, conflicts shown, and nothing lost."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from httpx2 import AsyncClient, Response

from remediation.words import PlanId
from service.assessment_files import sheets_of
from tests.assessment.sheets import csv_bytes, xlsx_bytes
from tests.service.browsing import Reader, browser, form_of, sent
from tests.service.stage import (
    AMINA,
    BAO,
    BINH,
    CHLOE,
    HOST,
    NEIGHBOUR,
    OUTSIDER,
    Live,
    Theatre,
    a_life,
    a_plan,
)

DUE = (datetime.now(UTC) + timedelta(days=50)).date().isoformat()
ROOT_CAUSE, KIND, WHAT, OWNER, DAY, EVIDENCE = range(5, 11)


async def a_sheet(client: AsyncClient, plan: str) -> list[list[str]]:
    """Take a plan along, and give its rows as another program reads them."""
    answer = await client.get(f"/plans/{plan}/sheet.xlsx")
    assert answer.status_code == 200, answer.text
    return [list(row) for row in next(iter(sheets_of(answer.content).values()))]


async def bring(client: AsyncClient, plan: str, content: bytes) -> Response:
    """Bring an edited plan back, and follow to what it would change."""
    files = {"file": ("plan.xlsx", content)}
    answer = await client.post(f"/plans/{plan}/sheet", files=files)
    return await client.get(HOST + answer.headers["Location"]) if answer.status_code == 303 else answer


def plain(answer: Response) -> str:
    return " ".join(Reader(answer.text).text.split())


def of(finding: str, rows: Sequence[list[str]]) -> list[list[str]]:
    return [row for row in rows if row[1] == finding]


async def two(live: Live, plan: str) -> tuple[str, str]:
    first, second = [await live.begin(plan=PlanId(plan)) for _ in range(2)]
    for finding in (first, second):
        assert (await live.say(BAO, finding, "propose", **a_plan())).status_code == 200
    return first, second


async def test_edited_cells_become_proposals_and_the_rest_stays(live: Live) -> None:
    first, second = await two(live, "p-edited")
    async with browser(live.theatre, BINH) as binh:
        rows = await a_sheet(binh, "p-edited")
        edited, new, _ = of(first, rows)
        edited[OWNER], edited[DAY] = "Binh Le", "01/02/2020"
        new[KIND:] = ["corrective", "=Train the guards", "amina", DUE, "A list of names", ""]
        shown = await bring(binh, "p-edited", csv_bytes(rows))
        assert "1 other finding says what is on record" in plain(shown)
        assert "Action 2: What will be done nothing =Train the guards" in plain(shown)
        assert "Conflict" not in plain(shown)
        refused = await binh.get(HOST + str((await sent(binh, form_of(shown))).headers["Location"]))
        assert "Refused: The date" in plain(refused)
        edited[DAY] = DUE
        shown = await bring(binh, "p-edited", xlsx_bytes(rows))
        done = await binh.get(HOST + str((await sent(binh, form_of(shown))).headers["Location"]))
        again = await sent(binh, form_of(shown))
        assert "Proposed." in plain(done)
        assert again.status_code == 303
        after = of(first, await a_sheet(binh, "p-edited"))
    assert [row[WHAT] for row in after[:2]] == ["Take the lock off the second exit", "=Train the guards"]
    assert [row[DAY] for row in after[:2]] == [DUE, DUE]
    assert live.theatre.ledger(first).count("proposed") == 2
    assert live.theatre.ledger(second).count("proposed") == 1


async def test_what_others_changed_meanwhile_is_shown_and_kept_where_it_was_not_edited(live: Live) -> None:
    first, _ = await two(live, "p-conflict")
    async with browser(live.theatre, AMINA) as amina:
        rows = await a_sheet(amina, "p-conflict")
        of(first, rows)[0][ROOT_CAUSE] = "Nobody has a second key."
        later = a_plan(evidence_expected="A film of the open exit") | {"root_cause": "The guard goes home."}
        assert (await live.say(BAO, first, "propose", **later)).status_code == 200
        shown = await bring(amina, "p-conflict", xlsx_bytes(rows))
        assert "Bao Tran has put another revision on the table" in plain(shown)
        assert "Conflict: others have changed this, too." in plain(shown)
        assert "The guard goes home." in plain(shown)
        form = form_of(shown)
        assert "take" not in form.data, "a conflict is not ticked by itself"
        done = await binh_sees(amina, await sent(amina, form, take=first))
        after = of(first, await a_sheet(amina, "p-conflict"))[0]
    assert "Proposed." in done
    assert (after[ROOT_CAUSE], after[EVIDENCE]) == ("Nobody has a second key.", "A film of the open exit")


async def binh_sees(client: AsyncClient, answer: Response) -> str:
    return plain(await client.get(HOST + answer.headers["Location"]))


async def test_what_cannot_be_proposed_says_why_before_anything_is_sent(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre, BAO) as bao:
        rows = await a_sheet(bao, "plan-1")
        rows[1][ROOT_CAUSE] = "Keys"
        rows[1][KIND:DAY] = ["corrective", "Open it", "Somebody Else"]
        rows.append(["", "f9", *[""] * 3, "A stray row", *[""] * 6])
        shown = await bring(bao, "plan-1", xlsx_bytes(rows))
        none = await bring(bao, "plan-1", b"a,b\n1,2\n")
    assert "Nobody of this factory is called Somebody Else" in plain(shown)
    assert "has lost its hidden first cell" in plain(shown)
    assert "Propose what is ticked" not in plain(shown)
    assert none.status_code == 422
    assert "This is no plan that was taken along here" in plain(none)


async def test_only_the_committee_brings_a_plan_back_and_only_its_own(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    async with browser(theatre, BAO) as bao:
        rows = await a_sheet(bao, "plan-1")
        rows[1][ROOT_CAUSE] = "Keys"
        own = (await bring(bao, "plan-1", xlsx_bytes(rows))).url.path
    answers = {}
    for person in (CHLOE, NEIGHBOUR, OUTSIDER, AMINA):
        async with browser(theatre, person) as client:
            paths = ("/plans/plan-1/sheet.csv", "/plans/plan-1/sheet", own)
            answers[person] = [(await client.get(path)).status_code for path in paths]
    assert answers == {
        CHLOE: [200, 403, 403],
        NEIGHBOUR: [404, 404, 404],
        OUTSIDER: [404, 404, 404],
        AMINA: [200, 200, 404],
    }
