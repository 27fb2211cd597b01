"""Photos and documents: handed in once, seen by who may, served so that nothing in them runs."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from PIL import Image

from remediation.words import Severity
from service.evidence.taking_in import MOST_FILE
from service.pages.evidence import MOST_FILES
from tests.evidence.files import DRAWING, PAGE, PLANTED, a_pdf, a_phone_photo, a_photo
from tests.service.browsing import Form, Reader, browser
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    BUYER,
    CHLOE,
    HOST,
    NEIGHBOUR,
    OPERATOR,
    OTHER_PROGRAMME,
    OUTSIDER,
    PADMA,
    Theatre,
    a_life,
    key,
)
from tests.service.test_bad_input import problem

AT = "/api/v1/findings/f1/evidence"
PAGE_AT = "/findings/f1/evidence"


@pytest.fixture(autouse=True)
def finding(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"), a_life("f2"))


async def handed_in(
    theatre: Theatre,
    person: str,
    content: bytes,
    *,
    at: str = AT,
    headers: dict[str, str] | None = None,
    name: str = "IMG_0001.jpg",
    **said: str,
) -> Response:
    async with theatre.act(person) as client:
        return await client.post(at, files={"file": (name, content)}, data=said, headers=headers or key())


async def got(theatre: Theatre, person: str, path: str, **headers: str) -> Response:
    async with theatre.act(person, **headers) as client:
        return await client.get(path)


def stored(theatre: Theatre) -> list[Path]:
    folder: Path = theatre.app.state.context.settings.home / "evidence"
    return [each for each in folder.rglob("*") if each.is_file()]


async def test_a_photo_is_kept_and_shown_without_what_the_phone_added(theatre: Theatre) -> None:
    sent = a_phone_photo()
    answer = await handed_in(theatre, BAO, sent, shows="The second exit is open")
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["kind"], told["by"]["name"], told["role"]) == ("photo", "Bao Tran", "manager")
    assert (told["width"], told["height"], told["named"]) == (480, 640, False)
    assert told["original_sha256"] == sha256(sent).hexdigest()
    file = await got(theatre, AMINA, f"{AT}/{told['id']}/file")
    assert sha256(file.content).hexdigest() == told["sha256"]
    assert PLANTED.encode() not in file.content
    assert not Image.open(BytesIO(file.content)).getexif()
    small = await got(theatre, AMINA, f"{AT}/{told['id']}/thumb")
    assert max(Image.open(BytesIO(small.content)).size) == 320
    listed = (await got(theatre, AMINA, AT)).json()["items"]
    assert listed == [told]


async def test_a_file_is_served_so_that_nothing_in_it_runs(theatre: Theatre) -> None:
    photo = (await handed_in(theatre, BAO, a_photo())).json()
    paper = (await handed_in(theatre, BAO, a_pdf(), name="photo.jpg")).json()
    assert paper["kind"] == "document"
    for each, how, media in ((photo, "inline", "image/jpeg"), (paper, "attachment", "application/pdf")):
        answer = await got(theatre, BAO, f"{AT}/{each['id']}/file")
        assert answer.headers["Content-Type"] == media
        assert answer.headers["Content-Disposition"].startswith(how)
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        again = await got(
            theatre, BAO, f"{AT}/{each['id']}/file", **{"If-None-Match": answer.headers["ETag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
    assert (await got(theatre, BAO, f"{AT}/{paper['id']}/file")).content == a_pdf()
    assert (await got(theatre, BAO, f"{AT}/{paper['id']}/thumb")).status_code == 404


async def test_the_same_key_keeps_one_photo(theatre: Theatre) -> None:
    once, photo = key(), a_photo()
    first = await handed_in(theatre, BAO, photo, headers=once, shows="The exit")
    again = await handed_in(theatre, BAO, photo, headers=once, shows="The exit")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    for otherwise in (
        {"content": a_photo(seed=2), "shows": "The exit"},
        {"content": photo, "shows": "A door"},
    ):
        told = problem(await handed_in(theatre, BAO, headers=once, **otherwise))  # type: ignore[arg-type]
        assert (told.status, told.code) == (409, "idempotency_key_reused")
    assert theatre.count("evidence") == 1
    other = await handed_in(theatre, AMINA, photo, headers=once)
    assert other.json()["id"] != first.json()["id"], "another person's key is another key"


@pytest.mark.parametrize(
    ("content", "name", "way_out"),
    [
        (PAGE, "photo.jpg", "HTML, SVG"),
        (DRAWING, "drawing.svg", "HTML, SVG"),
        (b"\xff\xd8\xff\xe0" + PAGE, "photo.jpg", "broken or cut off"),
        (b"PK\x03\x04", "list.xlsx", "Save it as PDF"),
        (a_photo()[:900], "photo.jpg", "broken or cut off"),
        (b"", "photo.jpg", "empty"),
    ],
)
async def test_what_is_not_taken_leaves_nothing(
    theatre: Theatre, content: bytes, name: str, way_out: str
) -> None:
    told = problem(await handed_in(theatre, BAO, content, name=name))
    assert (told.status, told.code) == (422, "invalid")
    assert told.errors is not None
    assert told.errors[0].field == "file"
    assert way_out in told.errors[0].message
    assert theatre.count("evidence") == 0
    assert stored(theatre) == []


async def test_a_file_that_is_too_large_is_refused_with_the_limit(theatre: Theatre) -> None:
    large = problem(await handed_in(theatre, BAO, b"\xff\xd8\xff" + bytes(MOST_FILE)))
    assert (large.status, large.code) == (413, "file_too_large")
    assert "at most 15 MB" in large.detail
    assert "smaller size" in (large.way_out or "")


async def test_more_than_the_address_takes_is_refused_before_it_is_read(theatre: Theatre) -> None:
    read = 0

    async def pieces() -> Any:  # noqa: ANN401 - an async generator
        nonlocal read
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        for _ in range(100):
            read += 1
            yield bytes(1_000_000)

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    async with theatre.act(BAO) as client:
        answer = await client.post(AT, content=pieces(), headers=key() | kind)
        assert problem(answer).status == 413
        assert read < 20
        named = {"Content-Length": "90000000"}
        assert problem(await client.post(AT, content=b"", headers=key() | kind | named)).status == 413


async def test_nobody_unknown_sends_a_file(theatre: Theatre) -> None:
    async with theatre.act(None) as client:
        answer = await client.post(AT, files={"file": ("a.jpg", a_photo())}, headers=key())
    assert problem(answer).status == 401


@pytest.mark.parametrize("person", [NEIGHBOUR, OUTSIDER, OPERATOR])
async def test_others_find_nothing(theatre: Theatre, person: str) -> None:
    piece = (await handed_in(theatre, BAO, a_photo())).json()["id"]
    assert problem(await handed_in(theatre, person, a_photo())).status == 404
    for path in (AT, f"{AT}/{piece}", f"{AT}/{piece}/file", f"{AT}/{piece}/thumb"):
        assert problem(await got(theatre, person, path)).status == 404
    async with browser(theatre, person) as client:
        for path in (PAGE_AT, f"{PAGE_AT}/{piece}", f"{PAGE_AT}/{piece}/thumb"):
            assert (await client.get(path)).status_code == 404
        assert (await client.post(f"{PAGE_AT}/{piece}/withdraw")).status_code == 404
        assert (await client.post(PAGE_AT, files={"files": ("a.jpg", a_photo())})).status_code in {404, 422}
    assert theatre.count("evidence") == 1


async def test_a_buyer_sees_no_photo(theatre: Theatre) -> None:
    piece = (await handed_in(theatre, BAO, a_photo(), shows="PLANTED words")).json()["id"]
    for path in (AT, f"{AT}/{piece}", f"{AT}/{piece}/file", f"{AT}/{piece}/thumb"):
        assert problem(await got(theatre, BUYER, path)).status == 403
    assert problem(await handed_in(theatre, BUYER, a_photo())).status == 403
    async with browser(theatre, BUYER) as client:
        shown = (await client.get("/findings/f1")).text
        assert (await client.get(f"{PAGE_AT}/{piece}")).status_code == 403
        assert (await client.get(PAGE_AT)).status_code == 403
    assert piece not in shown
    assert "PLANTED" not in shown


async def test_a_photo_is_found_under_its_own_finding_only(theatre: Theatre) -> None:
    piece = (await handed_in(theatre, BAO, a_photo())).json()["id"]
    assert problem(await got(theatre, BAO, f"/api/v1/findings/f2/evidence/{piece}/file")).status == 404
    answer = await handed_in(theatre, BAO, a_photo(), at="/api/v1/findings/f2/evidence", before=piece)
    assert problem(answer).errors is not None


async def test_management_does_not_learn_which_worker_took_a_photo(theatre: Theatre) -> None:
    piece = (await handed_in(theatre, ASHA, a_photo())).json()
    assert piece["by"]["name"] == "Asha Begum"
    for person, name in ((AMINA, "Asha Begum"), (CHLOE, "Asha Begum"), (BAO, None), (BINH, None)):
        by = (await got(theatre, person, f"{AT}/{piece['id']}")).json()["by"]
        assert (by and by["name"]) == name
    async with browser(theatre, BAO) as bao:
        shown = (await bao.get("/findings/f1")).text
    assert "A worker member" in shown
    assert "Asha" not in Reader(shown).text.partition("Photos and documents")[2].partition("What is due")[0]


async def test_what_staff_keep_among_themselves_does_not_exist_for_the_factory(theatre: Theatre) -> None:
    piece = (await handed_in(theatre, CHLOE, a_photo(), confidential="true")).json()["id"]
    assert problem(await got(theatre, BAO, f"{AT}/{piece}/file")).status == 404
    assert (await got(theatre, BAO, AT)).json()["items"] == []
    assert (await got(theatre, CHLOE, f"{AT}/{piece}/file")).status_code == 200
    told = problem(await handed_in(theatre, BAO, a_photo(), confidential="true"))
    assert told.errors is not None
    assert told.errors[0].field == "confidential"


async def test_what_is_gathered_before_the_factory_is_told_stays_with_staff(theatre: Theatre) -> None:
    theatre.keep(a_life("zt", severity=Severity.ZERO_TOLERANCE, factory_told=False))
    at = "/api/v1/findings/zt/evidence"
    assert problem(await handed_in(theatre, BAO, a_photo(), at=at)).status == 404
    piece = (await handed_in(theatre, CHLOE, a_photo(), at=at)).json()
    assert piece["confidential"]


async def test_what_nobody_has_named_can_be_taken_back_by_who_handed_it_in(theatre: Theatre) -> None:
    piece = (await handed_in(theatre, BAO, a_photo())).json()["id"]
    async with theatre.act(AMINA) as amina, theatre.act(BAO) as bao:
        assert problem(await amina.delete(f"{AT}/{piece}")).status == 403
        assert (await bao.delete(f"{AT}/{piece}")).status_code == 204
        assert problem(await bao.get(f"{AT}/{piece}/file")).status == 404
        assert problem(await bao.delete(f"{AT}/{piece}")).status == 404
    assert stored(theatre) == []
    assert theatre.count("evidence") == 1, "that it was there stays known"


async def test_a_file_that_was_changed_is_not_served(theatre: Theatre) -> None:
    piece = (await handed_in(theatre, BAO, a_photo())).json()["id"]
    whole = next(each for each in stored(theatre) if each.suffix != ".thumb")
    whole.write_bytes(a_photo(seed=9))
    told = problem(await got(theatre, BAO, f"{AT}/{piece}/file"))
    assert (told.status, told.code) == (410, "file_lost")
    whole.unlink()
    assert problem(await got(theatre, BAO, f"{AT}/{piece}/file")).status == 410


async def test_a_crash_between_file_and_record_leaves_nothing_half(theatre: Theatre) -> None:
    """The record cannot be written; the file is there, unseen; and the same key goes through afterwards."""
    once, photo = key(), a_photo()
    with theatre.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE evidence RENAME TO gone")
        connection.exec_driver_sql("CREATE VIEW evidence AS SELECT * FROM gone")  # read, but not written
    assert (await handed_in(theatre, BAO, photo, headers=once)).status_code in {500, 503}
    assert len(stored(theatre)) == 2
    with theatre.database.begin() as connection:
        connection.exec_driver_sql("DROP VIEW evidence")
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO evidence")
    assert (await got(theatre, BAO, AT)).json()["items"] == []
    first = await handed_in(theatre, BAO, photo, headers=once)
    again = await handed_in(theatre, BAO, photo, headers=once)
    assert first.json() == again.json()
    assert (await got(theatre, BAO, f"{AT}/{first.json()['id']}/file")).status_code == 200


# In the browser


async def the_form(client: AsyncClient) -> Form:
    """Open the page and give the form that hands in more."""
    answer = await client.get(PAGE_AT)
    assert answer.status_code == 200, answer.text
    return next(each for each in Reader(answer.text).forms if each.action == PAGE_AT)


async def sent(theatre: Theatre, person: str, *files: bytes, **typed: str) -> Response:
    async with browser(theatre, person) as client:
        form = await the_form(client)
        data = {name: values for name, values in form.data.items() if name not in {"new", "camera"}}
        parts = [("new", (f"{number}.jpg", content)) for number, content in enumerate(files)]
        return await client.post(
            PAGE_AT, data=data | {name: [value] for name, value in typed.items()}, files=parts
        )


async def test_two_photos_are_handed_in_from_a_phone_without_scripts(theatre: Theatre) -> None:
    answer = await sent(theatre, AMINA, a_photo(), a_photo(seed=2), shows="Both exits")
    assert answer.status_code == 303
    async with browser(theatre, AMINA) as client:
        shown = Reader((await client.get(HOST + answer.headers["Location"])).text)
        assert "2 photos and documents are kept" in shown.text
        assert shown.text.count("Both exits") == 2
        photos = [each for each in shown.links if each.startswith(f"{PAGE_AT}/")]
        assert len(photos) == 2
        for each in photos:
            assert (await client.get(f"{each}/thumb")).headers["Content-Type"] == "image/jpeg"


async def test_a_second_click_keeps_nothing_twice(theatre: Theatre) -> None:
    async with browser(theatre, BAO) as client:
        form = await the_form(client)
        for _ in range(2):
            data = {"key": form.data["key"]}
            answer = await client.post(PAGE_AT, data=data, files={"new": ("a.jpg", a_photo())})
            assert answer.status_code == 303
    assert theatre.count("evidence") == 1


async def test_what_can_be_kept_is_kept_and_the_rest_is_named(theatre: Theatre) -> None:
    answer = await sent(theatre, BAO, a_photo(), PAGE, shows="The exits")
    assert answer.status_code == 422
    shown = Reader(answer.text).text
    assert "File 2: Pages and drawings" in shown
    assert "Do not send it again" in shown
    assert "The exits" in shown
    assert theatre.count("evidence") == 1


async def test_nothing_chosen_and_too_many_chosen(theatre: Theatre) -> None:
    assert "Choose a photo" in (await sent(theatre, BAO, shows="Nothing")).text
    many = await sent(theatre, BAO, *(a_photo(seed) for seed in range(1, MOST_FILES + 2)))
    assert f"at most {MOST_FILES}" in many.text
    assert theatre.count("evidence") == MOST_FILES


async def test_a_photo_after_hangs_beside_the_one_before(theatre: Theatre) -> None:
    before = (await handed_in(theatre, BAO, a_photo(), shows="Locked")).json()["id"]
    assert (await sent(theatre, BAO, a_photo(seed=3), before=before, shows="Open")).status_code == 303
    async with browser(theatre, AMINA) as client:
        shown = (await client.get("/findings/f1")).text
    pair = shown.partition('class="photos pair"')[2]
    assert pair.index("Before") < pair.index("Locked") < pair.index("After") < pair.index("Open")


async def test_a_script_in_what_is_said_stays_text(theatre: Theatre) -> None:
    await handed_in(theatre, BAO, a_photo(), shows='"><script>alert(1)</script>')
    async with browser(theatre, AMINA) as client:
        assert "<script>alert" not in (await client.get("/findings/f1")).text


async def test_who_handed_it_in_takes_it_back_in_the_browser(theatre: Theatre) -> None:
    await sent(theatre, BAO, a_photo())
    async with browser(theatre, BAO) as bao, browser(theatre, AMINA) as amina:
        assert "Take it back" not in (await amina.get(PAGE_AT)).text
        action = next(
            each.action for each in Reader((await bao.get(PAGE_AT)).text).forms if "withdraw" in each.action
        )
        assert (await amina.post(action)).status_code == 403
        assert (await bao.post(action)).status_code == 303
        assert "Nobody has handed in" in (await bao.get(PAGE_AT)).text


async def test_staff_see_that_a_photo_was_used_before(theatre: Theatre) -> None:
    await handed_in(theatre, BAO, a_photo(seed=7, size=(1200, 900)), at="/api/v1/findings/f2/evidence")
    await handed_in(theatre, BAO, a_photo(seed=7, size=(1200, 900)))
    await handed_in(theatre, BAO, a_photo(seed=7, kind="WEBP", size=(800, 600)))
    await handed_in(theatre, BAO, a_photo(seed=2))
    async with browser(theatre, CHLOE) as chloe, browser(theatre, BAO) as bao:
        shown, told = (await chloe.get("/findings/f1")).text, (await bao.get("/findings/f1")).text
    assert shown.count("The same file was handed in on") == 1
    assert shown.count("Nearly the same photo was handed in on") == 2, "of the other finding's, and of this"
    assert "/findings/f2#e-" in shown
    assert "handed in on" not in told


async def test_a_photo_of_a_factory_that_staff_do_not_see_is_not_told_of(theatre: Theatre) -> None:
    theatre.keep(a_life("f9", programme=OTHER_PROGRAMME, factory=PADMA))
    await handed_in(theatre, NEIGHBOUR, a_photo(seed=7), at="/api/v1/findings/f9/evidence")
    await handed_in(theatre, BAO, a_photo(seed=7))
    async with browser(theatre, CHLOE) as chloe:
        assert "handed in on" not in (await chloe.get("/findings/f1")).text
