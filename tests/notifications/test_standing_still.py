"""Letters about suspensions: until when, why, and what is due first afterwards."""

import pytest

from notifications.letters import write_letter
from notifications.letters.morning import morning
from remediation.words import LetterKind, Role
from tests.notifications.stories import Story, a_suspension, a_suspension_declined


def read(story: Story, kind: LetterKind, role: Role, tongue: str = "en") -> str:
    told = next(each for each in story.told if (each.order.kind, each.order.role) == (kind, role))
    return " ".join(write_letter(told.occasion(tongue)).text.split())


def test_the_team_leader_reads_until_when_why_and_what_follows_from_countersigning() -> None:
    letter = read(a_suspension(ended=False), LetterKind.SUSPENSION_ASKED, Role.TEAM_LEADER)
    assert "up to and including Sunday 15 March 2026, because parts are on order." in letter
    assert "Until then the clock goes on." in letter
    assert "By when: Tuesday 10 March 2026" in letter


def test_an_owner_reads_the_new_day_of_each_open_action() -> None:
    story = a_suspension(ended=False)
    letter = read(story, LetterKind.SUSPENDED, Role.ACTION_OWNER)
    assert "from Wednesday 4 March 2026 up to and including Sunday 15 March 2026" in letter
    assert "come 12 days later. Their first dates stay on record." in letter
    assert "Remove the padlocks of the exits on floors 3 and 4 (due Friday 3 April 2026)" in letter
    assert "Nothing is asked of you now." in letter
    assert "padlocks" not in read(story, LetterKind.SUSPENDED, Role.MANAGER)


def test_ended_early_everybody_reads_the_last_day_and_what_is_due_first() -> None:
    letter = read(a_suspension(ended=True), LetterKind.SUSPENSION_ENDED, Role.MANAGER)
    assert "Its last day is Saturday 7 March 2026" in letter
    assert "come 8 days earlier again." in letter
    assert "By when: Thursday 26 March 2026" in letter


def test_when_it_is_over_everybody_reads_what_is_due_first() -> None:
    letter = read(a_suspension(ended=False), LetterKind.RESUMED, Role.WORKER_CO_CHAIR)
    assert "was suspended from Wednesday 4 March 2026 up to and including Sunday 15 March 2026" in letter
    assert "By when: Friday 3 April 2026" in letter


def test_the_advisor_reads_that_it_was_declined() -> None:
    letter = read(a_suspension_declined(), LetterKind.SUSPENSION_DECLINED, Role.ADVISOR)
    assert "because there is a flood. The team leader declined it" in letter


@pytest.mark.parametrize(
    ("tongue", "cause"), [("fr", "des pièces sont en commande"), ("es", "piezas pedidas")]
)
def test_the_cause_is_told_in_the_readers_language(tongue: str, cause: str) -> None:
    assert cause in read(a_suspension(ended=False), LetterKind.SUSPENDED, Role.MANAGER, tongue)


def test_many_suspensions_are_one_message_with_the_last_day_of_each() -> None:
    kinds = (LetterKind.SUSPENDED, LetterKind.SUSPENSION_ENDED, LetterKind.RESUMED)
    told = [each for each in a_suspension(ended=True).told if each.order.role is Role.MANAGER]
    letter = morning([each.occasion() for each in told if each.order.kind in kinds]).text
    assert "Suspended up to and including Sunday 15 March 2026. By Friday 3 April 2026." in letter
    assert letter.index("The clock runs again") < letter.index("Suspended: the clock stands still")
    assert letter.count("By Thursday 26 March 2026") == 2
