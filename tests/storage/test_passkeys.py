"""Passkeys and their challenges, in both dialects."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from storage import passkeys
from storage.database import reading, writing
from storage.passkeys import ANSWERED_WITHIN
from tests.storage.builders import AMINA, BAO, a_passkey
from tests.storage.cast import NOW

MOST = 2**32 - 1
"""The highest count that a device can tell."""


def asked(engine: Engine, person: str | None = None) -> None:
    with writing(engine) as connection:
        passkeys.keep_challenge(connection, "challenge", person, NOW)


def test_a_credential_is_one_persons_alone(cast: Engine) -> None:
    hers = a_passkey(AMINA)
    with writing(cast) as connection:
        assert passkeys.add(connection, hers)
        assert not passkeys.add(connection, replace(a_passkey(BAO), credential=hers.credential))
    with reading(cast) as connection:
        assert passkeys.of_credential(connection, hers.credential) == hers
        assert passkeys.of_person(connection, AMINA) == (hers,)
        assert passkeys.of_person(connection, BAO) == ()


def test_a_passkey_gets_another_name_and_is_removed_once(cast: Engine) -> None:
    hers = a_passkey(AMINA)
    with writing(cast) as connection:
        passkeys.add(connection, hers)
        passkeys.rename(connection, hers, "Her tablet")
        assert [each.name for each in passkeys.of_person(connection, AMINA)] == ["Her tablet"]
        assert passkeys.remove(connection, hers)
        assert not passkeys.remove(connection, hers)
        assert passkeys.of_credential(connection, hers.credential) is None


def test_the_same_count_is_used_once(cast: Engine) -> None:
    hers = a_passkey(AMINA, uses=7)
    with writing(cast) as connection:
        passkeys.add(connection, hers)
        assert passkeys.was_used(connection, hers, MOST, NOW)
        assert not passkeys.was_used(connection, hers, 9, NOW)
        kept = passkeys.of_credential(connection, hers.credential)
    assert kept == replace(hers, uses=MOST, used_at=NOW)


def test_a_challenge_that_many_answer_at_once_counts_once(
    cast: Engine, open_another: Callable[[], Engine]
) -> None:
    asked(cast)

    def take(_: int) -> bool:
        with writing(open_another()) as connection:
            return passkeys.take_challenge(connection, "challenge", None, NOW)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(4))) == [False, False, False, True]


def test_a_challenge_is_for_whom_it_was_asked(cast: Engine) -> None:
    asked(cast, AMINA)
    with writing(cast) as connection:
        for other in (BAO, None):
            assert not passkeys.take_challenge(connection, "challenge", other, NOW)
        assert passkeys.take_challenge(connection, "challenge", AMINA, NOW)


def test_a_challenge_runs_out_at_the_very_instant(cast: Engine) -> None:
    asked(cast)
    end = NOW + ANSWERED_WITHIN
    with writing(cast) as connection:
        assert not passkeys.take_challenge(connection, "challenge", None, end)
        assert passkeys.take_challenge(connection, "challenge", None, end - timedelta(seconds=1))
