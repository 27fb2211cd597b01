"""A signing sheet from print to commitment: its code read by another library, its photo, its witness."""

import uuid
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from httpx2 import Response
from PIL import Image
from zxingcpp import read_barcode

from remediation.words import PersonId
from service.engine import Engine
from service.evidence.auditing import audit
from storage.database import writing
from tests.paper.files import opened
from tests.service.browsing import Form, Reader, browser
from tests.service.meetings import put_meeting
from tests.service.stage import AMINA, BAO, BINH, BUYER, CHLOE, NEIGHBOUR, OUTSIDER, SEATS, Live
from tests.service.test_meetings import a_proposal
from tests.service.test_naming_evidence import facts

WHY = "Too late for the monsoon"
HERE = [seat.person for seat in SEATS]


def photographed(pdf: bytes) -> bytes:
    """Give the last page of a PDF as a phone takes it: a little turned, on a table, as JPEG."""
    with opened(pdf) as document:
        page = document[len(document) - 1].render(scale=2).to_pil()
    table = Image.new("RGB", (page.width + 160, page.height + 160), (120, 90, 60))
    table.paste(page, (80, 80))
    made = BytesIO()
    table.rotate(3, expand=True, fillcolor=(120, 90, 60)).save(made, "JPEG", quality=80)
    return made.getvalue()


def code_on(photo: bytes) -> str:
    """Give what a photo's QR code says."""
    found = read_barcode(Image.open(BytesIO(photo)))
    assert found is not None
    return found.text


def form_at(page: Response, last: str) -> Form:
    assert page.status_code in {200, 409, 422}, page.text
    return next(each for each in Reader(page.text).forms if each.action.endswith(last))


@dataclass
class Table:
    """A meeting with two plans to sign, and its first sheet."""

    live: Live
    own: str
    findings: tuple[str, ...]

    @property
    def at(self) -> str:
        return f"/meetings/{self.own}"

    @property
    def sheet(self) -> str:
        return f"{self.at}/sheets/1"

    def ledger(self) -> list[str]:
        return self.live.theatre.ledger(f"meeting:{self.own}")

    async def get(self, person: PersonId, address: str) -> Response:
        async with browser(self.live.theatre, person) as client:
            return await client.get(address)

    async def send(self, person: PersonId, form: Form, photo: bytes = b"", **typed: Any) -> Response:  # noqa: ANN401
        data = {name: each for name, each in form.data.items() if name not in {"camera", "new"}}
        filled = data | {name.replace("_", "-"): [each] for name, each in typed.items()}
        files = [("camera", ("sheet.jpg", photo))] if photo else None
        async with browser(self.live.theatre, person) as client:
            return await client.post(form.action, data=filled, files=files)


async def a_table(live: Live) -> Table:
    findings = tuple([(await a_proposal(live))[0] for _ in range(2)])
    own = f"m-{uuid.uuid4().hex[:8]}"
    with writing(live.theatre.database) as connection:
        case = put_meeting(connection, own, findings=findings)
    await Engine(live.client, task_queue=live.queue).start(case)
    return Table(live, own, findings)


async def test_what_members_sign_on_paper_is_entered_witnessed_and_committed_to(live: Live) -> None:
    table = await a_table(live)
    photo = await printed(table)
    piece = await entered(table, photo)
    assert not {"signed", "refused"} & set(live.theatre.ledger(table.findings[0])), "it does not count yet"
    await seen_by_few(table, piece)
    await witnessed(table, piece)
    for finding in table.findings:
        assert "committed" in live.theatre.ledger(finding)
    said_in_the_ledgers(table)


async def printed(table: Table) -> bytes:
    """Let Amina make a sheet, print it, and open the page that its code leads to; give a photo of it."""
    made = await table.send(AMINA, form_at(await table.get(AMINA, table.at), "/print-sheet"))
    assert made.headers["Location"] == table.sheet, made.text
    photo = photographed((await table.get(AMINA, f"{table.sheet}/paper")).content)
    leads = code_on(photo)
    assert leads == f"{table.live.theatre.app.state.context.settings.public_url}{table.sheet}"
    before = table.ledger()
    page = await table.get(AMINA, urlsplit(leads).path)
    assert "Nobody has entered yet what was signed on it." in page.text
    assert "/record-paper" not in page.text, "the meeting has not begun"
    assert table.ledger() == before
    return photo


