"""Signing in: a mail through a real SMTP server, codes and links used once, and pages that stand alone."""

import re
from dataclasses import replace

import pytest

from storage import people
from storage.database import writing
from storage.sign_in_events import Happened
from tests.service.browsing import Reader
from tests.service.entrance import AMINAS, CODE, House, body, inside, signed_in
from tests.service.stage import ASHA, CHLOE, HOST, token_of


async def test_a_mailed_code_opens_the_page_that_was_asked_for(house: House) -> None:
    async with house.browser() as client:
        asked = await house.ask(client, f" {AMINAS.upper()} ", "/findings/f1")
        assert (asked.status_code, asked.headers["Location"]) == (303, "/sign-in/code")
        (mail,) = house.mail.mails()
        assert "Type the code" in (await client.get("/sign-in/code")).text
        (code,) = CODE.findall(body(mail))
        entered = await client.post("/sign-in/code", data={"code": code})
        assert (entered.status_code, entered.headers["Location"]) == (303, "/findings/f1")
        assert "Amina Rahman" in (await client.get("/findings/f1")).text
    assert house.events() == [Happened.SIGNED_IN]
    assert mail["To"] == AMINAS
    assert mail["Subject"] == "Your code to sign in"
    assert code not in str(mail["Subject"])
    assert mail["Auto-Submitted"] == "auto-generated"


async def test_the_code_may_be_typed_in_the_digits_and_gaps_of_its_reader(house: House) -> None:
    async with house.browser() as client:
        code, _ = await house.mailed(client)
        bangla = code.translate({ord("0") + digit: chr(0x9E6 + digit) for digit in range(10)})
        assert (await client.post("/sign-in/code", data={"code": bangla})).status_code == 303


async def test_a_mailed_link_works_in_another_browser_by_its_button_only(house: House) -> None:
    async with house.browser() as desk, house.browser() as phone:
        _, link = await house.mailed(desk, to="/findings/f1")
        shown = await phone.get(link)
        assert "Sign in as Amina Rahman?" in shown.text
        assert not await signed_in(phone)
        entered = await phone.post(link)
        assert (entered.status_code, entered.headers["Location"]) == (303, "/findings/f1")
        assert await signed_in(phone)
        assert not await signed_in(desk)


async def test_a_mail_scanner_that_opens_every_link_changes_nothing_and_burns_nothing(house: House) -> None:
    async with house.browser() as scanner, house.browser() as client:
        code, _ = await house.mailed(client)
        mail = house.mail.mails()[-1]
        html = mail.get_body(("html",))
        assert html is not None
        addresses = set(re.findall(rf"{HOST}[^\s\"<>]*", body(mail) + html.get_content()))
        before = house.everything()
        for address in addresses:
            for method in ("GET", "HEAD", "GET"):
                answer = await scanner.request(method, address)
                assert answer.status_code == 200
                assert "Set-Cookie" not in answer.headers
        assert len(addresses) == 1
        assert house.everything() == before
        assert (await client.post("/sign-in/code", data={"code": code})).status_code == 303


async def test_the_answer_tells_nobody_who_has_an_account(house: House) -> None:
    answers = []
    async with house.browser() as client:
        for address in (AMINAS, "nobody@mail.example"):
            answer = await house.ask(client, address)
            page = await client.get("/sign-in/code")
            wrong = await client.post("/sign-in/code", data={"code": "00000000"})
            kept = re.sub(r"=[^;]+", "", answer.headers["Set-Cookie"])
            answers.append((answer.status_code, answer.text, kept, page.text, wrong.status_code, wrong.text))
    assert answers[0] == answers[1]
    assert [mail["To"] for mail in house.mail.mails()] == [AMINAS]
    assert house.theatre.count("sign_in_codes") == 2


async def test_people_who_share_an_address_each_get_a_mail_of_their_own(house: House) -> None:
    with writing(house.theatre.database) as connection:
        asha = people.person(connection, ASHA)
        assert asha
        people.save_person(connection, replace(asha, email=AMINAS, language="fr"))
    async with house.browser() as client:
        await house.ask(client)
        mails = {str(mail["Subject"]): body(mail) for mail in house.mail.mails()}
        (code,) = CODE.findall(mails["Votre code de connexion"])
        await client.post("/sign-in/code", data={"code": code})
        assert "<h1>Asha Begum</h1>" in (await client.get("/me")).text
    assert "Hello Amina Rahman" in mails["Your code to sign in"]


