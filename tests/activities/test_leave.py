"""Leave cover in the mailroom: who is away is replaced, who reads is told in whose place, never nobody."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from remediation.permissions import Grant, ScopeKind
from remediation.words import LetterKind, PersonId, Role, Severity
from storage import absences
from storage.absences import Leave, enter
from storage.database import reading, writing
from storage.letters import LetterState
from storage.people import give, save_person
from storage.places import stood_in
from tests.activities.stage import GATHER, HOUR, PAM, Post, overdue, proposing, text_of
from tests.storage.builders import AMINA, BAO, CHLOE, MONDAY, TOMAS, a_life, agreed
from tests.storage.cast import OUTSIDER, a_person, at_lotus, of_programme

DIRK, ELSA = PersonId("dirk"), PersonId("elsa")
A_WEEK = timedelta(days=7)
LATE = MONDAY + timedelta(days=28)
"""When the ladder has told the advisor."""
FIRST, LAST = LATE.date() - A_WEEK, LATE.date() + A_WEEK


@pytest.fixture
def staff(engine: Engine) -> Engine:
    """Dirk and Elsa are advisors of another factory of the programme; Farid is of Lotus' management."""
    with writing(engine) as connection:
        for person, grant in (
            (DIRK, Grant(Role.ADVISOR, ScopeKind.FACTORY, "jasmine")),
            (ELSA, Grant(Role.ADVISOR, ScopeKind.FACTORY, "jasmine")),
            (PersonId("farid"), at_lotus(Role.TOP_MANAGEMENT)),
        ):
            save_person(connection, a_person(person, f"{person}@example.org"))
            give(connection, person, grant)
    return engine


def leave(
    engine: Engine,
    person: PersonId,
    deputy: PersonId | None = None,
    *,
    first: date = FIRST,
    last: date = LAST,
) -> None:
    with writing(engine) as connection:
        enter(connection, Leave(person=person, first=first, last=last, deputy=deputy), person, MONDAY)


def covered(engine: Engine, person: PersonId) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        return [(each.kind.value, each.reader) for each in absences.covered(connection, person)]


async def test_a_step_of_the_ladder_goes_to_the_deputy_who_is_told_in_whose_place(
    post: Post, staff: Engine
) -> None:
    leave(staff, CHLOE, DIRK)
    post.happens(overdue(2))
    await post.round(LATE)
    (mail,) = [mail for mail in post.mails(DIRK) if "Overdue" in mail["Subject"]]
    assert "You stand in for: advisor (away until 6 April 2026)." in text_of(mail)
    assert "You receive this letter as: advisor." in text_of(mail)
    assert "Chlo" not in mail.as_string()
    assert not post.mails(CHLOE)
    assert ("overdue", DIRK) in covered(staff, CHLOE)


async def test_when_the_deputy_is_away_too_the_deputys_deputy_reads(post: Post, staff: Engine) -> None:
    leave(staff, CHLOE, DIRK)
    leave(staff, DIRK, ELSA)
    post.happens(overdue(2))
    await post.round(LATE)
    assert post.mails(ELSA)
    assert not post.mails(CHLOE) + post.mails(DIRK)
    assert ("overdue", ELSA) in covered(staff, CHLOE)


@pytest.mark.parametrize("deputy", [None, DIRK, OUTSIDER, AMINA])
async def test_without_a_deputy_who_is_there_and_may_the_next_role_up_reads(
    post: Post, staff: Engine, deputy: PersonId | None
) -> None:
    leave(staff, CHLOE, deputy)
    leave(staff, DIRK, CHLOE)  # in a circle: nobody of it is there
    post.happens(overdue(2))
    await post.round(LATE)
    mails = [mail for mail in post.mails(TOMAS) if "Overdue" in mail["Subject"]]
    assert any("You stand in for: advisor" in text_of(mail) for mail in mails)
    assert not post.mails(CHLOE) + post.mails(DIRK) + post.mails(OUTSIDER)
    assert ("overdue", TOMAS) in covered(staff, CHLOE)


async def test_a_deputy_whom_mail_does_not_reach_is_passed_over(post: Post, staff: Engine) -> None:
    post.change(DIRK, None)
    leave(staff, CHLOE, DIRK)
    post.happens(overdue(2))
    await post.round(LATE)
    assert ("overdue", TOMAS) in covered(staff, CHLOE)


async def test_where_everybody_is_away_the_letter_waits_in_the_mailbox_of_whom_it_is_for(
    post: Post, staff: Engine
) -> None:
    for person in (CHLOE, TOMAS, PAM):
        leave(staff, person)
    post.happens(overdue(2))
    await post.round(LATE)
    assert any("Overdue" in mail["Subject"] for mail in post.mails(CHLOE))
    assert covered(staff, CHLOE) == []


