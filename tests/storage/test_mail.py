"""Letters and messages: from what is owed to what became of each mail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from threading import Barrier

import pytest
from sqlalchemy import Engine

from remediation.facts import Issued
from remediation.words import LetterKind, PersonId, Role
from storage import claims, letters, messages
from storage.claims import Claim
from storage.database import reading, writing
from storage.letters import Letter, LettersTaken, LetterState
from storage.messages import MessageState, NewMessage
from storage.recording import record
from tests.storage.builders import AMINA, BAO, MONDAY, a_life, a_recording, agreed
from tests.storage.cast import NOW

SOON = NOW + claims.LEASE / 2
LATER = NOW + timedelta(days=3)


def owed(engine: Engine) -> tuple[Letter, ...]:
    """The letters that a committed finding calls for."""
    with writing(engine) as connection:
        record(connection, [a_recording(agreed(a_life()))])
        return letters.waiting(connection, LATER)


def a_message(letter: Letter, person: PersonId = BAO, **changes: object) -> NewMessage:
    message = NewMessage(
        key=f"letter-{letter.id}-{person}",
        person=person,
        kind=letter.kind,
        letters=(letter.id,),
        urgent=not letter.gathered,
        address=f"{person}@example.org",
        message_id=f"<letter-{letter.id}.{person}@mendwork.example>",
        date=letter.at,
        subject="Committed",
        content=b"Subject: Committed\r\n\r\nAmina and Bao have signed.\r\n",
    )
    return replace(message, **changes)  # type: ignore[arg-type]


def addressed(engine: Engine) -> Letter:
    """An urgent letter that has become one message."""
    letter = next(each for each in owed(engine) if each.kind is LetterKind.COMMITTED)
    with writing(engine) as connection:
        messages.address(connection, [letter.id], [a_message(letter)], NOW)
    return letter


def claimed(engine: Engine, now: object = NOW, worker: str = "w1") -> Claim:
    with writing(engine) as connection:
        (held,) = claims.claim(connection, now, worker)  # type: ignore[arg-type]
    return held


def state(engine: Engine, held: Claim) -> messages.Message:
    with reading(engine) as connection:
        message = messages.find(connection, held.message.id)
    assert message is not None
    return message


def test_a_letter_waits_with_the_fact_that_called_for_it(engine: Engine) -> None:
    first, *others = owed(engine)
    assert (first.kind, first.role, first.gathered, first.at) == (
        LetterKind.NEW_FINDING,
        Role.MANAGER,
        True,
        MONDAY,
    )
    assert isinstance(first.fact, Issued)
    assert first.state is LetterState.WAITING
    named = [each for each in others if each.kind is LetterKind.SIGN_PROPOSAL]
    assert {each.person for each in named} >= {AMINA}


def test_letters_of_one_sort_and_of_now_can_be_asked_for(engine: Engine) -> None:
    every = owed(engine)
    with reading(engine) as connection:
        gathered = letters.waiting(connection, LATER, gathered=True)
        urgent = letters.waiting(connection, LATER, gathered=False)
        assert {each.kind for each in gathered} == {LetterKind.NEW_FINDING}
        assert sorted((*gathered, *urgent), key=lambda each: each.id) == list(every)
        assert letters.waiting(connection, MONDAY - timedelta(seconds=1)) == ()
        assert letters.waiting(connection, LATER, limit=2) == every[:2]


def test_a_letter_can_wait_for_the_morning(engine: Engine) -> None:
    first, *others = owed(engine)
    with writing(engine) as connection:
        letters.postpone(connection, [first.id], LATER)
        assert letters.waiting(connection, LATER - timedelta(seconds=1)) == tuple(others)
        assert first.id in [each.id for each in letters.waiting(connection, LATER)]


def test_a_letter_to_two_holders_becomes_two_messages_and_waits_no_more(engine: Engine) -> None:
    letter = owed(engine)[0]
    with writing(engine) as connection:
        both = [a_message(letter, AMINA), a_message(letter, BAO, skipped="no_address", address="")]
        messages.address(connection, [letter.id], both, NOW)
        assert letter.id not in [each.id for each in letters.waiting(connection, LATER)]
        to_amina, to_bao = messages.of_finding(connection, "f1")[letter.id]
        assert (to_amina.state, to_bao.state) == (MessageState.WAITING, MessageState.SKIPPED)
        assert to_bao.reason == "no_address"
        assert [each.message for each in claims.claim(connection, NOW, "w")] == [
            replace(
                to_amina,
                state=MessageState.CLAIMED,
                attempts=1,
                next_try_at=NOW + claims.LEASE,
            )
        ]


def test_one_message_of_the_morning_carries_many_letters(engine: Engine) -> None:
    gathered = [each for each in owed(engine) if each.gathered]
    ids = tuple(each.id for each in gathered)
    digest = a_message(gathered[0], key="morning-bao", kind=messages.DIGEST, letters=ids, morning=NOW.date())
    with writing(engine) as connection:
        messages.address(connection, ids, [digest], NOW)
        (message,) = messages.of_person(connection, BAO)
        assert messages.letters_of(connection, message.id) == ids
        assert (message.kind, message.morning, message.urgent) == ("digest", NOW.date(), False)
        assert messages.content(connection, message.id) == digest.content


def test_of_two_mailrooms_only_one_addresses_a_letter(engine: Engine) -> None:
    letter = addressed(engine)
    again = a_message(letter, key="another")
    with pytest.raises(LettersTaken, match="look again"), writing(engine) as connection:
        messages.address(connection, [letter.id], [again], NOW)
    with pytest.raises(LettersTaken), writing(engine) as connection:
        letters.skip(connection, [letter.id], "no_holder")
    with reading(engine) as connection:
        assert [each.key for each in messages.of_person(connection, BAO)] == [f"letter-{letter.id}-bao"]


def test_a_message_is_written_once(engine: Engine) -> None:
    letter = addressed(engine)
    with pytest.raises(LettersTaken), writing(engine) as connection:
        messages.address(connection, [], [a_message(letter)], NOW)


def test_a_next_person_can_be_told_of_an_addressed_letter(engine: Engine) -> None:
    letter = addressed(engine)
    with writing(engine) as connection:
        messages.address(connection, [], [a_message(letter, AMINA)], NOW)
        assert len(messages.of_finding(connection, "f1")[letter.id]) == 2


def test_a_letter_that_is_given_up_says_why(engine: Engine) -> None:
    letter = owed(engine)[0]
    with writing(engine) as connection:
        letters.skip(connection, [letter.id, letter.id], "no_holder")
        given_up = letters.of_finding(connection, "f1")[0]
        assert (given_up.state, given_up.reason) == (LetterState.SKIPPED, "no_holder")


def test_a_message_is_claimed_by_one_worker(engine: Engine, open_another: Callable[[], Engine]) -> None:
    addressed(engine)
    held = claimed(engine)
    assert (held.attempt, held.until) == (1, NOW + claims.LEASE)
    with writing(open_another()) as connection:
        assert claims.claim(connection, SOON, "w2") == ()


def test_workers_that_claim_at_the_same_moment_share_the_work(engine: Engine) -> None:
    every = owed(engine)
    with writing(engine) as connection:
        messages.address(connection, [each.id for each in every], [a_message(each) for each in every], NOW)
    start = Barrier(4)

    def work(worker: str) -> list[int]:
        start.wait()
        with writing(engine) as connection:
            return [each.message.id for each in claims.claim(connection, NOW, worker, limit=3)]

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(work, ("w1", "w2", "w3", "w4")))
    taken = list(chain(*shares))
    assert len(taken) == len(set(taken)) == min(12, len(every))


def test_urgent_messages_are_claimed_first(engine: Engine) -> None:
    every = owed(engine)
    with writing(engine) as connection:
        messages.address(connection, [each.id for each in every], [a_message(each) for each in every], NOW)
        order = [each.message.urgent for each in claims.claim(connection, NOW, "w1")]
    assert order == sorted(order, reverse=True)


def test_an_accepted_message_is_never_claimed_again(engine: Engine) -> None:
    addressed(engine)
    held = claimed(engine)
    with writing(engine) as connection:
        assert claims.accepted(connection, held, SOON, "250 OK")
        assert not claims.accepted(connection, held, SOON, "250 OK")
        assert claims.claim(connection, LATER, "w2") == ()
        assert messages.tally(connection)[MessageState.ACCEPTED] == 1
    message = state(engine, held)
    assert (message.state, message.last_reply, message.settled_at) == (MessageState.ACCEPTED, "250 OK", SOON)


def test_a_deferred_message_is_tried_again_at_its_time_with_the_same_bytes(engine: Engine) -> None:
    addressed(engine)
    held = claimed(engine)
    with writing(engine) as connection:
        assert claims.deferred(connection, held, LATER, "451 try later")
        assert claims.claim(connection, LATER - timedelta(seconds=1), "w1") == ()
    again = claimed(engine, LATER)
    assert (again.content, again.attempt, again.message.ambiguous) == (held.content, 2, 0)
    assert again.message.last_reply == "451 try later"


def test_a_claim_whose_lease_ran_out_passes_on_and_counts_as_ambiguous(engine: Engine) -> None:
    addressed(engine)
    dead = claimed(engine)
    heir = claimed(engine, dead.until, "w2")
    assert (heir.attempt, heir.message.ambiguous) == (2, 1)
    with writing(engine) as connection:
        assert not claims.accepted(connection, dead, LATER, "250 OK")
        assert not claims.deferred(connection, dead, LATER, "451")
        assert not claims.skipped(connection, dead, LATER, "already_signed")
        assert claims.accepted(connection, heir, LATER, "250 OK")


def test_a_lost_answer_ends_a_message_as_unknown_or_has_it_sent_again(engine: Engine) -> None:
    addressed(engine)
    held = claimed(engine)
    with writing(engine) as connection:
        assert claims.unknown(connection, held, NOW, "connection lost", SOON)
    again = claimed(engine, SOON)
    assert again.message.ambiguous == 1
    with writing(engine) as connection:
        assert claims.unknown(connection, again, LATER, "connection lost")
        assert claims.claim(connection, LATER, "w1") == ()
    message = state(engine, again)
    assert (message.state, message.ambiguous, message.settled_at) == (MessageState.UNKNOWN, 2, LATER)


def test_a_message_can_fail_for_good_or_be_needed_no_more(engine: Engine) -> None:
    first, second, *_ = owed(engine)
    with writing(engine) as connection:
        messages.address(connection, [first.id, second.id], [a_message(first), a_message(second)], NOW)
        one, other = claims.claim(connection, NOW, "w1")
        assert claims.failed(connection, one, SOON, "550 no such user")
        assert claims.skipped(connection, other, SOON, "already_signed")
    assert (state(engine, one).state, state(engine, one).reason) == (MessageState.FAILED, "refused")
    assert (state(engine, other).state, state(engine, other).reason) == (
        MessageState.SKIPPED,
        "already_signed",
    )


def test_no_such_message_is_none(engine: Engine) -> None:
    with reading(engine) as connection:
        assert messages.find(connection, 99) is None
        assert messages.content(connection, 99) is None
        assert set(messages.tally(connection).values()) == {0}
