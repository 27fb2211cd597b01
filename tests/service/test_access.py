"""Every route has a row here that says who comes through; a route without one fails. Then they are tried."""

import re

import pytest

from remediation.orders import VERBS
from remediation.permissions import Action, Actor, Grant, ScopeKind, Thing, can
from remediation.words import PersonId, Role, Severity
from service.api.gatherings import BODIES as OF_A_PLAN
from service.api.meeting_bodies import BODIES as OF_A_MEETING
from service.api.visits import BODIES as OF_A_VISIT
from service.app import ROUTERS
from service.pages.acts import ACTS
from storage import people
from storage.database import writing
from tests.service.browsing import browser
from tests.service.stage import LOTUS, PADMA, PROGRAMME, Theatre, a_life, save_person

OPEN = "open"
"""The door itself, probes, and what a browser needs to show a page: nobody has to sign in."""
OWN = "own"
"""Whoever is signed in, about themselves, or narrowed to what they may see."""

API = "/api/v1"
FINDING, PAGE = f"{API}/findings/{{finding}}", "/findings/{finding}"
FACTORY, PERSON = f"{API}/factories/{{factory}}", f"{API}/people/{{person}}"
POLICY = f"{API}/programmes/{{programme}}/policy"
HOOK = f"{API}/webhooks/{{webhook}}"
SEEN: dict[str, Action] = {
    FINDING: Action.VIEW_FINDING,
    f"{FINDING}/timeline": Action.VIEW_TIMELINE,
    f"{FINDING}/deadlines": Action.VIEW_DEADLINES,
    f"{FINDING}/proposals": Action.VIEW_TEXTS,
    f"{FINDING}/letters": Action.VIEW_LETTERS,
    f"{FINDING}/evidence": Action.VIEW_EVIDENCE,
    f"{FINDING}/comments": Action.VIEW_TIMELINE,
    PAGE: Action.VIEW_FINDING,
    f"{PAGE}/ahead": Action.VIEW_DEADLINES,
    f"{PAGE}/evidence": Action.VIEW_EVIDENCE,
    f"{PAGE}/comment": Action.COMMENT,
}
"""What is read about one finding, and the permission it takes: tried as each role, here and elsewhere."""

