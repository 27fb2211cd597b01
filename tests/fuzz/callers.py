"""Who calls and about what: schemathesis makes up requests, and these hooks put people and things into them.

What is drawn depends on the request alone, so that a seed gives the same run again. Only parts of a
request that fit the schema are touched: what was made wrong on purpose stays wrong.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

import schemathesis
from schemathesis.core.parameters import ParameterLocation

from remediation.permissions import ROLES, Action
from remediation.words import Role
from service.api.bodies import BODIES
from tests.service.stage import GRANTS, NAMES, SEATS, token_of

FINDINGS = tuple(f"f{number}" for number in range(1, 9))
ELSEWHERE = "p1"
"""A finding of another factory than the cast's."""
IDS: dict[str, tuple[str, ...]] = {
    "finding": (*FINDINGS, ELSEWHERE),
    "successor": (*FINDINGS, ELSEWHERE),
    "person": tuple(NAMES),
    "owner": tuple(NAMES),
    "verifier": ("chloe", "tomas"),
    "witness": ("chloe", "tomas"),
    "deputy": tuple(NAMES),
    "factory": ("lotus", "padma"),
    "plan": ("plan-1", "plan-2"),
    "programme": ("bd", "vn"),
    "assessment": ("as-1",),
    "obligation": ("propose:1", "a1", "action:a1:1", "interim_plan:1"),
    "action": ("a1",),
    "actions": ("a1",),
    "id": ("a1",),
    "scope": ("lotus", "bd", ""),
}
DAYS = frozenset({"due", "until", "on", "first", "last"})


def _holders() -> Iterator[tuple[Role, str]]:
    for person, grant in GRANTS.items():
        yield grant.role, person
    for seat in SEATS:
        yield Role.WORKER_MEMBER if seat.elected else Role.MANAGEMENT_MEMBER, seat.person


HOLDERS = tuple(_holders())
VERBS = {name.replace("_", "-"): name for name in BODIES}


@schemathesis.hook
def before_call(_context: object, case: Any, _kwargs: dict[str, Any]) -> None:  # noqa: ANN401 - untyped in the library
    """Let somebody of the cast send a request, mostly about what there is."""
    draw = _lots(case)
    modes = {place: part.mode for place, part in case.meta.components.items()} if case.meta else {}
    right = {place for place, mode in modes.items() if mode.is_positive}
    if ParameterLocation.PATH in right:
        case.path_parameters = _known(draw, case.path_parameters)
    if ParameterLocation.BODY in right and isinstance(case.body, dict):
        case.body = _known(draw, case.body)


@schemathesis.auth(refresh_interval=None)
class Tokens:
    """Each request is somebody's of the cast: mostly of one whose role may ask for it."""

    def get(self, case: Any, _context: object) -> str:  # noqa: ANN401 - untyped in the library
        """Give the token of who sends a request."""
        return token_of(_caller(_lots(case), case.path))

    def set(self, case: Any, token: str, _context: object) -> None:  # noqa: ANN401
        """Let the request bear it."""
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}


def _lots(case: Any) -> random.Random:  # noqa: ANN401
    return random.Random(crc32(repr((case.path, case.path_parameters, case.query, case.body)).encode()))  # noqa: S311


def _caller(draw: random.Random, path: str) -> str:
    verb = VERBS.get(path.rpartition("/")[2])
    able = [person for role, person in HOLDERS if verb and role in ROLES[Action(verb)]]
    return draw.choice(able if able and draw.random() < 0.7 else list(NAMES))


def _known(draw: random.Random, value: Any, name: str = "") -> Any:  # noqa: ANN401 - any JSON
    """Give a value in which most ids and days are replaced by those that there are."""
    if isinstance(value, Mapping):
        return {key: _known(draw, each, key) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_known(draw, each, name) for each in value]
    if not isinstance(value, str) or draw.random() < 0.25:
        return value
    if name in DAYS:
        return (datetime.now(UTC) + timedelta(days=draw.randrange(-5, 120))).date().isoformat()
    return draw.choice(IDS[name]) if name in IDS else value
