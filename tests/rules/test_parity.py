"""What a committee lacks on a day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from remediation.parity import A_YEAR, SOON, Lack, Missing, Tenure, lacks
from remediation.words import Side

TODAY = date(2026, 11, 23)
LONG_AGO = TODAY - timedelta(days=900)
AMINA = Tenure(side=Side.WORKER, since=LONG_AGO, elected=True, co_chair=True)
ASHA = Tenure(side=Side.WORKER, since=LONG_AGO, elected=True)
BAO = Tenure(side=Side.MANAGEMENT, since=LONG_AGO, co_chair=True)
BINH = Tenure(side=Side.MANAGEMENT, since=LONG_AGO)
WHOLE = (AMINA, ASHA, BAO, BINH)


def found(*tenures: Tenure) -> list[Lack]:
    return [each.lack for each in lacks(tenures, TODAY)]


def test_a_whole_committee_lacks_nothing() -> None:
    assert lacks(WHOLE, TODAY) == ()


def test_a_factory_without_a_committee_has_no_member_on_either_side() -> None:
    assert lacks((), TODAY) == tuple(Missing(lack=Lack.NO_MEMBER, side=side) for side in Side)


@pytest.mark.parametrize(
    ("tenures", "expected"),
    [
        ((AMINA, BAO, BINH), Missing(lack=Lack.FEWER_WORKERS, number=1)),
        ((AMINA, ASHA, BAO), Missing(lack=Lack.FEWER_MANAGERS, number=1)),
    ],
)
def test_sides_should_be_equal(tenures: tuple[Tenure, ...], expected: Missing) -> None:
    assert lacks(tenures, TODAY) == (expected,)


def test_workers_are_elected_and_so_is_one_of_their_co_chairs() -> None:
    appointed = replace(AMINA, elected=False)
    assert found(appointed, replace(ASHA, elected=False), BAO, BINH) == [Lack.NONE_ELECTED]
    assert found(appointed, ASHA, BAO, BINH) == [Lack.CHAIR_NOT_ELECTED]


def test_each_side_has_a_co_chair() -> None:
    assert lacks((replace(AMINA, co_chair=False), ASHA, BAO, BINH), TODAY) == (
        Missing(lack=Lack.NO_CO_CHAIR, side=Side.WORKER),
    )


def test_a_seat_that_was_held_within_a_year_is_vacant() -> None:
    left = replace(ASHA, until=TODAY - timedelta(days=1))
    short = lacks((AMINA, left, BAO, BINH), TODAY)
    assert short[1:] == (Missing(lack=Lack.VACANT, side=Side.WORKER, number=1),)
    long_ago = replace(ASHA, until=TODAY - A_YEAR - timedelta(days=1))
    assert found(AMINA, long_ago, BAO, BINH) == [Lack.FEWER_WORKERS]
    followed = replace(ASHA, since=TODAY)
    assert found(AMINA, left, followed, BAO, BINH) == []


def test_a_seat_that_was_filled_and_left_within_the_year_is_vacant() -> None:
    briefly = replace(ASHA, since=TODAY - timedelta(days=200), until=TODAY - timedelta(days=100))
    assert lacks((AMINA, briefly, BAO), TODAY) == (Missing(lack=Lack.VACANT, side=Side.WORKER, number=1),)


def test_a_term_that_ends_soon_is_told_unless_somebody_follows() -> None:
    ends = TODAY + SOON
    leaving = replace(BINH, until=ends)
    assert lacks((AMINA, ASHA, BAO, leaving), TODAY) == (
        Missing(lack=Lack.ENDING, side=Side.MANAGEMENT, number=1, day=ends),
    )
    assert found(AMINA, ASHA, BAO, replace(BINH, until=ends + timedelta(days=1))) == []
    next_ = replace(BINH, since=ends + timedelta(days=1))
    assert found(AMINA, ASHA, BAO, leaving, next_) == []


def test_who_sits_already_follows_nobody() -> None:
    leaving = replace(BINH, until=TODAY + timedelta(days=30))
    assert found(AMINA, ASHA, replace(BAO, since=TODAY), leaving) == [Lack.ENDING]


def test_of_two_terms_that_end_soon_one_that_is_followed_is_not_counted() -> None:
    first, second = TODAY + timedelta(days=10), TODAY + timedelta(days=20)
    leaving = (replace(BAO, until=first), replace(BINH, until=second))
    follower = replace(BINH, since=second + timedelta(days=1))
    assert lacks((AMINA, ASHA, *leaving, follower), TODAY) == (
        Missing(lack=Lack.ENDING, side=Side.MANAGEMENT, number=1, day=first),
    )


def test_a_seat_is_held_to_the_end_of_its_last_day() -> None:
    assert found(AMINA, ASHA, BAO, replace(BINH, until=TODAY)) == [Lack.ENDING]
    left = found(AMINA, ASHA, BAO, replace(BINH, until=TODAY - timedelta(days=1)))
    assert left == [Lack.FEWER_MANAGERS, Lack.VACANT]