async def entered(table: Table, photo: bytes) -> str:
    """Let Amina enter that all but Asha signed, and that Binh refused a plan; give the photo's id."""
    async with browser(table.live.theatre, AMINA) as client:
        for verb, fields in (("begin-meeting", {}), ("record-attendance", {"present": HERE})):
            assert (await client.post(f"{table.at}/{verb}", data=fields)).status_code == 303
    empty = await table.send(AMINA, form_at(await table.get(AMINA, table.sheet), "/record-paper"))
    assert "Take a photo of the signed sheet, or choose one." in empty.text
    assert "Choose one: everybody signed everything, or not all did." in empty.text
    form = form_at(empty, "/record-paper")
    assert not {"how", "did-1"} & form.data.keys(), "nobody has signed before somebody says so"
    typed = {"how": "some", "did_1": "signed", "did_2": "not", "did_3": "signed", "did_4": "signed"}
    unclear = await table.send(AMINA, form, photo, **typed, but_3="7", refuses_4="2")
    assert unclear.status_code == 422
    assert "Write numbers that the sheet has" in unclear.text
    assert "Say why, as it stands on the sheet." in unclear.text
    form = form_at(unclear, "/record-paper")
    done = await table.send(AMINA, form, but_3="", refuses_4="2", why_4=WHY)
    assert done.status_code == 303, done.text
    assert "waits for the advisor to witness it" in (await table.get(AMINA, table.sheet)).text
    (piece,) = form.data["files"]
    return piece


async def seen_by_few(table: Table, piece: str) -> None:
    """See that only who entered it and who may witness it learn who signed what."""
    for person, shows in ((BINH, False), (BAO, False), (AMINA, True), (CHLOE, True)):
        page = await table.get(person, table.sheet)
        photo = await table.get(person, f"{table.at}/evidence/{piece}")
        assert (photo.status_code, WHY in page.text) == (200 if shows else 404, shows), person
        assert ("/witness-paper" in page.text) == (person == CHLOE)
    for person in (BUYER, NEIGHBOUR, OUTSIDER):
        for address in (table.sheet, f"{table.sheet}/paper", f"{table.at}/evidence/{piece}"):
            assert (await table.get(person, address)).status_code == 404, (person, address)


async def witnessed(table: Table, piece: str) -> None:
    """Let Chloé find it in her work, read the code on the photo that was kept, and witness it."""
    assert "Witness what was signed on paper in the meeting" in (await table.get(CHLOE, "/")).text
    assert (await table.get(CHLOE, f"{table.at}/witness-paper")).headers["Location"] == table.sheet
    kept = await table.get(CHLOE, f"{table.at}/evidence/{piece}")
    assert urlsplit(code_on(kept.content)).path == table.sheet, "the photo made anew can be read, too"
    page = await table.get(CHLOE, table.sheet)
    unsaid = await table.send(CHLOE, form_at(page, "/decline-paper"))
    assert "Say why you do not witness it." in unsaid.text
    form = form_at(page, "/witness-paper")
    done = await table.send(CHLOE, form)
    assert done.status_code == 303, done.text
    while "Votes on their way" in (await table.get(CHLOE, table.at)).text:
        await table.send(CHLOE, form)  # a second click brings what a slow machine has left
    assert "is witnessed, and counts" in (await table.get(CHLOE, table.sheet)).text
    assert "Votes that count" in (await table.get(BINH, table.at)).text


def said_in_the_ledgers(table: Table) -> None:
    """See that each finding's ledger names the sheet, who entered and witnessed it, and the photo."""
    (paper,) = facts(table.live.theatre, f"meeting:{table.own}", "paper_recorded")
    digests = [each["digest"] for each in paper["files"]]  # type: ignore[attr-defined]
    said = {"meeting": f"meeting:{table.own}", "sheet": 1, "recorder": AMINA, "witness": CHLOE}
    signed = facts(table.live.theatre, table.findings[0], "signed")
    assert {each["person"] for each in signed} <= {AMINA, BAO, BINH}
    assert all((each["method"], each["paper"]) == ("paper", {**said, "photos": digests}) for each in signed)
    context = table.live.theatre.app.state.context
    assert audit(table.live.theatre.database, context.evidence, context.clock(), whole=True).good
