"""All pages of the app, found by themselves: each address with examples in it, and who can open it."""

import re
from collections.abc import Iterator

from fastapi.routing import iter_route_contexts

from tests.browser.site import Site
from tests.rules.cast import RUTH
from tests.service.stage import AMINA, BAO, CHLOE, LOTUS, OPERATOR, PETRA, PROGRAMME, TOMAS, Theatre, token_of

EXAMPLES = {
    "finding": "f-recovery-plan-filed",
    "plan": "plan-1",
    "of": "plan-1",
    "meeting": "m-1",
    "visit": "v-1",
    "factory": LOTUS,
    "programme": PROGRAMME,
    "person": AMINA,
    "assessment": "as-1",
    "form": "csv",
    "number": "1",
    "verb": "record-progress",
    "webhook": "the-hook",
}
"""What stands in an address for a parameter. A new page with another parameter needs a line here."""
ELSEWHERE = frozenset(
    {
        "/sign-in/link/{link}",
        "/sign-in/with/{provider}",
        "/sign-in/with/{provider}/back",
        "/calendar/{secret}.ics",
        "/findings/{finding}/evidence/{piece}",
        "/findings/{finding}/evidence/{piece}/thumb",
        "/meetings/{meeting}/evidence/{piece}",
        "/meetings/{meeting}/sheets/{number}/paper",
        "/findings/{finding}/paper",
        "/plans/{plan}/paper",
        "/visits/{visit}/report",
        "/visits/{visit}/report/paper",
        "/plans/{plan}/reports/{number}/paper",
        "/assessments/{assessment}/errors.{form}",
        "/plans/{of}/sheet/{upload}",
    }
)
"""What tests of their own open: pages behind a secret, of other houses, and files."""
VIEWERS = (CHLOE, BAO, AMINA, TOMAS, PETRA, OPERATOR, RUTH)
PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


def pages(theatre: Theatre) -> Iterator[str]:
    """Give the address of every page, with examples for its parameters."""
    for route in iter_route_contexts(theatre.app.routes):
        path = route.path or ""
        if "GET" in (route.methods or ()) and not route.include_in_schema and path not in ELSEWHERE:
            unknown = set(PARAMETER.findall(path)) - EXAMPLES.keys()
            assert not unknown, f"{path}: give examples of {unknown} in tests/browser/routes.py"
            yield PARAMETER.sub(lambda found: EXAMPLES[found[1]], path)


async def who_can_open(site: Site, path: str) -> str | None:
    """Give somebody who can open a page; None for what is no page (a file, a document for programs)."""
    for person in VIEWERS:
        async with site.live.theatre.act(None, Accept="text/html") as client:
            client.cookies.set("mendwork", token_of(person))
            answer = await client.get(path, follow_redirects=True)
        if answer.status_code == 200:
            return person if answer.headers["Content-Type"].startswith("text/html") else None
    raise AssertionError(f"{path}: nobody of {VIEWERS} can open it")
