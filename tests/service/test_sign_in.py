"""Signing in: a mail through a real SMTP server, codes and links used once, limits, and what is noted."""

import re
from dataclasses import replace

import pytest

from service.entrance_limits import ASKS_FROM_A_NETWORK, ASKS_OF_AN_ADDRESS, FAILURES_FROM_A_NETWORK
from service.visitors import device, network
from storage import claims, messages, people
from storage.database import reading, writing
from storage.messages import MessageState
from storage.sign_in_events import Happened
from tests.notifications.mail_servers import Moment
from tests.service.browsing import Reader
from tests.service.entrance import AMINAS, CODE, LINK, PHONE, House, body, inside, signed_in
from tests.service.stage import AMINA, ASHA, BAO, CHLOE, HOST, token_of


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


@pytest.mark.parametrize("address", [AMINAS, "nobody@mail.example"])
async def test_an_address_is_asked_for_so_often_and_no_more_within_an_hour(
    house: House, address: str
) -> None:
    for number in range(ASKS_OF_AN_ADDRESS):
        async with house.browser(host=f"192.0.2.{number}") as client:
            assert (await house.ask(client, address)).status_code == 303
    async with house.browser(host="198.51.100.1") as client:
        refused = await house.ask(client, address.upper())
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
        assert "try again in an hour" in refused.text
        assert (await house.ask(client, f"{BAO}@mail.example")).status_code == 303
        house.clock.turn(hours=1, seconds=1)
        assert (await house.ask(client, address)).status_code == 303


async def test_a_network_asks_so_often_and_no_more_within_an_hour(house: House) -> None:
    async with house.browser(host="2001:db8::1") as client:
        for number in range(ASKS_FROM_A_NETWORK):
            answer = await client.post("/sign-in", data={"address": f"{number}@mail.example"})
            assert answer.status_code == 303
    async with house.browser(host="2001:db8::2") as neighbour, house.browser(host="2001:db8:1::1") as far:
        assert (await neighbour.post("/sign-in", data={"address": AMINAS})).status_code == 429
        assert (await far.post("/sign-in", data={"address": AMINAS})).status_code == 303


async def test_a_network_fails_so_often_and_no_more_within_an_hour(house: House) -> None:
    async with house.browser() as client:
        code, link = await house.mailed(client)
        for _ in range(FAILURES_FROM_A_NETWORK):
            assert (await client.post("/sign-in/token", data={"token": "x"})).status_code == 401
        for path, data in (
            ("/sign-in/token", {"token": token_of(AMINA)}),
            ("/sign-in/code", {"code": code}),
            (link, {}),
        ):
            assert (await client.post(path, data=data)).status_code == 429
        assert not await signed_in(client)
        house.clock.turn(hours=1, seconds=1)
        assert (await client.post("/sign-in/token", data={"token": token_of(AMINA)})).status_code == 303


async def test_every_sign_in_is_a_new_session_and_ends_the_browsers_earlier_one(house: House) -> None:
    async with inside(house) as client, house.browser() as other:
        earlier = client.cookies["mendwork"]
        code, _ = await house.mailed(client)
        await client.post("/sign-in/code", data={"code": code})
        assert client.cookies["mendwork"] != earlier
        other.cookies.set("mendwork", earlier)
        assert not await signed_in(other)
        assert await signed_in(client)


@pytest.mark.parametrize("planted", ["chosen-by-a-stranger", token_of(AMINA), ""])
async def test_a_value_that_we_did_not_make_is_no_session_and_never_becomes_one(
    house: House, planted: str
) -> None:
    async with house.browser() as client, house.browser() as stranger:
        client.cookies.set("mendwork", planted, domain="testserver.local", path="/")
        assert not await signed_in(client)
        code, _ = await house.mailed(client)
        entered = await client.post("/sign-in/code", data={"code": code})
        assert f"mendwork={planted};" not in entered.headers["Set-Cookie"]
        stranger.cookies.set("mendwork", planted)
        assert not await signed_in(stranger)


async def test_a_session_ends_when_nobody_uses_it_for_a_week_and_after_a_month_in_any_case(
    house: House,
) -> None:
    async with inside(house) as client:
        for _ in range(5):
            house.clock.turn(days=5, hours=23)
            assert await signed_in(client)
        house.clock.turn(hours=7)
        assert not await signed_in(client)
    async with inside(house) as client:
        house.clock.turn(days=7)
        assert not await signed_in(client)


async def test_on_a_shared_device_a_session_is_short(house: House) -> None:
    async with house.browser() as client:
        code, _ = await house.mailed(client)
        entered = await client.post("/sign-in/code", data={"code": code, "shared": "true"})
        assert "Max-Age=14400" in entered.headers["Set-Cookie"]
        assert "A device that others use, too" in (await client.get("/me")).text
        house.clock.turn(minutes=29)
        assert await signed_in(client)
        house.clock.turn(minutes=30)
        assert not await signed_in(client)


