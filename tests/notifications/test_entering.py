"""The letters about coming in: what they say in each language, and that text and page agree."""

import re

import pytest

from notifications.letters.entering import Invitation, SignIn, address_changed, invitation, sign_in
from notifications.occasion import Letter
from tests.notifications.test_letters import Words, in_words

LINK = "https://mendwork.example/sign-in/link/secret"
WICKED = "Amina <script>alert(1)</script>\r\nBcc: x@evil.example"


def letters(tongue: str, name: str = "Amina") -> tuple[Letter, Letter, Letter]:
    code = SignIn(name=name, language=tongue, code="01234567", link=LINK, minutes=15)
    invited = Invitation(name=name, language=tongue, place="Lotus", link=LINK)
    return sign_in(code), invitation(invited), address_changed(name, tongue)


@pytest.mark.parametrize("tongue", ["en", "fr", "es", "bn", "ta"])
def test_they_say_the_same_as_text_and_as_page(tongue: str) -> None:
    for letter in letters(tongue):
        page = Words(letter.html)
        assert set(in_words(letter.text)) <= set(in_words(page.text)) | set(in_words(LINK))
        assert page.links in ([LINK], [])
        assert page.root["lang"] == ("en" if tongue == "ta" else tongue)
        assert not re.search(r"%\(|\{\{|\{%|None|Undefined", letter.subject + letter.text)
        assert "\n\n\n" not in letter.text


def test_a_code_stands_on_a_line_of_its_own_with_a_gap() -> None:
    code, *_ = letters("en")
    assert "\n    0123 4567\n" in code.text
    assert "15 minutes" in code.text
    assert "0123" not in code.subject


def test_each_language_has_words_of_its_own() -> None:
    subjects = {letter.subject for tongue in ("en", "fr", "es") for letter in letters(tongue)}
    assert len(subjects) == 9


def test_what_people_write_is_no_part_of_subject_or_markup() -> None:
    for letter in letters("en", WICKED):
        assert "evil" not in letter.subject
        assert "script" not in Words(letter.html).tags