GUARDS: dict[str, Action | str] = {
    **{f"GET {path}": action for path, action in SEEN.items()},
    **{f"POST {FINDING}/{verb.replace('_', '-')}": Action(verb) for verb in ACTS},
    f"GET {FINDING}/proposals/{{revision}}": Action.VIEW_TEXTS,
    f"GET {FINDING}/dossier": Action.VIEW_FINDING,
    f"GET {FINDING}/evidence/{{piece}}": Action.VIEW_EVIDENCE,
    f"GET {FINDING}/evidence/{{piece}}/file": Action.VIEW_EVIDENCE,
    f"GET {FINDING}/evidence/{{piece}}/thumb": Action.VIEW_EVIDENCE,
    f"POST {FINDING}/evidence": Action.ADD_EVIDENCE,
    f"DELETE {FINDING}/evidence/{{piece}}": Action.ADD_EVIDENCE,
    f"POST {FINDING}/comments": Action.COMMENT,
    f"POST {FINDING}/comments/{{comment}}/retract": Action.COMMENT,
    f"GET {API}/plans/{{plan}}/dossier": Action.VIEW_FINDING,
    f"GET {FACTORY}/dossier": Action.VIEW_FACTORY,
    f"GET {API}/plans/{{plan}}": Action.VIEW_FINDING,
    f"GET {FACTORY}": Action.VIEW_FACTORY,
    f"GET {FACTORY}/committee": Action.VIEW_PEOPLE,
    f"PUT {FACTORY}/committee": Action.RESEAT,
    f"GET {FACTORY}/levels": Action.VIEW_FACTORY,
    f"GET {FACTORY}/calendar": Action.VIEW_FACTORY,
    f"POST {FACTORY}/calendar/preview": Action.REPROJECT,
    f"PUT {FACTORY}/calendar": Action.REPROJECT,
    f"PATCH {FACTORY}": Action.MANAGE_FACTORY,
    f"GET {POLICY}": Action.MANAGE_POLICY,
    f"POST {POLICY}/preview": Action.MANAGE_POLICY,
    f"PUT {POLICY}": Action.MANAGE_POLICY,
    f"PUT {PERSON}": Action.MANAGE_FACTORY,
    f"PUT {PERSON}/roles": Action.MANAGE_DIRECTORY,
    f"POST {PERSON}/invite": Action.MANAGE_FACTORY,
    f"GET {PERSON}/letters": Action.VIEW_DELIVERY,
    f"GET {PERSON}": Action.VIEW_PEOPLE,
    f"GET {PERSON}/absences": Action.MANAGE_FACTORY,
    f"PUT {PERSON}/absences/{{first}}": Action.MANAGE_FACTORY,
    f"DELETE {PERSON}/absences/{{first}}": Action.MANAGE_FACTORY,
    f"GET {PERSON}/covered": OWN,
    f"POST {API}/webhooks": Action.MANAGE_HOOKS,
    **dict.fromkeys((f"{method} {HOOK}" for method in ("GET", "PATCH", "DELETE")), Action.MANAGE_HOOKS),
    **dict.fromkeys(
        (f"POST {HOOK}/{what}" for what in ("pause", "resume", "rotate", "test", "resend")),
        Action.MANAGE_HOOKS,
    ),
    f"GET {HOOK}/deliveries": Action.MANAGE_HOOKS,
    f"POST {HOOK}/deliveries/{{delivery}}/resend": Action.MANAGE_HOOKS,
    "GET /webhooks": Action.MANAGE_HOOKS,
    "POST /webhooks": Action.MANAGE_HOOKS,
    "GET /webhooks/{webhook}": Action.MANAGE_HOOKS,
    **dict.fromkeys(
        (
            f"POST /webhooks/{{webhook}}/{what}"
            for what in ("change", "pause", "resume", "rotate", "test", "resend", "end")
        ),
        Action.MANAGE_HOOKS,
    ),
    "POST /webhooks/{webhook}/deliveries/{delivery}/resend": Action.MANAGE_HOOKS,
    f"GET {API}/assessments": Action.IMPORT_ASSESSMENT,
    f"POST {API}/assessments": Action.IMPORT_ASSESSMENT,
    f"GET {API}/assessments/{{assessment}}": Action.IMPORT_ASSESSMENT,
    "GET /assessments": Action.IMPORT_ASSESSMENT,
    "GET /assessments/new": Action.IMPORT_ASSESSMENT,
    "POST /assessments/new": Action.IMPORT_ASSESSMENT,
    "GET /assessments/{assessment}": Action.IMPORT_ASSESSMENT,
    "POST /assessments/{assessment}/confirm": Action.IMPORT_ASSESSMENT,
    "GET /assessments/{assessment}/errors.{form}": Action.IMPORT_ASSESSMENT,
    "GET /plans/{plan}/ahead": Action.VIEW_DEADLINES,
    "GET /plans/{of}/sheet.{form}": Action.VIEW_FINDING,
    **dict.fromkeys(("GET /plans/{of}/sheet", "POST /plans/{of}/sheet"), Action.PROPOSE),
    "GET /plans/{of}/sheet/{upload}": Action.PROPOSE,
    "POST /plans/{of}/sheet/{upload}": Action.PROPOSE,
    f"GET {API}/plans/{{plan}}/standing": Action.VIEW_FINDING,
    **{f"POST {API}/plans/{{plan}}/{verb.replace('_', '-')}": Action(verb) for verb in OF_A_PLAN},
    **{
        f"{method} /plans/{{plan}}/{verb.replace('_', '-')}": Action(verb)
        for verb in OF_A_PLAN
        for method in ("GET", "POST")
    },
    **dict.fromkeys((f"GET {API}/visits", "GET /visits"), OWN),
    f"POST {API}/visits": Action.PLAN_VISIT,
    **dict.fromkeys(("GET /visits/plan", "POST /visits/plan"), Action.PLAN_VISIT),
    **dict.fromkeys((f"GET {API}/visits/{{visit}}", "GET /visits/{visit}"), Action.VIEW_TIMELINE),
    **dict.fromkeys(("GET /visits/{visit}/report", "GET /visits/{visit}/report/paper"), Action.VIEW_TIMELINE),
    **{f"POST {API}/visits/{{visit}}/{verb.replace('_', '-')}": Action(verb) for verb in OF_A_VISIT},
    **{
        f"{method} /visits/{{visit}}/{verb.replace('_', '-')}": Action(verb)
        for verb in OF_A_VISIT
        if verb != "record_outcome"
        for method in ("GET", "POST")
    },
    **{
        f"{method} /visits/{{visit}}/outcomes/{{finding}}": Action.RECORD_OUTCOME
        for method in ("GET", "POST")
    },
    "POST /visits/{visit}/outcomes/{finding}/comment": Action.RECORD_OUTCOME,
    f"GET {API}/meetings/{{meeting}}": Action.VIEW_MEETINGS,
    "GET /meetings/{meeting}": Action.VIEW_MEETINGS,
    **dict.fromkeys(
        ("GET /meetings/{meeting}/sheets/{number}", "GET /meetings/{meeting}/sheets/{number}/paper"),
        Action.VIEW_MEETINGS,
    ),
    "GET /meetings/{meeting}/evidence/{piece}": Action.WITNESS_PAPER,
    f"POST {API}/meetings/{{meeting}}/evidence": Action.RECORD_PAPER,
    f"GET {API}/meetings/{{meeting}}/evidence/{{piece}}/file": Action.WITNESS_PAPER,
    "GET /factories/{factory}/meetings": Action.VIEW_MEETINGS,
    "POST /factories/{factory}/meetings": Action.CALL_MEETING,
    **{
        f"{method} /meetings/{{meeting}}/{verb.replace('_', '-')}": Action(verb)
        for verb in OF_A_MEETING
        for method in ("GET", "POST")
    },
    f"GET {API}/factories/{{factory}}/meetings": Action.VIEW_MEETINGS,
    f"POST {API}/factories/{{factory}}/meetings": Action.CALL_MEETING,
    **{f"POST {API}/meetings/{{meeting}}/{verb.replace('_', '-')}": Action(verb) for verb in OF_A_MEETING},
    f"GET {API}/plans/{{plan}}/repeats": Action.VIEW_FINDING,
    f"POST {FINDING}/repeat": Action.LINK_REPEAT,
    f"GET {PAGE}/repeat": Action.LINK_REPEAT,
    f"POST {PAGE}/repeat": Action.LINK_REPEAT,
    "GET /plans/{plan}/reports/{number}": Action.VIEW_FINDING,
    "GET /plans/{plan}/reports/{number}/paper": Action.VIEW_FINDING,
    "GET /plans": OWN,
    **dict.fromkeys((f"GET /{each}.{{form}}" for each in ("findings", "plans", "factories")), OWN),
    "GET /plans/{of}": Action.VIEW_FINDING,
    f"GET {PAGE}/dossier": Action.VIEW_FINDING,
    f"GET {PAGE}/paper": Action.VIEW_FINDING,
    "GET /plans/{plan}/paper": Action.VIEW_FINDING,
    f"POST {PAGE}/evidence": Action.ADD_EVIDENCE,
    f"GET {PAGE}/evidence/{{piece}}": Action.VIEW_EVIDENCE,
    f"GET {PAGE}/evidence/{{piece}}/thumb": Action.VIEW_EVIDENCE,
    f"POST {PAGE}/evidence/{{piece}}/withdraw": Action.ADD_EVIDENCE,
    f"POST {PAGE}/comment": Action.COMMENT,
    f"POST {PAGE}/comments/{{comment}}/retract": Action.COMMENT,
    f"GET {PAGE}/{{verb}}": "the verb's own",
    f"POST {PAGE}/{{verb}}": "the verb's own",
    "GET /board": Action.VIEW_STAFF_MATTERS,
    "GET /factories/{factory}": Action.VIEW_FACTORY,
    "GET /programmes": OWN,
    "GET /programmes/{programme}": Action.VIEW_FINDING,
    "GET /invitations": Action.MANAGE_FACTORY,
    "POST /invitations/{person}": Action.MANAGE_FACTORY,
    **dict.fromkeys(
        (
            *(f"GET {API}/{what}" for what in ("findings", "plans", "factories", "me", "people", "webhooks")),
            *(
                "GET /",
                "GET /findings",
                "GET /factories",
                "GET /me",
                "POST /me/pin",
                "POST /me/accounts/unlink",
                *("POST /me/passkeys", "POST /me/passkeys/challenge"),
                *("POST /me/passkeys/{passkey}/rename", "POST /me/passkeys/{passkey}/remove"),
            ),
            *("POST /me/sessions/end-others", "POST /me/sessions/{session}/end", "POST /me/language"),
            *("GET /me/calendar", "POST /me/calendar", "POST /me/calendar/{feed}/end"),
            *("GET /outbox", f"GET {API}/commands/{{command}}"),
        ),
        OWN,
    ),
    **dict.fromkeys(
        (
            *("GET /healthz", "GET /readyz", "GET /metrics", f"GET {API}/docs", f"GET {API}/sealing-key"),
            *("GET /sign-in", "POST /sign-in", "GET /sign-in/code", "POST /sign-in/code"),
            *("GET /sign-in/link/{link}", "POST /sign-in/link/{link}", "POST /sign-in/token"),
            *("POST /sign-in/passkey", "POST /sign-in/passkey/challenge"),
            *("GET /sign-in/with/{provider}", "GET /sign-in/with/{provider}/back"),
            *("POST /sign-out", "POST /language", "GET /offline"),
            *("GET /service-worker.js", "GET /manifest.webmanifest", "GET /calendar/{secret}.ics"),
        ),
        OPEN,
    ),
}


