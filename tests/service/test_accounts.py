"""Signing in by an account of one's organisation, at a real provider over real HTTP, honest and lying."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from httpx2 import AsyncClient, Response
from joserfc.jwk import RSAKey
from pydantic import ValidationError
from sqlalchemy import delete

from remediation.words import PersonId
from service.entrance_limits import FAILURES_FROM_A_NETWORK
from service.providers import packed, unpacked
from service.settings import ProviderSettings, Settings
from storage import people
from storage.database import writing
from storage.entrance import sessions
from storage.sign_in_events import Happened
from tests.notifications.mail_servers import MailHouse
from tests.service.browsing import Reader
from tests.service.entrance import Clock, House, signed_in
from tests.service.provider import Front, a_front, a_process
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BUYER,
    CHLOE,
    GRANTS,
    HOST,
    NAMES,
    OPERATOR,
    TOMAS,
    a_life,
    a_theatre,
)

CHLOES, TOMASS = f"{CHLOE}@mail.example", f"{TOMAS}@mail.example"
AWAY = "/sign-in/with/acme"


@dataclass
class Doorway:
    """The door of a service that knows two providers, each behind a front of its own."""

    house: House
    front: Front
    other: Front

    def account(self, subject: str = "sub-chloe", address: str = CHLOES, **claims: Any) -> str:  # noqa: ANN401
        """Keep an account at the provider, with an address that it vouches for."""
        self.front.account(subject, email=address, **{"email_verified": True, **claims})
        return subject

    async def leave(self, client: AsyncClient, to: str = "/findings/f1", **query: str) -> str:
        """Follow the link on the sign-in page, and give the provider's address."""
        away = await client.get(f"{AWAY}?{urlencode({'to': to, **query})}")
        assert away.status_code == 303, away.text
        return away.headers["Location"]

    async def enter(self, client: AsyncClient, subject: str = "sub-chloe", **query: str) -> Response:
        """Sign in at the provider, and come back."""
        return await client.get(self.front.consent(await self.leave(client, **query), subject))

    async def refused(self, client: AsyncClient, subject: str = "sub-chloe") -> str:
        """Try to come in, see that nobody does, and give what the page says about it."""
        before = self.house.theatre.count("sessions")
        answer = await self.enter(client, subject)
        assert answer.status_code in {401, 503}, answer.text
        assert not await signed_in(client)
        assert self.house.theatre.count("sessions") == before
        return alert(answer)


def alert(answer: Response) -> str:
    Reader(answer.text)
    (said,) = re.findall(r'role="alert"[^>]*>([^<]*)<', answer.text)
    return str(said)


@pytest.fixture(scope="module")
def fronts() -> Iterator[tuple[Front, Front]]:
    with a_process() as behind, a_front(behind) as front, a_front(behind) as other:
        yield front, other


@pytest.fixture
def doorway(template: Path, tmp_path: Path, fronts: tuple[Front, Front]) -> Iterator[Doorway]:
    front, other = fronts
    front.honest()
    other.honest()
    secret = tmp_path / "secret"
    secret.write_text("s3cret-of-this-service\n")
    providers = (
        ProviderSettings(
            id="acme",
            name="Acme Trust",
            issuer=front.address,
            client_id="mendwork",
            client_secret_file=secret,
        ),
        ProviderSettings(
            id="beta",
            name="Beta",
            issuer=other.address,
            client_id="mendwork",
            client_secret_file=secret,
            domains=("beta.example",),
        ),
    )
    clock = Clock(datetime.now(UTC))
    theatre = a_theatre(tmp_path, template=template, clock=clock, public_url=HOST, providers=providers)
    theatre.keep(a_life("f1"))
    with writing(theatre.database) as connection:
        connection.execute(delete(sessions))
    yield Doorway(House(theatre, clock, MailHouse()), front, other)
    theatre.close()


@asynccontextmanager
async def a_browser(doorway: Doorway) -> AsyncIterator[AsyncClient]:
    async with doorway.house.browser() as client:
        yield client


