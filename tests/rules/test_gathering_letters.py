"""Letters of plans, meetings and visits: who is reminded on which day, in the morning's one message."""

from datetime import timedelta

import pytest

from remediation.facts import Reminded
from remediation.gatherings.letters import INVITED, letters_for
from remediation.gatherings.meeting.facts import MeetingCancelled
from remediation.letters import CO_CHAIRS, FACTORY, LetterOrder
from remediation.words import Duty, Role
from tests.rules.cast import DHAKA, ERIK, MONDAY, NOTE


def reminded(duty: Duty, days_left: int, owner: Role = Role.WORKER_CO_CHAIR) -> tuple[LetterOrder, ...]:
    """Give the letters of a reminder so many days before something is due."""
    due = MONDAY + timedelta(days=days_left)
    fact = Reminded(
        obligation=duty,
        duty=duty,
        due=due,
        due_day=DHAKA.last_day(due),
        step=f"T{-days_left:+d}",
        owner=owner,
        person=ERIK,
        days_left=days_left,
        scheduled=MONDAY,
    )
    return letters_for(fact, 7)


@pytest.mark.parametrize(
    ("days_left", "roles"), [(2, ()), (1, INVITED), (0, INVITED), (-1, (*CO_CHAIRS, Role.ADVISOR))]
)
def test_a_meeting_is_near_from_the_day_before_on(days_left: int, roles: tuple[Role, ...]) -> None:
    assert tuple(each.role for each in reminded(Duty.HOLD_MEETING, days_left)) == roles


@pytest.mark.parametrize(
    ("duty", "owner", "roles"),
    [
        (Duty.HOLD_MEETING, Role.WORKER_CO_CHAIR, INVITED),
        (Duty.SIGN_MINUTES, Role.WORKER_CO_CHAIR, (Role.WORKER_CO_CHAIR, Role.WORKER_MEMBER)),
        (Duty.HOLD_VISIT, Role.ADVISOR, (Role.ADVISOR,)),
        (Duty.FILE_PLAN, Role.MANAGER, FACTORY),
    ],
)
def test_reminders_wait_for_the_morning_and_are_unique_by_their_step(
    duty: Duty, owner: Role, roles: tuple[Role, ...]
) -> None:
    told = reminded(duty, 1, owner)
    assert {each.role for each in told} == set(roles)
    assert {(each.gathered, each.obligation, each.step) for each in told} == {(True, duty, "T-1")}


def test_what_happens_once_is_unique_by_its_place_in_the_ledger() -> None:
    told = letters_for(MeetingCancelled(reason=NOTE, sequence=1), 7)
    assert {(each.obligation, each.step) for each in told} == {("meeting_cancelled", "#7")}