def routes() -> set[str]:
    every = (route for router in ROUTERS for route in router.routes)
    return {
        f"{method} {route.path}"  # type: ignore[attr-defined]
        for route in every
        for method in route.methods  # type: ignore[attr-defined]
        if method != "HEAD"
    }


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert routes() - GUARDS.keys() == set(), "say in GUARDS who may come through it"
    assert GUARDS.keys() - routes() == set()


def test_every_order_has_an_address_of_its_own() -> None:
    elsewhere = {"reseat", "reproject", "link_repeat"}
    assert VERBS.keys() - ACTS.keys() == elsewhere


@pytest.mark.parametrize("row", sorted(row for row, guard in GUARDS.items() if guard != OPEN))
async def test_who_is_not_signed_in_comes_through_none_of_the_others(theatre: Theatre, row: str) -> None:
    method, path = row.split(" ")
    theatre.keep(a_life("f1"))
    address = re.sub(r"\{finding\}", "f1", path)
    address = re.sub(r"\{(\w+)\}", "x", address)
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    async with browser(theatre) as client:
        answer = await client.request(method, address, headers=headers if path.startswith(API) else {})
    if path.startswith(API):
        assert answer.status_code == 401, answer.text
    else:
        assert (answer.status_code, answer.headers["Location"][:8]) == (303, "/sign-in")