async def test_staff_come_in_by_their_organisations_account(doorway: Doorway) -> None:
    doorway.account()
    async with a_browser(doorway) as client:
        page = await client.get("/sign-in?to=/findings/f1")
        assert 'href="/sign-in/with/acme?to=/findings/f1">Sign in with Acme Trust</a>' in page.text
        entered = await doorway.enter(client)
        assert (entered.status_code, entered.headers["Location"]) == (303, "/findings/f1")
        own = (await client.get("/me")).text
        assert NAMES[CHLOE] in own
        assert "by your organisation" in own
        assert "mendwork-begun" not in client.cookies
    assert doorway.house.events(CHLOE) == [Happened.SIGNED_IN, Happened.ACCOUNT_LINKED]


async def test_the_way_there_carries_pkce_state_and_nonce_and_changes_nothing(doorway: Doorway) -> None:
    async with a_browser(doorway) as client:
        before = doorway.house.everything()
        first, second = await doorway.leave(client), await doorway.leave(client)
        assert doorway.house.everything() == before
    asked, again = (parse_qs(urlsplit(each).query) for each in (first, second))
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{HOST}/sign-in/with/acme/back"]
    assert set(asked["scope"][0].split()) == {"openid", "email"}
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name][0]) >= 43
        assert asked[name] != again[name]
    assert "findings" not in first


async def test_the_secret_and_the_verifier_go_to_the_provider_only(doorway: Doorway) -> None:
    doorway.account()
    async with a_browser(doorway) as client:
        address = await doorway.leave(client)
        await client.get(doorway.front.consent(address, "sub-chloe"))
    exchange = doorway.front.exchanges[-1]
    assert doorway.front.proves(exchange)
    assert exchange["code_verifier"] not in address
    assert "s3cret-of-this-service" not in address
    assert exchange["code_verifier"] not in str(doorway.house.everything())


async def test_once_linked_the_account_counts_and_no_longer_its_address(doorway: Doorway) -> None:
    doorway.account()
    async with a_browser(doorway) as client:
        await doorway.enter(client)
    doorway.account(address=TOMASS, email_verified=False)
    async with a_browser(doorway) as client:
        assert (await doorway.enter(client)).status_code == 303
        assert NAMES[CHLOE] in (await client.get("/me")).text
    assert doorway.house.events(TOMAS) == []


async def test_an_address_given_to_somebody_else_at_the_provider_does_not_open_the_first_ones_place(
    doorway: Doorway,
) -> None:
    doorway.account()
    doorway.account("sub-successor")
    async with a_browser(doorway) as client:
        await doorway.enter(client)
    async with a_browser(doorway) as client:
        assert "Another account of Acme Trust is linked to you" in await doorway.refused(
            client, "sub-successor"
        )


async def test_a_link_is_undone_by_its_owner_and_by_a_corrected_address(doorway: Doorway) -> None:
    doorway.account()
    async with a_browser(doorway) as client:
        await doorway.enter(client)
        form = next(
            each for each in Reader((await client.get("/me")).text).forms if "accounts" in each.action
        )
        assert form.data == {"issuer": [doorway.front.address]}
        assert (await client.post(form.action, data=form.data)).headers["Location"] == "/me"
        assert (await client.post(form.action, data=form.data)).status_code == 404
        assert "Accounts of your organisation" not in (await client.get("/me")).text
        assert doorway.house.events(CHLOE)[0] is Happened.ACCOUNT_UNLINKED
        await doorway.enter(client)
    async with doorway.house.theatre.act(OPERATOR) as operator:
        body = {"name": NAMES[CHLOE], "email": "chloe@other.example", "language": "en"}
        assert (await operator.put(f"/api/v1/people/{CHLOE}", json=body)).status_code == 200
    async with a_browser(doorway) as client:
        assert "Nobody here has the address" in await doorway.refused(client)


