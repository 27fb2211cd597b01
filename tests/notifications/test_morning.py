"""One message a person and morning: everything in it, the most urgent first, each with its link."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from notifications.letters.morning import MOST_ITEMS, morning
from notifications.occasion import Occasion
from remediation.facts import Fact, Reminded
from remediation.words import FindingId, LetterKind, Role
from tests.notifications.stories import LABEL, a_changed_policy, a_correction, a_promise_never_kept

OTHER = replace(LABEL, factory="Another & Sons <Ltd>")


@cache
def reminders() -> tuple[Occasion[Fact], ...]:
    told = a_promise_never_kept().told
    return tuple(each.occasion() for each in told if each.order.kind is LetterKind.REMINDER)


def late_by(days: int, number: int = 0) -> Occasion[Fact]:
    occasion = reminders()[0]
    assert isinstance(occasion.fact, Reminded)
    fact = replace(occasion.fact, days_left=-days)
    return replace(occasion, fact=fact, state=replace(occasion.state, id=FindingId(f"f{number}")))


def others() -> list[Occasion[Fact]]:
    kinds = {LetterKind.NEW_FINDING, LetterKind.FINDING_AMENDED}
    told = [each for each in a_correction().told if each.order.role is Role.MANAGER]
    return [each.occasion() for each in told if each.order.kind in kinds]


def test_things_stand_by_factory_and_urgency_the_most_urgent_first() -> None:
    calm = replace(late_by(-14, 1), label=OTHER)
    letter = morning([*others(), calm, late_by(-7, 2), late_by(3, 3), late_by(0, 4)])
    headings = [
        "SHAPLA KNIT",
        "Overdue\n",
        "Due today or tomorrow",
        "Due within a week",
        "New findings",
        "Corrected findings",
        "ANOTHER & SONS <LTD>",
        "Due later",
    ]
    places = [letter.text.index(heading) for heading in headings]
    assert places == sorted(places)


def test_the_subject_counts_what_waits_and_what_is_late() -> None:
    assert morning([late_by(-7), late_by(-1)]).subject == "2 things wait for you"
    assert morning([late_by(-7), late_by(2)]).subject == "2 things wait for you, one is overdue"
    assert morning([late_by(1), late_by(2)]).subject == "2 things wait for you, 2 are overdue"


def test_each_thing_has_its_own_link() -> None:
    letter = morning([late_by(1, number) for number in range(5)])
    for number in range(5):
        assert f"https://mendwork.example/findings/f{number}\n" in letter.text
        assert f'href="https://mendwork.example/findings/f{number}"' in letter.html


def test_what_people_wrote_is_escaped_in_html_and_plain_in_text() -> None:
    letter = morning([replace(late_by(1), label=OTHER), late_by(2)])
    assert "Another &amp; Sons &lt;Ltd&gt;" in letter.html
    assert "ANOTHER & SONS <LTD>" in letter.text


def test_a_very_long_morning_is_cut_and_says_so() -> None:
    letter = morning([late_by(1, number) for number in range(MOST_ITEMS + 40)])
    assert "40 more stand on the page." in letter.text
    assert len(letter.html.encode()) < 100_000, "mail programs cut longer messages off"


def test_it_is_written_in_the_language_of_its_reader() -> None:
    french = [replace(each, reader=replace(each.reader, language="fr")) for each in (late_by(1), late_by(2))]
    letter = morning(french)
    assert letter.subject == "2 choses vous attendent, 2 sont en retard"
    assert 'lang="fr"' in letter.html


def test_it_says_whom_it_stands_in_for() -> None:
    instead = [replace(each, instead_of=Role.MANAGER) for each in (late_by(1), late_by(2))]
    assert "could not be delivered to: manager of the factory" in morning(instead).text


def test_a_due_day_is_told_with_the_days_that_are_left() -> None:
    occasion = late_by(-7)
    assert isinstance(occasion.fact, Reminded)
    day = occasion.state.calendar.last_day(occasion.fact.due)
    assert day + timedelta(days=1) == occasion.state.calendar.today(occasion.fact.due)
    assert "Due in 7 days." in morning([occasion, late_by(1)]).text


def test_dates_that_moved_are_listed_with_the_days_they_were() -> None:
    told = [each for each in a_changed_policy().told if each.order.kind is LetterKind.DATES_MOVED]
    moved = next(each.occasion() for each in told if each.order.role is Role.MANAGER)
    letter = morning([moved, late_by(1)])
    assert letter.subject == "4 things wait for you, one is overdue"
    words = " ".join(letter.text.split())
    assert "Dates that have moved" in words
    assert "27 March 2026; until now Monday 23 March 2026" in words
    assert "Without a date now; until now Sunday 31 May 2026" in words
