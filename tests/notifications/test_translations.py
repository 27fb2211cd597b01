"""French and Spanish are complete, and every language says the same things with the same values and marks."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from inspect import getdoc

import pytest
from babel.messages.catalog import Catalog, Message

from notifications.extraction import ROOT, SPEAKING, source, translated
from notifications.languages import DRAFTS, TRANSLATED, language
from service.api import bodies, gatherings, meeting_bodies, visits

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TAG = re.compile(r"<[^>]*>")
ALL = (*TRANSLATED, *DRAFTS)
IN_THE_SINGULAR = {"count", "days", "late"}
"""A singular may say `one` in words instead of the number."""


@cache
def every_text() -> Catalog:
    """Every text there is, looked for once."""
    return source()


def texts(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def translations(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def marked() -> Iterator[str]:
    """Give every text that the code marks for translation, read otherwise than the extraction does."""
    for package in SPEAKING:
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {"N_", "say", "say_many"}:
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield first.value


def test_extraction_finds_every_text_that_is_marked_however_calls_are_nested() -> None:
    known = {texts(each)[0] for each in every_text() if each.id}
    assert sorted(set(marked()) - known) == []


def test_what_each_form_is_about_is_translated() -> None:
    known = {texts(each)[0] for each in every_text() if each.id}
    houses = (bodies, gatherings, meeting_bodies, visits)
    about = {getdoc(body) for house in houses for body in house.BODIES.values()}
    assert about - known == set()


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated_and_none_is_doubtful(code: str) -> None:
    catalogue = translated(code)
    for wanted in every_text():
        if not wanted.id:
            continue
        found = catalogue.get(wanted.id)
        assert found is not None, f"{code}: missing {wanted.id!r}"
        assert not found.fuzzy, f"{code}: fuzzy {wanted.id!r}"
        assert all(translations(found)), f"{code}: empty {wanted.id!r}"
        plurals = catalogue.num_plurals if isinstance(wanted.id, tuple) else 1
        assert len(translations(found)) == plurals, f"{code}: plural forms of {wanted.id!r}"


@pytest.mark.parametrize("code", ALL)
def test_every_translation_uses_the_same_values(code: str) -> None:
    for message in translated(code):
        wanted = {name for text in texts(message) for name in PLACEHOLDER.findall(text)}
        for form in filter(None, translations(message) if message.id else ()):
            given = set(PLACEHOLDER.findall(form))
            may_lack = IN_THE_SINGULAR if isinstance(message.id, tuple) else set()
            assert wanted - may_lack <= given <= wanted, f"{code}: {form!r}"
            assert "%" not in PLACEHOLDER.sub("", form), f"{code}: stray % in {form!r}"


@pytest.mark.parametrize("code", ALL)
def test_every_translation_has_the_same_tags(code: str) -> None:
    for message in translated(code):
        wanted = {tuple(sorted(TAG.findall(text))) for text in texts(message)}
        for form in filter(None, translations(message) if message.id else ()):
            assert tuple(sorted(TAG.findall(form))) in wanted, f"{code}: {form!r}"


@pytest.mark.parametrize("code", ALL)
def test_no_translation_is_left_over(code: str) -> None:
    wanted = {message.id for message in every_text()}
    assert [message.id for message in translated(code) if message.id not in wanted] == []
    assert not translated(code).obsolete


@pytest.mark.parametrize("code", DRAFTS)
def test_what_a_draft_lacks_is_said_in_english(code: str) -> None:
    lacking = "A sentence that nobody has translated."
    assert language(code).say(lacking) == lacking
    assert language(code).draft


def test_arabic_is_written_from_right_to_left_and_the_others_are_not() -> None:
    assert [code for code in ALL if language(code).direction == "rtl"] == ["ar"]


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("fr", "fr"),
        ("fr-MG", "fr"),
        ("es_NI", "es"),
        ("ES", "es"),
        ("bn-BD", "bn"),
        ("ta", "en"),
        ("", "en"),
        ("en-US", "en"),
    ],
)
def test_a_tag_finds_its_language_and_an_unknown_one_english(tag: str, code: str) -> None:
    assert language(tag).code == code


def test_dates_are_written_as_each_language_writes_them() -> None:
    day = date(2026, 3, 12)
    assert language("en").short_day(day) == "12 March 2026"
    assert language("fr").day(day) == "jeudi 12 mars 2026"
    assert language("es").day(day) == "jueves, 12 de marzo de 2026"


def test_an_instant_is_told_on_the_clock_of_the_factory() -> None:
    instant = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)
    told = language("en").moment(instant, "Asia/Dhaka")
    assert told == "Tuesday 3 March 2026 at 02:30 (factory time)"


def test_plurals_follow_the_language() -> None:
    french = language("fr").words
    assert french.ngettext("Due in one day", "Due in %(days)s days", 1) == "Échéance dans un jour"
    assert "%(days)s" in french.ngettext("Due in one day", "Due in %(days)s days", 2)
