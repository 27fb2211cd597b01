"""The language of pages: each person's own, one asked for before signing in, English for programs."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from remediation.words import PersonId
from service.pages.rendering import FOLDER
from service.speaking import preferred, say, say_many, speaking
from storage import people
from storage.database import writing
from tests.service.browsing import Reader, browser, sent
from tests.service.stage import AMINA, Theatre, a_life


def spoken_to_in(theatre: Theatre, person: str, tongue: str) -> None:
    with writing(theatre.database) as connection:
        known = people.person(connection, PersonId(person))
        assert known is not None
        people.save_person(connection, replace(known, language=tongue))


async def test_a_page_is_written_in_its_readers_own_language(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    spoken_to_in(theatre, AMINA, "fr")
    async with browser(theatre, AMINA) as client:
        answer = await client.get("/", headers={"Accept-Language": "es"})
    assert '<html lang="fr" dir="ltr"' in answer.text
    assert "Mon travail" in Reader(answer.text).text
    assert "My work" not in answer.text


def test_no_template_puts_a_constant_through_a_filter() -> None:
    # Jinja would put it into the compiled template: in the language of whoever came first, for all.
    folded = re.compile(r"""\{\{\s*(["'][^"']*["']|\d+)\s*\|""")
    templates = (FOLDER / "templates").rglob("*.html")
    assert [each.name for each in templates if folded.search(each.read_text("utf-8"))] == []


async def test_one_readers_language_is_not_the_next_ones(theatre: Theatre) -> None:
    spoken_to_in(theatre, AMINA, "fr")
    async with browser(theatre, AMINA) as client:
        await client.get("/")
    async with browser(theatre) as client:
        assert '<html lang="en"' in (await client.get("/sign-in")).text


async def test_before_signing_in_the_browser_asks_for_a_language(theatre: Theatre) -> None:
    async with browser(theatre) as client:
        for asked, tongue in {
            "fr-BF,fr;q=0.9,en;q=0.8": "fr",
            "ta": "en",
            "": "en",
            "en;q=0.5, es": "es",
        }.items():
            answer = await client.get("/sign-in", headers={"Accept-Language": asked})
            assert f'<html lang="{tongue}"' in answer.text, asked


async def test_a_language_chosen_before_signing_in_is_kept_and_leads_back(theatre: Theatre) -> None:
    async with browser(theatre) as client:
        back = "/sign-in?to=%2Ffindings%2Ff1"
        answer = await client.post("/language", data={"language": "es", "to": back})
        assert (answer.status_code, answer.headers["Location"]) == (303, back)
        page = await client.get(back, headers={"Accept-Language": "fr"})
        assert '<html lang="es"' in page.text
        assert 'name="to" value="/findings/f1"' in page.text
        elsewhere = await client.post("/language", data={"language": "xx", "to": "//evil.example"})
        assert elsewhere.headers["Location"] == "/"
        assert '<html lang="en"' in (await client.get(back)).text


async def test_every_page_before_signing_in_offers_the_languages_by_their_own_names(theatre: Theatre) -> None:
    async with browser(theatre) as client:
        answer = await client.get("/sign-in")
    read = {line.strip() for line in Reader(answer.text).text.splitlines()}
    assert read >= {"Français", "Español", "العربية", "বাংলা", "ខ្មែរ", "Tiếng Việt", "Bahasa Indonesia"}


async def test_people_choose_their_own_language_for_pages_and_letters(theatre: Theatre) -> None:
    async with browser(theatre, AMINA) as client:
        form = next(
            each for each in Reader((await client.get("/me")).text).forms if each.action == "/me/language"
        )
        assert form.data["language"] == ["en"]
        await sent(client, form, language="es")
        answer = await client.get("/me")
        assert '<html lang="es"' in answer.text
        await sent(client, form, language="klingon")
        assert '<html lang="es"' in (await client.get("/me")).text
    with theatre.database.connect() as connection:
        known = people.person(connection, PersonId(AMINA))
    assert known is not None
    assert known.language == "es"


async def test_programs_are_answered_in_english(theatre: Theatre) -> None:
    spoken_to_in(theatre, AMINA, "fr")
    async with theatre.act(AMINA, **{"Accept-Language": "fr"}) as client:
        answer = await client.get("/api/v1/findings/none")
    assert answer.json()["detail"] == "This finding was not found."


async def test_a_draft_says_that_it_is_one_and_is_written_its_own_way(theatre: Theatre) -> None:
    spoken_to_in(theatre, AMINA, "ar")
    async with browser(theatre, AMINA) as client:
        answer = await client.get("/")
    assert '<html lang="ar" dir="rtl"' in answer.text
    assert 'class="draft"' in answer.text


@pytest.fixture
def french() -> Iterator[None]:
    with speaking("fr"):
        yield


@pytest.mark.usefixtures("french")
def test_texts_are_filled_in_and_numbers_written_as_the_language_does() -> None:
    assert (
        say("A PIN has %(fewest)s to %(most)s digits.", fewest=6, most=12)
        == "Un code PIN a de 6 à 12 chiffres."
    )
    assert say_many("in %(count)s day", "in %(count)s days", 1) == "dans 1 jour"
    assert say_many("in %(count)s day", "in %(count)s days", 1200) == "dans 1\u202f200 jours"


def test_a_language_that_is_spoken_ends_with_its_block() -> None:
    with speaking("fr"), speaking("es"):
        assert say("Sign in") == "Iniciar sesión"
    assert say("Sign in") == "Sign in"


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("en-GB;q=0.2, es-NI;q=0.7", "es"),
        ("bn;q=0, fr;q=0.1", "fr"),
        ("fr;q=x", "en"),
    ],
)
def test_the_best_language_we_have_is_taken(accepted: str, code: str) -> None:
    assert preferred(accepted) == code
