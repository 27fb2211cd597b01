"""Swapped ids: what belongs to another factory or programme is answered as if there were no such thing."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import Connection, select

from activities.opening import put_gatherings_on_record
from remediation.gatherings.plan import plan_opened
from remediation.permissions import Grant, ScopeKind
from remediation.policy import Policy
from remediation.words import FactoryId, PersonId, PlanId, ProgrammeId, Role
from service.api.bodies import BODIES
from service.pages.fields import Field, Kind, fields_of
from storage import deliveries, hooks, passkeys, people
from storage.database import reading, writing
from storage.entrance import sessions
from storage.evidence import evidence
from storage.programmes import save_factory
from storage.tables import commands, revisions
from tests.evidence.files import a_pdf
from tests.service.addresses import Address, addresses
from tests.service.meetings import put_meeting
from tests.service.stage import (
    AMINA,
    BAO,
    BUYER,
    CHLOE,
    DHAKA,
    LOTUS,
    NEIGHBOUR,
    OTHER_PROGRAMME,
    OUTSIDER,
    PADMA,
    PROGRAMME,
    Theatre,
    a_factory,
    a_life,
    a_plan,
    key,
    save_person,
    token_of,
)
from tests.service.visits import put_visit
from tests.storage.builders import a_hook, a_passkey

HOOK = "the-hook"
HANOI, LINH = FactoryId("hanoi"), PersonId("linh")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SAME_FOR_ALL = frozenset({"verb", "first", "provider", "link", "secret", "form", "number"})
"""Parameters that name no thing of somebody's."""
DAY = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
NEW_DAYS = {"days": [], "digest": "a" * 64, "reason": "why"}
POLICY = {"policy": 'version = "another"', "reproject": False, "reason": "why"}
IN_A_MEETING: dict[str, dict[str, Any]] = {
    "set-agenda": {"agenda": []},
    "move-meeting": {"starts": "2030-01-01T00:00:00Z", "reason": "words"},
    "cancel-meeting": {"reason": "words"},
    "record-attendance": {"present": []},
    "vote-together": {"votes": [{"finding": "ours", "revision": "a" * 64}]},
    "correct-minutes": {"remarks": "words"},
    "sign-minutes": {"minutes": "a" * 64},
    "record-paper": {"sheet": 1, "ballots": [{"person": "amina", "signs": [1]}], "files": ["none"]},
    "witness-paper": {"paper": 1},
    "decline-paper": {"paper": 1, "reason": "words"},
}
ON_A_VISIT: dict[str, dict[str, Any]] = {
    "begin-visit": {"on": "2030-01-01"},
    "record-outcome": {"finding": "ours", "verdict": "pass", "evidence": ["words"]},
    "postpone-visit": {"on": "2030-01-01", "hindrance": "factory", "reason": "words"},
    "cancel-visit": {"hindrance": "factory", "reason": "words"},
    "end-visit": {},
}
JSON: dict[tuple[str, str], dict[str, Any]] = {
    ("PUT", "/api/v1/factories/{factory}/committee"): {"seats": [{"person": "amina", "side": "worker"}]},
    ("POST", "/api/v1/findings/{finding}/comments"): {"text": "words"},
    ("POST", "/api/v1/findings/{finding}/repeat"): {"repeats": True},
    ("PATCH", "/api/v1/factories/{factory}"): {"name": "Another name"},
    ("PUT", "/api/v1/factories/{factory}/calendar"): NEW_DAYS,
    ("POST", "/api/v1/factories/{factory}/calendar/preview"): {"days": []},
    ("PUT", "/api/v1/programmes/{programme}/policy"): POLICY,
    ("POST", "/api/v1/programmes/{programme}/policy/preview"): {"policy": POLICY["policy"]},
    ("POST", "/api/v1/webhooks/{webhook}/resend"): {"since": "2026-01-01T00:00:00Z"},
    ("POST", "/api/v1/factories/{factory}/meetings"): {"starts": "2030-01-01T00:00:00Z"},
    ("POST", "/api/v1/visits"): {
        "factory": "lotus",
        "on": "2030-01-01",
        "announced": True,
        "findings": ["ours"],
    },
    **{("POST", f"/api/v1/visits/{{visit}}/{verb}"): body for verb, body in ON_A_VISIT.items()},
    **{("POST", f"/api/v1/meetings/{{meeting}}/{verb}"): body for verb, body in IN_A_MEETING.items()},
    ("PUT", "/api/v1/people/{person}"): {"name": "Another name", "language": "en"},
    ("PUT", "/api/v1/people/{person}/roles"): {"roles": []},
    ("PUT", "/api/v1/people/{person}/absences/2030-01-01"): {"last": "2030-01-02"},
}
FORMS = {
    "/findings/{finding}/repeat": {"then": "no"},
    "/me/passkeys/{passkey}/rename": {"name": "Another name"},
    "/webhooks/{webhook}/resend": {"since": "2026-01-01"},
}
"""What is sent besides the verbs' bodies, so that an answer is about the ids alone."""