async def test_nobody_unlinks_anothers_account(doorway: Doorway) -> None:
    doorway.account()
    doorway.account("sub-tomas", TOMASS)
    async with a_browser(doorway) as chloe, a_browser(doorway) as tomas:
        await doorway.enter(chloe)
        await doorway.enter(tomas, "sub-tomas")
        await tomas.post("/me/accounts/unlink", data={"issuer": doorway.front.address})
        assert "Accounts of your organisation" in (await chloe.get("/me")).text


@pytest.mark.parametrize("unvouched", [False, None, "true", 1])
async def test_an_address_that_the_provider_does_not_vouch_for_opens_nothing(
    doorway: Doorway, unvouched: object
) -> None:
    doorway.account(email_verified=unvouched)
    async with a_browser(doorway) as client:
        assert "does not vouch for your e-mail address" in await doorway.refused(client)


async def test_an_unknown_person_is_told_what_to_do_and_not_added(doorway: Doorway) -> None:
    doorway.account("sub-stranger", "stranger@mail.example")
    before = doorway.house.theatre.count("people")
    async with a_browser(doorway) as client:
        assert "Nobody here has the address that Acme Trust vouches for" in await doorway.refused(
            client, "sub-stranger"
        )
    assert doorway.house.theatre.count("people") == before
    assert doorway.house.theatre.count("accounts") == 0


async def test_an_address_that_two_people_share_tells_nobody_from_the_other(doorway: Doorway) -> None:
    with writing(doorway.house.theatre.database) as connection:
        asha = people.person(connection, ASHA)
        assert asha
        people.save_person(connection, replace(asha, email=CHLOES))
    doorway.account()
    async with a_browser(doorway) as client:
        assert "several people share it" in await doorway.refused(client)


@pytest.mark.parametrize("person", [AMINA, BAO, BUYER])
async def test_who_is_no_staff_needs_no_such_account_and_comes_in_by_none(
    doorway: Doorway, person: PersonId
) -> None:
    doorway.account(f"sub-{person}", f"{person}@mail.example")
    async with a_browser(doorway) as client:
        assert "are for the programme's staff. Sign in by a mailed code." in await doorway.refused(
            client, f"sub-{person}"
        )
    assert doorway.house.theatre.count("accounts") == 0


@pytest.mark.parametrize("person", [CHLOE, TOMAS, OPERATOR])
async def test_advisor_team_leader_and_operator_are_staff(doorway: Doorway, person: PersonId) -> None:
    doorway.account(f"sub-{person}", f"{person.upper()}@mail.example")
    async with a_browser(doorway) as client:
        assert (await doorway.enter(client, f"sub-{person}")).status_code == 303


async def test_who_holds_no_role_any_more_comes_in_no_more(doorway: Doorway) -> None:
    doorway.account()
    async with a_browser(doorway) as client:
        await doorway.enter(client)
    with writing(doorway.house.theatre.database) as connection:
        people.take(connection, CHLOE, GRANTS[CHLOE])
    async with a_browser(doorway) as client:
        assert "for the programme's staff" in await doorway.refused(client)


async def test_a_provider_speaks_for_its_own_domains_only(doorway: Doorway) -> None:
    doorway.account("sub-b")
    async with a_browser(doorway) as client:
        away = await client.get("/sign-in/with/beta")
        answer = await client.get(doorway.other.consent(away.headers["Location"], "sub-b"))
        assert "Beta does not vouch" in alert(answer)
        doorway.account("sub-b", f"{CHLOE}@beta.example")
        with writing(doorway.house.theatre.database) as connection:
            chloe = people.person(connection, CHLOE)
            assert chloe
            people.save_person(connection, replace(chloe, email=f"{CHLOE}@BETA.example"))
        away = await client.get("/sign-in/with/beta")
        answer = await client.get(doorway.other.consent(away.headers["Location"], "sub-b"))
        assert answer.status_code == 303


async def test_the_same_return_does_not_work_twice(doorway: Doorway) -> None:
    doorway.account()
    async with a_browser(doorway) as client, a_browser(doorway) as thief:
        back = doorway.front.consent(await doorway.leave(client), "sub-chloe")
        kept = client.cookies["mendwork-begun"]
        assert (await client.get(back)).status_code == 303
        assert "was used already" in alert(await client.get(back))
        thief.cookies.set("mendwork-begun", kept)
        assert "could not be checked" in alert(await thief.get(back))
        assert not await signed_in(thief)


