"""What no longer holds when a message would leave is not sent."""

from datetime import datetime, timedelta

from sqlalchemy import update

from remediation import orders
from remediation.words import CommandId, LetterKind, Role, Severity
from storage.database import writing
from storage.letters import LetterState
from storage.messages import MessageState
from storage.tables import letters as letter_rows
from tests.activities.stage import HOUR, MINUTE, PAM, Post, proposing, signing
from tests.storage.builders import AMINA, BAO, MONDAY, REVISION, Life, a_life, an_action


async def test_a_member_who_signed_meanwhile_is_not_asked(post: Post) -> None:
    life = proposing(a_life(), MONDAY)
    post.happens(signing(life, AMINA, MONDAY))
    await post.round(MONDAY)
    asked = {letter.person: letter for letter in post.letters(LetterKind.SIGN_PROPOSAL)}
    assert asked[AMINA].reason == "already_signed"
    assert asked[BAO].state is LetterState.ADDRESSED


async def test_nobody_is_asked_to_sign_what_another_revision_replaced(post: Post) -> None:
    life = proposing(a_life(), MONDAY)
    newer = orders.Propose(
        id=CommandId("c2"),
        by=AMINA,
        acting=Role.WORKER_MEMBER,
        revision=REVISION.replace("a", "b"),  # type: ignore[arg-type]
        actions=(an_action(20),),
    )
    post.happens(life.obey(newer, MONDAY + HOUR))
    await post.round(MONDAY + HOUR)
    reasons = [letter.reason for letter in post.letters(LetterKind.SIGN_PROPOSAL)]
    assert sorted(reasons) == ["", "", "proposal_superseded", "proposal_superseded"]


async def test_a_reminder_of_what_is_done_is_not_sent(post: Post) -> None:
    life = a_life().keep_time(MONDAY + timedelta(days=15))
    assert any(entry.kind == "reminded" for entry in life.entries)
    post.happens(agreed_at(life, MONDAY + timedelta(days=15, hours=1)))
    await post.round(MONDAY + timedelta(days=15, hours=2))
    assert post.reasons(LetterKind.REMINDER) == {"no_longer_due"}


def agreed_at(life: Life, at: datetime) -> Life:
    return signing(signing(proposing(life, at), AMINA, at), BAO, at)


async def test_of_reminders_that_waited_only_the_newest_is_sent(post: Post) -> None:
    life = a_life()
    for day in range(25):
        life = life.keep_time(MONDAY + timedelta(days=day))
    post.happens(life)
    await post.round(MONDAY + timedelta(days=25))
    review = [each for each in post.letters(LetterKind.REMINDER) if each.obligation == "review"]
    assert [each.reason for each in review][-1] == ""
    assert {each.reason for each in review[:-1]} == {"newer_reminder"}


async def test_a_message_that_waited_is_looked_at_again_before_it_leaves(post: Post) -> None:
    life = proposing(a_life(), MONDAY)
    post.happens(life)
    post.house.at_rcpt = "451 later"
    await post.round(MONDAY)
    post.house.at_rcpt = ""
    post.happens(signing(life, AMINA, MONDAY + MINUTE), since=len(life.entries))
    await post.round(MONDAY + 2 * HOUR)
    (message,) = [each for each in post.messages(AMINA) if each.kind == LetterKind.SIGN_PROPOSAL]
    assert (message.state, message.reason) == (MessageState.SKIPPED, "already_signed")
    assert post.mails(BAO)


async def test_a_finding_the_factory_is_not_told_of_reaches_no_one_there(post: Post) -> None:
    life = a_life(severity=Severity.ZERO_TOLERANCE, factory_told=False)
    for hour in range(1, 80):
        life = life.keep_time(MONDAY + hour * HOUR)
    post.happens(life)
    await post.round(MONDAY + 80 * HOUR)
    assert life.case.finding.restricted
    assert not post.mails(AMINA) + post.mails(BAO)
    assert post.mails(PAM)


async def test_even_a_letter_called_for_wrongly_is_held_back_from_a_factory_not_told(post: Post) -> None:
    post.happens(a_life(severity=Severity.ZERO_TOLERANCE, factory_told=False))
    with writing(post.engine) as connection:
        connection.execute(update(letter_rows).values(role=Role.MANAGER.value))
    await post.round(MONDAY)
    assert post.house.taken == []
    assert post.reasons(LetterKind.ALARM_RAISED) == {"factory_not_told"}