@dataclass(frozen=True)
class Theirs:
    """The ids of things at a place where the caller has no part."""

    programme: str
    factory: str
    plan: str
    meeting: str
    visit: str
    finding: str
    person: str
    command: str
    revision: str
    piece: str
    session: str
    passkey: str
    webhook: str
    delivery: str
    assessment: str = "none"
    comment: str = "none"
    feed: str = "none"
    upload: str = "none"

    @property
    def of(self) -> str:
        """The plan whose page is asked for."""
        return self.plan


@pytest.fixture
async def padma(theatre: Theatre) -> Theirs:
    """Another factory of the same programme."""
    return await _settled(theatre, PADMA, NEIGHBOUR, "bd")


@pytest.fixture
async def hanoi(theatre: Theatre) -> Theirs:
    """A factory of another programme."""
    with writing(theatre.database) as connection:
        save_factory(connection, a_factory(HANOI, "Hanoi Shoes", OTHER_PROGRAMME))
        save_person(connection, LINH, "Linh")
        people.give(connection, LINH, Grant(Role.MANAGER, ScopeKind.FACTORY, HANOI))
    return await _settled(theatre, HANOI, LINH, OTHER_PROGRAMME)


async def _settled(theatre: Theatre, factory: FactoryId, person: PersonId, programme: str) -> Theirs:
    """Let a manager of a factory propose a plan and hand in a document there."""
    plan = PlanId(f"plan-{factory}")
    theatre.keep(a_life("theirs", factory=factory, programme=programme, plan=plan, seats=()), a_life("ours"))
    with writing(theatre.database) as connection:
        people.give(connection, person, Grant(Role.MANAGEMENT_MEMBER, ScopeKind.FACTORY, factory))
        passkeys.add(connection, a_passkey(person))
        _gathered(connection, factory, person, ProgrammeId(programme), plan)
        assert hooks.make(connection, a_hook(programme, person), hooks.new_secret())
        message = deliveries.add_test(connection, HOOK, datetime.now(UTC))
    await _handed_in(theatre, person)
    with reading(theatre.database) as connection:
        return Theirs(
            programme=programme,
            factory=factory,
            plan=plan,
            meeting="m-theirs",
            visit="v-theirs",
            finding="theirs",
            person=person,
            command=connection.execute(select(commands.c.id)).scalar_one(),
            revision=connection.execute(select(revisions.c.digest)).scalar_one(),
            session=connection.execute(select(sessions.c.id).where(sessions.c.person == person)).scalar_one(),
            passkey=f"key-of-{person}",
            webhook=HOOK,
            delivery=message,
            piece=connection.execute(select(evidence.c.id)).scalar_one(),
        )


def _gathered(
    connection: Connection, factory: FactoryId, person: PersonId, programme: ProgrammeId, plan: PlanId
) -> None:
    """Record a plan, a meeting and a visit of theirs, and of ours."""
    for own, home, place in ((plan, programme, factory), (PlanId("plan-1"), PROGRAMME, LOTUS)):
        opened = plan_opened(own, home, place, "as-1", None, Policy().version, DHAKA.version)
        put_gatherings_on_record(connection, [(opened, Policy(), DHAKA, CHLOE)], datetime.now(UTC))
    there: dict[str, Any] = {"factory": factory, "programme": programme, "by": person}
    put_meeting(connection, "m-ours")
    put_visit(connection, "v-ours", findings=("ours",))
    put_visit(connection, "v-theirs", findings=("theirs",), **there)
    put_meeting(connection, "m-theirs", seats=(), **there)


async def _handed_in(theatre: Theatre, person: PersonId) -> None:
    async with theatre.act(person) as client:
        at = "/api/v1/findings/theirs"
        proposed = await client.post(f"{at}/propose", json=a_plan(person), headers=key())
        assert proposed.status_code == 202, proposed.text
        handed_in = await client.post(
            f"{at}/evidence", files={"file": ("a.pdf", a_pdf())}, data={"shows": "It is open"}, headers=key()
        )
        assert handed_in.status_code == 201, handed_in.text


def filled(fields: tuple[Field, ...]) -> dict[str, Any]:
    """Give a body that has the form it must have."""
    return {field.name: _value(field) for field in fields if field.required}