async def test_what_a_browser_began_comes_back_once_even_with_a_new_code(doorway: Doorway) -> None:
    doorway.account()
    async with a_browser(doorway) as client, a_browser(doorway) as thief:
        address = await doorway.leave(client)
        kept = client.cookies["mendwork-begun"]
        assert (await client.get(doorway.front.consent(address, "sub-chloe"))).status_code == 303
        thief.cookies.set("mendwork-begun", kept)
        assert "was used already" in alert(await thief.get(doorway.front.consent(address, "sub-chloe")))
        assert not await signed_in(thief)


async def test_a_return_opens_nothing_in_a_browser_that_did_not_begin_it(doorway: Doorway) -> None:
    doorway.account()
    async with a_browser(doorway) as client, a_browser(doorway) as other:
        back = doorway.front.consent(await doorway.leave(client), "sub-chloe")
        assert "begun in another browser" in alert(await other.get(back))
        await doorway.leave(other)
        assert "begun in another browser" in alert(await other.get(back))
        assert not await signed_in(other)


@pytest.mark.parametrize("state", ["", "x", "é", "0" * 64])
async def test_a_return_with_another_state_is_refused_before_anything_is_asked(
    doorway: Doorway, state: str
) -> None:
    doorway.account()
    async with a_browser(doorway) as client:
        back = doorway.front.consent(await doorway.leave(client), "sub-chloe")
        asked = len(doorway.front.exchanges)
        code = parse_qs(urlsplit(back).query)["code"][0]
        answer = await client.get(f"{AWAY}/back?{urlencode({'code': code, 'state': state})}")
        assert "begun in another browser" in alert(answer)
        assert len(doorway.front.exchanges) == asked


async def test_a_state_of_one_provider_is_none_of_another(doorway: Doorway) -> None:
    doorway.account()
    async with a_browser(doorway) as client:
        back = doorway.front.consent(await doorway.leave(client), "sub-chloe")
        assert (await client.get(back.replace("/acme/", "/beta/"))).status_code == 401


async def test_a_code_that_belongs_to_another_sign_in_is_not_believed(doorway: Doorway) -> None:
    """An attacker plants their own code in somebody's browser, or the reverse: the nonce tells."""
    doorway.account()
    doorway.account("sub-tomas", TOMASS)
    async with a_browser(doorway) as client, a_browser(doorway) as other:
        theirs = doorway.front.consent(await doorway.leave(other), "sub-tomas")
        mine = doorway.front.consent(await doorway.leave(client), "sub-chloe")
        code, own = (parse_qs(urlsplit(each).query)["code"][0] for each in (theirs, mine))
        doorway.front.challenges[code] = doorway.front.challenges[own]  # even a provider that checks no PKCE
        assert "could not be checked" in alert(await client.get(mine.replace(own, code)))
        assert not await signed_in(client)


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "another audience": {"aud": "other-client"},
    "several audiences, made for another": {"aud": ["mendwork", "other-client"], "azp": "other-client"},
    "out of date": {"exp": 1_700_000_000},
    "not yet": {"nbf": 4_000_000_000},
    "without end": {"exp": None},
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is no text": {"sub": 7},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_token_that_says_something_wrong_is_not_believed(doorway: Doorway, lie: str) -> None:
    doorway.account()
    doorway.front.said = lambda said: {
        name: value for name, value in (said | LIES[lie]).items() if value is not None
    }
    async with a_browser(doorway) as client:
        assert "could not be checked" in await doorway.refused(client)
    doorway.front.said = dict
    async with a_browser(doorway) as client:
        assert (await doorway.enter(client)).status_code == 303


