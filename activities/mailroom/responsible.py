"""Who is responsible next: one step up from each role, and whether mail can reach somebody."""

from collections.abc import Iterator
from typing import Final

from notifications.message import AddressUnusableError, checked
from remediation.words import Role
from storage.people import Person

NO_ADDRESS = "no_address"
BAD_ADDRESS = "bad_address"

NEXT: Final[dict[Role, Role]] = {
    Role.ACTION_OWNER: Role.MANAGER,
    Role.MANAGEMENT_CO_CHAIR: Role.MANAGER,
    # What a member is asked at the committee's table is not for the manager's mailbox.
    Role.MANAGEMENT_MEMBER: Role.ADVISOR,
    Role.WORKER_MEMBER: Role.ADVISOR,
    Role.WORKER_CO_CHAIR: Role.ADVISOR,
    Role.MANAGER: Role.ADVISOR,
    Role.TOP_MANAGEMENT: Role.TEAM_LEADER,
    Role.ADVISOR: Role.TEAM_LEADER,
    Role.TEAM_LEADER: Role.PROGRAMME_MANAGER,
    Role.DUTY_OFFICER: Role.PROGRAMME_MANAGER,
    Role.DECISION_PANEL: Role.PROGRAMME_MANAGER,
}
"""One step up from each role. Buyers subscribe for themselves: nobody reads their letters for them."""


def above(role: Role) -> Iterator[Role]:
    """Give the roles above one, the nearest first."""
    while role in NEXT:
        role = NEXT[role]
        yield role


def unreachable(reader: Person) -> str:
    """Give why mail cannot reach a person, or nothing when it can."""
    if not reader.email:
        return NO_ADDRESS
    try:
        checked(reader.email)
    except AddressUnusableError:
        return BAD_ADDRESS
    return ""