async def test_a_colleague_in_the_same_role_is_enough(post: Post, staff: Engine) -> None:
    with writing(staff) as connection:
        give(connection, DIRK, of_programme(Role.ADVISOR))
    leave(staff, CHLOE)
    post.happens(overdue(2))
    await post.round(LATE)
    (mail,) = [mail for mail in post.mails(DIRK) if "Overdue" in mail["Subject"]]
    assert "You stand in" not in text_of(mail)
    assert not any("You stand in" in text_of(mail) for mail in post.mails(TOMAS))
    assert ("overdue", DIRK) in covered(staff, CHLOE)


async def test_a_deputy_who_is_told_in_their_own_right_reads_it_once_and_as_theirs(
    post: Post, staff: Engine
) -> None:
    with writing(staff) as connection:
        give(connection, DIRK, of_programme(Role.ADVISOR))
    leave(staff, CHLOE, DIRK)
    post.happens(overdue(2))
    await post.round(LATE)
    (mail,) = [mail for mail in post.mails(DIRK) if "Overdue" in mail["Subject"]]
    assert "You stand in" not in text_of(mail)
    assert ("overdue", DIRK) in covered(staff, CHLOE)


async def test_an_alarm_finds_the_deputy_at_once(post: Post, staff: Engine) -> None:
    leave(staff, CHLOE, DIRK, first=MONDAY.date())
    post.happens(a_life(severity=Severity.ZERO_TOLERANCE, factory_told=False))
    await post.round(MONDAY)
    assert len(post.mails(DIRK)) == 1
    assert ("alarm_raised", DIRK) in covered(staff, CHLOE)


async def test_a_managers_letters_go_to_a_deputy_of_the_management_never_of_the_workers(
    post: Post, staff: Engine
) -> None:
    leave(staff, BAO, PersonId("farid"))
    post.happens(overdue())
    await post.round(LATE)
    (mail,) = [mail for mail in post.mails(PersonId("farid")) if "Overdue" in mail["Subject"]]
    assert "You stand in for: " in text_of(mail)


async def test_what_is_owed_to_a_seat_waits_for_the_member(post: Post, staff: Engine) -> None:
    leave(staff, AMINA, BAO, first=MONDAY.date())
    post.happens(proposing(a_life(), MONDAY))
    await post.round(MONDAY)
    assert len(post.mails(AMINA)) == 1
    assert covered(staff, AMINA) == []


async def test_the_morning_is_read_by_the_deputy_with_their_own(post: Post, staff: Engine) -> None:
    with writing(staff) as connection:
        give(connection, DIRK, at_lotus(Role.TEAM_LEADER))
    leave(staff, CHLOE, DIRK, first=MONDAY.date())
    for number in range(2):
        post.happens(a_life(f"f{number}"))
    await post.round(MONDAY + GATHER)
    (mail,) = post.mails(DIRK)
    assert mail["Subject"] == "2 things wait for you"
    assert "You stand in for: advisor" in text_of(mail)
    assert covered(staff, CHLOE) == [("new_finding", DIRK)] * 2


async def test_before_and_after_the_days_of_leave_nobody_is_replaced(post: Post, staff: Engine) -> None:
    today = LATE.date()
    leave(staff, CHLOE, DIRK, first=today - A_WEEK, last=today - timedelta(days=1))
    leave(staff, CHLOE, DIRK, first=today + timedelta(days=1), last=today + A_WEEK)
    post.happens(overdue(2))
    await post.round(LATE)
    assert post.mails(CHLOE)
    assert not post.mails(DIRK)


async def test_a_deputys_mailbox_that_refuses_is_climbed_over(post: Post, staff: Engine) -> None:
    leave(staff, CHLOE, DIRK)
    post.house.refused_addresses = ("dirk@example.org",)
    post.happens(overdue(2))
    for _ in range(3):
        await post.round(LATE)
    mails = [text_of(mail) for mail in post.mails(TOMAS)]
    assert any("could not be delivered to: advisor" in text for text in mails)


async def test_a_restricted_finding_is_not_read_by_the_factory_in_anybodys_place(
    post: Post, staff: Engine
) -> None:
    leave(staff, CHLOE, BAO, first=MONDAY.date())
    post.happens(a_life(severity=Severity.ZERO_TOLERANCE, factory_told=False))
    await post.round(MONDAY)
    assert not post.mails(BAO)
    assert ("alarm_raised", TOMAS) in covered(staff, CHLOE)


async def test_letters_are_addressed_once_whoever_reads_them(post: Post, staff: Engine) -> None:
    leave(staff, CHLOE, DIRK, first=MONDAY.date())
    post.happens(agreed(a_life()))
    await post.round(MONDAY + 6 * HOUR)
    await post.round(MONDAY + 7 * HOUR)
    to_advisor = next(each for each in post.letters(LetterKind.COMMITTED) if each.role is Role.ADVISOR)
    assert to_advisor.state is LetterState.ADDRESSED
    with reading(staff) as connection:
        rows = connection.execute(select(stood_in).where(stood_in.c.letter == to_advisor.id)).all()
    assert len(rows) == 1