def _value(field: Field) -> Any:  # noqa: ANN401 - any JSON
    simple = {Kind.TEXT: "words", Kind.DATE: DAY, Kind.NUMBER: 1, Kind.YES_NO: True, Kind.PICK: "amina"}
    lists = {Kind.LINES: ["words"], Kind.MANY: ["a1"], Kind.HIDDEN: "a" * 64}
    if field.kind is Kind.ROWS:
        return [filled(field.fields)]
    return field.options[0].value if field.kind is Kind.CHOICE else {**simple, **lists}[field.kind]


def asked(route: Address) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give the requests to a route: method, template, and what goes with it."""
    verbs = [verb.replace("_", "-") for verb in BODIES] if "verb" in route.parameters else [""]
    for method in sorted(route.methods & set(METHODS)):
        for verb in verbs:
            template = (
                route.template.replace("{verb}", verb)
                .replace("{first}", "2030-01-01")
                .replace("{form}", "csv")
                .replace("{number}", "1")
            )
            yield method, template, _sent(method, template)


def _sent(method: str, template: str) -> dict[str, Any]:
    last = template.rpartition("/")[2].replace("-", "_")
    if method in {"GET", "DELETE"}:
        return {}
    if template.endswith("/evidence"):
        return {"files": {"file": ("a.pdf", a_pdf())}, "data": {"shows": "words"}}
    if template.endswith("/withdraw"):
        return {}
    if template in FORMS:
        return {"data": FORMS[template]}
    if not template.startswith("/api/"):
        return {"data": {"key": uuid.uuid4().hex, "send": "yes"}}
    return {"json": filled(fields_of(last)) if last in BODIES else JSON.get((method, template), {})}


async def answers(theatre: Theatre, person: str, theirs: Theirs) -> list[tuple[str, Response, Response]]:
    """Give, for each request that names a thing, the answers for theirs and for what there is not."""
    found = []
    async with theatre.act(person, Accept="text/html", Cookie=f"mendwork={token_of(person)}") as client:
        for route in addresses(theatre.app, *METHODS):
            named = [each for each in route.parameters if each not in SAME_FOR_ALL]
            for method, template, sent in asked(route):
                for each in named:
                    ours, none = _swaps(named, each, theirs)
                    there = await _answer(client, method, template, sent, ours)
                    nowhere = await _answer(client, method, template, sent, none)
                    found.append((f"{method} {template} with another {each}", there, nowhere))
    return found


def _swaps(named: list[str], swapped: str, theirs: Theirs) -> tuple[dict[str, str], dict[str, str]]:
    """Give the ids with one of theirs in its place, and with one that there is not; others are one's own."""
    own = {
        "finding": "ours",
        "factory": "lotus",
        "plan": "plan-1",
        "of": "plan-1",
        "meeting": "m-ours",
        "visit": "v-ours",
        "programme": "bd",
        "person": "amina",
    }
    known = {each: own.get(each, "none") for each in named}
    return known | {swapped: getattr(theirs, swapped)}, known | {swapped: "none"}


async def _answer(
    client: AsyncClient, method: str, template: str, sent: dict[str, Any], values: dict[str, str]
) -> Response:
    return await client.request(method, template.format_map(values), **sent, headers=key())


def told(answer: Response, theirs: Theirs) -> str:
    """Give what an answer tells, without the id that was asked for."""
    text = answer.text
    for each in sorted(vars(theirs).values(), key=len, reverse=True):
        text = text.replace(each, "none") if len(each) > 2 else text
    return text


@pytest.mark.parametrize("person", [BAO, AMINA, BUYER, OUTSIDER])
async def test_another_factorys_things_are_not_there(theatre: Theatre, padma: Theirs, person: str) -> None:
    before = theatre.everything()
    await _nothing_is_told(theatre, person, padma)
    assert theatre.everything() == before


async def test_another_programmes_things_are_not_there(theatre: Theatre, hanoi: Theirs) -> None:
    await _nothing_is_told(theatre, CHLOE, hanoi)


async def _nothing_is_told(theatre: Theatre, person: str, theirs: Theirs) -> None:
    wrong, seen = [], 0
    for what, answer, unknown in await answers(theatre, person, theirs):
        if what.endswith("programme") and theirs.programme == PROGRAMME:
            continue  # both factories are in it
        if answer.status_code == 409 and "beyond_your_reach" in answer.text:
            continue  # whoever adds people chooses their ids, and must learn that one is taken
        seen += 1
        same = (answer.status_code, told(answer, theirs)) == (unknown.status_code, told(unknown, theirs))
        if not same or answer.status_code not in {403, 404}:
            wrong.append(f"{what}: {answer.status_code} and {unknown.status_code}, {answer.text[:160]}")
    assert not wrong, "\n".join(wrong)
    assert seen > 100
