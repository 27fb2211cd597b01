"""What lies ahead of a finding, as it is kept, is what reckoning it anew would give."""

from datetime import datetime, timedelta

from remediation.forecast import forecast
from service.foreseeing import Foreseen, foreseen, in_words
from service.speaking import speaking
from tests.rules.cast import Story, a_case


def anew(story: Story, until: datetime) -> list[Foreseen]:
    calendar = story.finding.calendar
    return [in_words(planned, calendar) for planned in forecast(story.case, until)]


def test_who_asks_again_hears_the_same_and_who_asks_later_hears_more() -> None:
    story = a_case()
    for days in (90, 90, 90.5, 91, 30):
        until = story.now + timedelta(days=days)
        assert list(foreseen(story.case, until)) == anew(story, until)


def test_what_happens_changes_what_lies_ahead_at_once() -> None:
    story = a_case()
    until = story.now + timedelta(days=90)
    before = list(foreseen(story.case, until))
    story.commit()
    after = list(foreseen(story.case, until))
    assert after == anew(story, until) != before


def test_each_reader_hears_the_reasons_in_their_own_language() -> None:
    story = a_case()
    until = story.now + timedelta(days=90)
    english = [each.why for each in foreseen(story.case, until)]
    with speaking("fr"):
        french = [each.why for each in foreseen(story.case, until)]
        assert french == [each.why for each in anew(story, until)]
    assert french != english
