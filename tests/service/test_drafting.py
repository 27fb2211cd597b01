"""Drafts become orders: what of a plan's words an order carries."""

from datetime import UTC, date, datetime
from typing import Any

from remediation.orders import Propose as ProposeOrder
from remediation.words import CommandId, FindingId, PersonId, Role
from service.api.bodies import Propose
from service.drafting import Draft, write
from storage.database import writing
from tests.service.stage import AMINA, BAO, Theatre, a_plan


def words_of(theatre: Theatre, command: str, *plans: dict[str, Any]) -> list[str]:
    """Give the digest of each action's words, in a proposal of the actions of these plans."""
    actions = [action for plan in plans for action in plan["actions"]]
    draft = Draft(
        command=CommandId(command),
        finding=FindingId("f1"),
        verb="propose",
        body=Propose(root_cause="Keys are kept by the guard only.", actions=actions),
        by=PersonId(BAO),
        acting=Role.MANAGER,
        at=datetime.now(UTC),
    )
    with writing(theatre.database) as connection:
        order = write(connection, draft)
    assert isinstance(order, ProposeOrder)
    assert [action.id for action in order.actions] == [f"a{place}" for place in range(1, len(actions) + 1)]
    return [action.words for action in order.actions]


def test_an_action_is_known_by_its_words_whatever_its_number_and_day(theatre: Theatre) -> None:
    notice = a_plan(description="Put up a notice")
    (alone,) = words_of(theatre, "c1", notice)
    later = a_plan(description="Put up a notice", due=date(2027, 1, 1))
    exits, again = words_of(theatre, "c2", a_plan(description="Build a second exit"), later)
    assert again == alone
    assert exits != alone


def test_another_owner_promises_something_else(theatre: Theatre) -> None:
    his, hers = words_of(theatre, "c1", a_plan(BAO), a_plan(AMINA))
    assert his != hers
