"""Who is told: letters owed become messages with one recipient each, or say why not."""

import pytest

from remediation import orders
from remediation.words import CommandId, LetterKind, NoteId, PersonId, Role
from storage.database import writing
from storage.letters import LetterState
from storage.messages import MessageState
from storage.notes import write_revision
from storage.people import take
from tests.activities.stage import HOUR, LATE, Post, overdue, proposing, text_of
from tests.storage.builders import AMINA, BAO, CHLOE, MONDAY, TOMAS, a_life, agreed, an_action
from tests.storage.cast import of_programme


async def test_each_holder_of_a_role_gets_a_message_with_one_recipient(post: Post) -> None:
    post.happens(proposing(a_life(), MONDAY))
    await post.round(MONDAY)
    signs = [mail for mail in post.mails() if "signature" in mail["Subject"]]
    assert sorted(str(mail["To"]) for mail in signs) == ["amina@example.org", "bao@example.org"]
    assert sorted(post.house.recipients) == ["amina@example.org", "bao@example.org"]
    assert all(mail["Auto-Submitted"] == "auto-generated" for mail in signs)
    assert "https://mendwork.example/findings/f1" in text_of(signs[0])


async def test_who_holds_two_roles_reads_the_same_thing_once(post: Post) -> None:
    post.happens(agreed(a_life()))
    await post.round(MONDAY + 6 * HOUR)
    signed = [mail for mail in post.mails(BAO) if "plan is signed" in mail["Subject"]]
    assert len(signed) == 1
    assert all(letter.state is LetterState.ADDRESSED for letter in post.letters(LetterKind.COMMITTED))


async def test_an_outsider_and_another_factory_read_nothing(post: Post) -> None:
    post.happens(overdue())
    await post.round(LATE)
    assert post.mails()
    assert not post.mails(PersonId("outsider"))


async def test_an_owner_reads_the_wording_of_the_action_and_nobody_else_does(post: Post) -> None:
    content = '{"actions":[{"id":"a1","description":"Remove the padlocks"}],"root_cause":"secret cause"}'
    life = a_life()
    with writing(post.engine) as connection:
        digest = write_revision(connection, "f1", BAO, MONDAY, content)
    propose = orders.Propose(
        id=CommandId("c1"),
        by=BAO,
        acting=Role.MANAGEMENT_MEMBER,
        revision=digest,
        actions=(an_action(20),),
    )
    life = life.obey(propose, MONDAY)
    for person, acting in ((AMINA, Role.WORKER_MEMBER), (BAO, Role.MANAGEMENT_MEMBER)):
        life = life.obey(
            orders.Sign(id=CommandId(f"c-{person}"), by=person, acting=acting, revision=digest), MONDAY
        )
    post.happens(life)
    await post.round(MONDAY)
    assert any("Remove the padlocks" in text_of(mail) for mail in post.mails(BAO))
    assert not any("padlocks" in text_of(mail) for mail in post.mails(AMINA) + post.mails(CHLOE))
    assert not any("secret cause" in mail.as_string() for mail in post.mails())


async def test_a_letter_nobody_holds_the_role_of_is_skipped_with_its_reason(post: Post) -> None:
    with writing(post.engine) as connection:
        take(connection, TOMAS, of_programme(Role.TEAM_LEADER))
    life = a_life()
    post.happens(
        life.obey(orders.Dispute(id=CommandId("c"), by=BAO, acting=Role.MANAGER, reason=NoteId("n")), MONDAY)
    )
    await post.round(MONDAY)
    to_lead = next(each for each in post.letters(LetterKind.DISPUTE_RAISED) if each.role is Role.TEAM_LEADER)
    assert (to_lead.state, to_lead.reason) == (LetterState.SKIPPED, "no_holder")


@pytest.mark.parametrize(
    ("email", "reason"),
    [(None, "no_address"), ("Amina <a@b>", "bad_address"), ("a@b.example\r\nBcc: x", "bad_address")],
)
async def test_who_cannot_be_reached_by_mail_is_recorded_as_such(
    post: Post, email: str | None, reason: str
) -> None:
    post.change(AMINA, email)
    post.happens(proposing(a_life(), MONDAY))
    await post.round(MONDAY)
    (message, *_) = post.messages(AMINA)
    assert (message.state, message.reason) == (MessageState.SKIPPED, reason)
    assert len(post.mails(BAO)) == 1


async def test_a_step_of_the_ladder_that_reaches_nobody_goes_to_the_next_responsible(post: Post) -> None:
    for person in (AMINA, BAO):
        post.change(person, None)
    post.happens(overdue())
    await post.round(LATE)
    (mail,) = [mail for mail in post.mails(CHLOE) if "Overdue" in mail["Subject"]]
    assert "could not be delivered to: owner of the action" in text_of(mail)