@pytest.mark.parametrize("algorithm", ["RS256", "HS256", "none"])
async def test_a_token_signed_by_another_key_or_by_none_is_not_believed(
    doorway: Doorway, algorithm: str
) -> None:
    doorway.account()
    doorway.front.said = dict
    doorway.front.found = lambda found: (
        found | {"id_token_signing_alg_values_supported": ["RS256", "HS256", "none"]}
    )
    published = doorway.front.key
    doorway.front.algorithm = algorithm
    doorway.front.key = RSAKey.generate_key(2048, {"kid": published.kid or ""})
    async with a_browser(doorway) as client:
        assert "could not be checked" in await doorway.refused(client)


async def test_a_provider_changes_its_keys_and_people_still_come_in(doorway: Doorway) -> None:
    doorway.account()
    doorway.front.said = dict
    async with a_browser(doorway) as client:
        assert (await doorway.enter(client)).status_code == 303
    doorway.front.key = RSAKey.generate_key(2048, {"kid": "newer"})
    doorway.front.published.append(doorway.front.key)
    async with a_browser(doorway) as client:
        assert (await doorway.enter(client)).status_code == 303


async def test_an_address_that_stands_in_the_user_info_only_counts_if_it_is_the_same_account(
    doorway: Doorway,
) -> None:
    doorway.account()
    doorway.front.said = lambda said: {
        name: value for name, value in said.items() if not name.startswith("email")
    }
    doorway.front.told = lambda told: told | {"sub": "sub-other"}
    async with a_browser(doorway) as client:
        assert "could not be checked" in await doorway.refused(client)
    doorway.front.told = lambda told: told
    async with a_browser(doorway) as client:
        assert (await doorway.enter(client)).status_code == 303


@pytest.mark.parametrize("where", ["down", "broken"])
async def test_a_provider_that_is_down_leaves_the_other_ways_in(doorway: Doorway, where: str) -> None:
    doorway.account()
    setattr(doorway.front, where, True)
    async with a_browser(doorway) as client:
        answer = await client.get(f"{AWAY}?to=/findings/f1")
        assert answer.status_code == 503
        assert "Acme Trust does not answer just now" in alert(answer)
        assert 'name="to" value="/findings/f1"' in answer.text
        setattr(doorway.front, where, False)
        back = doorway.front.consent(await doorway.leave(client), "sub-chloe")
        setattr(doorway.front, where, True)
        answer = await client.get(back)
        assert answer.status_code == 503
        assert "Acme Trust does not answer just now" in alert(answer)
        setattr(doorway.front, where, False)
        assert (await doorway.enter(client)).status_code == 303


async def test_a_document_of_another_issuer_is_no_discovery(doorway: Doorway) -> None:
    doorway.front.found = lambda found: found | {"issuer": "https://elsewhere.example"}
    async with a_browser(doorway) as client:
        assert (await client.get(AWAY)).status_code == 503
        doorway.front.found = lambda found: found
        assert (await client.get(AWAY)).status_code == 303


async def test_who_says_no_at_the_provider_is_brought_back_to_the_other_ways(doorway: Doorway) -> None:
    async with a_browser(doorway) as client:
        address = await doorway.leave(client)
        state = parse_qs(urlsplit(address).query)["state"][0]
        answer = await client.get(f"{AWAY}/back?error=access_denied&state={state}")
        assert "did not confirm who you are" in alert(answer)
        assert 'value="/findings/f1"' in answer.text


@pytest.mark.parametrize(
    "to",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/%0d%0aX: 1\n"],
)
async def test_nobody_is_led_elsewhere(doorway: Doorway, to: str) -> None:
    doorway.account()
    async with a_browser(doorway) as client:
        assert (await doorway.enter(client, to=to)).headers["Location"] == "/"


async def test_a_forged_cookie_leads_nowhere_else_either(doorway: Doorway) -> None:
    doorway.account()
    async with a_browser(doorway) as client:
        back = doorway.front.consent(await doorway.leave(client), "sub-chloe")
        begun = unpacked(client.cookies["mendwork-begun"])
        assert begun
        client.cookies.delete("mendwork-begun")
        client.cookies.set("mendwork-begun", packed(replace(begun, leads_to="//evil.example")))
        assert (await client.get(back)).headers["Location"] == "/"


