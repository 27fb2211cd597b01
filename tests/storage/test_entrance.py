"""Sessions, codes and what happened at the door, in both dialects."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from storage import invitations, people, sessions, sign_in_codes, sign_in_events
from storage.database import reading, writing
from storage.sessions import Lifetime, Opening, Session
from storage.sign_in_codes import MOST_TRIES, Mailed
from storage.sign_in_events import Event, Happened, digest
from tests.storage.builders import AMINA, BAO, CHLOE
from tests.storage.cast import NOW, OUTSIDER

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def opened(engine: Engine) -> tuple[str, Session]:
    lifetime = Lifetime(idle=HOUR, most=DAY)
    opening = Opening(
        person=AMINA, device="Firefox on Android", shared=False, means="code", lifetime=lifetime
    )
    with writing(engine) as connection:
        return sessions.open_session(connection, opening, NOW)


def mailed(engine: Engine, person: str | None = AMINA) -> Mailed:
    with writing(engine) as connection:
        return sign_in_codes.make(connection, "ask", AMINA if person else None, "/findings", NOW)


def test_a_session_is_known_by_its_value_alone(cast: Engine) -> None:
    secret, session = opened(cast)
    with reading(cast) as connection:
        assert sessions.of_secret(connection, secret, NOW) == session
        for other in ("", session.id, secret[:-1], secret.upper()):
            assert sessions.of_secret(connection, other, NOW) is None


@pytest.mark.parametrize("hours", [1, 24])
def test_a_session_runs_out_at_the_very_instant(cast: Engine, hours: int) -> None:
    secret, session = opened(cast)
    with writing(cast) as connection:
        for hour in range(1, 48 if hours == 24 else 1):
            sessions.touch(connection, session, NOW + hour * HOUR / 2)
    end = NOW + hours * HOUR
    with reading(cast) as connection:
        assert sessions.of_secret(connection, secret, end - timedelta(seconds=1)) is not None
        assert sessions.of_secret(connection, secret, end) is None
        assert sessions.of_person(connection, AMINA, end) == ()


def test_a_session_is_ended_by_its_owner_once(cast: Engine) -> None:
    _, session = opened(cast)
    with writing(cast) as connection:
        assert not sessions.end(connection, BAO, session.id, NOW)
        assert sessions.end(connection, AMINA, session.id, NOW)
        assert not sessions.end(connection, AMINA, session.id, NOW)


def test_all_but_one_are_ended(cast: Engine) -> None:
    kept, ended = opened(cast)[1], opened(cast)[1]
    with writing(cast) as connection:
        assert sessions.end_all(connection, AMINA, NOW, but=kept.id) == (ended.id,)
        assert sessions.of_person(connection, AMINA, NOW) == (kept,)
        assert sessions.end_all(connection, AMINA, NOW) == (kept.id,)


def test_a_code_that_many_use_at_once_lets_one_in(cast: Engine, open_another: Callable[[], Engine]) -> None:
    code = mailed(cast).code

    def use(_: int) -> bool:
        with writing(open_another()) as connection:
            return sign_in_codes.use_code(connection, "ask", code, NOW) is not None

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == [False, False, False, True]


def test_tries_at_once_are_all_counted(cast: Engine, open_another: Callable[[], Engine]) -> None:
    code = mailed(cast).code

    def miss(_: int) -> None:
        with writing(open_another()) as connection:
            assert sign_in_codes.use_code(connection, "ask", "wrong", NOW) is None

    with ThreadPoolExecutor(MOST_TRIES) as pool:
        list(pool.map(miss, range(MOST_TRIES)))
    with writing(cast) as connection:
        assert sign_in_codes.use_code(connection, "ask", code, NOW) is None


def test_what_was_made_for_nobody_lets_nobody_in(cast: Engine) -> None:
    made = mailed(cast, None)
    with writing(cast) as connection:
        assert sign_in_codes.of_link(connection, made.link, NOW) is None
        assert sign_in_codes.use_link(connection, made.link, NOW) is None
        assert sign_in_codes.use_code(connection, "ask", made.code, NOW) is None


def test_old_codes_are_forgotten_after_a_day(cast: Engine) -> None:
    made = mailed(cast)
    with writing(cast) as connection:
        sign_in_codes.forget_old(connection, NOW + HOUR)
        assert sign_in_codes.of_link(connection, made.link, NOW) == AMINA
        sign_in_codes.forget_old(connection, NOW + DAY + HOUR)
        assert sign_in_codes.of_link(connection, made.link, NOW) is None


def test_an_address_is_known_in_whatever_case_it_is_written(cast: Engine) -> None:
    with reading(cast) as connection:
        (found,) = people.of_address(connection, " Amina@Example.ORG ")
        assert found.id == AMINA
        for other in ("", "%", "amina", "nobody@example.org"):
            assert people.of_address(connection, other) == ()


def test_events_are_counted_within_their_time_by_address_and_by_network(cast: Engine) -> None:
    here, there = digest("192.0.2.1"), digest("192.0.2.2")
    with writing(cast) as connection:
        for minutes in range(4):
            at = NOW + timedelta(minutes=minutes)
            event = Event(kind=Happened.ASKED, at=at, person=AMINA, address=digest("A@b.c"), network=here)
            sign_in_events.note(connection, event)
        since = NOW + timedelta(minutes=1)
        assert sign_in_events.count(connection, Happened.ASKED, since, address=digest("a@B.c")) == 2
        assert sign_in_events.count(connection, Happened.ASKED, since, network=here) == 2
        assert sign_in_events.count(connection, Happened.ASKED, since, network=there) == 0
        assert sign_in_events.count(connection, Happened.FAILED, since, network=here) == 0
        assert sign_in_events.of_person(connection, AMINA, limit=1) == (event,)
        assert sign_in_events.of_person(connection, BAO) == ()


def test_an_invitation_is_accepted_at_the_first_sign_in_after_it(cast: Engine) -> None:
    with writing(cast) as connection:
        assert invitations.latest(connection, OUTSIDER) is None
        made = invitations.add(connection, OUTSIDER, CHLOE, NOW)
        assert (made.by, made.accepted_at) == (CHLOE, None)
        invitations.accept(connection, OUTSIDER, NOW + HOUR)
        invitations.accept(connection, OUTSIDER, NOW + DAY)
        found = invitations.latest(connection, OUTSIDER)
        assert found
        assert found.accepted_at == NOW + HOUR
