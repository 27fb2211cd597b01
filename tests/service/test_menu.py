"""The menu: a line of places for everybody; what is the staff's own opens from its last name."""

import re

from tests.service.browsing import Reader, browser
from tests.service.stage import BAO, CHLOE, Theatre


async def menu_of(theatre: Theatre, person: str, path: str) -> tuple[list[str], str]:
    """Give the links of the menu, in their order, and what of it opens from a name."""
    async with browser(theatre, person) as client:
        page = (await client.get(path)).text
    nav = page[page.index("<nav") : page.index("</nav>")]
    details = re.search("<details>.*</details>", nav, re.DOTALL)
    return Reader(nav + "</nav>").links, details[0] if details else ""


async def test_the_staffs_own_places_open_from_the_menus_last_name(theatre: Theatre) -> None:
    links, more = await menu_of(theatre, CHLOE, "/board")
    assert links == [
        *("/", "/findings", "/plans", "/visits", "/factories"),
        *("/board", "/assessments", "/programmes"),
    ]
    assert Reader(more).links == ["/board", "/assessments", "/programmes"]
    assert '<summary aria-current="true">More</summary>' in more
    assert '<a href="/board" aria-current="page">' in more
    assert "aria-current" not in (await menu_of(theatre, CHLOE, "/visits"))[1]


async def test_who_has_few_places_sees_them_all(theatre: Theatre) -> None:
    links, more = await menu_of(theatre, BAO, "/")
    assert links == ["/", "/findings", "/plans", "/visits", "/factories"]
    assert more == ""