@pytest.mark.parametrize("kept", ["", "x", "e30=", "bm90aGluZw==", "W10=", "eyJ2YWx1ZSI6IDF9"])
async def test_a_cookie_that_is_none_of_ours_is_no_beginning(doorway: Doorway, kept: str) -> None:
    async with a_browser(doorway) as client:
        client.cookies.set("mendwork-begun", kept)
        assert (await client.get(f"{AWAY}/back?code=x&state=x")).status_code == 401


async def test_on_a_shared_device_such_a_session_is_short_too(doorway: Doorway) -> None:
    doorway.account()
    async with a_browser(doorway) as client:
        entered = await doorway.enter(client, shared="true")
        assert "Max-Age=14400" in entered.headers["Set-Cookie"]


async def test_every_such_sign_in_ends_the_browsers_earlier_session(doorway: Doorway) -> None:
    doorway.account()
    async with a_browser(doorway) as client, a_browser(doorway) as other:
        await doorway.enter(client)
        earlier = client.cookies["mendwork"]
        await doorway.enter(client)
        other.cookies.set("mendwork", earlier)
        assert not await signed_in(other)
        assert await signed_in(client)


async def test_failures_are_noted_and_limited_as_for_codes(doorway: Doorway) -> None:
    doorway.account("sub-stranger", "stranger@mail.example")
    async with a_browser(doorway) as client:
        await doorway.refused(client, "sub-stranger")
        for _ in range(FAILURES_FROM_A_NETWORK - 1):
            await client.post("/sign-in/token", data={"token": "x"})
        back = doorway.front.consent(await doorway.leave(client), "sub-stranger")
        asked = len(doorway.front.exchanges)
        assert (await client.get(back)).status_code == 429
        assert len(doorway.front.exchanges) == asked
    with doorway.house.theatre.database.connect() as connection:
        kinds = connection.exec_driver_sql("SELECT kind, means FROM sign_in_events").all()
    assert (Happened.FAILED, "account") in [tuple(each) for each in kinds]


async def test_no_such_provider_is_no_page_and_none_at_all_shows_no_button(
    doorway: Doorway, house: House
) -> None:
    async with a_browser(doorway) as client, house.browser() as plain:
        assert (await client.get("/sign-in/with/gamma")).status_code == 404
        assert (await client.get("/sign-in/with/gamma/back")).status_code == 404
        assert (await plain.get(AWAY)).status_code == 404
        assert "For the programme" not in (await plain.get("/sign-in")).text


async def test_behind_https_what_is_begun_is_held_to_this_host(
    template: Path, tmp_path: Path, fronts: tuple[Front, Front]
) -> None:
    provider = ProviderSettings(id="acme", name="Acme", issuer=fronts[0].address, client_id="m")
    theatre = a_theatre(
        tmp_path, template=template, public_url="https://mendwork.example", providers=(provider,)
    )
    async with theatre.act(None, Accept="text/html") as client:
        answer = await client.get(AWAY)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-mendwork-begun=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Max-Age=900"} <= set(cookie.split("; "))
    theatre.close()


@pytest.mark.parametrize("issuer", ["http://login.example", "ftp://x", "login.example", "http://10.0.0.1"])
def test_a_provider_is_reached_by_https_only(issuer: str) -> None:
    with pytest.raises(ValidationError, match="https://"):
        ProviderSettings(id="acme", name="Acme", issuer=issuer, client_id="m")


def test_providers_are_set_in_the_environment_each_under_its_own_id(monkeypatch: pytest.MonkeyPatch) -> None:
    one = '{"id": "acme", "name": "Acme", "issuer": "https://login.example", "client_id": "m"}'
    monkeypatch.setenv("MENDWORK_PROVIDERS", f"[{one}]")
    (provider,) = Settings().providers
    assert (provider.id, provider.secret()) == ("acme", None)
    monkeypatch.setenv("MENDWORK_PROVIDERS", f"[{one}, {one}]")
    with pytest.raises(ValidationError, match="give each its own"):
        Settings()
