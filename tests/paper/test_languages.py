"""Plans on paper in French, Bangla, Khmer and Arabic: fonts within, and text that reads as it was written."""

from dataclasses import replace

import pytest

from service.paper.press import missing_scripts, pressed
from service.speaking import speaking
from storage.assessments import add_subjects
from storage.database import writing
from storage.recording import record
from tests.browser.gallery import hang_others, tell, write
from tests.paper.files import fonts_of, plan_html, text_of
from tests.service.stage import AMINA, Theatre, a_subject
from tests.storage.builders import Life, a_recording

WORDS = {
    "fr": ("Comité", "Les sorties sont-elles déverrouillées ?", "La clé était chez le gardien."),
    "bn": ("কমিটি", "সব বহির্গমন পথ কি তালামুক্ত থাকে?", "ক্ষতিগ্রস্ত স্বাস্থ্যকর্মী প্রতিশ্রুত কাজটি করেন।"),
    "km": ("គណៈកម្មការ", "តើច្រកចេញទាំងអស់មិនត្រូវបានចាក់សោទេឬ?", "ស្ត្រីមានផ្ទៃពោះធ្វើការនៅទីនោះ។"),
    # Without the joined letters that the reading library turns round in what runs from the right.
    "ar": ("اللجنة", "هل تبقى جميع مخارج قسم الخياطة مفتوحة؟", "كان المخرج مغلقا في ورديتين."),
}
"""In each language a heading of ours, a question, and what was found."""
FONTS = {"fr": "Noto-Sans", "bn": "Noto-Sans-Bengali", "km": "Noto-Sans-Khmer", "ar": "Noto-Sans-Arabic"}


def a_plan_of(theatre: Theatre, question: str, statement: str) -> None:
    """Put a finding that is under review on record, with these words."""
    story = tell("under review", "f1")
    life = Life(story.case, tuple(story.entries))
    with writing(theatre.database) as connection:
        hang_others(connection)
        record(connection, [a_recording(life)])
        add_subjects(connection, [replace(a_subject(life), question_text=question, statement=statement)])
        write(connection, story)


@pytest.mark.parametrize("language", WORDS)
def test_a_plan_holds_its_fonts_and_reads_as_it_was_written(theatre: Theatre, language: str) -> None:
    heading, question, statement = WORDS[language]
    a_plan_of(theatre, question, statement)
    with speaking(language):
        data = pressed(plan_html(theatre, AMINA))
    text, used = text_of(data), fonts_of(data)
    assert FONTS[language] in used
    assert all(used.values())
    assert -1 < text.index(heading) < text.index(question[:-1]) < text.index(statement[:-1])


def test_every_script_of_our_languages_can_be_written_here() -> None:
    assert missing_scripts() == []
