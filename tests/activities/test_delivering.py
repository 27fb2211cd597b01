"""Delivery at a real mail server: once each, tried again, passed on, and told what became of it."""

import asyncio
from datetime import timedelta

from sqlalchemy import Engine

from activities.mailroom.delivering import pause_after, pause_while_away
from activities.mailroom.responsible import NEXT, above
from remediation.words import LetterKind, Role
from storage import claims, letters
from storage.database import reading, writing
from storage.letters import Letter, LetterState
from storage.messages import MessageState
from tests.activities.stage import HALF_A_MINUTE, HOUR, LATE, MINUTE, PAM, Post, overdue, proposing, text_of
from tests.notifications.mail_servers import MailHouse, Moment, open_house
from tests.storage.builders import AMINA, BAO, CHLOE, MONDAY, a_life, agreed


async def test_a_second_round_sends_nothing_again(post: Post) -> None:
    post.happens(agreed(a_life()))
    for _ in range(3):
        await post.round(MONDAY + 6 * HOUR)
    ids = [mail["Message-ID"] for mail in post.mails()]
    assert len(ids) == len(set(ids)) > 0


async def test_two_mailrooms_at_once_send_each_message_once(post: Post) -> None:
    for number in range(5):
        post.happens(agreed(a_life(f"f{number}")))
    now = MONDAY + 6 * HOUR
    await asyncio.gather(*(post.round(now) for _ in range(3)))
    await post.round(now)
    ids = [mail["Message-ID"] for mail in post.mails()]
    assert len(ids) == len(set(ids))
    assert not [each for number in range(5) for each in waiting_of(post, f"f{number}")]


def waiting_of(post: Post, finding: str) -> list[Letter]:
    with reading(post.engine) as connection:
        of_finding = letters.of_finding(connection, finding)
    return [each for each in of_finding if each.state is LetterState.WAITING and not each.gathered]


async def test_a_4xx_is_tried_again_ever_more_slowly_for_72_hours_and_then_the_next_is_told(
    post: Post,
) -> None:
    post.happens(overdue())
    post.house.at_rcpt = "451 full"
    now, tries = LATE, 0
    while now < LATE + timedelta(hours=73):
        await post.round(now)
        now += timedelta(minutes=30)
        tries += 1
    to_bao = next(each for each in post.messages(BAO) if each.kind == LetterKind.OVERDUE)
    assert (to_bao.state, to_bao.reason) == (MessageState.FAILED, "gave_up_after_72_hours")
    assert to_bao.last_reply == "451 full"
    assert 72 <= to_bao.attempts <= 90
    assert any(each.key.startswith("message:") for each in post.messages(CHLOE))


async def test_the_backlog_drains_when_the_server_is_back(post: Post) -> None:
    post.happens(overdue())
    post.house.at_mail = "421 closing"
    await post.round(LATE)
    assert post.house.taken == []
    post.house.at_mail = ""
    await post.round(LATE + HOUR)
    assert {str(mail["To"]) for mail in post.mails()} >= {"amina@example.org", "bao@example.org"}


async def test_mail_waits_while_no_server_listens(engine: Engine) -> None:
    async with open_house(MailHouse()) as port:
        pass
    away = Post(engine, MailHouse(), port)
    away.happens(overdue())
    await away.round(LATE)
    states = {message.state for message in away.messages(BAO)}
    assert states == {MessageState.WAITING}
    house = MailHouse()
    async with open_house(house, port):
        await away.round(LATE + HALF_A_MINUTE)
    assert house.taken, "the backlog leaves within half a minute of its return"


async def test_a_5xx_is_final_and_the_next_responsible_is_told(post: Post) -> None:
    post.house.refused_addresses = ("bao@example.org",)
    post.happens(overdue())
    await post.round(LATE)
    await post.round(LATE)
    failed = next(each for each in post.messages(BAO) if each.kind == LetterKind.OVERDUE)
    assert (failed.state, failed.reason) == (MessageState.FAILED, "refused")
    assert failed.last_reply == "550 no such mailbox"
    (mail,) = [mail for mail in post.mails(CHLOE) if "Overdue" in mail["Subject"]]
    assert "could not be delivered to" in text_of(mail)


async def test_when_the_next_responsible_fails_too_it_climbs_on(post: Post) -> None:
    post.house.refused_addresses = ("bao@example.org", "chloe@example.org", "tomas@example.org")
    post.happens(overdue())
    for _ in range(4):
        await post.round(LATE)
    (mail,) = [mail for mail in post.mails(PAM) if "Overdue" in mail["Subject"]]
    assert "could not be delivered to: team leader" in text_of(mail)


async def test_an_answer_lost_after_the_dot_sends_an_escalation_again_byte_for_byte(post: Post) -> None:
    post.happens(overdue())
    post.house.hang_up = Moment.AFTER_THE_DOT
    await post.round(LATE)
    post.house.hang_up = None
    await post.round(LATE + HOUR)
    copies = [raw for raw in post.house.taken if b"To: amina@example.org" in raw and b"Overdue" in raw]
    assert len(copies) == 2
    assert copies[0] == copies[1]
    sent = next(each for each in post.messages(AMINA) if each.kind == LetterKind.OVERDUE)
    assert (sent.state, sent.ambiguous) == (MessageState.ACCEPTED, 1)


async def test_an_answer_lost_after_the_dot_leaves_another_letter_unknown(post: Post) -> None:
    post.happens(proposing(a_life(), MONDAY))
    post.house.hang_up = Moment.AFTER_THE_DOT
    await post.round(MONDAY)
    post.house.hang_up = None
    await post.round(MONDAY + HOUR)
    (asked,) = [each for each in post.messages(AMINA) if each.kind == LetterKind.SIGN_PROPOSAL]
    assert asked.state is MessageState.UNKNOWN
    assert len([mail for mail in post.mails(AMINA) if "signature" in mail["Subject"]]) == 1


async def test_what_a_killed_worker_had_claimed_is_sent_by_another(post: Post) -> None:
    post.happens(proposing(a_life(), MONDAY))
    await post.room().address(MONDAY)
    with writing(post.engine) as connection:
        assert claims.claim(connection, MONDAY, "killed")
    await post.round(MONDAY + claims.LEASE / 2)
    assert post.house.taken == []
    await post.round(MONDAY + claims.LEASE)
    assert len(post.mails()) == 2
    assert {message.ambiguous for message in post.messages(AMINA)} == {1}


def test_a_server_that_is_away_is_asked_again_every_half_minute() -> None:
    assert [pause_while_away(attempt) for attempt in (1, 2, 99)] == [
        HALF_A_MINUTE / 2,
        HALF_A_MINUTE,
        HALF_A_MINUTE,
    ]


def test_pauses_double_up_to_an_hour() -> None:
    minutes = [pause_after(attempt) // MINUTE for attempt in range(1, 10)]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert pause_after(10_000) == HOUR


def test_every_role_but_the_buyers_climbs_to_the_programme_manager() -> None:
    for role in NEXT:
        assert list(above(role))[-1] is Role.PROGRAMME_MANAGER
    assert list(above(Role.ACTION_OWNER)) == [
        Role.MANAGER,
        Role.ADVISOR,
        Role.TEAM_LEADER,
        Role.PROGRAMME_MANAGER,
    ]
    assert list(above(Role.BUYER)) == []
