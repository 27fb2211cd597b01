"""Plans on paper in French, Bangla, Khmer and Arabic: fonts within, and text that reads as it was written."""

import pytest

from service.paper.press import directed, missing_scripts, pressed
from service.speaking import speaking
from tests.paper.files import fonts_of, keep_told, opened, plan_html, text_of
from tests.service.stage import AMINA, Theatre

WORDS = {
    "fr": ("Comité", "Les sorties sont-elles déverrouillées ?", "La clé était chez le gardien."),
    "bn": ("কমিটি", "সব বহির্গমন পথ কি তালামুক্ত থাকে?", "ক্ষতিগ্রস্ত স্বাস্থ্যকর্মী প্রতিশ্রুত কাজটি করেন।"),
    "km": ("គណៈកម្មការ", "តើច្រកចេញទាំងអស់មិនត្រូវបានចាក់សោទេឬ?", "ស្ត្រីមានផ្ទៃពោះធ្វើការនៅទីនោះ។"),
    # Without the joined letters that the reading library turns round in what runs from the right.
    "ar": ("اللجنة", "هل تبقى جميع مخارج قسم الخياطة مفتوحة؟", "كان المخرج مغلقا في ورديتين."),
}
"""In each language a heading of ours, a question, and what was found."""
FONTS = {"fr": "Noto-Sans", "bn": "Noto-Sans-Bengali", "km": "Noto-Sans-Khmer", "ar": "Noto-Sans-Arabic"}


@pytest.mark.parametrize("language", WORDS)
def test_a_plan_holds_its_fonts_and_reads_as_it_was_written(theatre: Theatre, language: str) -> None:
    heading, question, statement = WORDS[language]
    keep_told(theatre, question, statement)
    with speaking(language):
        data = pressed(plan_html(theatre, AMINA))
    text, used = text_of(data), fonts_of(data)
    assert FONTS[language] in used
    assert all(used.values())
    assert -1 < text.index(heading) < text.index(question[:-1]) < text.index(statement[:-1])


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("Are all exits open?", "ltr"),
        ("2. &#34;Exits&#34; are locked.", "ltr"),
        ("3 مخارج مغلقة.", "rtl"),
        ("&#39;?!", "auto"),
    ],
)
def test_what_somebody_wrote_runs_as_its_first_letter_does(written: str, way: str) -> None:
    assert directed(f"<p>1. <bdi>{written}</bdi></p>") == f'<p>1. <bdi dir="{way}">{written}</bdi></p>'


def test_an_english_question_ends_on_its_right_in_an_arabic_plan() -> None:
    html = '<html lang="ar" dir="rtl"><p>السبب: <bdi>Locked?</bdi></p></html>'
    with opened(pressed(html)) as document:
        page = document[0].get_textpage()
        text = page.get_text_range()
        (mark, _, _, _), (last, _, _, _) = (page.get_charbox(text.index(each)) for each in "?d")
    assert mark > last


def test_every_script_of_our_languages_can_be_written_here() -> None:
    assert missing_scripts() == []