async def test_a_code_is_used_once_and_so_is_its_link(house: House) -> None:
    async with house.browser() as client, house.browser() as other:
        code, link = await house.mailed(client)
        (ask,) = [each for each in client.cookies.jar if each.name == "mendwork-ask"]
        assert (await client.post("/sign-in/code", data={"code": code})).status_code == 303
        other.cookies.set("mendwork-ask", ask.value or "")
        assert (await other.post("/sign-in/code", data={"code": code})).status_code == 401
        assert (await other.get(link)).status_code == 410
        again = await other.post(link)
        assert again.status_code == 410
        assert "used already" in again.text
        assert not await signed_in(other)


async def test_a_code_is_worth_nothing_in_a_browser_that_did_not_ask(house: House) -> None:
    async with house.browser() as client, house.browser() as thief:
        code, _ = await house.mailed(client)
        await house.ask(thief, "nobody@mail.example")
        assert (await thief.post("/sign-in/code", data={"code": code})).status_code == 401
        assert (await client.post("/sign-in/code", data={"code": code})).status_code == 303


async def test_code_and_link_run_out_after_a_quarter_of_an_hour(house: House) -> None:
    async with house.browser() as client:
        code, link = await house.mailed(client)
        house.clock.turn(minutes=15)
        assert (await client.post("/sign-in/code", data={"code": code})).status_code == 401
        assert (await client.get(link)).status_code == 410
        assert (await client.post(link)).status_code == 410
        assert not await signed_in(client)


async def test_after_five_wrong_tries_the_right_code_does_not_help(house: House) -> None:
    async with house.browser() as client:
        code, _ = await house.mailed(client)
        wrong = f"{(int(code.replace(' ', '')) + 1) % 10**8:08}"
        for _ in range(5):
            answer = await client.post("/sign-in/code", data={"code": wrong})
            assert answer.status_code == 401
            assert "not the code" in answer.text
        assert (await client.post("/sign-in/code", data={"code": code})).status_code == 401
        again, _ = await house.mailed(client)
        assert (await client.post("/sign-in/code", data={"code": again})).status_code == 303


async def test_nobody_is_asked_for_a_code_that_was_not_mailed(house: House) -> None:
    async with house.browser() as client:
        assert (await client.get("/sign-in/code")).headers["Location"] == "/sign-in"
        assert (await client.post("/sign-in/code", data={"code": "1"})).status_code == 401
        nothing = await client.post("/sign-in", data={"address": "  "})
        assert nothing.status_code == 422
        assert "e-mail address" in nothing.text


async def test_another_sites_page_neither_asks_nor_enters_nor_ends(house: House) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    async with inside(house) as client:
        _, link = await house.mailed(client)
        before = house.everything()
        for path in (
            "/sign-in",
            "/sign-in/code",
            "/sign-in/token",
            link,
            "/me/sessions/end-others",
            "/sign-out",
        ):
            assert (await client.post(path, headers=foreign)).status_code == 403
        assert house.everything() == before


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/sign-in/link/x", "/me"])
async def test_no_page_of_it_runs_others_scripts_or_is_kept_on_the_way(house: House, path: str) -> None:
    async with inside(house) as client:
        await house.ask(client)
        answer = await client.get(path)
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]


async def test_every_page_of_it_is_whole_labelled_and_light(house: House) -> None:
    async with inside(house) as client, house.browser() as waiting:
        _, link = await house.mailed(waiting)
        pages = [await waiting.get(path) for path in ("/sign-in", "/sign-in/code", link)]
        pages += [await client.get("/me"), await waiting.post("/sign-in/code", data={"code": "1"})]
        pages += [await waiting.post("/sign-in", data={}), await waiting.post("/sign-in/token", data={})]
        pages += [await client.post("/me/pin", data={"pin": "1"})]
        await client.post("/sign-in/token", data={"token": token_of(CHLOE)})
        pages += [await client.get("/invitations"), await client.get("/me")]
    for page in pages:
        Reader(page.text)
        assert len(page.content) < 15_000