async def test_a_mail_of_unknown_fate_is_never_sent_again(house: House) -> None:
    house.mail.hang_up = Moment.AFTER_THE_DOT
    async with house.browser() as client:
        await house.ask(client)
        house.mail.hang_up = None
        house.clock.turn(minutes=10)
        await house.deliver()
    assert len(house.mail.taken) == 1
    assert house.message().state is MessageState.UNKNOWN
    assert kept_bytes(house) == b""


async def test_a_mail_that_a_killed_worker_held_is_not_sent_by_another(house: House) -> None:
    async with house.browser() as client:
        await client.post("/sign-in", data={"address": AMINAS})
        with writing(house.theatre.database) as connection:
            (held,) = claims.claim(connection, house.clock(), "killed")
        house.clock.turn(minutes=3)
        await house.deliver()
    assert house.mail.taken == []
    assert (house.message().state, held.message.kind) == (MessageState.UNKNOWN, "sign_in")


async def test_a_mail_that_the_server_refuses_for_now_is_tried_again_until_its_code_runs_out(
    house: House,
) -> None:
    house.mail.at_mail = "451 later"
    async with house.browser() as client:
        await house.ask(client)
        assert kept_bytes(house) != b""
        house.mail.at_mail = ""
        house.clock.turn(minutes=2)
        await house.deliver()
        assert len(house.mail.taken) == 1
        house.mail.at_mail = "451 later"
        await house.ask(client)
        house.mail.at_mail = ""
        house.clock.turn(minutes=16)
        await house.deliver()
    assert len(house.mail.taken) == 1
    assert (house.message().state, house.message().reason) == (MessageState.SKIPPED, "code_expired")


async def test_nothing_that_lets_somebody_in_is_kept(house: House) -> None:
    async with inside(house) as client:
        kept = str(house.everything())
        code = CODE.findall(body(house.mail.mails()[-1]))[0]
        for secret in (client.cookies["mendwork"], code, code.replace(" ", "")):
            assert secret not in kept
        assert not LINK.findall(kept)
    assert kept_bytes(house) == b""


async def test_neither_address_nor_network_stands_in_audit_or_log(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    async with house.browser(host="192.0.2.99") as client:
        await house.ask(client, "planted@mail.example")
        code, link = await house.mailed(client)
        await client.get(link)
        await client.post(link)
    said = "".join(capsys.readouterr()) + str(house.everything())
    assert "/sign-in/link/{link}" in said
    for hidden in ("planted@", "192.0.2.99", link.rpartition("/")[2], code):
        assert hidden not in said


def kept_bytes(house: House) -> bytes | None:
    with reading(house.theatre.database) as connection:
        return messages.content(connection, house.message().id)


async def test_one_sees_ones_sessions_and_ends_another_one(house: House) -> None:
    desk = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
    async with inside(house) as phone, inside(house, agent=desk) as computer:
        page = (await phone.get("/me")).text
        assert "Firefox on Android</strong> (this one)" in page
        there = re.search(r"Chrome on Windows</strong>.*?(/me/sessions/[\w-]+/end)", page, re.DOTALL)
        assert there
        assert (await phone.post(there[1])).headers["Location"] == "/me"
        assert not await signed_in(computer)
        assert await signed_in(phone)
        assert "Chrome on Windows" not in (await phone.get("/me")).text
    assert Happened.REVOKED in house.events()


async def test_all_others_are_ended_at_once(house: House) -> None:
    async with inside(house) as first, inside(house) as second, inside(house) as third:
        assert (await third.post("/me/sessions/end-others")).headers["Location"] == "/me"
        assert [await signed_in(each) for each in (first, second, third)] == [False, False, True]


async def test_signing_out_ends_the_session_and_not_only_the_cookie(house: House) -> None:
    async with inside(house) as client, house.browser() as thief:
        thief.cookies.set("mendwork", client.cookies["mendwork"])
        assert (await client.post("/sign-out")).headers["Location"] == "/sign-in"
        assert not await signed_in(thief)
    assert house.events()[0] is Happened.SIGNED_OUT


async def test_nobody_ends_anothers_session(house: House) -> None:
    async with inside(house) as amina, house.browser() as bao:
        await bao.post("/sign-in/token", data={"token": token_of(BAO)})
        (path,) = re.findall(r"(/me/sessions/[\w-]+/end)", (await amina.get("/me")).text)
        assert (await bao.post(path)).status_code == 404
        assert (await bao.post("/me/sessions/end-others")).status_code == 303
        assert await signed_in(amina)
        assert "Amina" not in (await bao.get("/me")).text
        assert (await amina.post(path)).headers["Location"] == "/sign-in"
        assert (await amina.post(path)).headers["Location"].startswith("/sign-in")


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


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (PHONE, "Firefox on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8", "A browser on a device"),
        ("<script>", "A browser on a device"),
    ],
)
def test_a_device_is_told_in_plain_words(agent: str, told: str) -> None:
    assert device(agent) == told


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:5:1::9", "2001:db8:0:5::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_network_is_what_one_subscriber_has(host: str, counted: str) -> None:
    assert network(host) == counted


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