@pytest.mark.parametrize("role", Role)
async def test_each_role_reads_at_its_own_factory_what_the_policy_says_and_nothing_of_another(
    theatre: Theatre, role: Role
) -> None:
    theatre.keep(a_life("f1"), a_life("z1", severity=Severity.ZERO_TOLERANCE, factory_told=False))
    someone = PersonId("somebody")
    for place in (LOTUS, PADMA):
        grant = Grant(role, ScopeKind.FACTORY, place)
        with writing(theatre.database) as connection:
            if place == LOTUS:
                save_person(connection, someone, "Somebody")
            else:
                people.take(connection, someone, Grant(role, ScopeKind.FACTORY, LOTUS))
            people.give(connection, someone, grant)
        actor = Actor(someone, (grant,))
        async with theatre.act(someone) as api, browser(theatre, someone) as pages:
            for finding, restricted in (("f1", False), ("z1", True)):
                thing = Thing(PROGRAMME, LOTUS, restricted)
                for path, action in SEEN.items():
                    client = api if path.startswith(API) else pages
                    answer = await client.get(path.replace("{finding}", finding))
                    sees, may = (can(actor, each, thing) for each in (Action.VIEW_FINDING, action))
                    expected = 200 if may else 403 if sees else 404
                    assert answer.status_code == expected, (path, finding, place)
