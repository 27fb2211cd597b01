"""What will be sent, to whom and when, if nothing else happens."""

from datetime import datetime, timedelta

from remediation.forecast import MOST_NOTICES, Planned, forecast
from remediation.letters import letters_for
from remediation.orders import Cease
from remediation.words import LetterKind, Role
from tests.rules.cast import MONDAY, NOTE, TOMAS, Story, a_case, fact_of


def really_sent(story: Story, until: datetime) -> list[Planned]:
    first = len(story.entries)
    story.later(seconds=(until - story.now).total_seconds())
    return [
        Planned(entry.at, fact_of(entry), letter, story.finding)
        for entry in story.entries[first:]
        for letter in letters_for(fact_of(entry), entry.seq)
    ]


def test_a_forecast_is_what_really_happens() -> None:
    for story in (a_case(), a_case("zero_tolerance"), a_case().commit(), a_case().commit().fix()):
        until = story.now + timedelta(days=200)
        planned = forecast(story.case, until)
        assert list(planned) == really_sent(story, until)
        assert planned


def test_it_ends_where_it_was_asked_to_end() -> None:
    case = a_case().case
    first = forecast(case, MONDAY + timedelta(days=365))[0]
    assert forecast(case, first.at)[0] == first
    assert forecast(case, first.at - timedelta(microseconds=1)) == ()


def test_it_names_the_letter_its_reader_and_its_hour() -> None:
    story = a_case().commit()
    (first, *_) = forecast(story.case, story.now + timedelta(days=50))
    assert (first.letter.kind, first.letter.role, first.letter.person) == (
        LetterKind.REMINDER,
        Role.ACTION_OWNER,
        "bao",
    )
    assert story.finding.calendar.local(first.at).isoformat() == "2026-04-17T09:00:00"


def test_it_is_never_endless() -> None:
    assert len(forecast(a_case().case, MONDAY + timedelta(days=36500))) == MOST_NOTICES


def test_after_the_end_nothing_is_planned() -> None:
    story = a_case()
    story.order(TOMAS, Cease, reason=NOTE)
    assert forecast(story.case, MONDAY + timedelta(days=365)) == ()
